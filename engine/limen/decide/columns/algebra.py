"""What an engine of columns must be able to do, and the one fold that writes a rule tree in its terms.

A truth column holds true, false and NULL, and every operation follows the strong tables of Kleene: the fold relies
on that and on nothing else. Expressions about a case alone are written once for the case and then lifted to its
items, so an engine may keep cases and items in tables of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    Comparison,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
    facts_in,
)
from limen.law.truth import Truth

C = TypeVar("C")


class Algebra(Protocol[C]):
    """The operations on truth columns. `per_item` says whether a fact is a column of the items or of the cases."""

    def literal(self, value: Truth, per_item: bool) -> C: ...

    def flag(self, fact: str, per_item: bool) -> C: ...

    def member(self, fact: str, values: Sequence[str], per_item: bool) -> C: ...

    def known(self, fact: str, per_item: bool) -> C:
        """True where `fact` is stated, NULL elsewhere."""

    def compare(self, fact: str, op: Comparison, value: int | date, per_item: bool) -> C: ...

    def compare_days(self, start: tuple[str, bool], end: tuple[str, bool], op: Comparison, days: int) -> C:
        """Whole days from `start` to `end`, each a fact and whether it is one of the items, compared with `days`."""

    def negate(self, part: C) -> C: ...

    def all(self, parts: Sequence[C]) -> C:
        """Kleene conjunction of at least one part."""

    def any(self, parts: Sequence[C]) -> C:
        """Kleene disjunction of at least one part."""

    def lift(self, case_column: C) -> C:
        """A column of cases as a column of items."""


class UnsuitableTreeError(Exception):
    """A tree that still holds a definition or a parameter has no columns."""

    def __init__(self, name: str) -> None:
        super().__init__(f"`{name}` is still open in the tree; make an edition before writing columns")


class Fold(Generic[C]):
    """Writes expressions in `algebra`, the same sub-expression once."""

    def __init__(self, algebra: Algebra[C], item_facts: Collection[str]) -> None:
        self.algebra = algebra
        self._item_facts = frozenset(item_facts)
        self._written: dict[tuple[Expr, bool], C] = {}

    def case(self, expr: Expr) -> C:
        """`expr` as a column of cases; it may speak of case facts only."""
        return self._write(expr, False)

    def item(self, expr: Expr) -> C:
        """`expr` as a column of items."""
        return self._write(expr, True)

    def _write(self, expr: Expr, for_item: bool) -> C:
        key = (expr, for_item)
        if key not in self._written:
            if for_item and self._item_facts.isdisjoint(facts_in(expr)) and not isinstance(expr, Literal):
                self._written[key] = self.algebra.lift(self._write(expr, False))
            else:
                self._written[key] = self._compose(expr, for_item)
        return self._written[key]

    def _compose(self, expr: Expr, for_item: bool) -> C:
        algebra = self.algebra
        match expr:
            case Literal(value):
                return algebra.literal(value, for_item)
            case BoolFact(fact):
                return algebra.flag(fact, fact in self._item_facts)
            case Member(fact, values):
                return algebra.member(fact, values, fact in self._item_facts)
            case Known(fact):
                return algebra.known(fact, fact in self._item_facts)
            case Compare(_, _, Parameter(name)):
                raise UnsuitableTreeError(name)
            case Compare(Number(fact), op, int() | date() as value):
                return algebra.compare(fact, op, value, fact in self._item_facts)
            case Compare(DaysBetween(start, end), op, int() as days):
                sides = [(fact, fact in self._item_facts) for fact in (start, end)]
                return algebra.compare_days(sides[0], sides[1], op, days)
            case Not(part):
                return algebra.negate(self._write(part, for_item))
            case All(()):
                return algebra.literal(True, for_item)
            case AnyOf(()):
                return algebra.literal(False, for_item)
            case All(parts):
                return algebra.all([self._write(part, for_item) for part in parts])
            case AnyOf(parts):
                return algebra.any([self._write(part, for_item) for part in parts])
            case Defined(name):
                raise UnsuitableTreeError(name)
        raise UnsuitableTreeError(repr(expr))
