"""The shipped registry, and its rows as a person would write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from limen.crossref import Registry, open_registry
from limen.crossref.registry import Person
from limen.request.subject import Address, PersonName, Subject


@pytest.fixture(scope="session")
def registry() -> Registry:
    return open_registry()


def written(
    person: Person, first: str, last: str, *, middle: str = "", suffix: str = "", tin: str | None = None
) -> Subject:
    return Subject(
        name=PersonName(first=first, middle=middle or None, last=last, suffix=suffix or None),
        address=Address(lines=person.address),
        tin=tin,
    )


@pytest.fixture(scope="session")
def as_filed(registry: Registry) -> Callable[[int], Subject]:
    """A subject stated exactly as the registry holds that person now."""

    def state(person: int) -> Subject:
        held = registry.person(f"P{person:09d}")
        (row, *_) = [row for row in registry.rows_of_tin(held.tin) if row.current]
        surname = f"{row.name.last}-{row.name.last2}" if row.name.last2 else row.name.last
        return written(held, row.name.first, surname, middle=row.name.middle, suffix=row.name.suffix)

    return state
