"""The rule tree as formulas for Z3: what is true of every case, not of one.

A closed expression becomes two formulas, *is true* and *is false*; where neither holds it is not known, as in every
other evaluator. A fact is not one variable but what can be stated of it: a bool fact may be stated true or stated
false or not at all, an enum fact may be stated to be one of its values, a number is stated or not and has a value.
So a solver ranges over what people may say, silence included.

A fact that is `fixed` is a constant, and everything that follows from it is folded away before Z3 sees it. Nothing
relates one fact to another except the tree itself: cases that a single registry could never produce are cases too.

Needs the extra `exact` (`pip install limen[exact]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from limen.decide.exact_rails import (
    FALSE,
    TRUE,
    UNKNOWN,
    Formula,
    Rails,
    every,
    opposite,
    rails_all,
    rails_any,
    rails_not,
    some,
)
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, bounds
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact, FactValue

FIRST_DAY, LAST_DAY = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
"""Between these lies every date that a solver may choose. A date that a case states may lie outside."""


class FactVariables:
    """The facts of one case (or one item) as a solver sees them.

    `mark` keeps the variables of one case apart from those of another in the same `context`. Facts in `fixed` are
    stated so, those in `silent` are stated by nobody; the rest are free. With `shared` these are the facts of one item
    of a case: facts about the whole case are those of `shared`.

    `domain` holds of any case, in the order in which facts were first read: `choices` (a fact is stated to be one value
    at most) and `limits` (between which the solver may choose a number).
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        context: z3.Context,
        mark: str = "",
        fixed: Mapping[str, FactValue] | None = None,
        silent: Iterable[str] = (),
        shared: FactVariables | None = None,
    ) -> None:
        self._shared = shared
        self.facts = facts
        self.context = context
        self.fixed = dict(fixed or {})
        self.silent = frozenset(silent) - frozenset(self.fixed)
        self.domain: list[Formula] = []
        self.choices: list[Formula] = []
        self.limits: dict[str, tuple[Formula, Formula]] = {}
        self._mark = mark
        self._stated: dict[str, dict[FactValue, Any]] = {}
        self._numbers: dict[str, tuple[Any, Any]] = {}

    def is_fixed(self, name: str) -> bool:
        """Whether the solver has no say in this fact."""
        return name in self.fixed or name in self.silent

    def stated(self, name: str) -> Mapping[FactValue, Formula]:
        """For a bool or enum fact: per value, whether it is stated."""
        if self._shared is not None and not self.facts[name].per_item:
            return self._shared.stated(name)
        if name not in self._stated:
            fact = self.facts[name]
            values: tuple[FactValue, ...] = (True, False) if fact.type == "bool" else fact.values
            if self.is_fixed(name):
                self._stated[name] = {value: self.fixed.get(name) == value for value in values}
            else:
                made = {value: z3.Bool(f"{self._mark}{name}={value}", self.context) for value in values}
                self._stated[name] = made
                if len(made) > 1:
                    self.choices.append(z3.AtMost(*made.values(), 1))
                    self.domain.append(self.choices[-1])
        return self._stated[name]

    def number(self, name: str) -> tuple[Formula, Any]:
        """For an int or date fact: whether it is stated, and its value (dates as day numbers)."""
        if self._shared is not None and not self.facts[name].per_item:
            return self._shared.number(name)
        if name not in self._numbers:
            fact = self.facts[name]
            if name in self.silent:
                self._numbers[name] = (False, 0)
            elif name in self.fixed:
                self._numbers[name] = (True, as_number(self.fixed[name]))
            else:
                known = z3.Bool(f"{self._mark}{name} known", self.context)
                value = z3.Int(f"{self._mark}{name}", self.context)
                low, high = bounds(fact) if fact.type == "int" else (FIRST_DAY, LAST_DAY)
                self.limits[name] = (value >= low, value <= high)
                self.domain += self.limits[name]
                self._numbers[name] = (known, value)
        return self._numbers[name]

    def known(self, name: str) -> Formula:
        """Whether the fact is stated."""
        if self.facts[name].type in ("int", "date"):
            return self.number(name)[0]
        return some(self.stated(name).values())

    def says(self, name: str, value: FactValue | None) -> Formula:
        """That the fact is stated to be `value`; with `None`, that nobody has stated it."""
        if value is None:
            return opposite(self.known(name))
        if self.facts[name].type in ("int", "date"):
            known, number = self.number(name)
            return every((known, number == as_number(value)))
        return self.stated(name)[value]

    def same(self, name: str, other: FactVariables) -> Formula:
        """That the fact is stated alike here and in `other`, or in neither."""
        if self.facts[name].type in ("int", "date"):
            (mine, my_value), (theirs, their_value) = self.number(name), other.number(name)
            return every((same(mine, theirs), some((opposite(mine), my_value == their_value))))
        theirs_stated = other.stated(name)
        return every(same(formula, theirs_stated[value]) for value, formula in self.stated(name).items())

    def made(self) -> Iterable[str]:
        """The facts that a formula reads and the solver is free to state."""
        return [name for name in (*self._stated, *self._numbers) if not self.is_fixed(name)]

    def read(self, model: z3.ModelRef) -> dict[str, FactValue]:
        """The facts stated in `model`, those fixed included."""
        case = dict(self.fixed)
        holding = _holding(model)
        for name, stated in self._stated.items():
            if not self.is_fixed(name):
                value = next((value for value in stated if f"{self._mark}{name}={value}" in holding), None)
                if value is not None:
                    case[name] = value
        for name in self._numbers:
            if not self.is_fixed(name) and f"{self._mark}{name} known" in holding:
                value = self.value_in(model, name)
                if value is not None:
                    case[name] = value
        return case

    def value_in(self, model: z3.ModelRef, name: str) -> FactValue | None:
        """What `model` states of one fact."""
        if self.is_fixed(name):
            return self.fixed.get(name)
        if name in self._stated:
            return next((v for v, formula in self._stated[name].items() if z3.is_true(model.eval(formula))), None)
        if name not in self._numbers:
            return None
        known, number = self._numbers[name]
        if not z3.is_true(model.eval(known)):
            return None
        value = int(model.eval(number, model_completion=True).as_long())
        return date.fromordinal(value) if self.facts[name].type == "date" else value


def _holding(model: z3.ModelRef) -> frozenset[str]:
    """The names of the boolean variables that are true in `model`; what it says nothing of is not.

    A model is read hundreds of times over, and asking it for each variable in turn takes most of that time.
    """
    context = model.ctx.ref()
    found = []
    for number in range(z3.Z3_model_get_num_consts(context, model.model)):
        declared = z3.Z3_model_get_const_decl(context, model.model, number)
        meant = z3.Z3_model_get_const_interp(context, model.model, declared)
        if z3.Z3_get_bool_value(context, meant) == z3.Z3_L_TRUE:
            found.append(z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, declared)))
    return frozenset(found)


def same(one: Formula, other: Formula) -> Formula:
    """That both hold or neither does."""
    if isinstance(one, bool):
        return other if one else opposite(other)
    if isinstance(other, bool):
        return one if other else opposite(one)
    return True if one.eq(other) else one == other


def as_number(value: FactValue) -> int:
    """An int, or the day number of a date."""
    return value.toordinal() if isinstance(value, date) else int(value)


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


class Fold:
    """Folds closed expressions over one set of variables; each expression once.

    `readings` gives what the reading facts of an open edition come to.
    """

    def __init__(self, variables: FactVariables, readings: Mapping[str, Rails] | None = None) -> None:
        self.variables = variables
        self.readings = {} if readings is None else readings
        self._done: dict[int, tuple[Expr, Rails]] = {}

    def __call__(self, expr: Expr) -> Rails:
        """When `expr` is true and when it is false. Raises `ValueError` for a tree that is not closed."""
        found = self._done.get(id(expr))
        if found is None:
            found = self._done[id(expr)] = (expr, self._rails(expr))
        return found[1]

    def _rails(self, expr: Expr) -> Rails:
        match expr:
            case Literal(value):
                return UNKNOWN if value is None else TRUE if value else FALSE
            case BoolFact(fact) if fact in self.readings:
                return self.readings[fact]
            case BoolFact(fact):
                stated = self.variables.stated(fact)
                return Rails(stated[True], stated[False])
            case Member(fact, values):
                of = self.variables.stated(fact)
                return Rails(
                    some(formula for value, formula in of.items() if value in values),
                    some(formula for value, formula in of.items() if value not in values),
                )
            case Known(fact):
                return Rails(self.variables.known(fact), False)
            case Compare(term, op, bound):
                if isinstance(bound, Parameter):
                    raise ValueError(f"`{bound.name}` is still open in the tree")
                return self._compare(term, op, as_number(bound))
            case Not(part):
                return rails_not(self(part))
            case All(parts):
                return rails_all(map(self, parts))
            case AnyOf(parts):
                return rails_any(map(self, parts))
            case Defined(name):
                raise ValueError(f"`{name}` is still open in the tree")

    def _compare(self, term: Number | DaysBetween, op: str, bound: int) -> Rails:
        if isinstance(term, Number):
            known, measured = self.variables.number(term.fact)
        else:
            (first, start), (second, end) = self.variables.number(term.start), self.variables.number(term.end)
            known, measured = every((first, second)), end - start
        holds = _COMPARE[op](measured, bound)
        return Rails(every((known, holds)), every((known, opposite(holds))))


@dataclass(frozen=True, slots=True)
class Settled:
    """When the verdict on one item is which; and when each bar stands and each gateway is open. As `settle_item`."""

    bars: tuple[Rails, ...]
    gateways: tuple[Rails, ...]
    forbidden: Rails
    authorised: Rails

    @property
    def allow(self) -> Formula:
        return every((self.forbidden.true, self.authorised.true))

    @property
    def deny(self) -> Formula:
        return every((self.forbidden.true, self.authorised.false))

    @property
    def not_covered(self) -> Formula:
        return self.forbidden.false

    @property
    def open(self) -> Formula:
        return every(
            (
                opposite(self.forbidden.false),
                opposite(every((self.forbidden.true, some((self.authorised.true, self.authorised.false))))),
            )
        )

    def verdict(self, name: str) -> Formula:
        """When the verdict is `name`: allow, deny, open or not_covered."""
        formula: Formula = getattr(self, name)
        return formula


def settle(edition: Edition, case: Sequence[Rails], points: Sequence[Rails]) -> Settled:
    """Bars, gateways and verdict of one item, from the rails of the points of `edition`."""
    bars: list[Rails] = []
    for bar in edition.bars:
        stands = rails_any(points[index] for index in bar.conditions)
        lifted = rails_any(bars[index] for index in bar.barred_by)
        bars.append(rails_all((stands, rails_not(lifted))))
    gateways = tuple(
        rails_all(
            (
                rails_all(case[index] for index in gateway.elements) if gateway.elements else FALSE,
                rails_any(points[index] for index in gateway.grounds),
                rails_not(rails_any(bars[index] for index in gateway.bars)),
            )
        )
        for gateway in edition.gateways
    )
    forbidden = rails_any(rails_all((points[a], points[f])) for _, a, f in edition.prohibitions)
    return Settled(tuple(bars), gateways, forbidden, rails_any(gateways))


class ExactItem:
    """One item of a case under one edition, in formulas."""

    def __init__(self, edition: Edition, fold: Fold) -> None:
        self.edition = edition
        self.fold = fold
        self.case = tuple(fold(point.expr) for point in edition.case_points)
        self.points = tuple(fold(point.expr) for point in edition.item_points)
        self.settled = settle(edition, self.case, self.points)


VERDICTS = ("allow", "deny", "open", "not_covered")


def reachable(edition: Edition, facts: CaseFacts, item: int = 0) -> frozenset[str]:
    """The verdicts that one item can still come to, whatever is stated beside `facts` of everything else.

    Exact: `{'deny'}` says that no further information can release the item, even where the verdict is still open.
    `open` is among them only if it stays open once everything is known, as where words have not been seen.
    """
    stated = {**facts.facts, **facts.items[item].facts}
    context = z3.Context()
    variables = FactVariables(edition.facts, context, fixed=stated)
    settled = ExactItem(edition, Fold(variables)).settled
    solver = z3.Solver(ctx=context)
    formulas = {verdict: settled.verdict(verdict) for verdict in VERDICTS}
    for name in variables.made():
        solver.add(variables.known(name))
    solver.add(*variables.domain)
    return frozenset(verdict for verdict, formula in formulas.items() if can_hold(solver, formula))


def can_hold(solver: z3.Solver, *formulas: Formula) -> bool:
    """Whether there is a case in which all `formulas` hold, beside what `solver` holds. Raises `Undecided`."""
    if any(formula is False for formula in formulas):
        return False
    answer = solver.check(*(formula for formula in formulas if formula is not True))
    if answer == z3.unknown:
        raise Undecided(solver.reason_unknown())
    return bool(answer == z3.sat)


class Undecided(Exception):
    """The solver stopped before it knew: the time it was given ran out."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the solver gave no answer: {reason}")
