"""Telling two books apart: a case that they decide differently, or the proof that there is none.

All profiles are asked at once: which profile answers is a choice of the solver, like any fact. A case that is found is
made as short as it can be, and run through the evaluators of both books before it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from limen.analyse.bench import put
from limen.analyse.trials import Law
from limen.decide.exact import FactVariables, Fold, Settled, Undecided, same, settle
from limen.decide.exact_rails import Formula, Rails, every, opposite, rails_if, some
from limen.law.book import Book
from limen.law.closing import reading_fact
from limen.law.dates import change_days
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import EditionError
from limen.law.tree import Expr, facts_in
from limen.law.vocabulary import Fact

ITEM = "item"


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that two books decide differently under one profile on one day."""

    facts: CaseFacts
    as_of: date
    profile: str
    before: str
    after: str


def law_days(book: Book) -> tuple[date, ...]:
    """A day of each period in which the law of `book` stays the same, the latest first."""
    days = []
    for day in reversed(change_days(book)):
        try:
            Law(book, day)
        except EditionError:
            continue
        days.append(day)
    return tuple(days)


class Side:
    """One book on one day in formulas, whichever of its profiles is chosen.

    What reads as it does in `like`, another side over the same variables, is taken from there.
    """

    def __init__(
        self, law: Law, variables: FactVariables, chosen: Mapping[str, Formula], like: Side | None = None
    ) -> None:
        self.law = law
        self._chosen = chosen
        self.readings: dict[str, Rails] = {}
        self.fold = Fold(variables, self.readings)
        # What reads alike, and reads no reading that comes to something else, comes to the same.
        differing: set[str] = set()
        for address in law.open.order:
            fact = reading_fact(address)
            if like is not None and self._readsalike(address, like, differing):
                self.readings[fact] = like.readings[fact]
            else:
                differing.add(fact)
                self.readings[fact] = self._reading(address)
        known = {} if like is None else like.points
        self.points: dict[str, tuple[Expr, Rails]] = {}
        for point in (*law.edition.case_points, *law.edition.item_points):
            before = known.get(point.address)
            alike = before is not None and before[0] == point.expr and not differing & facts_in(point.expr)
            self.points[point.address] = before if alike and before else (point.expr, self.fold(point.expr))
        self.settled: Settled = settle(
            law.edition,
            [self.points[point.address][1] for point in law.edition.case_points],
            [self.points[point.address][1] for point in law.edition.item_points],
        )

    def choices(self, address: str) -> dict[str, list[str]]:
        """For each alternative that some profile chooses, those profiles."""
        found: dict[str, list[str]] = {}
        for name in self._chosen:
            found.setdefault(self.law.book.profiles[name].chooses[address], []).append(name)
        return found

    def _reading(self, address: str) -> Rails:
        meanings = self.law.open.meanings[address]
        return rails_if(
            (some(self._chosen[name] for name in names), self.fold(meanings[id]))
            for id, names in self.choices(address).items()
        )

    def _readsalike(self, address: str, like: Side, differing: set[str]) -> bool:
        if address not in like.law.open.meanings or self.choices(address) != like.choices(address):
            return False
        mine, theirs = self.law.open.meanings[address], like.law.open.meanings[address]
        return all(mine[id] == theirs[id] and not differing & facts_in(mine[id]) for id in self.choices(address))


class Telling:
    """One book, to be told apart from others that hardly differ from it."""

    def __init__(self, book: Book, days: Iterable[date] | None = None) -> None:
        self.book = book
        self._days = tuple(days) if days is not None else None
        self._laws: dict[date, Law | None] = {}
        self._sides: dict[tuple[date, tuple[str, ...]], tuple[FactVariables, dict[str, Formula], Side]] = {}

    @property
    def days(self) -> tuple[date, ...]:
        """The days asked about."""
        if self._days is None:
            self._days = law_days(self.book)
        return self._days

    def law(self, day: date) -> Law | None:
        """The law of this book on a day; `None` if it has none."""
        if day not in self._laws:
            try:
                self._laws[day] = Law(self.book, day)
            except EditionError:
                self._laws[day] = None
        return self._laws[day]

    def witness(
        self,
        other: Book,
        days: Iterable[date] | None = None,
        profiles: Iterable[str] | None = None,
        until: float | None = None,
    ) -> Witness | None:
        """A case that `other` decides differently, or `None`: there is none on any of the days, under any profile.

        Raises `Undecided` where time ran out before that was known.
        """
        names = tuple(name for name in profiles or self.book.profiles if name in other.profiles)
        for day in days if days is not None else self.days:
            mine = self.law(day)
            try:
                theirs = Law(other, day)
            except EditionError:
                continue
            if mine is None or alike(mine, theirs, names):
                continue
            found = self._on(mine, theirs, names, until)
            if found is not None:
                return found
        return None

    def _on(self, mine: Law, theirs: Law, names: tuple[str, ...], until: float | None) -> Witness | None:
        variables, chosen, base = self._base(mine, theirs, names)
        other = Side(theirs, variables, chosen, base).settled
        differ = verdicts_differ(base.settled, other)
        if differ is False:
            return None
        solver = z3.Solver(ctx=variables.context)
        solver.add(*variables.domain, z3.PbEq([(flag, 1) for flag in chosen.values()], 1), differ)
        # Settled against settled reads best: what only one of them leaves open is shown where there is nothing better.
        for before, after in (("deny", "allow"), ("allow", "deny")):
            plain = every((base.settled.verdict(before), other.verdict(after)))
            found = None if plain is False else solved(solver, variables, chosen, mine, theirs, until, plain)
            if found is not None:
                return found
        return solved(solver, variables, chosen, mine, theirs, until)

    def _base(
        self, mine: Law, theirs: Law, names: tuple[str, ...]
    ) -> tuple[FactVariables, dict[str, Formula], Side]:  # fmt: skip
        """This book's side of a day, made once for all that share its vocabulary."""
        key = (mine.as_of, names)
        if key in self._sides and theirs.book.vocabulary.facts == self.book.vocabulary.facts:
            return self._sides[key]
        context = z3.Context()
        variables = FactVariables({**theirs.edition.facts, **mine.edition.facts}, context)
        chosen: dict[str, Formula] = {name: z3.Bool(f"profile {name}", context) for name in names}
        made = variables, chosen, Side(mine, variables, chosen)
        if theirs.book.vocabulary.facts == self.book.vocabulary.facts:
            self._sides[key] = made
        return made


def verdicts_differ(one: Settled, other: Settled) -> Formula:
    """When two sides do not come to the same verdict."""
    return some(
        opposite(same(one.verdict(verdict), other.verdict(verdict))) for verdict in ("allow", "deny", "not_covered")
    )


def solved(
    solver: z3.Solver, variables: FactVariables, chosen: Mapping[str, Formula], mine: Law, theirs: Law,
    until: float | None, *assumed: Any,
) -> Witness | None:  # fmt: skip
    """The witness in what `solver` holds, shortened and run; `None` if there is none. Raises `Undecided`."""
    if until is not None:
        left = until - time.perf_counter()
        if left <= 0:
            raise Undecided("time ran out")
        solver.set("timeout", max(1, int(left * 1000)))
    answer = solver.check(*assumed)
    if answer == z3.unknown:
        raise Undecided(solver.reason_unknown())
    if answer == z3.unsat:
        return None
    model = solver.model()
    profile = next(name for name, flag in chosen.items() if z3.is_true(model.eval(flag)))
    stated = variables.read(model)
    case = {name: value for name, value in stated.items() if not variables.facts[name].per_item}
    item = {name: value for name, value in stated.items() if variables.facts[name].per_item}
    facts = CaseFacts(case, (ItemFacts(ITEM, item),))
    before, after = verdict_of(mine, facts, profile), verdict_of(theirs, facts, profile)

    def still(shorter: CaseFacts) -> bool:
        return (verdict_of(mine, shorter, profile), verdict_of(theirs, shorter, profile)) == (before, after)

    if before == after:
        raise RuntimeError(f"the solver and the evaluators differ on a case of {mine.book.name} under {profile}")
    return Witness(shortened(facts, still), mine.as_of, profile, before, after)


def verdict_of(law: Law, facts: CaseFacts, profile: str) -> str:
    """The verdict of the evaluator on a case with one item; facts that this book does not have are passed over."""
    stated = law.stated(fitting(facts, law.edition.facts), law.book.profiles[profile].chooses)
    return law.evaluator.find(stated).items[0].verdict


def fitting(facts: CaseFacts, known: Mapping[str, Fact]) -> CaseFacts:
    """`facts` without those that a vocabulary does not have."""
    return CaseFacts(
        {name: value for name, value in facts.facts.items() if name in known},
        tuple(ItemFacts(i.id, {n: v for n, v in i.facts.items() if n in known}) for i in facts.items),
    )


def shortened(facts: CaseFacts, still: Callable[[CaseFacts], bool]) -> CaseFacts:
    """`facts` without those that can be left out, one after another, while `still` holds."""
    for name in list(facts.facts):
        fewer = put(facts, {(name, None): None})
        facts = fewer if still(fewer) else facts
    for name in list(facts.items[0].facts):
        fewer = put(facts, {(name, facts.items[0].id): None})
        facts = fewer if still(fewer) else facts
    return facts


def alike(mine: Law, theirs: Law, names: tuple[str, ...]) -> bool:
    """Whether the law is word for word the same for these profiles, so that nothing has to be asked."""
    one, other = mine.edition, theirs.edition
    points = all(
        [(p.address, p.expr) for p in mine_points] == [(p.address, p.expr) for p in their_points]
        for mine_points, their_points in ((one.case_points, other.case_points), (one.item_points, other.item_points))
    )
    shapes = [
        (
            [(g.rule.address, g.elements, g.grounds, g.bars) for g in edition.gateways],
            [(b.rule.address, b.conditions, b.barred_by) for b in edition.bars],
            [(a, f) for _, a, f in edition.prohibitions],
        )
        for edition in (one, other)
    ]
    return points and shapes[0] == shapes[1] and all(
        mine.open.meanings[reading][mine.book.profiles[name].chooses[reading]]
        == theirs.open.meanings.get(reading, {}).get(theirs.book.profiles[name].chooses.get(reading, ""))
        for reading in mine.open.meanings for name in names
    )  # fmt: skip
