"""Invented people as registry rows, and the truth about them kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from limen.crossref.generate.draw import Ints
from limen.crossref.generate.people import BLOCK, BOX, RURAL, SUFFIXES, Stretch, make_stretch, make_world, unit_text
from limen.crossref.generate.words import GROUPS, first_names, places, streets, surnames
from limen.crossref.make import PersonRow, SpellRow
from limen.crossref.normalise import AddressKey, NameKey, full_form

DIRECTIONS = ("N", "S", "E", "W")
CHUNK = 10_000 * BLOCK


class Truth(NamedTuple):
    """What the generator knows about a person and the registry does not."""

    person: int
    household: int
    group: str
    woman: bool


def registry_rows(people: int, seed: int) -> tuple[Iterator[PersonRow], Iterator[SpellRow]]:
    """Two passes over the same people: the persons, then their address spells."""
    return _persons(people, seed), _spells(people, seed)


def truth_rows(people: int, seed: int) -> Iterator[Truth]:
    """The truth about every person, in order of id."""
    for stretch in _stretches(people, seed):
        who = stretch.people
        for person, household, group, woman in zip(
            who.id.tolist(), who.household.tolist(), who.group.tolist(), who.woman.tolist(), strict=True
        ):
            yield Truth(person, household, GROUPS[group], woman)


def _stretches(people: int, seed: int) -> Iterator[Stretch]:
    world = make_world(people, seed)
    for start in range(0, people, CHUNK):
        yield make_stretch(world, start, start + CHUNK)


def _columns(*arrays: Ints) -> Iterator[tuple[int, ...]]:
    """Rows of plain integers."""
    return zip(*(array.tolist() for array in arrays), strict=True)


def _persons(people: int, seed: int) -> Iterator[PersonRow]:
    last_words, first_words = surnames().words, first_names(women=True).words
    for stretch in _stretches(people, seed):
        who = stretch.people
        columns = _columns(who.id, who.first, who.middle, who.last, who.last2, who.suffix, who.tin)
        for person, first, middle, last, last2, suffix, tin in columns:
            word = first_words[first]
            initial = chr(65 + middle) if middle >= 0 else ""
            second = last_words[last2] if last2 >= 0 else ""
            name = NameKey(word, full_form(word), initial, last_words[last], second, SUFFIXES[suffix])
            yield person, name, f"{tin:09d}" if tin >= 0 else ""


def _spells(people: int, seed: int) -> Iterator[SpellRow]:
    for stretch in _stretches(people, seed):
        at = stretch.addresses
        years = _columns(stretch.people.id[stretch.owner], stretch.from_year, stretch.to_year)
        parts = _columns(at.form, at.number, at.street, at.suffix, at.direction, at.unit, at.zip)
        for (owner, from_year, to_year), coded in zip(years, parts, strict=True):
            yield owner, from_year, to_year if to_year >= 0 else None, address_of(*coded)


def address_of(form: int, number: int, street: int, suffix: int, direction: int, unit: int, place: int) -> AddressKey:
    """The words of an address in codes."""
    where, roads = places(), streets()
    name = "PO BOX" if form == BOX else f"RR {1 + number % 5}" if form == RURAL else roads.words[street]
    return AddressKey(
        number=str(number),
        street=name,
        suffix=roads.suffixes[suffix] if suffix >= 0 else "",
        direction=DIRECTIONS[direction] if direction >= 0 else "",
        unit=unit_text(unit),
        city=where.cities[place],
        state=where.states[place],
        zip=where.zips[place],
    )
