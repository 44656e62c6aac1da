"""The ladder: how alike one request and one registry row are, and who, if anybody, is meant.

Rungs: 0 is it an address at all; 1 narrow blocks, ids only; 2 compare what the blocks brought; 3 grade; 4 resolve.
This module is rungs 3 and 4 for one request in plain Python, and the statement of what the table form (`tables.py`)
must equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from limen.crossref.normalise import AddressKey, NameKey, asked_sounds, sound_alike, sound_the_same, sounds
from limen.crossref.settings import (
    BOX_STREETS,
    CITY_POINTS,
    CLOSE_STREET,
    INITIAL,
    NAME_EQUAL,
    NAME_WEIGHT,
    NUMBER_POINTS,
    OTHER_SURNAME_COST,
    PART_ABSENT,
    PART_AGREES,
    PART_DIFFERS,
    PART_MISSING,
    SHORT_FORM,
    SLIP,
    STREET_EQUAL,
    STREET_RUN_ON,
    STREET_WEIGHT,
    UNIT_EQUAL,
    UNIT_MISSING,
    WEAK_FIRST,
    WEAK_LAST,
    ZIP_POINTS,
    Settings,
)
from limen.crossref.similarity import alike

Level = Literal[0, 1, 2, 3]
"""none, weak, strong, exact"""


@dataclass(frozen=True, slots=True)
class Row:
    """One person at one address for a time, as the registry holds it."""

    spell: int
    person: int
    name: NameKey
    address: AddressKey
    tin: str
    current: bool
    distinctive: bool
    """Few people bear this name (`bearers`)."""


@dataclass(frozen=True, slots=True)
class NameAgreement:
    """How two names agree; `first` and `last` in thousandths."""

    first: int
    last: int
    equal: bool
    swapped: bool
    conflict: bool
    points: int

    def level(self, close: int) -> Level:
        """Exact, strong (close), weak or none, by the names alone."""
        if self.equal and not self.conflict:
            return 3
        alike = self.first >= min(close, INITIAL) and self.last >= close
        slip = self.one_exact and min(self.first, self.last) >= close - SLIP
        if (alike or slip) and not self.conflict:
            return 2
        return 1 if self.first >= WEAK_FIRST and self.last >= WEAK_LAST else 0

    @property
    def one_exact(self) -> bool:
        """One part of the name agrees exactly."""
        return self.first == 1000 or self.last == 1000

    def half(self, close: int) -> bool:
        """One part agrees closely and the other may not: a relative, or somebody who took another surname."""
        return self.first >= close or self.last >= close


@dataclass(frozen=True, slots=True)
class AddressAgreement:
    """How two addresses agree; `street` in thousandths. `place`: the ZIP code, or the city and the state, agrees."""

    number: bool
    street: int
    street_conflict: bool
    zip: bool
    city: bool
    place: bool
    unit: Literal["equal", "missing", "differs"]
    level: Level
    points: int

    @property
    def compatible(self) -> bool:
        """In the same place, and neither the unit nor the kind of street contradicts."""
        return self.place and not self.street_conflict and self.unit != "differs"


@dataclass(frozen=True, slots=True)
class Graded:
    """One registry row graded against a request."""

    row: Row
    name: NameAgreement
    address: AddressAgreement
    level: Level
    score: int


def _first_alike(one: str, one_full: str, other: str, other_full: str) -> int:
    best = alike(one, other)
    if one_full == other_full:
        best = max(best, SHORT_FORM)
    if (len(one) == 1 or len(other) == 1) and one[0] == other[0]:
        best = max(best, INITIAL)
    return best


def _part(one: str, other: str) -> int:
    if one and other:
        return PART_AGREES if one == other else PART_DIFFERS
    return PART_ABSENT if one == other else PART_MISSING


def compare_names(asked: NameKey, held: NameKey) -> NameAgreement:
    """Straight, by the other surname, or with first name and surname swapped, whichever agrees best."""
    last = alike(asked.last, held.last)
    by_other = max(alike(asked.last2, held.last), alike(asked.last, held.last2)) - OTHER_SURNAME_COST
    second_differs = bool(asked.last2 and held.last2) and alike(asked.last2, held.last2) == 0
    crossed = last < by_other
    last = max(last, by_other)
    equal = asked.first == held.first and asked.last == held.last
    if (asked.last2 or held.last2) and asked.last + asked.last2 == held.last + held.last2:
        last, equal, crossed, second_differs = 1000, asked.first == held.first, False, False
    first = _first_alike(asked.first, asked.full, held.first, held.full)
    turned_first = alike(asked.last, held.first) if first + last < 2000 else 0
    turned_last = alike(asked.first, held.last) if turned_first else 0
    swapped = turned_first + turned_last > first + last
    if swapped:
        first, last, equal = turned_first, turned_last, turned_first == 1000 == turned_last
        crossed = second_differs = False
    middle, suffix = _part(asked.middle, held.middle), _part(asked.suffix, held.suffix)
    conflict = PART_DIFFERS in (middle, suffix) or (second_differs and not crossed)
    points = NAME_WEIGHT * (first + last) + NAME_EQUAL * ((first == 1000) + (last == 1000)) + middle + suffix
    return NameAgreement(first, last, equal and not second_differs, swapped, conflict, points)


def compare_addresses(asked: AddressKey, held: AddressKey) -> AddressAgreement:
    """Part by part; a part that is missing on one side is no conflict."""
    number = (bool(asked.number or held.number) and asked.number == held.number) or _both_numberless(asked, held)
    run_on = asked.street == f"{held.street} {held.city}" and not asked.city
    street = 1000 if run_on else street_alike(asked, held)
    street_conflict = _differ(asked.suffix, held.suffix) or _differ(asked.direction, held.direction)
    zip_equal = bool(asked.zip) and asked.zip == held.zip
    city = run_on or alike(asked.city, held.city) >= CLOSE_STREET
    state = not asked.state or asked.state == held.state
    place = zip_equal or (city and state)
    close = street >= CLOSE_STREET
    unit: Literal["equal", "missing", "differs"] = (
        "equal" if asked.unit == held.unit else "differs" if asked.unit and held.unit else "missing"
    )
    level: Level = 0
    if number and close and place and not street_conflict and unit != "differs":
        same = street == 1000 and unit == "equal" and (zip_equal or not asked.zip)
        level = 3 if same else 2
    elif (number and (place or (close and state))) or (close and place and not held.street.startswith(BOX_STREETS)):
        level = 1
    points = (
        STREET_WEIGHT * street
        + STREET_EQUAL * (street == 1000 and not street_conflict)
        + NUMBER_POINTS * number
        + ZIP_POINTS * zip_equal
        + CITY_POINTS * city
        + (UNIT_EQUAL if unit == "equal" else UNIT_MISSING if unit == "missing" else 0)
    )
    return AddressAgreement(number, street, street_conflict, zip_equal, city, place, unit, level, points)


def street_alike(asked: AddressKey, held: AddressKey) -> int:
    """How alike two streets are; where the kind of street is told apart on one side only, also as one text each, for it
    may be there and mangled (`OAK STRET`, `FARRERSTREET`)."""
    apart = alike(asked.street, held.street)
    if apart == 1000 or bool(asked.suffix) == bool(held.suffix):
        return apart
    whole = alike(f"{asked.street} {asked.suffix}".rstrip(), f"{held.street} {held.suffix}".rstrip())
    return max(apart, min(whole, STREET_RUN_ON))


def _both_numberless(asked: AddressKey, held: AddressKey) -> bool:
    return not asked.number and not held.number and bool(asked.street)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def grade_row(asked: NameKey, address: AddressKey, tin: str, row: Row, settings: Settings) -> Graded:
    """The grade that names and address together allow.

    Names of which no part sounds alike are not compared (on tables that keeps the neighbours out). A bare initial is
    a name that many bear, whoever is held; and at another house number a name that sounds otherwise is another name
    (`MARIO`, `MARTIN`). A taxpayer number that contradicts the row allows no more than weak.
    """
    name = compare_names(asked, row.name)
    place = compare_addresses(address, row.address)
    asked_bits, held_bits = asked_sounds(asked), sounds(row.name)
    few = row.distinctive and len(asked.first) > 1
    if few and not name.equal and _differ(address.number, row.address.number):
        few = sound_the_same(asked_bits, held_bits)
    level = _level(name, place, few, settings) if sound_alike(asked_bits, held_bits) else 0
    if tin and row.tin and tin != row.tin:
        level = min(level, 1)
    return Graded(row, name, place, level, name.points + place.points)


def _level(name: NameAgreement, place: AddressAgreement, distinctive: bool, settings: Settings) -> Level:
    """Exact: both exact. Strong: both at least close, or a name that few people bear, exactly, at nearly the address.

    The name may then also agree closely, if the address has no contradiction in unit or kind of street.
    Weak: both agree in part; or one part of the name at a close address; or such a name in the same place.
    """
    names = name.level(settings.close)
    if names >= 2 and place.level >= 2:
        return min(names, place.level)
    if distinctive and place.level and (names == 3 or (names == 2 and place.compatible)):
        return 2
    if (
        (names and place.level)
        or (place.level >= 2 and name.half(settings.close))
        or (names == 3 and distinctive and place.place)
    ):
        return 1
    return 0


def resolve(graded: Iterable[Graded], settings: Settings) -> tuple[Graded | None, int]:
    """The best row and how many persons are within the tie of its score (1: nobody else; 0: no candidate at all).

    Each person counts once, by their best row. The order is total (score, grade, current address, lowest id), so the
    answer never depends on the order of the candidates.
    """
    best: dict[int, Graded] = {}
    for one in graded:
        if one.level and (one.row.person not in best or _order(one) < _order(best[one.row.person])):
            best[one.row.person] = one
    if not best:
        return None, 0
    ranked: Sequence[Graded] = sorted(best.values(), key=_order)
    near = sum(one.score >= ranked[0].score - 1000 * settings.tie for one in ranked)
    return ranked[0], near


def _order(one: Graded) -> tuple[int, int, bool, int, int]:
    return (-one.score, -one.level, not one.row.current, one.row.person, one.row.spell)
