"""One case, as small as a test needs it, in the forms in which systems take cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from limen.law.facts import CaseFacts, ItemFacts
from limen.law.vocabulary import Fact, FactValue

ITEM = "item-1"
"""The id of the first item of a case made here, which mostly is the only one; the next is `item-2`."""

Stated = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Case:
    """What is stated of a case (`facts`) and of the item it asks for (`item`). What is not there is not known.

    `more` are the items asked for beside it, each with what is stated of it.
    """

    facts: Stated
    item: Stated
    more: tuple[Stated, ...] = ()

    @property
    def stated(self) -> dict[str, FactValue]:
        """Everything stated, of the case and of the first item; no fact is of both."""
        return {**self.facts, **self.item}

    @property
    def items(self) -> dict[str, Stated]:
        """What is stated of each item, by its id."""
        return {item_id(number): stated for number, stated in enumerate((self.item, *self.more))}

    def alone(self, number: int) -> Case:
        """The case with one of its items, and no other."""
        return Case(self.facts, (self.item, *self.more)[number])

    def as_facts(self) -> CaseFacts:
        """The case as evaluators take it."""
        return CaseFacts(dict(self.facts), tuple(ItemFacts(id, dict(stated)) for id, stated in self.items.items()))

    def as_mapping(self) -> dict[str, Any]:
        """The case as a system under test is given it: `{"facts": {...}, "items": {"item-1": {...}}}`."""
        return {"facts": dict(self.facts), "items": {id: dict(stated) for id, stated in self.items.items()}}

    def __str__(self) -> str:
        told = ", ".join(f"{name}: {in_words(value)}" for name, value in self.stated.items()) or "nothing stated"
        for number, stated in enumerate(self.more, 1):
            words = ", ".join(f"{name}: {in_words(value)}" for name, value in stated.items()) or "nothing stated"
            told += f"; and {item_id(number)}: {words}"
        return told


def item_id(number: int) -> str:
    """The id of an item, counted from 0.

    >>> item_id(0), item_id(1)
    ('item-1', 'item-2')
    """
    return f"item-{number + 1}"


def case_of(stated: Stated, facts: Mapping[str, Fact]) -> Case:
    """A case from everything stated, divided as the vocabulary `facts` says."""
    return Case(
        {name: value for name, value in stated.items() if not facts[name].per_item},
        {name: value for name, value in stated.items() if facts[name].per_item},
    )


def in_words(value: FactValue | None) -> str:
    """A value as a rule file would write it.

    >>> in_words(True), in_words(date(2025, 4, 7)), in_words(None)
    ('true', '2025-04-07', 'not stated')
    """
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def differing(one: Stated, other: Stated) -> tuple[str, ...]:
    """The facts in which two statements differ, those stated in only one of them too, sorted."""
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))
