"""From the tree back to the text of a test."""

from __future__ import annotations

from datetime import date

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
    Parameter,
)


def text_of(expr: Expr) -> str:
    """The test that reads as `expr`: `parse(text_of(expr), scope) == expr` for every tree that `parse` gives.

    Two trees have no text of their own: words nobody has read print as `unknown`, and groups of fewer than two
    parts (which only an edition has) print as what they amount to.

    >>> text_of(All((BoolFact("a"), Not(AnyOf((BoolFact("b"), BoolFact("c")))))))
    'a and not (b or c)'
    """
    match expr:
        case Literal(value):
            return {True: "true", False: "false", None: "unknown"}[value]
        case BoolFact(name) | Defined(name):
            return name
        case Member(fact, values):
            return _member(fact, values, negated=False)
        case Not(Member(fact, values)):
            return _member(fact, values, negated=True)
        case Not(part):
            return f"not {_bracketed(part) if isinstance(part, (All, AnyOf)) else text_of(part)}"
        case Known(fact):
            return f"known({fact})"
        case Compare(term, op, value, parameter):
            left = f"days_between({term.start}, {term.end})" if isinstance(term, DaysBetween) else term.fact
            return f"{left} {op} {_bound(value, parameter)}"
        case All(parts):
            return " and ".join(_bracketed(p) if isinstance(p, (All, AnyOf)) else text_of(p) for p in parts) or "true"
        case AnyOf(parts):
            return " or ".join(_bracketed(p) if isinstance(p, AnyOf) else text_of(p) for p in parts) or "false"


def _bracketed(expr: Expr) -> str:
    return f"({text_of(expr)})"


def _member(fact: str, values: tuple[str, ...], negated: bool) -> str:
    if len(values) == 1:
        return f"{fact} {'!=' if negated else '=='} '{values[0]}'"
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{fact} {'not in' if negated else 'in'} [{listed}]"


def _bound(value: int | date | Parameter, parameter: str | None) -> str:
    if isinstance(value, Parameter):
        return f"param.{value.name}"
    if parameter is not None:
        return f"param.{parameter}"
    return f"date('{value.isoformat()}')" if isinstance(value, date) else str(value)
