"""A panel: all readings of one day heard at once.

The points of the law are evaluated by one generated evaluator in which each reading is a fact; what a reading comes to
under a profile, or under any mixture of alternatives, is worked out first and put in. Asking another choice of
readings costs one more run, not one more edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from limen.decide.evaluator import MakeEvaluator
from limen.decide.findings import Findings
from limen.decide.reference import Stated, truth
from limen.law.book import Book
from limen.law.closing import reading_fact
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.open_edition import OpenEdition, make_open_edition
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue

Choices = Mapping[str, str]
"""Reading address to the id of the alternative chosen."""


class Panel:
    """The law of `book` on `as_of`, to be asked under any choice of readings. Holds no state of any case."""

    def __init__(self, book: Book, as_of: date, make_evaluator: MakeEvaluator) -> None:
        self.open: OpenEdition = make_open_edition(book, as_of)
        self._evaluator = make_evaluator(self.open.edition)

    def find(self, facts: CaseFacts, choices: Choices) -> Findings:
        """What the edition with these `choices` (one for every reading) finds for `facts`, in that edition's order."""
        case: dict[str, FactValue] = dict(facts.facts)
        for address in self.open.order:
            if address not in self.open.per_item:
                self._put(case, address, choices, case)
        items = []
        for item in facts.items:
            own: dict[str, FactValue] = dict(item.facts)
            if self.open.per_item:
                stated = {**case, **item.facts}
                for address in self.open.order:
                    if address in self.open.per_item:
                        self._put(own, address, choices, stated)
                        stated.update(own)
            items.append(ItemFacts(item.id, own))
        return self._evaluator.find(CaseFacts(case, tuple(items)))

    def truths(self, facts: CaseFacts, reading: str, alternative: str, choices: Choices) -> tuple[Truth, ...]:
        """What the words of `reading` come to under `alternative` for each item, the rest being as in `choices`."""
        meaning = self.open.meanings[reading][alternative]
        return tuple(truth(meaning, self._with_readings({**facts.facts, **i.facts}, choices)) for i in facts.items)

    def _with_readings(self, stated: Stated, choices: Choices) -> Stated:
        known: dict[str, FactValue] = dict(stated)
        for address in self.open.order:
            self._put(known, address, choices, known)
        return known

    def _put(self, into: dict[str, FactValue], address: str, choices: Choices, stated: Stated) -> None:
        """State in `into` what a reading comes to; nothing if that is not known."""
        result = truth(self.open.meanings[address][choices[address]], stated)
        if result is not None:
            into[reading_fact(address)] = result
