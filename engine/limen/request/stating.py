"""Facts stated outright: checked against the vocabulary, and laid over what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from limen.law.facts import bounds, check_facts
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.plan import Reading
from limen.request.words import UNKNOWN, without_unknown

STATED = "stated"

Said = Mapping[str, FactValue | None]


class _Level:
    """The facts of one level, the case or an item, by the class of their values."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        given = list(facts)
        self._names = frozenset(fact.name for fact in given)
        self._answers = frozenset(fact.name for fact in given if fact.type == "bool")
        self._days = frozenset(fact.name for fact in given if fact.type == "date")
        self._words = {fact.name: frozenset(fact.values) - {UNKNOWN} for fact in given if fact.type == "enum"}
        self._numbers = {fact.name: range(bounds(fact)[0], bounds(fact)[1] + 1) for fact in given if fact.type == "int"}

    def lay(self, said: Said, facts: dict[str, FactValue], special: dict[str, str]) -> bool:
        """Lay what is said over `facts` if at a quick look every statement fits; whether so."""
        answers, words, numbers = self._answers, self._words, self._numbers
        gone: list[str] = []
        for name, value in said.items():
            kind = value.__class__
            if kind is bool:
                if name not in answers:
                    return False
            elif kind is str and value in words.get(name, ()):
                continue
            elif kind is int:
                if value not in numbers.get(name, ()):
                    return False
            elif value is None or value == UNKNOWN:
                if name not in self._names:
                    return False
                gone.append(name)
            elif kind is not date or name not in self._days:
                return False
        facts.update(said)  # type: ignore[arg-type]
        special.update(dict.fromkeys(said, STATED))
        for name in gone:
            del facts[name]
        return True


class Stating:
    """Lays what an author states over what was read; it wins. Holds nothing of any request."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._case = _Level(fact for fact in vocabulary.facts.values() if not fact.per_item)
        self._item = _Level(fact for fact in vocabulary.facts.values() if fact.per_item)

    def lay(self, said: Said, reading: Reading) -> None:
        """Let what is `said` of the case, and what each item states of itself, win over the reading.

        `unknown` (or `None`) takes a fact away. Raises `FactError` with everything that does not fit the vocabulary.
        """
        facts, special, items = reading
        fits = not said or self._case.lay(said, facts, special)
        for item in items:
            if item.stated:
                fits = self._item.lay(item.stated, item.facts, item.special) and fits
        if not fits:
            self._lay_with_care(said, reading)

    def _lay_with_care(self, said: Said, reading: Reading) -> None:
        """Where a quick look was not enough: every statement is checked, and every problem told."""
        facts, special, items = reading
        of_case = without_unknown(said)
        of_items = {item.id: without_unknown(item.stated) for item in items if item.stated}
        check_facts(self._vocabulary, of_case, of_items)
        _overlay(of_case, facts, special)
        for item in items:
            if item.stated:
                _overlay(of_items[item.id], item.facts, item.special)


def _overlay(said: Said, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    for name, value in said.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
            special[name] = STATED
