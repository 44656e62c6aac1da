"""Making a case in which an expression comes to what is wanted.

A goal is an expression and the truth it should have. Cases are made by walking the expression and stating what it
asks for, taking steps back where two goals want different things of one fact. As three-valued logic is monotone,
stating more never undoes a goal that has been reached, so goals can be met one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from limen.decide.reference import truth
from limen.law.facts import bounds, value_problem
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Expr,
    Known,
    Member,
    Not,
    Number,
    walk,
)
from limen.law.vocabulary import Fact, FactValue

Statements = dict[str, FactValue]
Goal = tuple[Expr, bool]

MOST_STEPS = 250
"""Steps after which a set of goals is given up: those of real rules that can be met take some dozens."""


class _Exhausted(Exception):
    """The steps are used up."""


class Maker:
    """Makes cases for one vocabulary and day. `day` is the date used where nothing else says which."""

    def __init__(self, facts: Mapping[str, Fact], day: date) -> None:
        self._facts = facts
        self._day = day
        self._steps = 0

    def reach(self, goals: Sequence[Goal], stated: Mapping[str, FactValue] | None = None) -> Statements | None:
        """`stated` with what it takes to reach every goal; `None` where no way was found."""
        self._steps = MOST_STEPS
        try:
            return next(self._search(tuple(goals), dict(stated or {})), None)
        except _Exhausted:
            return None

    def reach_if_possible(self, wishes: Sequence[Goal], stated: Mapping[str, FactValue]) -> Statements:
        """`stated` with as many of `wishes` as can be had one after the other."""
        kept = dict(stated)
        for wish in wishes:
            reached = self.reach([wish], kept)
            kept = kept if reached is None else reached
        return kept

    def _search(self, goals: tuple[Goal, ...], stated: Statements) -> Iterator[Statements]:
        self._steps -= 1
        if self._steps < 0:
            raise _Exhausted
        unmet = _unmet(goals, stated)
        if unmet is None:
            return
        if not unmet:
            yield stated
            return
        # What leaves the least choice comes first, so that a dead end is seen before much is built on it.
        chosen = min(range(len(unmet)), key=lambda number: self._width(unmet[number]))
        (expr, want), rest = unmet[chosen], (*unmet[:chosen], *unmet[chosen + 1 :])
        if isinstance(expr, AnyOf | All):
            for part in expr.parts:
                yield from self._search(((part, want), *rest), stated)
            return
        for reached in self._leaf(expr, want, stated):
            yield from self._search(rest, reached)

    def _width(self, goal: Goal) -> int:
        expr = goal[0]
        match expr:
            case AnyOf(parts) | All(parts):
                return 100 + len(parts)
            case Member(fact, values):
                return len(values) if goal[1] else len(self._facts[fact].values) - len(values)
            case BoolFact():
                return 1
        return 3

    def _leaf(self, expr: Expr, want: bool, stated: Statements) -> Iterator[Statements]:
        match expr:
            case BoolFact(fact):
                yield {**stated, fact: want}
            case Member(fact, values):
                for value in self._facts[fact].values:
                    if (value in values) is want:
                        yield {**stated, fact: value}
            case Known(fact) if want:
                yield {**stated, fact: plain_value(self._facts[fact], self._day)}
            case Compare(DaysBetween()):
                yield from (pair for pair in _days_around(expr, stated, self._day) if truth(expr, pair) is want)
            case Compare(Number(fact)):
                for bound in around(expr, self._facts[fact]):
                    if truth(expr, {fact: bound}) is want:
                        yield {**stated, fact: bound}


def _unmet(goals: tuple[Goal, ...], stated: Statements) -> tuple[Goal, ...] | None:
    """What is left of `goals`, taken apart as far as there is no choice; `None` if one can no longer be reached."""
    left: list[Goal] = []
    waiting = list(reversed(goals))
    while waiting:
        expr, want = waiting.pop()
        now = truth(expr, stated)
        if now is not None:
            if now is not want:
                return None
            continue
        match expr:
            case Not(part):
                waiting.append((part, not want))
            case All(parts) if want:
                waiting += [(part, want) for part in reversed(parts)]
            case AnyOf(parts) if not want:
                waiting += [(part, want) for part in reversed(parts)]
            case _:
                left.append((expr, want))
    return tuple(left)


def around(expr: Compare, fact: Fact) -> list[FactValue]:
    """The bound of a comparison with a fact, one less and one more, as far as the fact can have them."""
    found: list[FactValue] = []
    bound = expr.value
    for step in (0, 1, -1):
        try:
            value: FactValue = (
                bound + timedelta(days=step) if isinstance(bound, date) else bound + step  # type: ignore[operator]
            )
        except OverflowError:
            continue
        if value_problem(fact, value) is None:
            found.append(value)
    return found


def _days_around(expr: Compare, stated: Statements, day: date) -> Iterator[Statements]:
    term = expr.term
    if not isinstance(term, DaysBetween) or not isinstance(expr.value, int):
        return
    start, end = stated.get(term.start), stated.get(term.end)
    for step in (0, 1, -1):
        try:
            span = timedelta(days=expr.value + step)
            if isinstance(start, date):
                yield {**stated, term.end: start + span}
            elif isinstance(end, date):
                yield {**stated, term.start: end - span}
            else:
                yield {**stated, term.start: day - span, term.end: day}
        except OverflowError:
            continue


def plain_value(fact: Fact, day: date) -> FactValue:
    """The simplest value that can be stated of `fact`: false, its first word, the number nearest zero, `day`."""
    match fact.type:
        case "bool":
            return False
        case "enum":
            return fact.values[0]
        case "int":
            low, high = bounds(fact)
            return min(max(0, low), high)
        case "date":
            return day


def boundary_values(facts: Mapping[str, Fact], exprs: Sequence[Expr]) -> dict[str, tuple[FactValue, ...]]:
    """For each int and date fact, the values at, just below and just above every fixed bound that `exprs` name."""
    found: dict[str, dict[FactValue, None]] = {}
    for expr in exprs:
        for part in walk(expr):
            if isinstance(part, Compare) and isinstance(part.term, Number):
                values = around(part, facts[part.term.fact])
                found.setdefault(part.term.fact, {}).update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in found.items()}


def spans_in(exprs: Sequence[Expr]) -> tuple[tuple[str, str, int], ...]:
    """Every (start, end, days) that `exprs` compare: the boundaries of a clock."""
    found: dict[tuple[str, str, int], None] = {}
    for expr in exprs:
        for part in walk(expr):
            if isinstance(part, Compare) and isinstance(part.term, DaysBetween) and isinstance(part.value, int):
                found[(part.term.start, part.term.end, part.value)] = None
    return tuple(found)


def choices(expr: Expr, want: bool) -> Iterator[tuple[Goal, tuple[Goal, ...]]]:
    """Each way of reaching a goal where there are several: the part that does it, and its siblings turned away."""
    match expr:
        case Not(part):
            yield from choices(part, not want)
        case All(parts) | AnyOf(parts):
            several = (isinstance(expr, AnyOf) and want) or (isinstance(expr, All) and not want)
            for part in parts:
                if several:
                    yield (part, want), tuple((other, not want) for other in parts if other is not part)
                yield from choices(part, want)
