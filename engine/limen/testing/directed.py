"""Cases aimed at a book: each provision met, not met and missing, each list and each boundary gone through.

Around every gateway there are *openings* (cases that it allows, one for each way through it) and *refusals* (the same
with one provision not met, one for each way of not meeting it). Every case one fact away from these follows: each other
value, each number and day at, below and above its bound, and the fact left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain

from limen.law.edition import EditionGateway
from limen.law.tree import AnyOf, facts_in
from limen.law.vocabulary import FactValue
from limen.testing.case import Case
from limen.testing.goals import Goal, Maker, Statements, boundary_values, choices, plain_value, spans_in
from limen.testing.oracle import Oracle, Place

Key = frozenset[tuple[str, FactValue]]


@dataclass(frozen=True, slots=True)
class Twin:
    """Two cases one fact apart: `allowed` is allowed by the book, `refused` is not. `address` says why."""

    allowed: Case
    refused: Case
    fact: str
    address: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A whole case around a gateway. `aim` are the facts that it is there to vary; `address` what it is about."""

    stated: Statements
    address: str
    allowed: bool
    aim: frozenset[str]


class Directed:
    """The directed cases of one oracle; the same every time."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self._maker = Maker(oracle.edition.facts, oracle.edition.as_of)

    @cached_property
    def _bounds(self) -> dict[str, tuple[FactValue, ...]]:
        return boundary_values(self.oracle.edition.facts, self.oracle.exprs)

    @cached_property
    def _spans(self) -> tuple[tuple[str, str, int], ...]:
        return spans_in(self.oracle.exprs)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Cases that are allowed, one for each way through each gateway."""
        gateways = self.oracle.edition.gateways
        return tuple(chain.from_iterable(self._ways_through(number) for number in range(len(gateways))))

    @cached_property
    def refusals(self) -> tuple[Opening, ...]:
        """Cases that are not allowed for one provision alone, one for each way of not meeting it."""
        found = []
        for place in self.oracle.places.values():
            if place.role in ("element", "bar") and place.address.count("/") == 0:
                for number in place.gateways:
                    found += list(self._ways_to_refuse(place, number))
        return tuple(found)

    @cached_property
    def smallest(self) -> tuple[Case, ...]:
        """For each gateway an allowed case in which no fact can be left out."""
        kept: dict[Key, Case] = {}
        for opening in self.openings:
            case = self.pruned(self.oracle.case(opening.stated))
            kept.setdefault(key_of(case), case)
        return tuple(kept.values())

    def pruned(self, case: Case) -> Case:
        """`case` without each fact that its verdict does not need."""
        verdict = self.oracle.verdict(case)
        stated = case.stated
        for name in reversed(list(stated)):
            fewer = {other: value for other, value in stated.items() if other != name}
            if self.oracle.verdict_of(fewer) == verdict:
                stated = fewer
        return self.oracle.case(stated)

    def cases(self) -> Iterator[Case]:
        """Every directed case once."""
        seen: set[Key] = set()
        for case in self._cases():
            key = key_of(case)
            if key not in seen:
                seen.add(key)
                yield case

    def _cases(self) -> Iterator[Case]:
        yield Case({}, {})
        for small in self.smallest:
            yield small
            yield from (self._without(small.stated, name) for name in small.stated)
        first: set[str] = set()
        for opening in (*self.openings, *self.refusals):
            yield self.oracle.case(opening.stated)
            aim: Iterable[str] = opening.aim
            if opening.allowed and opening.address not in first:
                first.add(opening.address)
                aim = self.oracle.facts_read
            for name in aim:
                yield from self.varied(opening.stated, name)

    def _without(self, stated: Statements, name: str) -> Case:
        return self.oracle.case({other: value for other, value in stated.items() if other != name})

    def varied(self, stated: Statements, name: str) -> Iterator[Case]:
        """Every case that differs from `stated` in the fact `name` alone."""
        if name in stated:
            yield self._without(stated, name)
        for value in self.values(name, stated):
            if stated.get(name) != value:
                yield self.oracle.case({**stated, name: value})

    def values(self, name: str, stated: Statements) -> tuple[FactValue, ...]:
        """The values of a fact worth trying beside `stated`: all there are, or those at the bounds that rules name."""
        fact = self.oracle.edition.facts[name]
        if fact.type == "bool":
            return (True, False)
        if fact.type == "enum":
            return fact.values
        plain = plain_value(fact, self.oracle.edition.as_of)
        return tuple(dict.fromkeys((plain, *self._bounds.get(name, ()), *self._clock(name, stated))))

    def _clock(self, name: str, stated: Statements) -> Iterator[date]:
        for start, end, days in self._spans:
            for step in (0, 1, -1):
                span = timedelta(days=days + step)
                begun, ended = stated.get(start), stated.get(end)
                try:
                    if name == end and isinstance(begun, date):
                        yield begun + span
                    elif name == start and isinstance(ended, date):
                        yield ended - span
                except OverflowError:
                    continue

    def twins(self) -> Iterator[Twin]:
        """Pairs of cases one fact apart, of which the book allows one."""
        for opening in self.openings:
            allowed = self.oracle.case(opening.stated)
            for name in opening.aim:
                for other in self.varied(opening.stated, name):
                    if self.oracle.verdict(other) in ("deny", "open"):
                        yield Twin(allowed, other, name, self._why(allowed, other, name))

    def _why(self, allowed: Case, refused: Case, name: str) -> str:
        apart = self.oracle.apart(allowed, refused)
        return next((place.address for place in apart if name in facts_in(place.expr)), apart[0].address)

    def _ways_through(self, number: int) -> Iterator[Opening]:
        gateway = self.oracle.edition.gateways[number]
        opened = self.oracle.opening(gateway)
        address = gateway.rule.address
        yield from self._settled([], (), gateway, address, True, facts_in(opened))
        for goal, siblings in choices(opened, True):
            yield from self._settled([goal], siblings, gateway, address, True, facts_in(goal[0]))

    def _ways_to_refuse(self, place: Place, number: int) -> Iterator[Opening]:
        gateway = self.oracle.edition.gateways[number]
        want = place.role == "bar"
        if place.role == "bar" and "#" in place.address:
            return
        others = [goal for goal in self._requirements(gateway) if goal[0] != place.expr]
        aim = facts_in(place.expr)
        yield from self._settled([(place.expr, want), *others], (), gateway, place.address, False, aim)
        for goal, siblings in choices(place.expr, want):
            goals = [goal, (place.expr, want), *others]
            yield from self._settled(goals, siblings, gateway, place.address, False, facts_in(goal[0]))

    def _requirements(self, gateway: EditionGateway) -> Iterator[Goal]:
        edition = self.oracle.edition
        yield from ((edition.case_points[index].expr, True) for index in gateway.elements)
        yield AnyOf(tuple(edition.item_points[index].expr for index in gateway.grounds)), True
        yield from ((self.oracle.standing(edition.bars[index]), False) for index in gateway.bars)

    def _settled(
        self,
        goals: list[Goal],
        siblings: tuple[Goal, ...],
        gateway: EditionGateway,
        address: str,
        allowed: bool,
        aim: frozenset[str],
    ) -> Iterator[Opening]:
        """The case that reaches `goals`, all other gateways closed and every fact stated; none where there is none."""
        wanted = [(self.oracle.forbidden, True), *goals]
        if allowed:
            wanted.append((self.oracle.opening(gateway), True))
        reached = self._maker.reach(wanted)
        if reached is None:
            return
        others = [other for other in self.oracle.edition.gateways if other is not gateway or not allowed]
        closed = [(self.oracle.opening(other), False) for other in others]
        stated = self._maker.reach_if_possible([*siblings, *closed], reached)
        for name, fact in self.oracle.facts_read.items():
            stated.setdefault(name, plain_value(fact, self.oracle.edition.as_of))
        if (self.oracle.verdict_of(stated) == "allow") is allowed:
            yield Opening(stated, address, allowed, aim)

    def near(self, address: str) -> tuple[Case, ...]:
        """Cases in which what stands at `address` decides: met, not met and missing, with each of its bounds."""
        place = self.oracle.place(address)
        found: dict[Key, Case] = {}
        reads = facts_in(place.expr)
        for number in place.gateways:
            gateway = self.oracle.edition.gateways[number]
            for opening in self._around(place, gateway):
                for case in (
                    self.oracle.case(opening.stated),
                    *(case for name in opening.aim & reads for case in self.varied(opening.stated, name)),
                ):
                    found.setdefault(key_of(case), case)
        return tuple(found.values())

    def _around(self, place: Place, gateway: EditionGateway) -> Iterator[Opening]:
        reads = facts_in(place.expr)
        for want in (True, False):
            goal: Goal = (place.expr, want)
            for allowed in (True, False):
                yield from self._settled([goal], (), gateway, place.address, allowed, reads)
            for part, siblings in choices(place.expr, want):
                yield from self._settled([part, goal], siblings, gateway, place.address, True, facts_in(part[0]))


def key_of(case: Case) -> Key:
    """What makes two cases the same."""
    return frozenset(case.stated.items())
