"""The strongest case for each side: which readings to take, what has still to be shown, and on whose authority.

Facts that are stated stand. Readings may be chosen freely, and what nobody has stated may be shown to be so. Of all
that leads to the verdict argued for, the choice asks for the fewest facts, and for readings with the best authority
(text read before text reported, and that before what is only assumed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from limen.analyse.bench import Spot, put
from limen.analyse.hinges import Hinges
from limen.decide.exact import ExactItem, FactVariables, Fold
from limen.decide.exact_rails import Formula, Rails, rails_if
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.citation import Citation
from limen.law.closing import reading_fact
from limen.law.facts import CaseFacts
from limen.law.rules import Alternative
from limen.law.vocabulary import FactValue

WEIGHTS = {"read": 0, "reported": 1, "assumed": 3}
FACT_WEIGHT = 4
SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority for a reading, with its date and how sure its text is."""

    citation: str
    dated: date | None
    certainty: str


@dataclass(frozen=True, slots=True)
class Position:
    """A reading that an argument rests on: the alternative it takes, who holds it, and on what authority."""

    reading: str
    words: str
    alternative: str
    label: str
    held_by: str | None
    authorities: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class Argument(Shown):
    """The strongest case for one side. `possible` is false where no reading and no fact leads there: that is proved.

    `needs` are the facts that have still to be shown. With the readings in `positions` the verdict follows whatever
    the other readings say; `proved` is false where time ran out before that was shown.
    """

    side: str
    item: str
    possible: bool
    positions: tuple[Position, ...] = ()
    needs: tuple[tuple[str, FactValue], ...] = ()
    proved: bool = True

    def _repr_html_(self) -> str:
        from limen.analyse.html import argument_html

        return argument_html(self)


def argue(book: Book, as_of: date, facts: CaseFacts, item: int = 0, seconds: float = SECONDS) -> tuple[Argument, ...]:
    """The strongest case for releasing one item, and for withholding it."""
    law = Hinges(book, as_of)
    one = CaseFacts(facts.facts, (facts.items[item],))
    return tuple(_Side(book, law, one).argument(side, verdict, seconds) for side, verdict in
                 (("release", "allow"), ("withhold", "deny")))  # fmt: skip


class _Side:
    def __init__(self, book: Book, law: Hinges, facts: CaseFacts) -> None:
        self._book, self._law, self._facts = book, law, facts
        self._item = facts.items[0].id

    def argument(self, side: str, verdict: str, seconds: float) -> Argument:
        context = z3.Context()
        edition = self._law.open.edition
        stated = {**self._facts.facts, **self._facts.items[0].facts}
        variables = FactVariables(edition.facts, context, fixed=stated)
        readings: dict[str, Rails] = {}
        fold = Fold(variables, readings)
        chosen: dict[str, dict[str, Formula]] = {}
        for address in self._law.open.order:
            flags = {id: z3.Bool(f"{address}:{id}", context) for id in self._law.open.meanings[address]}
            chosen[address] = flags
            readings[reading_fact(address)] = rails_if(
                (flag, fold(self._law.open.meanings[address][id])) for id, flag in flags.items()
            )
        goal = ExactItem(edition, fold).settled.verdict(verdict)
        if goal is False:
            return Argument(side, self._item, False)
        solver = z3.Optimize(ctx=context)
        solver.set("timeout", max(1, int(seconds * 1000)))
        for address, flags in chosen.items():
            solver.add(z3.PbEq([(flag, 1) for flag in flags.values()], 1))
            for id, flag in flags.items():
                weight = _weight(self._book.readings[address].alternative(id))
                if weight:
                    solver.add_soft(z3.Not(flag), weight)
        for name in variables.made():
            solver.add_soft(z3.Not(variables.known(name)), FACT_WEIGHT)
        solver.add(*variables.domain)
        if goal is not True:
            solver.add(goal)
        answer = solver.check()
        if answer == z3.unsat:
            return Argument(side, self._item, False)
        if answer == z3.unknown:
            return Argument(side, self._item, True, proved=False)
        model = solver.model()
        choices = {
            address: next(id for id, flag in flags.items() if z3.is_true(model.eval(flag, model_completion=True)))
            for address, flags in chosen.items()
        }
        needs = {name: value for name, value in variables.read(model).items() if name not in stated}
        return self._told(side, verdict, choices, needs, seconds)

    def _told(
        self, side: str, verdict: str, choices: Mapping[str, str], needs: Mapping[str, FactValue], seconds: float
    ) -> Argument:
        """The argument with no more facts than it needs, and the fewest readings it rests on."""
        shown = dict(needs)
        for name in needs:
            fewer = {other: value for other, value in shown.items() if other != name}
            if self._verdict(fewer, choices) == verdict:
                shown = fewer
        found = self._law.of(self._with(shown), choices, seconds)[0]
        rests = found.rests_on[0] if found.rests_on else tuple(choices)
        positions = tuple(self._position(reading, choices[reading]) for reading in rests)
        needed = tuple(sorted(shown.items()))
        return Argument(side, self._item, True, positions, needed, found.complete and found.verdict == verdict)

    def _with(self, shown: Mapping[str, FactValue]) -> CaseFacts:
        declared = self._law.open.edition.facts
        spots: dict[Spot, FactValue | None] = {
            (name, self._item if declared[name].per_item else None): value for name, value in shown.items()
        }
        return put(self._facts, spots)

    def _verdict(self, shown: Mapping[str, FactValue], choices: Mapping[str, str]) -> str:
        return self._law.verdict(self._with(shown), choices)

    def _position(self, address: str, id: str) -> Position:
        reading = self._book.readings[address]
        alternative = reading.alternative(id)
        return Position(
            address, reading.words, id, alternative.label, alternative.held_by, tuple(_authorities(alternative))
        )


def _weight(alternative: Alternative) -> int:
    return min((WEIGHTS[cite.certainty] for cite in alternative.authorities), default=WEIGHTS["assumed"])


def _authorities(alternative: Alternative) -> Iterator[Authority]:
    """The authorities of an alternative, the surest first, then the latest."""

    def rank(cite: Citation) -> tuple[int, int]:
        return WEIGHTS[cite.certainty], -(cite.dated.toordinal() if cite.dated else 0)

    for cite in sorted(alternative.authorities, key=rank):
        yield Authority(cite.text, cite.dated, cite.certainty)
