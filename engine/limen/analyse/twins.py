"""Twins: two cases one fact apart, of which one is released and the other is not, for every provision.

For each element, ground, bar condition, limb and reading Z3 looks for two cases that state everything alike but for one
fact which the provision reads, such that the provision comes out otherwise and so does the verdict. Where there is
none under a profile, that is proved; the next profile is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from limen.analyse.apart import ITEM, shortened
from limen.analyse.bench import put
from limen.decide.compiled import Compiled, compile_edition
from limen.decide.exact import ExactItem, FactVariables, Fold, Undecided, can_hold, same
from limen.decide.exact_rails import Formula, every, opposite, some
from limen.decide.reference import truth
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.closing import Closing
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import make_edition
from limen.law.tree import Expr, facts_in
from limen.law.vocabulary import FactValue

SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Twins:
    """Two cases one fact apart for the provision at `address`: `first` has `verdict`, `second` has `other`."""

    address: str
    label: str
    profile: str
    fact: str
    first: CaseFacts
    second: CaseFacts
    verdict: str
    other: str


@dataclass(frozen=True, slots=True)
class Litter(Shown):
    """The twins found; `none` are provisions for which it is proved that there are none under any profile asked;
    `unasked` those that time did not reach."""

    as_of: date
    twins: tuple[Twins, ...]
    none: tuple[str, ...]
    unasked: tuple[str, ...]

    def _repr_html_(self) -> str:
        from limen.analyse.html import litter_html

        return litter_html(self)


def twins(
    book: Book,
    as_of: date,
    profiles: Iterable[str] | None = None,
    under: str = "",
    seconds: float = SECONDS,
    note: Callable[[int, int], None] | None = None,
) -> Litter:
    """Twins for every provision whose address starts with `under`. Raises `EditionError`.

    `note` is told for how many provisions of how many twins were found.
    """
    until = time.perf_counter() + seconds
    wanted: dict[str, None] = {}
    found: dict[str, Twins] = {}
    asked: dict[str, int] = {}
    names = list(profiles or book.profiles)
    for name in names:
        pair = _Pair(book, make_edition(book, name, as_of))
        wanted |= dict.fromkeys(address for address in pair.provisions if address.startswith(under))
        for address in pair.provisions:
            if address not in wanted or address in found:
                continue
            if time.perf_counter() > until:
                break
            try:
                made = pair.twins(address, until)
            except Undecided:
                continue
            asked[address] = asked.get(address, 0) + 1
            if made is not None:
                found[address] = made
            if note is not None:
                note(len(found), len(wanted))
    none = [address for address in wanted if address not in found and asked.get(address, 0) == len(names)]
    unasked = [address for address in wanted if address not in found and address not in none]
    return Litter(as_of, tuple(found[address] for address in wanted if address in found), tuple(none), tuple(unasked))


class _Pair:
    """Two cases under one edition, in one solver."""

    def __init__(self, book: Book, edition: Edition) -> None:
        self.edition = edition
        self._evaluator: Compiled = compile_edition(edition)
        self.context = z3.Context()
        self.sides = [FactVariables(edition.facts, self.context, mark) for mark in ("a ", "b ")]
        self.folds = [Fold(side) for side in self.sides]
        self.exact = [ExactItem(edition, fold) for fold in self.folds]
        closing = Closing(book.vocabulary, book.readings, edition.choices, edition.as_of)
        self.provisions: dict[str, tuple[Expr, str]] = {}
        for point in (*edition.case_points, *edition.item_points):
            self.provisions[point.address] = (point.expr, point.node.label or point.node.id)
        for address, reading in book.readings.items():
            chosen = closing.alternative(reading.alternative(edition.choices[address]))
            self.provisions[address] = (chosen, reading.words)
        self.solver = z3.Solver(ctx=self.context)
        for expr, _ in self.provisions.values():
            for fold in self.folds:
                fold(expr)
        self._same: dict[str, Formula] = {}
        for name in self.sides[0].made():
            flag = z3.Bool(f"same {name}", self.context)
            self.solver.add(z3.Implies(flag, self.sides[0].same(name, self.sides[1])))
            self._same[name] = flag
        first, second = (one.settled for one in self.exact)
        self.solver.add(
            some(every((first.verdict(v), opposite(second.verdict(v)))) for v in ("allow", "not_covered")),
            *self.sides[0].domain, *self.sides[1].domain,
        )  # fmt: skip

    def twins(self, address: str, until: float) -> Twins | None:
        """Twins for one provision, shortened and run; `None`: there are none, proved. Raises `Undecided`."""
        expr, label = self.provisions[address]
        first, second = (fold(expr) for fold in self.folds)
        apart = some((opposite(same(first.true, second.true)), opposite(same(first.false, second.false))))
        if apart is False:
            return None
        for fact in sorted(facts_in(expr)):
            others = [flag for name, flag in self._same.items() if name != fact]
            assumed = [*others, *([] if apart is True else [apart])]
            stated = self.sides[1].known(fact)
            # Twins that both state the fact tell more than one that is silent about it.
            for how in ([stated], []):
                self.solver.set("timeout", max(1, int((until - time.perf_counter()) * 1000)))
                if can_hold(self.solver, *assumed, *how):
                    return self._made(address, label, fact, self.solver.model())
        return None

    def _made(self, address: str, label: str, fact: str, model: z3.ModelRef) -> Twins:
        first = self._facts(self.sides[0].read(model))
        value = self.sides[1].value_in(model, fact)
        spot = (fact, ITEM if self.edition.facts[fact].per_item else None)
        verdicts = self._verdict(first), self._verdict(put(first, {spot: value}))
        comes_to = self._truths(address, first, put(first, {spot: value}))

        def still(shorter: CaseFacts) -> bool:
            other = put(shorter, {spot: value})
            return (
                (self._verdict(shorter), self._verdict(other)) == verdicts
                and self._truths(address, shorter, other) == comes_to
            )  # fmt: skip

        first = shortened(first, still)
        return Twins(address, label, self.edition.profile, fact, first, put(first, {spot: value}), *verdicts)

    def _truths(self, address: str, *cases: CaseFacts) -> tuple[object, ...]:
        expr = self.provisions[address][0]
        return tuple(truth(expr, {**case.facts, **case.items[0].facts}) for case in cases)

    def _facts(self, stated: Mapping[str, FactValue]) -> CaseFacts:
        facts = self.edition.facts
        case = {name: value for name, value in stated.items() if not facts[name].per_item}
        return CaseFacts(case, (ItemFacts(ITEM, {n: v for n, v in stated.items() if facts[n].per_item}),))

    def _verdict(self, facts: CaseFacts) -> str:
        return self._evaluator.find(facts).items[0].verdict
