"""Block keys: whole numbers computed once at ingest, on which requests and registry are joined.

Two rows are compared only when they share a key: (ZIP code, number), (surname, first initial, number, state) or
(surname, first name, ZIP code). A key is a wrapped 64-bit product-sum of check sums, shifted to fit a signed
integer; the same arithmetic in numpy gives the same keys. A chance collision only adds a comparison.
"""

from __future__ import annotations

from zlib import crc32

MASK = (1 << 64) - 1
SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)


def checksum(text: str) -> int:
    """A stable 32-bit number for a word."""
    return crc32(text.encode("ascii"))


def _mix(seed: int, *parts: int) -> int:
    return (sum((part * factor for part, factor in zip(parts, FACTORS, strict=False)), seed) & MASK) >> 1


def zip_number(zip5: str, number: str) -> int:
    """The key of one house number in one ZIP code."""
    return _mix(SEEDS[0], int(zip5), checksum(number))


def surname_number(surname: str, initial: str, number: str, state: str) -> int:
    """The key of one surname, first initial and house number in one state."""
    return _mix(SEEDS[1], checksum(surname), ord(initial), checksum(number), checksum(state))


def name_zip(surname: str, first: str, zip5: str) -> int:
    """The key of one name in one ZIP code; `first` in its full form (`WILLIAM` for `BILL`)."""
    return _mix(SEEDS[2], checksum(surname), checksum(first), int(zip5))
