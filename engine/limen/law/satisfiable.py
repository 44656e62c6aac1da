"""Whether some case could make an expression true: a small search, exact where every fact stands for itself.

Each bool is true or false, each enum has one of its values, each number, date or span of days lies in an interval.
Spans of days are taken as independent of the dates they lie between, and words nobody has read as free to be either,
so an answer of `False` is certain and `True` may be too hopeful.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact

MAX_STEPS = 20_000
"""Steps of the search before it gives up and says that the expression may be true."""

_OPPOSITE = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<="}
_FAR = 10**12


class _TooLong(Exception):
    pass


@dataclass(slots=True)
class _World:
    """What is settled so far: values left of each bool and enum, the interval of each number, what it is not."""

    values: dict[str, frozenset[object]] = field(default_factory=dict)
    intervals: dict[str, tuple[int, int]] = field(default_factory=dict)
    excluded: dict[str, frozenset[int]] = field(default_factory=dict)

    def copy(self) -> _World:
        return _World(dict(self.values), dict(self.intervals), dict(self.excluded))


def satisfiable(expr: Expr, facts: Mapping[str, Fact]) -> bool:
    """Whether some statement of facts could make `expr` (closed) true."""
    search = _Search(facts)
    try:
        return any(True for _ in search.worlds([expr], _World()))
    except _TooLong:
        return True


class _Search:
    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._steps = 0

    def worlds(self, goals: list[Expr], world: _World) -> Iterator[_World]:
        """Every way found to make all of `goals` true; the simplest goals go first."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise _TooLong
        choices: list[tuple[Expr, ...]] = []
        while goals:
            goal = _pushed(goals.pop())
            match goal:
                case Literal(value):
                    if value is False:
                        return
                case All(parts):
                    goals = [*goals, *parts]
                case AnyOf(parts):
                    choices.append(parts)
                case _:
                    if not self._settle(goal, world):
                        return
        if not choices:
            yield world
            return
        first = min(choices, key=len)
        rest = [AnyOf(parts) for parts in choices if parts is not first]
        for part in first:
            yield from self.worlds([part, *rest], world.copy())

    def _settle(self, goal: Expr, world: _World) -> bool:
        """Narrows `world` so that the atom `goal` (or its opposite) is true; whether anything is left."""
        match goal:
            case BoolFact(name):
                return self._keep(name, frozenset({True}), world)
            case Not(BoolFact(name)):
                return self._keep(name, frozenset({False}), world)
            case Member(name, values):
                return self._keep(name, frozenset(values), world)
            case Not(Member(name, values)):
                return self._keep(name, self._domain(name) - frozenset(values), world)
            case Not(Known()):
                return False
            case Compare(term, op, value):
                return self._bound(term, op, value, world)
            case _:
                return True

    def _domain(self, name: str) -> frozenset[object]:
        fact = self._facts[name]
        return frozenset(fact.values) if fact.type == "enum" else frozenset({True, False})

    def _keep(self, name: str, values: frozenset[object], world: _World) -> bool:
        left = world.values.get(name, self._domain(name)) & values
        world.values[name] = left
        return bool(left)

    def _bound(self, term: Number | DaysBetween, op: str, value: int | date | Parameter, world: _World) -> bool:
        if isinstance(value, Parameter):
            return True
        bound = value.toordinal() if isinstance(value, date) else value
        name = term.fact if isinstance(term, Number) else f"{term.start} {term.end}"
        low, high = world.intervals.get(name) or self._widest(term)
        if op in ("<", "<=", "=="):
            high = min(high, bound - 1 if op == "<" else bound)
        if op in (">", ">=", "=="):
            low = max(low, bound + 1 if op == ">" else bound)
        excluded = world.excluded.get(name, frozenset()) | ({bound} if op == "!=" else frozenset())
        world.intervals[name], world.excluded[name] = (low, high), excluded
        inside = sum(low <= each <= high for each in excluded)
        return low <= high and high - low + 1 > inside

    def _widest(self, term: Number | DaysBetween) -> tuple[int, int]:
        if isinstance(term, Number):
            fact = self._facts[term.fact]
            if fact.type == "int":
                low = -_FAR if fact.minimum is None else fact.minimum
                return low, _FAR if fact.maximum is None else fact.maximum
        return -_FAR, _FAR


def _pushed(expr: Expr) -> Expr:
    """`expr` with an outer `not` moved inwards by one step, until it stands before an atom."""
    match expr:
        case Not(Not(part)):
            return _pushed(part)
        case Not(All(parts)):
            return AnyOf(tuple(Not(part) for part in parts))
        case Not(AnyOf(parts)):
            return All(tuple(Not(part) for part in parts))
        case Not(Literal(value)):
            return Literal(None if value is None else not value)
        case Not(Compare(term, op, value, name)):
            return Compare(term, _OPPOSITE[op], value, name)  # type: ignore[arg-type]
        case Known():
            return Literal(True)
    return expr
