"""Silence never releases: what a document does not say may only make release harder."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from limen.law.book import Book
from limen.law.check.positions import Positions
from limen.law.check.report import Report
from limen.law.tree import Atom, BoolFact, Compare, DaysBetween, Known, Member, Number, Parameter
from limen.law.vocabulary import Fact

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


def check_silence(book: Book, positions: Positions, report: Report) -> None:
    """Notes every place where the silence of a document could make release easier.

    A fact whose silence means a value takes that value without anybody having stated it. Wherever the fact is read,
    the value has to make the test come out on the side that hinders release.
    """
    noted: set[tuple[str, str]] = set()
    for place in positions.atoms:
        for name in facts_read(place.atom):
            fact = book.vocabulary.facts[name]
            if fact.silence is None or (name, place.node.address) in noted:
                continue
            if place.helps in outcomes(place.atom, fact, book):
                noted.add((name, place.node.address))
                report(
                    "loosening-silence",
                    place.node.address,
                    f"a document that says nothing makes `{name}` {_said(fact)}, and here that would help release",
                    key="test",
                    mend=f"give `{name}` no `silence`, so that it stays unknown, or test it the other way round",
                )


def outcomes(atom: Atom, fact: Fact, book: Book) -> set[bool]:
    """What `atom` may come to when nobody states `fact` and its silence speaks for it."""
    value = fact.silence
    match atom:
        case BoolFact():
            return {value is True}
        case Member(_, values):
            return {value in values}
        case Known():
            return {True}
        case Compare(Number(), op, Parameter(name)):
            return {_COMPARE[op](value, each.value) for each in book.vocabulary.parameters[name]}
        case Compare(Number(), op, bound):
            return {_COMPARE[op](value, bound)}
    return {True, False}  # days from one date to another that somebody else states


def facts_read(atom: Atom) -> tuple[str, ...]:
    """The facts that one atom reads."""
    match atom:
        case BoolFact(fact) | Member(fact, _) | Known(fact) | Compare(Number(fact)):
            return (fact,)
        case Compare(DaysBetween(start, end)):
            return (start, end)
    return ()


def _said(fact: Fact) -> str:
    return str(fact.silence).lower() if isinstance(fact.silence, bool) else f"`{fact.silence}`"
