"""Taxpayer numbers that were never issued and never will be: the only ones a registry may hold.

Social security numbers: area 000, area 666 and group 00 of any area are never assigned (Social Security
Administration, "The SSN Numbering Scheme", and its notice on randomisation, 2011; areas 900 to 999 are not assigned
either). Individual taxpayer identification numbers begin with 9 and have 50 to 65, 70 to 88, 90 to 92 or 94 to 99 as
fourth and fifth digit; 93 is used for adoption numbers (Internal Revenue Service, Publication 1915 and Internal
Revenue Manual 3.21.263). The groups 00 to 49, 66 to 69 and 89 are not in use.
"""

from __future__ import annotations

ITIN_GROUPS = (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))
"""Fourth and fifth digits in use for individual taxpayer identification numbers."""
ADOPTION_GROUPS = (93,)
FREE_GROUPS = tuple(group for group in range(100) if group not in ITIN_GROUPS and group not in ADOPTION_GROUPS)


def never_issued(number: str) -> bool:
    """Whether nine digits lie in a range that is never issued.

    >>> never_issued("666123456"), never_issued("900701234"), never_issued("123456789")
    (True, False, False)
    """
    area, group = int(number[:3]), int(number[3:5])
    if area >= 900:
        return group in FREE_GROUPS
    return area in (0, 666) or group == 0
