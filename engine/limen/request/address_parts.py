"""An address taken apart: which words are the number, the street, the unit, the city, the state and the ZIP code.

The forms are those of United States Postal Service Publication 28: number and street, post office box (section 28),
rural and highway contract routes (24, 25), military and diplomatic posts (238, 239), Puerto Rico (29). Regular
expressions only; what they cannot place is left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from limen.request.address_street import place_street
from limen.request.address_words import AddressWords, address_words
from limen.request.fold import fold_text
from limen.request.parsed_address import ParsedAddress

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
    r"(?:BOX|BX|BUZON)\s*(?:(?:NORTH|SOUTH|EAST|WEST)\s*)?#?\s*([A-Z]?\d+[A-Z]?(?:-\d+)?)\b"
)
_MILITARY = re.compile(
    r"\b(PSC|CMR|UNIT|OPS|CPR|USS [A-Z ]+?)\s*#?\s*(\d+[A-Z]?)?(?:\s*,?\s*BOX\s*#?\s*(\d+[A-Z]?))?\b"
)
_POST = re.compile(r"(?:^|[ ,])(APO|FPO|DPO)$")
_FLOOR = re.compile(r"\b\d{1,3}(?:ST|ND|RD|TH) (?:FLOOR|FLR|FL)\b,?")


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
    rest = _FLOOR.sub("", _COUNTRY.sub("", text)).strip(" ,")
    rest, zip5 = _take_zip(rest)
    rest, state, apart = _take_state(rest, zip5, words)
    if not zip5 and state:
        rest, zip5 = _take_zip(rest)
    point = _military(rest, state) or _box_or_route(rest) or place_street(rest, bool(state), apart, words)
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
