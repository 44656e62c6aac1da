"""Block keys: whole numbers computed once at ingest, on which requests and registry are joined.

Two rows are compared only when they share a key: (ZIP code, number), (surname, first initial, number, state) or
(surname, first name, ZIP code), names as they sound. A key is a wrapped 64-bit product-sum of check sums, shifted to
fit a signed integer; the same arithmetic in numpy gives the same keys. A chance collision only adds a comparison.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

MASK = (1 << 64) - 1
SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
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
