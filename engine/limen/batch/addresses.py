"""Addresses that are beyond doubt, told apart by columns.

Most addresses of a batch are plain: a number, a street, a city, a state and a ZIP code that belongs to it, with not
one word that could mean anything else. All of them come to the same two facts (complete; a ZIP code stands in it), so
one of them is judged for all. Whatever is less plain is judged by itself, by the judge of single addresses, which a
test holds this to.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from limen.request.address_words import address_words, placeholder_patterns

BETWEEN = "\x1f"
"""What separates the lines of an address in one text."""
PLAIN = f"12 OAK ST{BETWEEN}SPRINGFIELD IL 62704"
"""The address that stands for all plain ones."""


_SHORT = "EL|LA|DE"
"""Two-letter words that may begin the name of a city; any other could be a direction, a state or a suffix."""
_NEVER = (
    "BOX", "BX", "BUZON", "POB", "APARTADO", "CALLER", "DRAWER", "GENERAL", "DELIVERY", "ROUTE", "RURAL", "HIGHWAY",
    "ROAD [0-9]+", "UNIT [A-Z]+", "APT [A-Z]+", "APO", "FPO", "DPO", "PSC", "CMR", "USS", "OPS", "CPR", "CARR",
    "CARRETERA", "KM",
)  # fmt: skip
"""Words of other forms of address; wherever one stands, the address is not plain."""


_ORDINAL = "[1-9][0-9]?(?:1ST|2ND|3RD|[4-9]TH|0TH)|1ST|2ND|3RD|[4-9]TH|1[1-3]TH"
"""The numbers streets are named after."""
_BOX = f"^PO BOX [1-9][0-9]{{0,4}}{BETWEEN}"
"""A post office box, whose locality is judged like that of any plain address."""


@cache
def _plain_pattern() -> str:
    words = address_words()
    suffixes = "|".join(sorted(suffix for suffix in words.suffix if suffix.isalpha()))
    name = rf"(?:[A-Z]{{3,}}(?: [A-Z]{{3,}}){{0,2}}|{_ORDINAL})"
    street = rf"[1-9][0-9]{{0,4}} (?:[NSEW] )?{name} (?:{suffixes})"
    unit = "(?: (?:APT|UNIT) [1-9][0-9]{0,3})?"
    city = rf"(?:{_SHORT}|[A-Z]{{3,}})(?: [A-Z]{{3,}}){{0,2}}"
    return rf"^{street}{unit}{BETWEEN}{city},? (?:{'|'.join(_states())}) [0-9]{{5}}$"


@cache
def _never() -> str:
    """Words that keep an address from being plain, wherever they stand."""
    words = address_words()
    units = [unit for unit in words.unit if unit not in ("APT", "UNIT")]
    spanish = [word for word in words.spanish if word not in words.suffix]
    other = [word for word in (*spanish, *words.number, *words.ordinal, *units) if word.isalpha()]
    return rf"\b(?:{'|'.join((*_NEVER, *other))})\b"


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
    text = pc.replace_substring_regex(pc.ascii_upper(joined), _BOX, f"12 OAK ST{BETWEEN}")
    plain = pc.match_substring_regex(text, _plain_pattern())
    plain = pc.and_(plain, pc.is_in(pc.utf8_slice_codeunits(text, -8, -2), _zips()))
    for pattern in (_never(), placeholder_patterns()[0].pattern):
        plain = pc.and_(plain, pc.invert(pc.match_substring_regex(text, pattern)))
    return pc.fill_null(plain, False)


def lines_to_combine(lines: pa.Array) -> pa.Array:
    """Addresses as texts to combine by: a plain one as `PLAIN`, any other as it is."""
    joined = pc.binary_join(lines, BETWEEN)
    return pc.if_else(is_plain(joined), pa.scalar(PLAIN), joined)
