"""One stretch of invented people: who they are, where they lived and when.

Households of one to six share a surname, an address and their moves (9% a year). Children sometimes carry a parent's
first name and a suffix; Hispanic names mostly have two surnames; some spouses join theirs. Apartment houses hold
many households under one number, some of them mostly people of one common surname, some without recorded units. Home
ZIP codes are drawn by population, and how many are in use grows with the registry, so that neighbours and namesakes
are as frequent in a small registry as in a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limen.crossref.generate import draw, tins
from limen.crossref.generate.draw import Flags, Ints
from limen.crossref.generate.words import GROUPS, first_names, household_patterns, places, streets, surnames

FIRST_YEAR, LAST_YEAR = 2019, 2025
"""The tax years of the address history."""
MOVES = 0.09
PEOPLE_PER_ZIP = 300
BLOCK = 12
"""People are made in neighbourhoods of twelve; a stretch begins and ends between two of them."""

SUFFIXES = ("", "JR", "SR", "III")
HISPANIC, ASIAN = GROUPS.index("hispanic"), GROUPS.index("asian")
STREET, APARTMENT, BOX, RURAL = range(4)


@dataclass(frozen=True)
class World:
    """What is common to all stretches of one registry: its size, its seed and the ZIP codes in use."""

    people: int
    seed: int
    zips: Ints
    """Indices into `places()`, sorted."""
    pick_zip: draw.Weighted
    houses: Ints
    """Apartment houses in each ZIP code in use."""


@dataclass(frozen=True)
class People:
    """Persons as codes into the word tables; `-1` for a part that is not there. Truth: `household`, `group`,
    `woman`."""

    id: Ints
    first: Ints
    woman: Flags
    middle: Ints
    last: Ints
    last2: Ints
    suffix: Ints
    tin: Ints
    itin: Flags
    household: Ints
    group: Ints


@dataclass(frozen=True)
class Addresses:
    """Addresses as codes; `number` is the house or box number, `unit` a text code (0: none), `zip` an index into
    `places()`."""

    form: Ints
    number: Ints
    street: Ints
    suffix: Ints
    direction: Ints
    unit: Ints
    zip: Ints
    cluster: Ints
    """-1, or which common surname most people of this apartment house bear."""


@dataclass(frozen=True)
class Stretch:
    """People and the addresses they held: `owner` indexes `people`, years are inclusive, `to_year` -1 means still
    there."""

    people: People
    owner: Ints
    from_year: Ints
    to_year: Ints
    addresses: Addresses


def make_world(people: int, seed: int) -> World:
    """Choose the ZIP codes of a registry of `people`: all of them from about nine million people on."""
    known = places()
    ids = np.arange(len(known.zips), dtype=np.int64)
    wanted = min(len(ids), max(40, people // PEOPLE_PER_ZIP))
    # weighted sampling without replacement: the largest u ** (1 / weight) (Efraimidis and Spirakis, 2006)
    order = np.argsort(np.log(draw.uniform(seed, "zips", ids) + 1e-300) / known.people, kind="stable")[::-1]
    zips = np.sort(order[:wanted])
    weight = known.people[zips]
    houses = np.maximum(1, (people / 2.4 * 0.25 / 24 * weight / weight.sum())).astype(np.int64)
    return World(people, seed, zips, draw.Weighted(weight, 20), houses)


def make_stretch(world: World, start: int, stop: int) -> Stretch:
    """People `start` to `stop` (both multiples of `BLOCK`, or the end of the registry)."""
    return make_people(world, np.arange(start, min(stop, world.people), dtype=np.int64))


def make_neighbours(world: World, persons: Ints) -> Stretch:
    """The neighbourhoods that some persons live in, each once, in order of id."""
    blocks = np.unique(persons // BLOCK)
    ids = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    return make_people(world, ids[ids < world.people])


def make_people(world: World, ids: Ints) -> Stretch:
    """People with the given ids, which must make up whole neighbourhoods in order."""
    seed = world.seed
    block = ids // BLOCK
    patterns = household_patterns()
    pattern = draw.below(seed, "pattern", block, len(patterns))
    house = patterns[pattern, ids % BLOCK]
    household = block * BLOCK + house
    new = np.r_[True, household[1:] != household[:-1]]
    head = np.maximum.accumulate(np.where(new, np.arange(len(ids)), 0))
    role = np.arange(len(ids)) - head
    where, owner, from_year, to_year = _history(world, household)
    first_home = np.r_[0, np.flatnonzero(np.diff(owner)) + 1]
    people = _persons(world, ids, household, head, role, _take(where, first_home))
    return Stretch(people, owner, from_year, to_year, where)


def _history(world: World, household: Ints) -> tuple[Addresses, Ints, Ints, Ints]:
    """Every address a household held, for each of its people, in order of time."""
    years = LAST_YEAR - FIRST_YEAR
    moved = np.zeros((len(household), years + 1), dtype=bool)
    moved[:, 0] = True
    for later_year in range(1, years + 1):
        moved[:, later_year] = draw.uniform(world.seed, f"move {later_year}", household) < MOVES
    owner, year = (found.astype(np.int64) for found in np.nonzero(moved))
    last = np.r_[owner[1:] != owner[:-1], True]
    to_year = np.where(last, -1, FIRST_YEAR + np.r_[year[1:], 0] - 1)
    home = household[owner]
    base = world.pick_zip.pick(world.seed, "zip", home)
    near = base + draw.below(world.seed, "near", home * 8 + year, 7) - 3
    far = world.pick_zip.pick(world.seed, "far", home * 8 + year)
    stays_near = draw.uniform(world.seed, "stays near", home * 8 + year) < 0.7
    later = np.where(stays_near, np.clip(near, 0, len(world.zips) - 1), far)
    at = np.where(year == 0, base, later)
    return _addresses(world, home * 8 + year, at), owner, FIRST_YEAR + year, to_year


def _addresses(world: World, key: Ints, at: Ints) -> Addresses:
    """An address for each key in the ZIP code `at` (an index into the world's)."""
    seed = world.seed
    chance = draw.uniform(seed, "form", key)
    form = np.select([chance < 0.25, chance < 0.31, chance < 0.32], [APARTMENT, BOX, RURAL], STREET)
    building = draw.below(seed, "building", key, world.houses[at])
    # every household of an apartment house draws its street and number from the house, not from itself
    spot = np.where(form == APARTMENT, at * 1_000_003 + building + (1 << 40), key)
    slot = np.where(form == APARTMENT, draw.below(seed, "slot", spot, 40), draw.below(seed, "slot", spot, 120))
    road = at * 1000 + slot
    spanish = np.array([state == "PR" for state in places().states])[world.zips[at]]
    names = streets()
    street = np.where(spanish, names.spanish.pick(seed, "street", road), names.plain.pick(seed, "street", road))
    suffix = np.where(spanish, -1, names.suffix.pick(seed, "suffix", road))
    direction = np.where(spanish, -1, draw.below(seed, "direction", road, 12) - 8)
    number = 1 + (draw.uniform(seed, "number", spot) ** 2 * 9998).astype(np.int64)
    number = np.where(form == BOX, 1 + draw.below(seed, "box", key, 4000), number)
    number = np.where(form == RURAL, 1 + draw.below(seed, "box", key, 900), number)
    flat = 1 + draw.below(seed, "flat", key, 36)
    unit_style = draw.below(seed, "unit style", spot, 8)
    # 0: the house has no recorded units; otherwise 1A.. (odd styles) or 101.. (even styles)
    unit = np.where((form != APARTMENT) | (unit_style == 0), 0, flat * 2 - unit_style % 2)
    bare = form >= BOX
    cluster = np.where(
        (form == APARTMENT) & (draw.uniform(seed, "cluster", spot) < 0.15), draw.below(seed, "clan", spot, 12), -1
    )
    street, suffix, direction = (np.where(bare, -1, part) for part in (street, suffix, np.maximum(direction, -1)))
    return Addresses(form, number, street, suffix, direction, unit, world.zips[at], cluster)


def _take(where: Addresses, rows: Ints) -> Addresses:
    return Addresses(*(getattr(where, name)[rows] for name in Addresses.__dataclass_fields__))


def _persons(world: World, ids: Ints, household: Ints, head: Ints, role: Ints, home: Addresses) -> People:
    seed = world.seed
    group = _group(world, household, home)
    woman = draw.below(seed, "woman", household, 2) == 1
    woman = np.where(role == 0, woman, np.where(role == 1, ~woman, draw.below(seed, "sex", ids, 2) == 1))
    own_last = _by_group(seed, "last", ids, group)
    clan = np.array([surnames().common[g] for g in range(len(GROUPS))])
    in_clan = (home.cluster >= 0) & (draw.uniform(seed, "in clan", household) < 0.6)
    own_last = np.where(in_clan & (role == 0), clan[group, np.maximum(home.cluster, 0)], own_last)
    maternal = _by_group(seed, "maternal", ids, group)
    two = (group == HISPANIC) & (draw.uniform(seed, "two surnames", household) < 0.55)
    head_last, spouse = own_last[head], np.minimum(head + 1, len(ids) - 1)
    shares = draw.uniform(seed, "shares", household) < np.where(group == HISPANIC, 0.45, 0.75)
    child = role >= 2
    last = np.where(child | ((role == 1) & shares), head_last, own_last)
    joins = (role == 1) & ~shares & (group != HISPANIC) & (draw.uniform(seed, "joins", ids) < 0.25)
    last2 = np.where(two, np.where(child, own_last[spouse], maternal), np.where(joins, head_last, -1))
    first = _first(seed, "first", ids, group, woman)
    named_after = child & (woman == woman[head]) & (draw.uniform(seed, "named after", ids) < 0.18)
    first = np.where(named_after, first[head], first)
    suffix = np.where(named_after & ~woman, np.where(draw.uniform(seed, "third", ids) < 0.1, 3, 1), 0)
    suffix = np.where(draw.uniform(seed, "suffix left out", ids) < 0.3, 0, suffix)
    middle = np.where(draw.uniform(seed, "has middle", ids) < 0.75, _MIDDLE.pick(seed, "middle", ids), -1)
    rate = np.select([group == HISPANIC, group == ASIAN], [0.12, 0.06], 0.01)
    itin = draw.uniform(seed, "itin", household) < rate
    number = tins.numbers(ids, itin, seed, world.people)
    as_itin = itin | (ids >= tins.SSN_SHAPED)
    return People(ids, first, woman, middle, last, last2, suffix, number, as_itin, household, group)


_MIDDLE = draw.Weighted([12, 4, 5, 6, 6, 3, 4, 3, 2, 10, 4, 10, 12, 3, 2, 4, 0.2, 9, 7, 5, 0.3, 2, 4, 0.2, 1, 0.5], 14)
"""Initials A to Z, roughly as first names begin."""


def _group(world: World, household: Ints, home: Addresses) -> Ints:
    share = np.cumsum(places().groups[home.zip], axis=1)
    return np.asarray((draw.uniform(world.seed, "group", household)[:, None] >= share[:, :-1]).sum(axis=1))


def _by_group(seed: int, stream: str, ids: Ints, group: Ints) -> Ints:
    drawn = np.empty(len(ids), dtype=np.int64)
    for number, pick in enumerate(surnames().by_group):
        chosen = group == number
        drawn[chosen] = pick.pick(seed, stream, ids[chosen])
    return drawn


def _first(seed: int, stream: str, ids: Ints, group: Ints, woman: Flags) -> Ints:
    drawn = np.empty(len(ids), dtype=np.int64)
    for sex in (False, True):
        for number, pick in enumerate(first_names(sex).by_group):
            chosen = (group == number) & (woman == sex)
            drawn[chosen] = pick.pick(seed, stream, ids[chosen])
    return drawn


def unit_text(code: int) -> str:
    """`1A`, `2C` for even codes, `101`, `212` for odd ones, an empty text for 0."""
    if code == 0:
        return ""
    floor, door = divmod((code + 1) // 2 - 1, 6)
    return f"{floor + 1}{'ABCDEF'[door]}" if code % 2 == 0 else f"{floor + 1}{door + 1:02d}"
