"""The words people are made of, read from the tables in `crossref/data/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from limen.crossref.generate.draw import Floats, Ints, Weighted
from limen.crossref.normalise import DATA

GROUPS = ("white", "hispanic", "black", "asian", "other")
"""Name-origin groups, in the order of the tables."""


@dataclass(frozen=True)
class Names:
    """Names and, for each name-origin group, how to draw one."""

    words: tuple[str, ...]
    by_group: tuple[Weighted, ...]
    common: tuple[tuple[int, ...], ...]
    women: Floats


@dataclass(frozen=True)
class Places:
    """ZIP codes sorted, with their people and the groups among them (rows add up to 1)."""

    zips: tuple[str, ...]
    cities: tuple[str, ...]
    states: tuple[str, ...]
    people: Floats
    groups: Floats


@dataclass(frozen=True)
class Streets:
    """Street names and suffixes with weights, plain and Spanish."""

    words: tuple[str, ...]
    plain: Weighted
    spanish: Weighted
    suffixes: tuple[str, ...]
    suffix: Weighted


def _rows(name: str) -> Iterator[list[str]]:
    for line in (DATA / name).read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _names(words: list[str], counts: Floats, shares: Floats, women: Floats) -> Names:
    mass = counts[:, None] * shares
    common = tuple(tuple(int(i) for i in np.argsort(-mass[:, g], kind="stable")[:12]) for g in range(len(GROUPS)))
    return Names(tuple(words), tuple(Weighted(mass[:, g]) for g in range(len(GROUPS))), common, women)


@cache
def surnames() -> Names:
    """Surnames of the 2010 Census."""
    rows = list(_rows("surnames.tsv"))
    table = np.array([[float(cell) for cell in row[1:]] for row in rows])
    return _names([row[0] for row in rows], table[:, 0], table[:, 1:] / 100, np.zeros(len(rows)))


@cache
def first_names(women: bool) -> Names:
    """First names, of women or of men."""
    rows = list(_rows("first_names.tsv"))
    table = np.array([[float(cell) for cell in row[1:]] for row in rows])
    share = table[:, 1] / 100 if women else 1 - table[:, 1] / 100
    return _names([row[0] for row in rows], table[:, 0] * share, table[:, 2:] / 100, table[:, 1])


@cache
def places() -> Places:
    """ZIP codes with street delivery."""
    rows = list(_rows("places.tsv"))
    tenths = np.array([[int(digit) + 0.01 for digit in row[4]] for row in rows])
    return Places(
        zips=tuple(row[0] for row in rows),
        cities=tuple(row[1] for row in rows),
        states=tuple(row[2] for row in rows),
        people=np.array([float(row[3]) for row in rows]),
        groups=tenths / tenths.sum(axis=1, keepdims=True),
    )


_TREES = (
    "OAK MAPLE PINE CEDAR ELM WALNUT CHESTNUT WILLOW SPRUCE CHERRY BIRCH HICKORY LOCUST POPLAR SYCAMORE "
    "MAGNOLIA ASPEN LAUREL HOLLY MULBERRY DOGWOOD JUNIPER PECAN ASH CYPRESS REDWOOD"
)
_PLAIN = (
    "MAIN PARK CHURCH HIGH CENTER UNION MILL RIVER LAKE HILL FRANKLIN LINCOLN WASHINGTON JACKSON ADAMS "
    "JEFFERSON MADISON MONROE GRANT CLEVELAND HARRISON TYLER COURT SCHOOL DEPOT RAILROAD WATER FRONT BROAD "
    "STATE MARKET COLLEGE ACADEMY SPRING PLEASANT PROSPECT SUMMIT FAIRVIEW HIGHLAND RIDGE VALLEY MEADOW "
    "FOREST GARDEN ORCHARD SUNSET SUNRISE LAKEVIEW RIVERSIDE HILLCREST WOODLAND BROADWAY CANAL BRIDGE PIKE "
    "LIBERTY INDEPENDENCE COMMERCE INDUSTRIAL AIRPORT COUNTRY_CLUB MARTIN_LUTHER_KING ROSA_PARKS OLD_MILL "
    "INDIAN_CREEK BEAR_CREEK SAND_HILL STONE_BRIDGE CLEAR_LAKE"
)
_SPANISH = (
    "CALLE_LUNA CALLE_SOL CALLE_FLORES CALLE_MAYOR CALLE_COLON CALLE_BETANCES CALLE_COMERCIO CALLE_ROBLE "
    "CALLE_PALMA CALLE_1 CALLE_2 CALLE_3 CALLE_A CALLE_B AVE_PONCE_DE_LEON AVE_MUNOZ_RIVERA AVE_ROOSEVELT "
    "AVE_BARBOSA PASEO_DEL_PRADO CAMINO_REAL"
)
_SUFFIXES = {
    "ST": 30,
    "AVE": 20,
    "RD": 14,
    "DR": 14,
    "LN": 8,
    "CT": 5,
    "BLVD": 4,
    "WAY": 3,
    "PL": 3,
    "CIR": 2,
    "TER": 1,
    "PKWY": 1,
}


def ordinal(number: int) -> str:
    """`1ST`, `22ND`, `113TH`."""
    tail = "TH" if 10 <= number % 100 <= 20 else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{tail}"


@cache
def streets() -> Streets:
    """Common street names (numbers, trees, presidents, features), then surnames; the Spanish forms of Puerto Rico
    apart."""
    plain = [word.replace("_", " ") for word in (_TREES + " " + _PLAIN).split()] + [ordinal(n) for n in range(1, 121)]
    named = [word for word in surnames().words[:900] if word not in plain]
    spanish = [word.replace("_", " ") for word in _SPANISH.split()]
    words = plain + named + spanish
    weight = np.zeros(len(words))
    weight[: len(plain)] = 6.0
    weight[len(plain) : len(plain) + len(named)] = 1.0
    in_spanish = np.zeros(len(words))
    in_spanish[len(plain) + len(named) :] = 1.0
    return Streets(
        tuple(words),
        Weighted(weight, 16),
        Weighted(in_spanish, 12),
        tuple(_SUFFIXES),
        Weighted(list(_SUFFIXES.values()), 12),
    )


def household_patterns() -> Ints:
    """Ways to part twelve neighbours into households of one to six, about as the Census Bureau counts them.

    Row: a pattern; column: a neighbour; value: which household of the pattern (0, 1, ...).
    """
    parts = (
        (1, 2, 4, 1, 3, 1),
        (2, 2, 1, 5, 1, 1),
        (1, 1, 2, 3, 2, 2, 1),
        (4, 2, 1, 2, 1, 2),
        (6, 1, 2, 1, 2),
        (2, 3, 1, 1, 2, 3),
        (1, 2, 2, 1, 4, 2),
        (5, 2, 1, 1, 2, 1),
        (2, 1, 1, 4, 1, 3),
        (1, 2, 1, 2, 2, 1, 3),
        (3, 2, 2, 1, 4),
        (2, 2, 1, 1, 2, 4),
    )
    return np.array([[house for house, size in enumerate(part) for _ in range(size)] for part in parts], dtype=np.int64)
