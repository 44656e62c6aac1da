"""Block keys: whole numbers computed once at ingest, on which requests and registry are joined.

Two rows are compared only when they share a key: (ZIP code, number), (surname, first initial, number, state),
(surname, first name, ZIP code) or (both initials, street, city), names and streets as they sound. A key is a wrapped
64-bit product-sum of check sums, shifted to fit a signed integer; the same arithmetic in numpy gives the same keys. A
chance collision only adds a comparison.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

MASK = (1 << 64) - 1
SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x8CB92BA72F3D8DD7)
FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)


def checksum(text: str) -> int:
    """A stable 32-bit number for a word."""
    return crc32(text.encode("ascii"))


_SOUNDS = str.maketrans(
    {letter: code for letters, code in (
        ("BFPV", "1"), ("CGJKQSXZ", "2"), ("DT", "3"), ("L", "4"), ("MN", "5"), ("R", "6"), ("HW", ""), ("AEIOUY", "0")
    ) for letter in letters}
)  # fmt: skip


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A name as it sounds: its first letter and up to five consonant classes (Soundex, R. C. Russell, 1918, a little
    longer).

    Slips and spellings that keep the consonants (`MOHAMMED`, `MUHAMMAD`) so stay in one block.

    >>> sound("MOHAMMED") == sound("MUHAMMAD"), sound("HUSSEIN"), sound("SMITH")
    (True, 'H25', 'S53')
    """
    codes = []
    last = ""
    for code in word.translate(_SOUNDS):
        if code != last and code != "0":
            codes.append(code)
        last = code
    own = _SOUNDS[ord(word[0])]
    return word[0] + "".join(codes[1:] if codes and codes[0] == own else codes)[:5]


_LEADING = frozenset(
    ["AVE", "AVENIDA", "CALLE", "CAMINO", "CARR", "CARRETERA", "COUNTY", "EL", "HIGHWAY", "HWY", "LA", "LAS", "LOS",
     "MOUNT", "MT", "NEW", "OLD", "PASEO", "RD", "ROAD", "ROUTE", "SAN", "SANTA", "ST", "STATE", "THE", "US"]
)  # fmt: skip
"""What many streets begin with: it tells none of them."""


@lru_cache(maxsize=65536)
def street_sound(street: str) -> str:
    """The first word of a street that tells something, as it sounds; what ends a street is where it is mangled most
    (`OAK STRET`).

    >>> street_sound("CALLE LUNA") == street_sound("LUNA"), street_sound("OLD"), street_sound("42ND")
    (True, 'O43', '42ND')
    """
    words = street.split()
    word = next((word for word in words if word not in _LEADING), words[0])
    return sound(word) if word.isalpha() else word


CITY_LETTERS = 3


def _mix(seed: int, *parts: int) -> int:
    return (sum((part * factor for part, factor in zip(parts, FACTORS, strict=False)), seed) & MASK) >> 1


def zip_number(zip5: str, number: str) -> int:
    """The key of one house number in one ZIP code."""
    return _mix(SEEDS[0], int(zip5), checksum(number))


def surname_number(surname: str, initial: str, number: str, state: str) -> int:
    """The key of one surname, first initial and house number in one state."""
    return _mix(SEEDS[1], checksum(sound(surname)), ord(initial), checksum(number), checksum(state))


def name_zip(surname: str, first: str, zip5: str) -> int:
    """The key of one name in one ZIP code; `first` in its full form (`WILLIAM` for `BILL`)."""
    return _mix(SEEDS[2], checksum(sound(surname)), checksum(sound(first)), int(zip5))


def initials_street(one: str, other: str, street: str, city: str) -> int:
    """The key of two initials, whichever comes first, and a street in a city, told by its first three letters: for a
    slip in a name beside one in the number or the ZIP code."""
    first, last = sorted((ord(one), ord(other)))
    return _mix(SEEDS[3], first, last, checksum(street_sound(street)), checksum(city[:CITY_LETTERS]))
