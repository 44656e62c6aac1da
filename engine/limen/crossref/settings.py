"""What a user of cross-reference may choose, and the fixed points of the ladder, all in one place.

Comparisons are whole numbers (thousandths for one comparison, millionths for a score), so that every engine gives
the same grade: no sum of fractions is ever compared with a limit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How a match is accepted.

    `confirm_address`: in the taxpayer-number lane, name a person only when the registry has held the stated address
    for them (a contested practice: without it, name and number are enough, and `Match.address_held` says what the
    address is worth). `close`: how alike two names must be to agree closely, in thousandths of Jaro-Winkler
    similarity, 850 to 1000; where the other part of the name agrees exactly, `SLIP` less. `tie`: how near the best
    score another person makes a match ambiguous, in thousandths.
    """

    confirm_address: bool = False
    close: int = 920
    tie: int = 20

    def __post_init__(self) -> None:
        if not 850 <= self.close <= 1000:
            raise ValueError(f"`close` is {self.close}: it must be between 850 and 1000 thousandths")
        if not 0 <= self.tie <= 200:
            raise ValueError(f"`tie` is {self.tie}: it must be between 0 and 200 thousandths")


ALIKE_FLOOR = 820
"""Below this a similarity counts as 0: engines disagree on Jaro-Winkler where plain Jaro is below 0.7 (at most 0.82
with its bonus)."""
SHORT_FORM = 960
"""A nickname and its full name."""
INITIAL = 900
"""A bare initial and a name that begins with it."""
WEAK_FIRST, WEAK_LAST = 820, 850
SLIP = 70
"""How much less alike one part of a name may be where the other agrees exactly: about one slip in a short name
(`AMBER`, `AMGER`)."""
CLOSE_STREET = 900
STREET_RUN_ON = 999
"""The most alike two streets can be where the kind of street is told apart on one side only (`FARRERSTREET`, `FARRER
ST`)."""
BOX_STREETS = ("PO BOX", "RR ", "HC ", "PSC ", "CMR ", "UNIT ")
"""What stands in place of a street where mail goes to a box: shared by many, so it tells nothing without the
number."""
OTHER_SURNAME_COST = 20
"""What it costs to agree by the second surname only."""

IDENTIFIED = 440_000
"""In the taxpayer-number lane the number stands for the points an address would give."""

# A score adds up to 1,000,000 when everything agrees and nothing is missing.
NAME_WEIGHT, NAME_EQUAL = 220, 30_000
STREET_WEIGHT, STREET_EQUAL = 130, 20_000
NUMBER_POINTS, ZIP_POINTS, CITY_POINTS = 120_000, 100_000, 30_000
UNIT_EQUAL, UNIT_MISSING = 40_000, 20_000
PART_AGREES, PART_ABSENT, PART_MISSING, PART_DIFFERS = 30_000, 15_000, 5_000, -40_000
"""Middle initial and generation suffix: both given and equal; neither given; one missing; both given and
different."""
