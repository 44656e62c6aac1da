"""A panel: all readings of one day heard at once.

The points of the law are evaluated by one generated evaluator in which each reading is a fact; what a reading comes to
under a profile, or under any mixture of alternatives, is worked out first and put in. Asking another choice of
readings costs one more run, not one more edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

Stated = dict[str, FactValue]
Known = dict[tuple[str, str], Truth]
"""What readings come to under an alternative, by address and alternative."""


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
        self.panel = panel
        self._facts = facts
        self._of_case: Known = {}
        self._of_items: list[Known] = [{} for _ in facts.items]
        self._stated: tuple[Choices | None, list[Stated]] = (None, [])

    def find(self, choices: Choices) -> Findings:
        """What the edition with these `choices` (one for every reading) finds, in that edition's order."""
        case = self._case(choices)
        items = []
        for item, known in zip(self._facts.items, self._of_items, strict=True):
            own = dict(item.facts)
            if self.panel.of_item:
                own.update(self._put(self.panel.of_item, choices, {**case, **own}, known))
            items.append(ItemFacts(item.id, own))
        return self.panel.evaluator.find(CaseFacts(case, tuple(items)))

    def truths(self, reading: str, alternative: str, choices: Choices) -> tuple[Truth, ...]:
        """What the words of `reading` come to under `alternative` for each item, the rest being as in `choices`."""
        stated = self._with_readings(choices)
        known = self._of_items if reading in self.panel.open.per_item else [self._of_case] * len(stated)
        key = (reading, alternative)
        return tuple([k[key] if key in k else self._work_out(key, s, k) for s, k in zip(stated, known, strict=True)])

    def _case(self, choices: Choices) -> Stated:
        """The facts of the case and what its readings come to; of those not known nothing."""
        case = dict(self._facts.facts)
        self._put(self.panel.of_case, choices, case, self._of_case)
        return case

    def _with_readings(self, choices: Choices) -> list[Stated]:
        """For each item all that is stated of it and of the case, with what the readings come to."""
        chosen, found = self._stated
        if chosen is not choices:
            case = self._case(choices)
            found = [{**case, **item.facts} for item in self._facts.items]
            for stated, known in zip(found, self._of_items, strict=True):
                self._put(self.panel.of_item, choices, stated, known)
            self._stated = (choices, found)
        return found

    def _put(self, readings: Sequence[tuple[str, str]], choices: Choices, stated: Stated, known: Known) -> Stated:
        """State what the readings come to, each after those it may be built on; gives what it stated."""
        put: Stated = {}
        for address, fact in readings:
            key = (address, choices[address])
            result = known[key] if key in known else self._work_out(key, stated, known)
            if result is not None:
                put[fact] = stated[fact] = result
        return put

    def _work_out(self, key: tuple[str, str], stated: Stated, known: Known) -> Truth:
        address, alternative = key
        result = truth(self.panel.open.meanings[address][alternative], stated)
        if key in self.panel.open.alone:
            known[key] = result
        return result
