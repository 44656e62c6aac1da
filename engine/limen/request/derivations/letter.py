"""What the letter of request states."""

from __future__ import annotations

import re
from typing import Final

from limen.request.derivation import BLANK, Derivation, Derived, Given, Written
from limen.request.statutes import says

IDENTITY_KINDS: Final = frozenset({"name", "mailing_address", "taxpayer_number"})
_DIGITS: Final = re.compile(r"\d+")


def _name(given: Given) -> Derived:
    name = given.request.subject.name
    return BLANK if name is None or name.last is None else True


def _address_quality(given: Given) -> Derived:
    address = given.request.subject.address
    if address is None or not address.lines:
        return BLANK
    from limen.request.address import judge_address  # the lists it judges by are read when first needed

    return judge_address(address.lines).kind


def _zip_like(given: Given) -> Derived:
    address = given.request.subject.address
    if address is None or not address.lines:
        return BLANK
    return any(len(run) in (5, 9) for run in _DIGITS.findall("\n".join(address.lines)))


def _tax_periods(given: Given) -> Derived:
    return _stated(given.request.tax_periods)


def _authority(given: Given) -> Derived:
    return _stated((given.request.matter.statute, given.request.matter.authority_cited))


def _reasons(given: Given) -> Derived:
    return _stated((given.request.reasons,))


def _terrorism_reasons(given: Given) -> Derived:
    terrorism = given.request.terrorism
    return None if terrorism is None else _stated((terrorism.reasons,))


def _more_than_identity(given: Given) -> Derived:
    return any(item.kind not in IDENTITY_KINDS for item in given.request.items)


def _stated(texts: tuple[str | None, ...]) -> Derived:
    """Stated once any of the texts says something; not known if all that stands there is `unknown`."""
    unknown = False
    for text in texts:
        if text is None:
            continue
        said = says(text)
        if said is None:
            unknown = True
        elif said:
            return True
    return None if unknown else BLANK


_LETTER: Final = "26 U.S.C. 6103(i)(2)(B)"

ALL: Final = (
    Derivation(
        "states_name",
        "bool",
        "The request states the taxpayer's name when it gives at least a last name.",
        f"{_LETTER}(i)",
        of_case=_name,
        written=Written(
            "BLANK if (name := top['subject'].__dict__['name']) is None or name.__dict__['last'] is None else True",
            {"BLANK": BLANK},
        ),
    ),
    Derivation(
        "address_quality",
        "enum",
        "What stands in the place of the address is an address, part of one, or something else.",
        f"{_LETTER}(i)",
        values=("complete", "partial", "placeholder", "facility_only", "zip_only", "none"),
        of_case=_address_quality,
    ),
    Derivation(
        "address_has_zip_like_number",
        "bool",
        "Some number of five or nine digits stands in the place of the address, whatever it is.",
        "the agency's filter of August 2025, as reported",
        of_case=_zip_like,
    ),
    Derivation(
        "states_tax_periods",
        "bool",
        "The request states the taxable period or periods when it names at least one.",
        f"{_LETTER}(ii)",
        of_case=_tax_periods,
        written=Written(
            "BLANK if not (texts := top['tax_periods']) else True if says(texts[0]) else ask()",
            {"BLANK": BLANK, "says": says},
        ),
    ),
    Derivation(
        "states_authority",
        "bool",
        "The request states the statutory authority of the matter when it names some law for it, rightly or not.",
        f"{_LETTER}(iii)",
        of_case=_authority,
        written=Written(
            "True if (text := (matter := top['matter'].__dict__)['statute']) is not None and says(text) "
            "else BLANK if text is None and matter['authority_cited'] is None else ask()",
            {"BLANK": BLANK, "says": says},
        ),
    ),
    Derivation(
        "states_reasons",
        "bool",
        "The request states reasons when it gives any; whether they are specific enough is not for a machine to say.",
        f"{_LETTER}(iv)",
        of_case=_reasons,
        written=Written(
            "BLANK if (text := top['reasons']) is None else True if says(text) else ask()",
            {"BLANK": BLANK, "says": says},
        ),
    ),
    Derivation(
        "terrorism_states_reasons",
        "bool",
        "The request gives reasons why the information may be relevant to a terrorist incident, threat or activity.",
        "26 U.S.C. 6103(i)(7)(A)(iii)",
        part="terrorism",
        of_case=_terrorism_reasons,
    ),
    Derivation(
        "seeks_more_than_identity",
        "bool",
        "The request asks for something that is not the taxpayer's name, mailing address or number.",
        "26 U.S.C. 6103(b)(6), (i)(2)(C)",
        of_case=_more_than_identity,
    ),
)
