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
from limen.decide.reference import truth
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
        self.evaluator = make_evaluator(self.open.edition)
        per_item = self.open.per_item
        self.of_case = [(address, reading_fact(address)) for address in self.open.order if address not in per_item]
        self.of_item = [(address, reading_fact(address)) for address in self.open.order if address in per_item]

    def hear(self, facts: CaseFacts) -> Hearing:
        """The case of `facts`, to be asked under one choice of readings after another."""
        return Hearing(self, facts)

    def find(self, facts: CaseFacts, choices: Choices) -> Findings:
        """What the edition with these `choices` (one for every reading) finds for `facts`, in that edition's order."""
        return Hearing(self, facts).find(choices)


class Hearing:
    """One case before a panel. What a reading comes to that is built on no other is worked out once, whatever is
    chosen of the others. For one thread."""

    def __init__(self, panel: Panel, facts: CaseFacts) -> None:
        self._panel = panel
        self._facts = facts
        self._of_case: dict[tuple[str, str], Truth] = {}
        self._of_items: list[dict[tuple[str, str], Truth]] = [{} for _ in facts.items]
        self._stated: tuple[Choices | None, list[dict[str, FactValue]]] = (None, [])

    def find(self, choices: Choices) -> Findings:
        """What the edition with these `choices` (one for every reading) finds, in that edition's order."""
        panel = self._panel
        case = self._case(choices)
        items = []
        for item, known in zip(self._facts.items, self._of_items, strict=True):
            own: dict[str, FactValue] = dict(item.facts)
            if panel.of_item:
                stated = {**case, **item.facts}
                for address, fact in panel.of_item:
                    result = self._comes_to(address, choices[address], stated, known)
                    if result is not None:
                        own[fact] = stated[fact] = result
            items.append(ItemFacts(item.id, own))
        return panel.evaluator.find(CaseFacts(case, tuple(items)))

    def truths(self, reading: str, alternative: str, choices: Choices) -> tuple[Truth, ...]:
        """What the words of `reading` come to under `alternative` for each item, the rest being as in `choices`."""
        stated = self._with_readings(choices)
        known = self._of_items if reading in self._panel.open.per_item else [self._of_case] * len(stated)
        return tuple([self._comes_to(reading, alternative, s, k) for s, k in zip(stated, known, strict=True)])

    def _case(self, choices: Choices) -> dict[str, FactValue]:
        """The facts of the case and what its readings come to; of those not known nothing."""
        case: dict[str, FactValue] = dict(self._facts.facts)
        for address, fact in self._panel.of_case:
            result = self._comes_to(address, choices[address], case, self._of_case)
            if result is not None:
                case[fact] = result
        return case

    def _with_readings(self, choices: Choices) -> list[dict[str, FactValue]]:
        """For each item all that is stated of it and of the case, with what the readings come to."""
        chosen, found = self._stated
        if chosen is not choices:
            case = self._case(choices)
            found = []
            for item, known in zip(self._facts.items, self._of_items, strict=True):
                stated = {**case, **item.facts}
                for address, fact in self._panel.of_item:
                    result = self._comes_to(address, choices[address], stated, known)
                    if result is not None:
                        stated[fact] = result
                found.append(stated)
            self._stated = (choices, found)
        return found

    def _comes_to(
        self, address: str, alternative: str, stated: dict[str, FactValue], known: dict[tuple[str, str], Truth]
    ) -> Truth:
        key = (address, alternative)
        if key in known:
            return known[key]
        result = truth(self._panel.open.meanings[address][alternative], stated)
        if key in self._panel.open.alone:
            known[key] = result
        return result
