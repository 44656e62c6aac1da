"""Addresses that are beyond doubt, told apart by columns.

Most addresses of a batch are plain: a number, a street, a city, a state and a ZIP code that belongs to it, with not
one word that could mean anything else. All of them come to the same two facts (complete; a ZIP code stands in it), so
one of them is judged for all. Whatever is less plain is judged by itself, by the judge of single addresses, which a
test holds this to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product
from string import ascii_uppercase

import pyarrow as pa
import pyarrow.compute as pc

from limen.request.address_words import address_words, facility_pattern, placeholder_patterns

BETWEEN = "\x1f"
"""What separates the lines of an address in one text."""
PLAIN = f"12 OAK ST{BETWEEN}SPRINGFIELD IL 62704"
"""The address that stands for all plain ones."""


_NEVER = (
    "BOX", "BX", "BUZON", "POB", "APARTADO", "CALLER", "DRAWER", "GENERAL", "DELIVERY", "ROUTE", "RURAL", "HIGHWAY",
    "ROAD [0-9]+", "UNIT [A-Z]+", "APT [A-Z]+", "APO", "FPO", "DPO", "PSC", "CMR", "USS", "OPS", "CPR", "CARR",
    "CARRETERA", "KM",
)  # fmt: skip
"""Words of other forms of address; wherever one stands, the address is not plain."""


_SHORT_FORMS = ("RR", "HC", "SR", "RT", "RD", "PO", "OB", "BX", "NO", "MI", "MP", "KM", "XX", "ZZ", "US", "BO")
"""Two letters that begin a box, a route, a milepost or a quarter, fill a form, or end an address."""
_BEFORE_A_CITY = "EL|LA|DE"
"""Of the words of two letters that mean something elsewhere, those that may begin the name of a city."""
_BUILDINGS = ("COND", "RES", "EDIF", "TORRE", "URB", "EXT", "ALT", "REPTO", "VILLA", "JARD", "PARC")
"""Words that begin the name of a building or a quarter in Puerto Rico."""
_ORDINAL = "(?:[1-9]?[02-9])?(?:1ST|2ND|3RD|[4-9]TH)|[1-9]?1[0-9]TH|[1-9][0-9]?0TH"
"""The numbers streets are named after."""
_BOX = f"^PO BOX [1-9][0-9]{{0,4}}{BETWEEN}"
"""A post office box, whose locality is judged like that of any plain address."""
_ROUTE_BOX = f"(?i)^RR [1-9][0-9]? BOX [1-9][0-9]{{0,3}}{BETWEEN}"
"""A box on a rural route: which one decides nothing about what kind of address it is."""
_LINE = "(?:[A-Z]{3,}|TO|IN|OF|AT)(?: (?:[A-Z]{3,}|TO|IN|OF|AT)){0,5}"
"""Words without a number, such as `FAILED TO PROVIDE`."""
_STATE_AND_ZIP = 8
"""Letters of `IL 62704`, which a plain address ends with."""


@cache
def _plain_pattern() -> str:
    word = _word()
    city = rf"(?:{_BEFORE_A_CITY}|{word})(?: {word}){{0,2}}"
    return rf"{_street_pattern()}{city},? (?:{'|'.join(_states())}) [0-9]{{5}}$"


@cache
def _street_pattern() -> str:
    """The first line of a plain address, to what separates it from the next."""
    suffixes = "|".join(sorted(suffix for suffix in address_words().suffix if suffix.isalpha()))
    word = _word()
    name = rf"(?:{word}(?: {word}){{0,2}}|{_ORDINAL})"
    return rf"^[1-9][0-9]{{0,4}} (?:[NSEW] )?{name} (?:{suffixes})(?: (?:APT|UNIT) [1-9][0-9]{{0,3}})?{BETWEEN}"


@cache
def _word() -> str:
    """A word of the name of a street or a city: of two letters only where they mean nothing else in an address."""
    _, whole, filler = placeholder_patterns()
    tables = (*_tables(), address_words().state.values(), whole, filler, _NEVER, _SHORT_FORMS)
    used = {part for table in tables for word in table for part in word.split()}
    pairs = map("".join, product(ascii_uppercase, repeat=2))
    return rf"(?:[A-Z]{{3,}}|{'|'.join(pair for pair in pairs if pair not in used)})"


def _tables() -> tuple[Mapping[str, str], ...]:
    """Every word that means something in an address."""
    words = address_words()
    return (words.suffix, words.spanish, words.unit, words.direction, words.number, words.ordinal, words.state)


@cache
def _never() -> str:
    """Words that keep an address from being plain, wherever they stand."""
    words = address_words()
    units = [unit for unit in words.unit if unit not in ("APT", "UNIT")]
    spanish = [word for word in words.spanish if word not in words.suffix]
    other = [word for word in (*spanish, *words.number, *words.ordinal, *units) if word.isalpha()]
    return rf"\b(?:{'|'.join((*_NEVER, *other))})\b|{placeholder_patterns()[0].pattern}"


@cache
def _states() -> tuple[str, ...]:
    """The two-letter states; the military ones and Puerto Rico have addresses of their own forms."""
    codes = {state for states in address_words().zip3_states.values() for state in states}
    return tuple(sorted(codes.difference({"AA", "AE", "AP", "PR"})))


@cache
def _zips() -> pa.Array:
    known = {f"{state} {zip3}" for zip3, states in address_words().zip3_states.items() for state in states}
    return pa.array(sorted(known), pa.string())


def is_plain(joined: pa.Array) -> pa.Array:
    """Which addresses are beyond doubt. `joined` holds the lines of each as one text, separated by `BETWEEN`."""
    text = pc.ascii_upper(joined)
    boxes = pc.fill_null(pc.starts_with(text, "PO BOX "), False)
    as_streets = pc.replace_substring_regex(text.filter(boxes), _BOX, f"12 OAK ST{BETWEEN}")
    text = pc.replace_with_mask(text, boxes, as_streets)
    plain = pc.match_substring_regex(text, _plain_pattern())
    plain = pc.and_(plain, pc.is_in(pc.utf8_slice_codeunits(text, -_STATE_AND_ZIP, -2), _zips()))
    before = pc.utf8_slice_codeunits(text, 0, -_STATE_AND_ZIP)  # `FL` is a state there, and a floor anywhere else
    return pc.fill_null(pc.and_not(plain, pc.match_substring_regex(before, _never())), False)


def lines_to_combine(lines: pa.Array) -> pa.Array:
    """Addresses as texts to combine by: a plain one as `PLAIN`, any other with the locality all plain ones have."""
    joined = pc.binary_join(lines, BETWEEN)
    plain = is_plain(joined)
    others = pc.and_not(joined.is_valid(), plain)
    shared = pc.if_else(plain, pa.scalar(PLAIN), joined)
    return pc.replace_with_mask(shared, others, with_common_locality(joined.filter(others)))


def with_common_locality(joined: pa.Array) -> pa.Array:
    """Addresses whose last line is beyond doubt a city, state and ZIP code, or a ZIP code alone, with that of `PLAIN`.

    Which city it is decides nothing about what kind of address it is; so a jail is judged once, not once for every
    town, and a box on a rural route once for all of them.
    """
    text = pc.ascii_upper(joined)
    several = pc.match_substring(text, BETWEEN)
    last = pc.replace_substring_regex(text, f"^.*{BETWEEN}", "")
    known = pc.is_in(pc.utf8_slice_codeunits(last, -_STATE_AND_ZIP, -2), _zips())
    city = pc.and_(pc.match_substring_regex(last, _locality_pattern()), known)
    city = pc.and_not(city, pc.match_substring_regex(last, _no_city()))
    # After a whole street or route, and where no number stands at all, a city may be called `LAKE CITY`.
    first = pc.replace_substring_regex(joined, f"{BETWEEN}[^{BETWEEN}]*$", "")
    line = pc.ascii_upper(first)
    before = pc.utf8_slice_codeunits(text, 0, -_STATE_AND_ZIP)
    of_point = pc.and_not(known, pc.match_substring_regex(before, _no_point()))
    street = pc.and_(of_point, pc.match_substring_regex(text, _before_any_city(_street_pattern(), "[A-Z]+")))
    street = pc.and_not(street, pc.match_substring_regex(line, _never()))
    route = pc.and_(of_point, pc.match_substring_regex(text, _before_any_city(_ROUTE_BOX, "[A-Z]+")))
    nameless = pc.and_(known, pc.match_substring_regex(text, _before_any_city(f"^{_LINE}{BETWEEN}", "[A-Z]{3,}")))
    nameless = pc.and_not(nameless, pc.match_substring_regex(before, _no_name()))
    nameless = pc.and_not(nameless, pc.match_substring_regex(last, _no_town()))
    city = pc.or_(city, pc.or_(route, nameless))
    bare = pc.and_(
        pc.match_substring_regex(last, "^[0-9]{5}$"), pc.is_in(pc.utf8_slice_codeunits(last, 0, 3), _zip3s())
    )
    bare = pc.and_(bare, pc.not_equal(last, "99999"))
    bare = pc.and_not(bare, pc.match_substring_regex(line, _open_end()))
    _, locality = PLAIN.split(BETWEEN)
    for where, instead in ((city, locality), (bare, locality[-5:])):
        common = pc.binary_join_element_wise(first, pa.scalar(instead), BETWEEN)
        joined = pc.if_else(pc.and_(several, where), common, joined)
    joined = pc.if_else(street, pa.scalar(PLAIN), joined)
    return pc.replace_substring_regex(joined, _ROUTE_BOX, f"RR 2 BOX 4{BETWEEN}")


@cache
def _locality_pattern() -> str:
    word = _word()
    return rf"^{word}(?: {word}){{0,2}},? (?:{'|'.join(_states())}) [0-9]{{5}}$"


@cache
def _before_any_city(line: str, word: str) -> str:
    """A pattern of a first line, then a city of whatever words, a state and a ZIP code."""
    return rf"{line}{word}(?: {word}){{0,3}},? (?:{'|'.join((*_states(), 'PR'))}) [0-9]{{5}}$"


@cache
def _no_city() -> str:
    """Last lines with words that may be something else than a part of the name of a city."""
    words = [word for table in _tables() for word in table if len(word) > 2 and word.replace(" ", "").isalpha()]
    return f"{_words((*_NEVER, *_BUILDINGS, *words))}|{_no_place()}"


@cache
def _no_town() -> str:
    """The same where nothing is numbered, so that no word of a street means anything."""
    return f"{_words((*_NEVER, *_BUILDINGS))}|{_no_place()}"


@cache
def _no_place() -> str:
    """Last lines that say that there is no address, or where somebody is held."""
    anywhere, whole, filler = placeholder_patterns()
    texts = [text for text in (*whole, *filler) if text.replace(" ", "").isalpha()]
    return rf"^(?:{'|'.join(texts)}),? [A-Z]{{2}} |\b(?:X+|Z+)\b|{anywhere.pattern}|{facility_pattern().pattern}"


@cache
def _no_name() -> str:
    """Words that make a number, a unit or a box of what stands beside them, without a digit."""
    words = address_words()
    return _words((*_NEVER, *_BUILDINGS, *words.unit, *filter(str.isalpha, words.number), "MILE", "MILEPOST"))


@cache
def _no_point() -> str:
    """Words that keep a street or a route from being one, wherever they stand."""
    return f"{_words(word for word in _NEVER if word != 'BOX')}|{placeholder_patterns()[0].pattern}"


@cache
def _open_end() -> str:
    """Lines that end in a word that is a state, or a street or a direction: which, the ZIP code says."""
    words = address_words()
    return rf"\b(?:{'|'.join(state for state in words.state if state in words.suffix or state in words.direction)})$"


def _words(words: Iterable[str]) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


@cache
def _zip3s() -> pa.Array:
    return pa.array(sorted(address_words().zip3_states), pa.string())
