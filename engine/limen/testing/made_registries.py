"""Small registries made at random: invented people with names in common, shared addresses and moves."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hypothesis import strategies as st

from limen.crossref import Registry
from limen.crossref.make import write_registry
from limen.crossref.normalise import AddressKey, name_key_of
from limen.request.subject import Address, PersonName, Subject

FIRST = ("ALMA", "BRUNO", "CELIA", "DARIO", "EDITH", "FELIX")
LAST = ("QUILL", "MARLOWE", "STERN", "VANCE", "QUILLEN")
STREETS = ("MAPLE", "HARBOR", "MILL")
CITIES = (("REVERE", "MA", "02151"), ("SALEM", "OR", "97301"))


@dataclass(frozen=True, slots=True)
class MadePerson:
    """One invented person: a name, a number from a range that is never issued, and addresses, the current one last."""

    first: str
    last: str
    tin: str
    addresses: tuple[AddressKey, ...]

    def subject(self) -> Subject:
        """The person as a careful agency would describe them: name, number and current address."""
        now = self.addresses[-1]
        lines = (f"{now.number} {now.street} {now.suffix}", f"{now.city}, {now.state} {now.zip}")
        return Subject(
            name=PersonName(first=self.first.title(), last=self.last.title()),
            address=Address(lines=lines),
            tin=self.tin,
        )


@dataclass(frozen=True)
class MadeRegistry:
    """Everybody in a registry, and the registry itself: written and opened when it is first asked for."""

    people: tuple[MadePerson, ...]

    @cached_property
    def registry(self) -> Registry:
        """The registry, ready to match. Its file goes when nobody needs it any more."""
        folder = Path(tempfile.mkdtemp(prefix="limen-registry-"))
        _write(folder / "registry.sqlite", self.people)
        opened = Registry(folder / "registry.sqlite")
        weakref.finalize(self, _forget, opened, folder)
        return opened

    def __repr__(self) -> str:
        return f"MadeRegistry({list(self.people)})"


def registries(max_people: int = 8) -> st.SearchStrategy[MadeRegistry]:
    """Registries of one to `max_people` people, no two with the same number. Shrinks to few people at one address."""
    most = max_people * _BYTES
    # Bytes for all of them in one go: Hypothesis pays for each choice, not for what is made of it.
    return st.builds(_registry, st.integers(1, max_people), st.binary(min_size=most, max_size=most))


def _registry(people: int, data: bytes) -> MadeRegistry:
    drawn = (int.from_bytes(data[at : at + _BYTES], "big") for at in range(0, people * _BYTES, _BYTES))
    return MadeRegistry(tuple(_people(drawn)))


_BYTES = 6
"""So many bytes stand for a person: enough for every choice that makes one."""
_NUMBERS = 10_000
"""Taxpayer numbers from 987000000 on, a range that is never issued."""


def _people(drawn: Iterable[int]) -> Iterator[MadePerson]:
    """The people that numbers stand for; who would have somebody's taxpayer number has the next that is free."""
    taken: set[int] = set()
    for number in drawn:
        number, first = divmod(number, len(FIRST))
        number, last = divmod(number, len(LAST))
        number, tin = divmod(number, _NUMBERS)
        while tin in taken:
            tin = (tin + 1) % _NUMBERS
        taken.add(tin)
        number, moves = divmod(number, 3)
        addresses: dict[AddressKey, None] = {}
        for _ in range(moves + 1):
            number, house = divmod(number, 40)
            number, street = divmod(number, len(STREETS))
            number, city = divmod(number, len(CITIES))
            addresses[AddressKey(str(house + 1), STREETS[street], "ST", "", "", *CITIES[city])] = None
        yield MadePerson(FIRST[first], LAST[last], f"98700{tin:04}", tuple(addresses))


def _write(path: Path, people: Sequence[MadePerson]) -> None:
    persons, spells = [], []
    for number, person in enumerate(people, 1):
        key = name_key_of(person.first, "", person.last, "")
        if key is None:
            raise ValueError(f"`{person.first} {person.last}` is not a name")
        persons.append((number, key, person.tin))
        last = len(person.addresses) - 1
        spells += [
            (number, 2010 + place, None if place == last else 2011 + place, address)
            for place, address in enumerate(person.addresses)
        ]
    write_registry(path, persons, spells, f"{len(people)} people made for a test")


def _forget(registry: Registry, folder: Path) -> None:
    registry.close()
    shutil.rmtree(folder, ignore_errors=True)
