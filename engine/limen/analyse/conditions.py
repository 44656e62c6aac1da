"""Conditions of a sentence: what the facts that an amendment touches have to come to, in words and in formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from limen.analyse.apart import Side
from limen.decide.exact_rails import Formula, every, opposite
from limen.decide.reference import truth
from limen.law.expression import text_of
from limen.law.facts import CaseFacts
from limen.law.tree import BoolFact as Flag
from limen.law.tree import Compare, DaysBetween, Expr, Member, Not, Number, walk
from limen.law.tree import Literal as Fixed
from limen.law.truth import Truth

Condition = Mapping[int, Truth]
"""For some of the tests that were touched, by number: the truth value that they have to have."""


def holds(condition: Condition, truths: Sequence[Truth]) -> bool:
    """Whether a case in which the tests come to `truths` fits."""
    return all(truths[position] is wanted for position, wanted in condition.items())


class Atoms:
    """The smallest tests that what differs between two books is made of, as a profile reads its words."""

    def __init__(self, one: Side, other: Side, profile: str) -> None:
        self._atoms = _of_change(one, other, profile)
        self._rails = [one.fold(atom) for _, atom in self._atoms]

    @property
    def facts(self) -> frozenset[str]:
        """The facts that they read."""
        return frozenset(fact for _, atom in self._atoms for fact in _facts(atom))

    def truths(self, facts: CaseFacts) -> tuple[Truth, ...]:
        """What each of them comes to in a case of one item."""
        stated = {**facts.facts, **facts.items[0].facts}
        return tuple(truth(atom, stated) for _, atom in self._atoms)

    def rule(self, condition: Condition) -> str | None:
        """The rule that the first test of a condition stands in."""
        return self._atoms[min(condition)][0] if condition else None

    def formula(self, condition: Condition) -> Formula:
        """When a condition holds."""
        return every(self._is(position, wanted) for position, wanted in condition.items())

    def words(self, condition: Condition) -> tuple[str, ...]:
        """A condition in the test language, part by part."""
        return tuple(dict.fromkeys(_words(self._atoms[position][1], wanted) for position, wanted in condition.items()))

    def _is(self, position: int, value: Truth) -> Formula:
        rails = self._rails[position]
        if value is None:
            return every((opposite(rails.true), opposite(rails.false)))
        return rails.true if value else rails.false


def _words(atom: Expr, wanted: Truth) -> str:
    if wanted is None:
        return f"nobody has said whether {text_of(atom)}"
    return text_of(atom) if wanted else text_of(Not(atom))


def _of_change(one: Side, other: Side, profile: str) -> list[tuple[str, Expr]]:
    """What the points that differ read, readings replaced by what the profile takes them to mean; with their rule."""
    found: dict[tuple[str, Expr], None] = {}
    for address in {**one.points, **other.points}:
        mine, theirs = one.points.get(address), other.points.get(address)
        if mine is not None and theirs is not None and mine[1] is theirs[1]:
            continue
        for side, point in ((one, mine), (other, theirs)):
            for atom in _atoms(side, point[0], profile) if point is not None else ():
                found.setdefault((address.partition("#")[0], atom))
    unique: dict[Expr, str] = {}
    for rule, atom in found:
        unique.setdefault(atom, rule)
    return [(rule, atom) for atom, rule in unique.items()]


def _atoms(side: Side, expr: Expr, profile: str) -> Iterator[Expr]:
    for part in walk(expr):
        match part:
            case Flag(name) if name.startswith("reading "):
                address = name.removeprefix("reading ")
                chosen = side.law.book.profiles[profile].chooses[address]
                yield from _atoms(side, side.law.open.meanings[address][chosen], profile)
            case Flag() | Member() | Compare():
                yield part
            case Fixed():
                continue


def _facts(atom: Expr) -> Iterator[str]:
    match atom:
        case Flag(fact) | Member(fact, _) | Compare(Number(fact)):
            yield fact
        case Compare(DaysBetween(start, end)):
            yield from (start, end)
