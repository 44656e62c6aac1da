"""Facts stated outright: checked against the vocabulary, and laid over what was read."""

from __future__ import annotations

from collections.abc import Mapping

from limen.law.facts import check_facts
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.plan import Reading, accepts
from limen.request.words import UNKNOWN, without_unknown

STATED = "stated"

Said = Mapping[str, FactValue | None]


class Stating:
    """Lays what an author states over what was read; it wins. Holds nothing of any request."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._of_case = {name: fact for name, fact in vocabulary.facts.items() if not fact.per_item}
        self._of_item = {name: fact for name, fact in vocabulary.facts.items() if fact.per_item}

    def lay(self, said: Said, reading: Reading) -> None:
        """Let what is `said` of the case, and what each item states of itself, win over the reading.

        `unknown` (or `None`) takes a fact away. Raises `FactError` with everything that does not fit the vocabulary.
        """
        facts, special, items = reading
        fits = not said or _laid(said, self._of_case, facts, special)
        for item in items:
            if item.stated:
                fits = _laid(item.stated, self._of_item, item.facts, item.special) and fits
        if not fits:
            self._lay_with_care(said, reading)

    def _lay_with_care(self, said: Said, reading: Reading) -> None:
        """Where a quick look found something that may not fit: every statement is checked, and every problem told."""
        facts, special, items = reading
        of_case = without_unknown(said)
        of_items = {item.id: without_unknown(item.stated) for item in items if item.stated}
        check_facts(self._vocabulary, of_case, of_items)
        _overlay(of_case, facts, special)
        for item in items:
            if item.stated:
                _overlay(of_items[item.id], item.facts, item.special)


def _laid(said: Said, known: Mapping[str, Fact], facts: dict[str, FactValue], special: dict[str, str]) -> bool:
    """Lay what is said over `facts`, as far as each statement fits at a quick look; whether all of them do."""
    for name, value in said.items():
        fact = known.get(name)
        if fact is None:
            return False
        if value is None or value == UNKNOWN:
            facts.pop(name, None)
        elif accepts(fact, value):
            facts[name] = value
            special[name] = STATED
        else:
            return False
    return True


def _overlay(said: Said, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    for name, value in said.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
            special[name] = STATED
