"""Facts stated outright: checked against the vocabulary, and laid over what was read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
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
        self._fits = {fact.name: _fitting(fact) for fact in facts}

    def lay(self, said: Said, facts: dict[str, FactValue]) -> bool:
        """Lay what is said over `facts` if at a quick look every statement fits; whether so."""
        fits = self._fits
        gone: list[str] = []
        for name, value in said.items():
            fitting = fits.get(name)
            if fitting is None:
                return False
            kind, values = fitting
            if value.__class__ is not kind or (values is not None and value not in values):
                if value is not None and value != UNKNOWN:
                    return False
                gone.append(name)
        facts.update(said)  # type: ignore[arg-type]
        for name in gone:
            del facts[name]
        return True


def _fitting(fact: Fact) -> tuple[type, Container[object] | None]:
    """The class of what may be stated of a fact, and the values of it that may (`None`: any)."""
    match fact.type:
        case "bool":
            return bool, None
        case "enum":
            return str, frozenset(fact.values) - {UNKNOWN}
        case "int":
            least, greatest = bounds(fact)
            return int, range(least, greatest + 1)
        case "date":
            return date, None


class Stating:
    """Lays what an author states over what was read; it wins. Holds nothing of any request."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.of_case = _Level(fact for fact in vocabulary.facts.values() if not fact.per_item)
        self.of_item = _Level(fact for fact in vocabulary.facts.values() if fact.per_item)

    def lay(self, said: Said, reading: Reading) -> None:
        """Let what is `said` of the case, and what each item states of itself, win over the reading.

        `unknown` (or `None`) takes a fact away. Raises `FactError` with everything that does not fit the vocabulary.
        """
        facts, special, items = reading
        fits = not said or _laid(self.of_case, said, facts, special)
        for item in items:
            if item.stated:
                fits = _laid(self.of_item, item.stated, item.facts, item.special) and fits
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


def _laid(level: _Level, said: Said, facts: dict[str, FactValue], special: dict[str, str]) -> bool:
    fits = level.lay(said, facts)
    if fits:
        special.update(dict.fromkeys(said, STATED))
    return fits


def _overlay(said: Said, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    for name, value in said.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
            special[name] = STATED
