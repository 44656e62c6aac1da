"""Numbers for invented people, from the ranges that are never issued (`never_issued` has the sources), no two
alike."""

from __future__ import annotations

import numpy as np

from limen.crossref.generate.draw import Flags, Ints
from limen.crossref.never_issued import FREE_GROUPS

_FREE_GROUPS = np.array(FREE_GROUPS, dtype=np.int64)
_FREE_AREAS = np.array([a for a in range(1, 900) if a != 666], dtype=np.int64)

SSN_SHAPED = 2_000_000 + len(_FREE_AREAS) * 10_000
"""How many social-security-shaped numbers there are: areas 000 and 666 whole, group 00 of the others."""
ITIN_SHAPED = 100 * len(_FREE_GROUPS) * 10_000


def numbers(people: Ints, itin: Flags, seed: int, total: int) -> Ints:
    """A number for each person, no two alike, as a nine-digit integer; -1 for none.

    The ranges hold about 11 million social-security-shaped and 55 million ITIN-shaped numbers. In a larger registry
    the people beyond them hold none.
    """
    # a registry of up to two million people stays within areas 000 and 666, which nobody takes for a real number
    first = _spread(people, seed, 2_000_000 if total <= 2_000_000 else SSN_SHAPED)
    in_areas = first - 2_000_000
    areas = _FREE_AREAS[np.clip(in_areas // 10_000, 0, len(_FREE_AREAS) - 1)]
    ssn = np.where(
        first < 1_000_000,
        first,
        np.where(first < 2_000_000, 665_000_000 + first, areas * 1_000_000 + in_areas % 10_000),
    )
    other = _spread(people, seed + 1, ITIN_SHAPED)
    area, group = 900 + other // (len(_FREE_GROUPS) * 10_000), _FREE_GROUPS[other // 10_000 % len(_FREE_GROUPS)]
    shaped = area * 1_000_000 + group * 10_000 + other % 10_000
    as_itin = itin | (people >= SSN_SHAPED)
    return np.where(as_itin, np.where(people < ITIN_SHAPED, shaped, -1), ssn)


def _spread(people: Ints, seed: int, size: int) -> Ints:
    """A permutation of 0..size-1: neighbours in the registry hold numbers far apart."""
    step = 7_368_787 + 2 * (seed % 1_000_003)
    while np.gcd(step, size) != 1:
        step += 1
    return np.asarray((people * step + seed) % size)
