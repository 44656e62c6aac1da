"""An address taken apart: which words are the number, the street, the unit, the city, the state and the ZIP code.

The forms are those of United States Postal Service Publication 28: number and street, post office box (section 28),
rural and highway contract routes (24, 25), military and diplomatic posts (238, 239), Puerto Rico (29). Regular
expressions only; what they cannot place is left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from limen.request.address_words import AddressWords, address_words
from limen.request.fold import fold_text

Form = Literal["street", "box", "route", "military", "general_delivery", "building", "none"]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of one address in standard upper-case ASCII words; an empty text where the part is not there.

    `form` says how mail would be delivered; `none`: no delivery point was found. `number` is the house number, or the
    box of a box or route address, whose `street` is then `PO BOX`, `RR 2`, `HC 1`, `PSC 80`.
    """

    form: Form = "none"
    number: str = ""
    predirection: str = ""
    street: str = ""
    suffix: str = ""
    postdirection: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    rest: str = ""


_GAP = re.compile(r"[^A-Z0-9#,/&-]+")
_COMMAS = re.compile(r"[ ,-]*,[ ,]*")
_COUNTRY = re.compile(r"[ ,]+(?:USA|U S A|UNITED STATES(?: OF AMERICA)?|EE UU|EEUU|(?<=\d[ ,])US|(?<=\d, )US)$")
_ZIP_END = re.compile(r"(?:^|(?<=[ ,A-Z]))(\d{5})(?:[ -]?(\d{4}))?$")
_ZIP_SHORN = re.compile(r"\b([A-Z]{2}),? (\d{4})$")
_BOXLIKE = re.compile(r"(?:\b(?:BOX|APT|UNIT|STE|RM|LOT|PSC|CMR|HWY|HIGHWAY|ROUTE|RTE|ROAD|RD)|#)\s*$")
_ZIP_PART = re.compile(r"^(\d{5})(?:-?\d{4})?$")
_BOX = re.compile(
    r"\b(?:P ?O ?(?:BOX|BX|B|DRAWER)|POST OFFICE (?:BOX|DRAWER)|POBOX|POB|LOCK ?BOX|CALLER(?: BOX)?|CALL BOX"
    r"|APARTADO(?: POSTAL)?)"
    r"(?:\s*(?:#|NO|NUM|NUMBER))?\s*([A-Z]?\d[A-Z0-9-]*|[A-Z])\b"
)
_BOX_WORDS = (
    "BOX",
    "BX",
    "BUZON",
    "POB",
    "P O B",
    "PO B",
    "PO D",
    "P O D",
    "APARTADO",
    "CALLER",
    "DRAWER",
    "GENERAL DELIVERY",
)
_BARE_BOX = re.compile(r"^BOX\s*#?\s*(\d+[A-Z]?)$")
_ROUTE = re.compile(
    r"\b(RR|R R|RURAL ROUTE|RURAL RT|RFD|R F D|RD|RT|ROUTE|HC|HCR|H C|HIGHWAY CONTRACT(?: ROUTE)?|STAR ROUTE|SR)"
    r"\s*#?\s*(\d+[A-Z]?|(?=BOX))\s*,?\s*"
    r"(?:BOX|BX|BUZON)\s*#?\s*([A-Z]?\d+[A-Z]?(?:-\d+)?)\b"
)
_MILITARY = re.compile(
    r"\b(PSC|CMR|UNIT|OPS|CPR|USS [A-Z ]+?)\s*#?\s*(\d+[A-Z]?)?(?:\s*,?\s*BOX\s*#?\s*(\d+[A-Z]?))?\b"
)
_POST = re.compile(r"(?:^|[ ,])(APO|FPO|DPO)$")
_NUMBER = re.compile(
    r"^(\d+[A-Z]?(?:-\d*[A-Z]?\d*[A-Z]?)?(?: \d/\d)?|[NSEW]\d+(?:[NSEW]\d+)?"
    r"|[A-Z]-?\d{1,5}|\d+/\d+)(?: - |,? +)(.+)$"
)
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


def clean_address(lines: Sequence[str]) -> str:
    """The lines as one folded text, its parts separated by `, `; only letters, digits, `#`, `-`, `/` and `&` are
    left."""
    text = fold_text(", ".join(lines)).replace("'", "").replace(".", "")
    text = _GAP.sub(" ", text)
    return _COMMAS.sub(", ", text).strip(" ,-")


def parse_address(text: str) -> ParsedAddress:
    """Take a cleaned address apart.

    >>> parse_address("12 N OAK ST APT 4B, SPRINGFIELD, IL 62704")  # doctest: +NORMALIZE_WHITESPACE
    ParsedAddress(form='street', number='12', predirection='N', street='OAK', suffix='ST', postdirection='',
                  unit='4B', city='SPRINGFIELD', state='IL', zip='62704', rest='12 N OAK ST APT 4B, SPRINGFIELD')
    """
    words = address_words()
    rest = _COUNTRY.sub("", text)
    rest, zip5 = _take_zip(rest)
    rest, state, apart = _take_state(rest, zip5, words)
    if not zip5 and state:
        rest, zip5 = _take_zip(rest)
    point = _military(rest, state) or _box_or_route(rest) or _street(rest, bool(state), apart, words)
    if point is None:
        point = _nowhere(rest, bool(state or zip5))
    p = point
    return ParsedAddress(
        p.form, p.number, p.predirection, p.street, p.suffix, p.postdirection, p.unit, p.city, state, zip5, rest
    )


def _nowhere(rest: str, located: bool) -> ParsedAddress:
    """No delivery point: at most a number and a city are told apart (`1200, SPRINGFIELD`; `MAIN ST, SPRINGFIELD`)."""
    first, comma, later = rest.partition(", ")
    city = later.rsplit(", ", 1)[-1] if comma else rest if located else ""
    if any(map(str.isdigit, city)):
        city = ""
    return ParsedAddress(number=first if first.isdigit() else "", city=city)


def _take_zip(rest: str) -> tuple[str, str]:
    found = _ZIP_END.search(rest)
    if found and not _BOXLIKE.search(rest[: found.start()]):
        return rest[: found.start()].rstrip(" ,-"), found[1]
    shorn = _ZIP_SHORN.search(rest)
    if shorn and shorn[1] in address_words().zip3_states.get(f"0{shorn[2][:2]}", ()):
        return rest[: shorn.start(2)].rstrip(" ,-"), f"0{shorn[2]}"  # a spreadsheet took the leading zero
    parts = rest.split(", ")
    for index, part in enumerate(parts):
        if index and (alone := _ZIP_PART.match(part)):
            return ", ".join(parts[:index] + parts[index + 1 :]), alone[1]
    return rest, ""


def _take_state(rest: str, zip5: str, words: AddressWords) -> tuple[str, str, bool]:
    """The state at the end, and whether a comma keeps it apart; `CT` or `NE` may also be a court or a direction."""
    tokens = rest.replace(",", " ,").split()
    for length in (1, 2, 3, 4):
        written = " ".join(tokens[-length:])
        if written in words.state:
            break
    else:
        return rest, "", False
    apart = len(tokens) > length and tokens[-length - 1] == ","
    if written in words.suffix or written in words.direction:
        earlier = tokens[2 : -length - 1]
        in_sentence = ", " in rest or not words.suffix.keys().isdisjoint(earlier)
        belongs = written in words.zip3_states.get(zip5[:3], ()) if zip5 else in_sentence
        if not belongs:
            return rest, "", False
    return rest[: len(rest) - len(written)].rstrip(" ,-"), words.state[written], apart


def _military(rest: str, state: str) -> ParsedAddress | None:
    post = _POST.search(rest)
    if post is None and state not in {"AA", "AE", "AP"}:
        return None
    found = _MILITARY.search(rest)
    if found is None or not (found[2] or found[3] or found[1].startswith("USS")):
        return None
    street = f"{found[1]} {found[2]}" if found[2] else found[1]
    return ParsedAddress(form="military", number=found[3] or "", street=street, city=post[1] if post else "")


def _box_or_route(rest: str) -> ParsedAddress | None:
    if not any(word in rest for word in _BOX_WORDS):
        return None
    parts = rest.split(", ")
    if route := _ROUTE.search(rest):
        kind = "HC" if route[1].replace(" ", "").startswith(("HC", "HIGHWAYC", "STAR", "SR")) else "RR"
        city = rest[route.end() :].strip(" ,-").rsplit(", ", 1)[-1]
        return ParsedAddress(form="route", number=route[3], street=f"{kind} {route[2]}".rstrip(), city=city)
    box = _BOX.search(rest)
    if box is None:
        bare = next((found for part in parts if (found := _BARE_BOX.match(part))), None)
        if bare is None:
            if "GENERAL DELIVERY" not in rest:
                return None
            return ParsedAddress(
                form="general_delivery", street="GENERAL DELIVERY", city=_after(rest, "GENERAL DELIVERY")
            )
        return ParsedAddress(
            form="box", number=bare[1], street="PO BOX", city=parts[-1] if parts[-1] != bare[0] else ""
        )
    city = rest[box.end() :].strip(" ,-").rsplit(", ", 1)[-1]
    return ParsedAddress(form="box", number=box[1], street="PO BOX", city=city)


def _after(rest: str, words: str) -> str:
    return rest.partition(words)[2].strip(" ,-").rsplit(", ", 1)[-1]


def _street(rest: str, has_state: bool, apart: bool, words: AddressWords) -> ParsedAddress | None:
    parts = _join_lone_number(rest.split(", "), words)
    for index, part in enumerate(parts):
        without, unit = _take_unit(part)
        found = _split_number(without, words)
        if found is None:
            continue
        number, name = found
        later = parts[index + 1 :]
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
    found = _unit_pattern().search(part)
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
    street = " ".join(tokens)
    if street in _NEVER_A_NAME and not suffix:
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
