"""How many people in the United States can be expected to bear a name; decided once, when a registry is made.

Expected bearers of a first name and surname: by name-origin group, people times the share of the surname times the
share of the first name, summed. Names that go together (`JOSE GARCIA`) are so not taken for rarer than they are. A
name that is in neither table is as rare as the rarest there.
"""

from __future__ import annotations

from functools import cache

from limen.crossref.normalise import DATA

PEOPLE = 331_000_000
GROUP_PERCENT = (58, 19, 12, 6, 5)
"""White, Hispanic, Black, Asian, other (2020 Census, rounded), in the order of the tables."""
DISTINCTIVE_BELOW = 5_000
"""With fewer bearers than this, a second person of the same name at nearly the same address is not to be expected."""

Parts = tuple[int, int, int, int, int]
"""Parts in a thousand million of each group that bear a name; whole numbers, so that arrays and single names
agree."""

LIMIT = DISTINCTIVE_BELOW * 100 * 10**18 // PEOPLE


@cache
def surname_parts() -> dict[str, Parts]:
    """The parts for every surname of the table."""
    return _parts("surnames.tsv", 2)


@cache
def first_name_parts() -> dict[str, Parts]:
    """The parts for every first name of the table."""
    return _parts("first_names.tsv", 3)


@cache
def rarest(surname: bool) -> Parts:
    """The parts of a name that is not in the table."""
    table = surname_parts() if surname else first_name_parts()
    return min(table.values(), key=sum)


def distinctive(full: str, surname: str) -> bool:
    """Whether fewer than `DISTINCTIVE_BELOW` people can be expected to bear the name; `full` is the full form of the
    first name.

    A bare initial is shared by many.

    >>> distinctive("JOSE", "GARCIA"), distinctive("DEAKIN", "SONDERGELD"), distinctive("D", "SONDERGELD")
    (False, True, False)
    """
    if len(full) < 2:
        return False
    given = first_name_parts().get(full) or rarest(surname=False)
    family = surname_parts().get(surname) or rarest(surname=True)
    return sum(p * g * f for p, g, f in zip(GROUP_PERCENT, given, family, strict=True)) < LIMIT


def _parts(name: str, shares_from: int) -> dict[str, Parts]:
    counts: dict[str, list[float]] = {}
    for line in (DATA / name).read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            counts[cells[0]] = [float(cells[1]) * float(share) for share in cells[shares_from:]]
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    return {
        word: (
            _share(row[0], totals[0]), _share(row[1], totals[1]), _share(row[2], totals[2]), _share(row[3], totals[3]),
            _share(row[4], totals[4]),
        )
        for word, row in counts.items()
    }  # fmt: skip


def _share(count: float, total: float) -> int:
    return round(10**9 * count / total)
