"""The rule tree: what every rule is once it has been read, and all that an evaluator has to know.

The tree is closed and small on purpose. Each evaluator (reference interpreter, generated Python, columns,
durable-rules, Z3, plain English) is one module that folds it; none of them is imported here.

Every expression is three-valued: a fact that nobody has stated makes it not known (`None`), combined by
the tables of `limen.law.truth`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf

from limen.law.truth import Truth

Comparison = OneOf["<", "<=", "==", "!=", ">=", ">"]
COMPARISONS: tuple[Comparison, ...] = ("<", "<=", "==", "!=", ">=", ">")


@dataclass(frozen=True, slots=True)
class Literal:
    """A fixed truth value. `None` stands for words nobody outside has been able to read."""

    value: Truth


@dataclass(frozen=True, slots=True)
class BoolFact:
    """True or false as the case states it."""

    fact: str


@dataclass(frozen=True, slots=True)
class Member:
    """The enum fact has one of `values` (sorted, at least one)."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The value of an int or date fact, as one side of a comparison."""

    fact: str


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Whole days from the date fact `start` to the date fact `end` (negative if `end` is earlier)."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A cited number or date that the book names, such as the 120 days of a consent."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """`term` compared with a fixed value (int for counts and days, date for date facts).

    `parameter` names the cited parameter the value came from; it is only for people who read the tree.
    """

    term: Number | DaysBetween
    op: Comparison
    value: int | date | Parameter
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """True once somebody has stated the fact, and not known until then; never false.

    It has no false so that the tree stays monotone: stating a fact must not flip a settled verdict.
    """

    fact: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of `part`."""

    part: Expr


@dataclass(frozen=True, slots=True)
class All:
    """Every one of `parts` holds; true when there are none."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `parts` holds; false when there are none."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Defined:
    """The name of a definition; replaced by its meaning when an edition is made."""

    name: str


Expr = Literal | BoolFact | Member | Compare | Known | Not | All | AnyOf | Defined
Atom = BoolFact | Member | Compare | Known


def walk(expr: Expr) -> Iterator[Expr]:
    """Every expression inside `expr`, itself first, in reading order."""
    yield expr
    match expr:
        case Not(part):
            yield from walk(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from walk(part)


def facts_in(expr: Expr) -> frozenset[str]:
    """The names of the facts that `expr` reads.

    >>> sorted(facts_in(All((BoolFact("a"), Not(Member("b", ("x",)))))))
    ['a', 'b']
    """
    names: set[str] = set()
    for part in walk(expr):
        match part:
            case BoolFact(fact) | Member(fact, _) | Known(fact):
                names.add(fact)
            case Compare(Number(fact)):
                names.add(fact)
            case Compare(DaysBetween(start, end)):
                names.update((start, end))
    return frozenset(names)
