"""Small registries made at random: invented people with names in common, shared addresses and moves."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, weakref_slot=True)
class MadeRegistry:
    """A registry and everybody in it."""

    people: tuple[MadePerson, ...]
    registry: Registry

    def __repr__(self) -> str:
        return f"MadeRegistry({list(self.people)})"


def registries(max_people: int = 8) -> st.SearchStrategy[MadeRegistry]:
    """Registries of one to `max_people` people, opened and ready to match. The file goes when nobody needs it."""
    return st.lists(_people(), min_size=1, max_size=max_people, unique_by=lambda one: one.tin).map(_written)


def _people() -> st.SearchStrategy[MadePerson]:
    return st.builds(
        MadePerson,
        st.sampled_from(FIRST),
        st.sampled_from(LAST),
        st.integers(0, 9999).map(lambda number: f"98700{number:04}"),
        st.lists(_addresses(), min_size=1, max_size=3, unique=True).map(tuple),
    )


def _addresses() -> st.SearchStrategy[AddressKey]:
    return st.builds(
        lambda number, street, city: AddressKey(str(number), street, "ST", "", "", *city),
        st.integers(1, 40),
        st.sampled_from(STREETS),
        st.sampled_from(CITIES),
    )


def _written(people: list[MadePerson]) -> MadeRegistry:
    folder = Path(tempfile.mkdtemp(prefix="limen-registry-"))
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
    write_registry(folder / "registry.sqlite", persons, spells, f"{len(people)} people made for a test")
    made = MadeRegistry(tuple(people), Registry(folder / "registry.sqlite"))
    weakref.finalize(made, _forget, made.registry, folder)
    return made


def _forget(registry: Registry, folder: Path) -> None:
    registry.close()
    shutil.rmtree(folder, ignore_errors=True)
