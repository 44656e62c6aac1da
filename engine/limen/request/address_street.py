"""Number, street, unit and city told apart, in the words of Publication 28 and in the Spanish forms of Puerto Rico."""

from __future__ import annotations

import re
from functools import cache

from limen.request.address_words import AddressWords, address_words
from limen.request.parsed_address import ParsedAddress

_NUMBER = re.compile(
    r"^(\d+[A-Z]?(?:-\d*[A-Z]?\d*[A-Z]?)?(?: \d/\d)?|[NSEW]\d+(?:[NSEW]\d+)?"
    r"|[A-Z]-?\d{1,5}|\d+/\d+)(?: - |,? +)(.+)$"
)
_MILE = re.compile(r"^(?:MILE|MI|MILEPOST|MP) ([A-Z]|\d+) ([A-Z0-9]{2,}.*)$")
_PLAIN_NUMBER = re.compile(r"^\d+[A-Z]?(?:-\d+)?$")
_GLUED_UNIT = re.compile(r"\b(?:APT|STE|UNIT|RM)\d")
_KILOMETRE = re.compile(r"\bCARR(?:ETERA)?\s+(?:PR-?)?(\d+)(?: INTERIOR| INT)?,?\s+KM\s+(\d+)")
_BUILDING = re.compile(
    r"^(?:COND|CONDOMINIO|RES|RESIDENCIAL|EDIF|EDIFICIO|TORRE|URB|URBANIZACION|EXT|ALT|REPTO|VILLA|JARD|PARC|BO)\b.+$"
)
_NUMBERED = frozenset(["HWY", "HIGHWAY", "RTE", "ROUTE", "ROAD", "RD"])
_UNIT_ALONE = frozenset(
    ["PH", "PENTHOUSE", "REAR", "FRNT", "FRONT", "BSMT", "BASEMENT", "UPPR", "UPPER", "LOWR", "LOWER"]
)
_UNIT_OR_STREET = frozenset(["FLAT", "HANGAR", "LOT", "OFFICE", "PIER", "SIDE", "SLIP", "SPACE", "STOP", "TRAILER"])
"""Unit words that need a value, and that streets are named after too."""
_NEVER_A_NAME = frozenset(
    [
        "ST",
        "STREET",
        "AVE",
        "AVENUE",
        "AV",
        "RD",
        "ROAD",
        "DR",
        "DRIVE",
        "BLVD",
        "BOULEVARD",
        "LN",
        "LANE",
        "CT",
        "COURT",
        "CIR",
        "CIRCLE",
        "PL",
        "PLACE",
        "TER",
        "TERRACE",
        "PKWY",
        "PARKWAY",
        "HWY",
        "HIGHWAY",
        "TRL",
        "TRAIL",
        "WAY",
        "SQ",
        "SQUARE",
    ]
)
_UNIT_PART = re.compile(r"^(?:#\s*)?[A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4})?$")


@cache
def _unit_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(address_words().unit, key=len, reverse=True))
    return re.compile(
        rf"(?:^|[ ,]+)(?:(?:({words})(?=\b|\d)\s*(?:#|NO\b|NUM\b)?\s*(\d+ [A-Z](?=$|,)"
        r"|\d+ [A-DF-MO-RT-VX-Z](?= )|[A-Z0-9][A-Z0-9-]*)?)"
        r"|#\s*([A-Z0-9][A-Z0-9 -]*?))(?=$|[ ,])"
    )


def place_street(rest: str, has_state: bool, apart: bool, words: AddressWords) -> ParsedAddress | None:
    """The delivery point of a number and street, or of a named building with a unit; `None` where there is neither.

    `rest` is an address without state and ZIP code; `apart`: a comma stood before the state.
    """
    parts = _join_lone_number(rest.split(", "), words)
    for index, part in enumerate(parts):
        without, unit = _take_unit(part)
        found = _split_number(without, words)
        if found is None:
            continue
        number, name = found
        later = parts[index + 1 :]
        if not later and without[0].isalpha() and words.suffix.keys().isdisjoint(name.split()):
            continue  # `THREE OAKS, MI 49128` is a city
        if not unit:
            unit, later = _unit_among(parts[:index], later)
        return _place(number, name, unit, later, has_state and not apart, words)
    return _building(parts)


def _join_lone_number(parts: list[str], words: AddressWords) -> list[str]:
    """`221, BAKER STREET` is one part; `1200, SPRINGFIELD` is not."""
    if len(parts) > 1 and parts[0].isdigit() and parts[1].split()[-1] in words.suffix and len(parts[1].split()) > 1:
        return [f"{parts[0]} {parts[1]}", *parts[2:]]
    return parts


def _take_unit(part: str) -> tuple[str, str]:
    """A part without its unit, and the unit."""
    if "#" not in part and address_words().unit.keys().isdisjoint(part.split()) and not _GLUED_UNIT.search(part):
        return part, ""
    found = next((one for one in _unit_pattern().finditer(part) if not _names_street(one)), None)
    if found is None:
        return part, ""
    designator, value, hashed = found[1], found[2], found[3]
    if not value and not hashed and designator not in _UNIT_ALONE:
        return part, ""
    if designator and value and found.start() == 0 and not part[found.end() :].strip():
        return "", _unit_key(value)
    if value and not any(letter.isdigit() for letter in value) and len(value) > 2:
        return part, ""
    unit = _unit_key(hashed or value or designator)
    return f"{part[: found.start()]} {part[found.end() :]}".strip(" ,-"), unit


def _names_street(found: re.Match[str]) -> bool:
    """Whether a unit word and what follows are the name of a street (`12 FRONT ST`, `9 PIER RD`), not a unit.

    A word that needs a value does not name the street where one has been named before it (`12 OAK ST LOT CT`).
    """
    if found[2] not in address_words().suffix or found.span() == (0, len(found.string)):
        return False
    before = found.string[: found.start()].split()
    return found[1] in _UNIT_ALONE or (found[1] in _UNIT_OR_STREET and _NEVER_A_NAME.isdisjoint(before))


def _unit_key(unit: str) -> str:
    """`4-B`, `4 B`, `#4B` and `04B` are one unit.

    >>> _unit_key("4-B")
    '4B'
    """
    return unit.replace("-", "").replace(" ", "").lstrip("0") or "0"


def _unit_among(before: list[str], later: list[str]) -> tuple[str, list[str]]:
    for index, part in enumerate(later):
        left, unit = _take_unit(part)
        if unit:
            return unit, [*later[:index], *([left] if left else []), *later[index + 1 :]]
        if len(later) > 1 and index == 0 and _UNIT_PART.match(part) and any(letter.isdigit() for letter in part):
            return _unit_key(part.replace("#", "")), later[1:]
    for part in before:
        left, unit = _take_unit(part)
        if unit and not left:
            return unit, later
    return "", later


def _split_number(part: str, words: AddressWords) -> tuple[str, str] | None:
    """Number and the rest, from the front; from the back for Spanish forms (`CALLE LUNA 123`)."""
    if not part:
        return None
    found = _NUMBER.match(part)
    if found:
        return found[1], found[2]
    tokens = part.split()
    if tokens[0] in words.number.values() or tokens[0] in words.number:
        return (
            (words.number[tokens[0]], " ".join(tokens[1:])) if len(tokens) > 1 and tokens[0] in words.number else None
        )
    spanish = next((index for index, token in enumerate(tokens) if token in words.spanish and token != "PLAZA"), None)
    if spanish is not None and len(tokens) > spanish + 2:
        for index in range(len(tokens) - 1, spanish + 1, -1):
            if any(letter.isdigit() for letter in tokens[index]) and tokens[index - 1] != "KM":
                return tokens[index], " ".join(tokens[spanish:index])
    kilometre = _KILOMETRE.search(part)
    if kilometre:
        return kilometre[2], f"CARR {kilometre[1]}"
    mile = _MILE.match(part)
    if mile:
        return f"MILE {mile[1]}", mile[2]
    return _number_within(tokens, words)


def _number_within(tokens: list[str], words: AddressWords) -> tuple[str, str] | None:
    """A number after the addressee's name on the same line: it counts only when a street suffix follows soon."""
    for index in range(1, len(tokens) - 2):
        if _PLAIN_NUMBER.match(tokens[index]) and tokens[index - 1] not in _NUMBERED:
            ahead = tokens[index + 2 : index + 7]
            if not words.suffix.keys().isdisjoint(ahead):
                return tokens[index], " ".join(tokens[index + 1 :])
    return None


def _building(parts: list[str]) -> ParsedAddress | None:
    """A named building with a unit (`COND PLAZA REAL APT 302`), as in Puerto Rico."""
    for part in parts:
        found = _BUILDING.match(part)
        if found:
            left, unit = _take_unit(found[0])
            if not unit and (
                inner := next((u for other in parts if other != part and (u := _take_unit(other)[1])), "")
            ):
                unit = inner
            if unit:
                return ParsedAddress(
                    form="building", street=left, unit=unit, city=parts[-1] if parts[-1] != part else ""
                )
    return None


def _place(
    number: str, name: str, unit: str, later: list[str], run_on: bool, words: AddressWords
) -> ParsedAddress | None:
    """Street words to their places. `run_on`: the state follows without a comma, so the city may be among the
    words."""
    tokens = name.split()
    city = later[-1] if later else ""
    if not later:
        cut = _end_of_street(tokens, words)
        if cut is not None and cut < len(tokens):
            tokens, city = tokens[:cut], " ".join(tokens[cut:])
        elif cut is None and run_on and len(tokens) == 1:
            return ParsedAddress(form="none", number=number, city=name)
    predirection = postdirection = suffix = ""
    if len(tokens) > 1 and tokens[0] in words.direction and not (len(tokens) == 2 and tokens[1] in words.suffix):
        predirection, tokens = words.direction[tokens[0]], tokens[1:]
    if len(tokens) > 1 and tokens[-1] in words.direction:
        postdirection, tokens = words.direction[tokens[-1]], tokens[:-1]
    if len(tokens) > 1 and tokens[-1] in words.suffix:
        suffix, tokens = words.suffix[tokens[-1]], tokens[:-1]
    tokens = [words.ordinal.get(token, token) for token in tokens]
    if len(tokens) > 1 and tokens[0] in words.spanish:
        tokens[0] = words.spanish[tokens[0]]  # `AVENIDA`, `AVENUE` and `AVE` before the name are one word
    street = " ".join(tokens)
    if street in _NEVER_A_NAME and not suffix and (predirection or postdirection):
        # `641 S ST NW`, `306 N AVE`, `310 BOULEVARD EAST`: the direction is the name, or the kind of street is
        if predirection:
            return ParsedAddress("street", number, "", predirection, words.suffix[street], postdirection, unit, city)
    elif street in _NEVER_A_NAME and not suffix:
        return ParsedAddress(form="none", number=number, city=city)
    return ParsedAddress("street", number, predirection, street, suffix, postdirection, unit, city)


def _end_of_street(tokens: list[str], words: AddressWords) -> int | None:
    """Where the street ends and a city may begin: after the last suffix (and a direction); `None` without a
    suffix."""
    last = None
    for index in range(1, len(tokens)):
        if tokens[index] in words.suffix and (last is None or tokens[index] in _NEVER_A_NAME):
            last = index
    if last is None:
        return None
    end = last + 1
    if tokens[last] in _NUMBERED and end < len(tokens) and tokens[end][0].isdigit():
        end += 1
    if end < len(tokens) and tokens[end] in words.direction and (end + 1 == len(tokens) or len(tokens[end]) <= 2):
        end += 1
    return end
