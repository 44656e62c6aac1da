"""Is this an address at all? Judged by rules that a reader can check, in a few microseconds.

A ZIP code is not an address, a placeholder is not an address, and neither is the name of a jail. An address here is
enough to find one delivery point: a number and a street (or a post office box, a route box, a military box, a unit
of a named building) and a locality (a ZIP code in use, or a city and a state). Whether it is anybody's address is a
question for the registry.

The kinds and defects follow the taxonomy of the public record of 2025 and 2026; the lists are data (`data/`), each
with its source. A parser that guesses cannot be the judge: one accepts `12345 UNKNOWN STREET`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from limen.request.address_parts import clean_address, parse_address
from limen.request.address_words import address_words, facility_pattern, placeholder_patterns
from limen.request.parsed_address import ParsedAddress

Kind = Literal["complete", "partial", "placeholder", "facility_only", "zip_only", "none"]
Defect = Literal[
    "blank", "placeholder_text", "placeholder_with_zip", "zip_like_only", "facility_without_location", "missing_number",
    "missing_street", "missing_city", "missing_state", "missing_zip", "impossible_zip", "zip_not_of_state",
]  # fmt: skip

_ZIP_LIKE = re.compile(r"(?<![0-9])(?:\d{5}|\d{5}-?\d{4})(?![0-9])")
_NUMBERS_ONLY = re.compile(r"[\d\s#,/&-]*")
_FILLER_RUN = re.compile(r"^(?:X+|Z+|0+|9{3,}|-+)(?:[ ,]+(?:X+|Z+|0+|9{3,}|-+))*$")
_ZERO = re.compile(r"0+")


@dataclass(frozen=True, slots=True)
class AddressQuality:
    """What the stated address amounts to.

    `zip_like` is the filter of August 2025 as reported: some 5- or 9-digit number stands in the text. `defects`
    names what is wrong or missing, most telling first; `zip_not_of_state` alone does not keep an address from being
    complete.
    """

    kind: Kind
    defects: tuple[Defect, ...]
    parsed: ParsedAddress
    zip_like: bool


def judge_address(lines: Sequence[str]) -> AddressQuality:
    """Judge an address as written, one string a line.

    >>> judge_address(["12 Oak St #4-B", "Springfield IL 62704"]).kind
    'complete'
    >>> judge_address(["Failed to Provide 62704"]).defects
    ('placeholder_text', 'placeholder_with_zip')
    """
    text = clean_address(lines)
    zip_like = _ZIP_LIKE.search(text) is not None
    if not any(map(str.isalnum, text)):
        return AddressQuality("none", ("blank",), ParsedAddress(), zip_like)
    parsed = parse_address(text)
    wrong = _wrong_zip(parsed)
    anywhere, whole, filler = placeholder_patterns()
    said = set(parsed.rest.split(", ")) | {parsed.rest}
    if said & filler and zip_like and not said - filler - whole and not parsed.state:
        return AddressQuality("zip_only", ("zip_like_only",), parsed, zip_like)
    if anywhere.search(text):
        return _placeholder(parsed, zip_like)
    missing = _missing(parsed, wrong)
    if not missing:
        return AddressQuality("complete", wrong, parsed, zip_like)
    if said & whole or _FILLER_RUN.match(parsed.rest or ("" if parsed.zip else text)):
        return _placeholder(parsed, zip_like)
    if parsed.form == "none" and facility_pattern().search(text):
        return AddressQuality("facility_only", ("facility_without_location", *missing), parsed, zip_like)
    if zip_like and (not parsed.rest or _NUMBERS_ONLY.fullmatch(text)) and not parsed.state:
        return AddressQuality("zip_only", ("zip_like_only", *wrong), parsed, zip_like)
    return AddressQuality("partial", (*missing, *wrong), parsed, zip_like)


def _placeholder(parsed: ParsedAddress, zip_like: bool) -> AddressQuality:
    defects: tuple[Defect, ...] = ("placeholder_text", "placeholder_with_zip") if zip_like else ("placeholder_text",)
    return AddressQuality("placeholder", defects, parsed, zip_like)


def _wrong_zip(parsed: ParsedAddress) -> tuple[Defect, ...]:
    if not parsed.zip:
        return ()
    states = address_words().zip3_states.get(parsed.zip[:3])
    if states is None:
        return ("impossible_zip",)
    return ("zip_not_of_state",) if parsed.state and parsed.state not in states else ()


def _missing(parsed: ParsedAddress, wrong: tuple[Defect, ...]) -> tuple[Defect, ...]:
    """What keeps the address from naming one delivery point; empty when it names one."""
    missing: list[Defect] = []
    if parsed.form == "none":
        street = bool(parsed.rest) and parsed.rest != parsed.city and parsed.rest != parsed.number
        if not parsed.number:
            missing.append("missing_number")
        if not street or parsed.number:
            missing.append("missing_street")
    elif parsed.form == "street" and _ZERO.fullmatch(parsed.number):
        missing.append("missing_number")
    zip_usable = parsed.zip and "impossible_zip" not in wrong
    located = zip_usable or (parsed.state and (parsed.city or len(parsed.rest.split()) > 2))
    if not located or missing:
        if not parsed.city and not zip_usable:
            missing.append("missing_city")
        if not parsed.state and not zip_usable:
            missing.append("missing_state")
        if not parsed.zip:
            missing.append("missing_zip")
    return tuple(missing)
