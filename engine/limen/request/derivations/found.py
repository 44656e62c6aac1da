"""What only the other requests of the batch, or cross-reference, can tell."""

from __future__ import annotations

from typing import Final

from limen.request.derivation import Derivation

ALL: Final = (
    Derivation(
        "batch_requests_with_same_reasons",
        "int",
        "How many requests of the batch give these reasons word for word, this one counted.",
        "26 U.S.C. 6103(i)(2)(B)(iv), read one request at a time",
        part="batch",
        of_case=lambda given: None if given.batch is None else given.batch.requests_with_same_reasons,
    ),
    Derivation(
        "batch_matters_naming_same_recipient",
        "int",
        "In how many matters of the batch the recipient named most often is named, this one counted.",
        "26 U.S.C. 6103(i)(2)(A): personally and directly engaged",
        part="batch",
        of_case=lambda given: None if given.batch is None else given.batch.matters_naming_same_recipient,
    ),
    Derivation(
        "match_grade",
        "enum",
        "How well one person in the registry fits the person whom the request describes.",
        "26 U.S.C. 6103(a): information about one taxpayer and no other",
        values=("exact", "strong", "weak", "ambiguous", "none"),
        part="match",
        of_case=lambda given: None if given.match is None else given.match.grade,
    ),
    Derivation(
        "match_lane",
        "enum",
        "Whether a taxpayer number or the address led to the person matched.",
        "the agency's matching practice of August 2025, as reported",
        values=("tin", "address", "none"),
        part="match",
        of_case=lambda given: None if given.match is None else given.match.lane,
    ),
    Derivation(
        "match_address_held",
        "enum",
        "Whether the registry has held the stated address for the person matched, now or before.",
        "26 U.S.C. 6103(i)(2)(B)(i): the address of the taxpayer",
        values=("current", "former", "never"),
        part="match",
        of_case=lambda given: None if given.match is None else given.match.address_held,
    ),
    Derivation(
        "match_tin_agrees",
        "bool",
        "The taxpayer number stated is that of the person matched.",
        "26 U.S.C. 6103(b)(6)",
        part="match",
        of_case=lambda given: None if given.match is None else given.match.tin_agrees,
    ),
    Derivation(
        "match_name_agrees",
        "bool",
        "The name stated is that of the person matched.",
        "26 U.S.C. 6103(i)(2)(B)(i)",
        part="match",
        of_case=lambda given: None if given.match is None else given.match.name_agrees,
    ),
)
