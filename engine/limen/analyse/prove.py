"""Promises of a book, proved for every case, or broken by one that can be run.

Four hold of any sound book:

- `no_silent_release`: nothing is released because nobody, or a document, says something. A case that states nothing
  is never allowed, and where a fact takes the value that silence of a document means, whatever is released then would
  be released with any other value of it too.
- `no_bar_bypassed`: an item is released only through a gateway that no bar over it stands, or may stand, against.
- `information_never_flips`: what is settled stays so, whatever is stated beside it.
- `duties_follow`: a release under a gateway carries every duty that the book attaches to it on that day.

Others are written in the test language: *where* this holds, the verdict is (or is never) that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

import z3

from limen.analyse.apart import ITEM, law_days, shortened
from limen.analyse.properties import Property
from limen.analyse.sharing import shared_out
from limen.decide.attached import duties_attached
from limen.decide.compiled import Compiled, compile_edition
from limen.decide.decision import ItemDecision
from limen.decide.exact import ExactItem, FactVariables, Fold, Undecided, as_number, can_hold
from limen.decide.exact_rails import Formula, every, opposite, some
from limen.decide.findings import Findings
from limen.decide.reference import truth
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.closing import Closing
from limen.law.edition import Edition
from limen.law.expression import parse
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import EditionError, make_edition
from limen.law.node import Node
from limen.law.rules import DutyRule, Gateway
from limen.law.scope import scope_of
from limen.law.tree import Expr, facts_in
from limen.law.vocabulary import FactValue

SECONDS = 60.0
SOUND = ("no_silent_release", "no_bar_bypassed", "information_never_flips", "duties_follow")


@dataclass(frozen=True, slots=True)
class Broken:
    """A case that breaks a promise, with what was found; `more` is what is stated beside it where that matters."""

    profile: str
    as_of: date
    facts: CaseFacts
    verdict: str
    detail: str
    more: CaseFacts | None = None


@dataclass(frozen=True, slots=True)
class Proof(Shown):
    """What became of one promise: asked of so many editions (a profile on a day), and broken by these cases.

    `complete` is false where time ran out before every edition was asked.
    """

    promise: str
    says: str
    editions: int
    broken: tuple[Broken, ...]
    complete: bool

    @property
    def holds(self) -> bool:
        """Whether the promise is proved of every edition."""
        return self.complete and not self.broken

    def _repr_html_(self) -> str:
        from limen.analyse.html import proofs_html

        return proofs_html((self,))


SAYS = {
    "no_silent_release": "nothing is released because nobody, or a document, says something",
    "no_bar_bypassed": "nothing is released past a bar that stands, or may stand",
    "information_never_flips": "more information never flips a settled verdict",
    "duties_follow": "a release carries every duty that the book attaches to it",
}


def prove(
    book: Book,
    names: Sequence[str] = SOUND,
    properties: Sequence[Property] = (),
    days: Iterable[date] | None = None,
    profiles: Iterable[str] | None = None,
    seconds: float = SECONDS,
    processes: int = 1,
    note: Callable[[int, int], None] | None = None,
) -> tuple[Proof, ...]:
    """The promises of `book`, one proof each: of every profile, on a day of every period of its law.

    With several `processes` (where the system can fork) each asks about its share of the editions. `note` is told how
    many editions of how many are done. Raises
    `limen.law.expression.ExpressionError` for a property that does not fit the vocabulary.
    """
    until = time.perf_counter() + seconds
    tests = {one.id: parse(one.where, scope_of(book.vocabulary)) for one in properties}
    checks = [(name, SAYS[name], _CHECKS[name]) for name in names]
    checks += [(one.id, one.says, partial(_kept, one, tests[one.id])) for one in properties]
    ask = _Asking(book, tuple(_editions(book, days, profiles)), tuple(checks), until)
    found: dict[int, list[tuple[Broken, ...] | None]] = {}
    for number, answer in shared_out(ask.of, len(ask.editions), processes):
        found[number] = answer
        if note is not None:
            note(len(found), len(ask.editions))
    answers = [found[number] for number in range(len(ask.editions))]
    proofs = []
    for place, (name, says, _) in enumerate(checks):
        told = [answer[place] for answer in answers]
        known = [broken for broken in told if broken is not None]
        proofs.append(Proof(name, says, len(known), tuple(b for one in known for b in one), len(known) == len(told)))
    return tuple(proofs)


_Check = Callable[["_Case"], Iterator[Broken]]


@dataclass(frozen=True)
class _Asking:
    """Every check of every edition."""

    book: Book
    editions: tuple[Edition, ...]
    checks: tuple[tuple[str, str, _Check], ...]
    until: float

    def of(self, number: int) -> list[tuple[Broken, ...] | None]:
        """What breaks each promise in one edition; `None` where time ran out before it was known."""
        case = _Case(self.book, self.editions[number], self.until)
        return [_known(check, case) for _, _, check in self.checks]


def _known(check: _Check, case: _Case) -> tuple[Broken, ...] | None:
    """What one check finds; `None` where the solver gave no answer: that is no proof."""
    if case.out_of_time:
        return None
    try:
        return tuple(check(case))
    except Undecided:
        return None


def _kept(property: Property, test: Expr, case: _Case) -> Iterator[Broken]:
    """The cases of one edition that break a property."""
    return case.promise(property, test)


def _editions(book: Book, days: Iterable[date] | None, profiles: Iterable[str] | None) -> Iterator[Edition]:
    for day in days if days is not None else law_days(book):
        for profile in profiles if profiles is not None else book.profiles:
            try:
                yield make_edition(book, profile, day)
            except EditionError:
                continue


class _Case:
    """One edition: formulas over every case, and the evaluator that shows what they find."""

    def __init__(self, book: Book, edition: Edition, until: float) -> None:
        self.book, self.edition, self._until = book, edition, until
        self._solvers: dict[int, z3.Solver] = {}
        self._held: dict[int, int] = {}

    @property
    def out_of_time(self) -> bool:
        """Whether the time given has run out."""
        return time.perf_counter() > self._until

    def silence(self) -> Iterator[Broken]:
        """Nothing said, or a document silent, and something released for it."""
        nothing = CaseFacts({}, (ItemFacts(ITEM, {}),))
        if self._verdict(nothing) == "allow":
            yield self._broken(nothing, "released though nothing is stated")
        for fact in self.edition.facts.values():
            if fact.silence is not None:
                yield from self._silence_of(fact.name, fact.silence)

    def _silence_of(self, name: str, silence: FactValue) -> Iterator[Broken]:
        """Released with the value that silence means, and not with some other value, all else being equal."""
        base, exact = self._exact
        allow = exact.settled.allow
        if name not in self._read or isinstance(allow, bool):
            return
        others: list[FactValue] = [True, False] if self.edition.facts[name].type == "bool" else []
        others += self.edition.facts[name].values
        if isinstance(silence, (int, date)) and not isinstance(silence, bool):
            others = [silence - timedelta(days=1), silence + timedelta(days=1)] if isinstance(silence, date) else [
                silence - 1, silence + 1
            ]  # fmt: skip
        for value in others:
            if value == silence:
                continue
            silent, spoken = (self._with(base, allow, name, one) for one in (silence, value))
            model = self._model(base, [silent, opposite(spoken)], [])
            if model is not None:
                stated = base.read(model)
                facts, other = self._facts({**stated, name: silence}), self._facts({**stated, name: value})
                yield self._broken(facts, f"released because `{name}` is {silence}, which silence means", other)
                return

    @staticmethod
    def _with(base: FactVariables, formula: Formula, name: str, value: FactValue) -> Formula:
        """`formula` where the fact is stated to be `value`."""
        if base.facts[name].type in ("int", "date"):
            known, number = base.number(name)
            fixed = [(known, z3.BoolVal(True, base.context)), (number, z3.IntVal(as_number(value), base.context))]
        else:
            fixed = [(flag, z3.BoolVal(one == value, base.context)) for one, flag in base.stated(name).items()]
        return z3.substitute(formula, *fixed)

    @cached_property
    def _exact(self) -> tuple[FactVariables, ExactItem]:
        """Every case of this edition, in formulas."""
        base = FactVariables(self.edition.facts, z3.Context())
        return base, ExactItem(self.edition, Fold(base))

    def bars(self) -> Iterator[Broken]:
        """A release through no gateway that is free of every bar over it."""
        base, exact = self._exact
        settled = exact.settled
        free = some(
            every((opened.true, *(settled.bars[index].false for index in gateway.bars)))
            for gateway, opened in zip(self.edition.gateways, settled.gateways, strict=True)
        )
        model = self._model(base, [settled.allow, opposite(free)], [])
        if model is not None:
            yield self._broken(self._facts(base.read(model)), "released past a bar that stands or may stand")

    def flips(self) -> Iterator[Broken]:
        """A settled verdict, and more facts that lead to another."""
        context = z3.Context()
        less, more = (FactVariables(self.edition.facts, context, mark) for mark in ("less ", "more "))
        one, other = (ExactItem(self.edition, Fold(side)).settled for side in (less, more))
        grown = [
            some((opposite(less.known(name)), less.same(name, more))) for name in set(less.made()) | set(more.made())
        ]
        settled = ("allow", "deny", "not_covered")
        flip = some(every((one.verdict(v), opposite(other.verdict(v)))) for v in settled)
        model = self._model(less, [flip, *grown], [more])
        if model is not None:
            yield self._broken(
                self._facts(less.read(model)),
                "settled, and otherwise once more is stated",
                self._facts(more.read(model)),
            )

    def duties(self) -> Iterator[Broken]:
        """For each gateway a case that it releases, and the duties that its decision carries."""
        base, exact = self._exact
        for number, gateway in enumerate(self.edition.gateways):
            model = self._model(base, [exact.settled.forbidden.true, exact.settled.gateways[number].true], [])
            if model is None:
                continue
            facts = self._facts(base.read(model))
            item = ItemDecision(item=ITEM, kind=None, verdict="allow", gateway=gateway.rule.address)
            carried = {duty.address for duty in duties_attached(self.edition, [item])}
            owed = set(self._owed(gateway.rule.address))
            if carried != owed:
                lost = ", ".join(sorted(owed ^ carried))
                yield self._broken(facts, f"released through `{gateway.rule.address}` without {lost}")

    def _owed(self, gateway: str) -> Iterator[str]:
        """The duties that the book, read anew, attaches to a gateway on the day."""
        day = self.edition.as_of
        for rule in self.book.rules.values():
            attached = isinstance(rule, DutyRule) and gateway in rule.attaches_to
            own = isinstance(rule, Gateway) and rule.address == gateway
            if (own or attached) and isinstance(rule, (DutyRule, Gateway)) and rule.in_force.covers(day):
                yield from (duty.address for duty in rule.duties if duty.in_force.covers(day))

    def promise(self, property: Property, test: Expr) -> Iterator[Broken]:
        """A case where the property's condition holds and its verdict does not follow."""
        closing = Closing(self.book.vocabulary, self.book.readings, self.edition.choices, self.edition.as_of)
        closed = closing.close(Node("property", "property", "test", test=test))
        base, exact = self._exact
        fold, settled = exact.fold, exact.settled
        where = fold(closed.expr).true if closed is not None else False
        wrong = some(settled.verdict(verdict) for verdict in property.verdicts)
        if not property.never:
            wrong = opposite(wrong)
        if property.through is not None:
            through = [n for n, g in enumerate(self.edition.gateways) if g.rule.address == property.through]
            wrong = every((wrong, some(settled.gateways[n].true for n in through)))
        model = self._model(base, [where, wrong], [])
        if model is not None:
            yield self._shown(self._facts(base.read(model)), property, closed.expr if closed is not None else None)

    def _shown(self, facts: CaseFacts, property: Property, where: Expr | None) -> Broken:
        """The shortest case found that breaks a property, with its verdict."""
        verdict = self._verdict(facts)

        def still(fewer: CaseFacts) -> bool:
            stated = {**fewer.facts, **fewer.items[0].facts}
            found = self._find(fewer).items[0]
            opened = [g.rule.address for g, o in zip(self.edition.gateways, found.gateways, strict=True) if o is True]
            through = property.through is None or property.through in opened
            return found.verdict == verdict and through and where is not None and truth(where, stated) is True

        shorter = shortened(facts, still)
        return Broken(self.edition.profile, self.edition.as_of, shorter, verdict, f"it is `{verdict}`")

    @cached_property
    def _read(self) -> frozenset[str]:
        points = (*self.edition.case_points, *self.edition.item_points)
        return frozenset().union(*(facts_in(point.expr) for point in points))

    def _model(self, base: FactVariables, formulas: Iterable[Formula], sides: Iterable[Any]) -> z3.ModelRef | None:
        """A case in which all `formulas` hold, or `None`: there is none. One solver serves all questions about a case.

        Raises `Undecided` where time ran out, or the solver gave up, before that was known.
        """
        asked = [formula for formula in formulas if formula is not True]
        if any(formula is False for formula in asked):
            return None
        solver = self._solvers.setdefault(id(base), z3.Solver(ctx=base.context))
        held = self._held.get(id(base), 0)
        solver.add(*base.domain[held:])
        self._held[id(base)] = len(base.domain)
        solver.push()
        try:
            solver.add(*asked)
            for side in sides:
                solver.add(*side.domain)
            left = self._until - time.perf_counter()
            if left <= 0:
                raise Undecided("time ran out")
            solver.set("timeout", max(1, int(left * 1000)))
            return solver.model() if can_hold(solver) else None
        finally:
            solver.pop()

    def _facts(self, stated: Mapping[str, FactValue]) -> CaseFacts:
        facts = self.edition.facts
        case = {name: value for name, value in stated.items() if not facts[name].per_item}
        return CaseFacts(case, (ItemFacts(ITEM, {n: v for n, v in stated.items() if facts[n].per_item}),))

    @cached_property
    def _evaluator(self) -> Compiled:
        return compile_edition(self.edition)

    def _find(self, facts: CaseFacts) -> Findings:
        return self._evaluator.find(facts)

    def _verdict(self, facts: CaseFacts) -> str:
        return self._find(facts).items[0].verdict

    def _broken(self, facts: CaseFacts, detail: str, more: CaseFacts | None = None) -> Broken:
        return Broken(self.edition.profile, self.edition.as_of, facts, self._verdict(facts), detail, more)


_CHECKS: Mapping[str, Callable[[_Case], Iterator[Broken]]] = {
    "no_silent_release": _Case.silence,
    "no_bar_bypassed": _Case.bars,
    "information_never_flips": _Case.flips,
    "duties_follow": _Case.duties,
}
