"""Taxpayer numbers that were never issued and never will be.

Social security numbers: area 000, area 666 and group 00 of any area are never assigned (Social Security
Administration, "The SSN Numbering Scheme" and its randomisation notice of 2011; areas 900 to 999 are not assigned
either). Individual taxpayer identification numbers begin with 9 and have 50 to 65, 70 to 88, 90 to 92 or 94 to 99 as
fourth and fifth digit; 93 is used for adoption numbers (Internal Revenue Service, Publication 1915 and Internal
Revenue Manual 3.21.263). The groups 00 to 49, 66 to 69 and 89 are not.
"""

from __future__ import annotations

import numpy as np

from limen.crossref.generate.draw import Flags, Ints

ITIN_GROUPS = (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))
"""Fourth and fifth digits in use for individual taxpayer identification numbers."""
ADOPTION_GROUPS = (93,)
_FREE_GROUPS = np.array([g for g in range(100) if g not in ITIN_GROUPS and g not in ADOPTION_GROUPS], dtype=np.int64)
_FREE_AREAS = np.array([a for a in range(1, 900) if a != 666], dtype=np.int64)

SSN_SHAPED = 2_000_000 + len(_FREE_AREAS) * 10_000
"""How many social-security-shaped numbers there are: areas 000 and 666 whole, group 00 of the others."""
ITIN_SHAPED = 100 * len(_FREE_GROUPS) * 10_000


def never_issued(number: str) -> bool:
    """Whether nine digits lie in a range that is never issued.

    >>> never_issued("666123456"), never_issued("900701234"), never_issued("123456789")
    (True, False, False)
    """
    area, group = int(number[:3]), int(number[3:5])
    if area >= 900:
        return group not in ITIN_GROUPS and group not in ADOPTION_GROUPS
    return area in (0, 666) or group == 0


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
