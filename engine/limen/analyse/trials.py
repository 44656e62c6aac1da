"""Trials: cases with the verdicts expected of them, held against the law point by point.

A scenario is one trial per profile it expects something of. Readings stand as facts in the law of a day, so that one
set of points serves every profile, and a change of one point is felt without deciding the whole case again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from limen.analyse.turning import Spot, Turning
from limen.decide.compiled import Compiled, compile_edition
from limen.decide.findings import ItemFindings
from limen.decide.reference import truth
from limen.law.book import Book
from limen.law.closing import Closing, reading_fact
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition, Point
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.node import Node
from limen.law.open_edition import OpenEdition, make_open_edition
from limen.law.period import ALWAYS
from limen.law.tree import All, AnyOf, Expr, Literal, Not, facts_in
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue


@dataclass(frozen=True, slots=True)
class Joint:
    """What is expected when all profiles are asked together. `id` is that of the scenario."""

    id: str
    items: Mapping[str, str]
    disposition: str | None

    def passes(self, items: Sequence[str], verdicts: Sequence[Sequence[str]]) -> bool:
        """Whether these verdicts (of each profile, on each of `items`) are together as expected."""
        for item, said in zip(items, zip(*verdicts, strict=True), strict=True):
            together = said[0] if len(set(said)) == 1 else "readings_differ"
            if self.items.get(item, together) != together:
                return False
        differ = any(tuple(one) != tuple(verdicts[0]) for one in verdicts)
        disposition = "readings_differ" if differ else disposition_of(verdicts[0])
        return self.disposition is None or self.disposition == disposition


@dataclass(frozen=True, slots=True)
class Trial:
    """One case under one choice of readings, and what is expected of it.

    `items` are the verdicts expected, `disposition` what is expected of the whole; what is not said is not checked.
    `profile` names the choice for people. Trials with the same `joint` are heard together: what it expects, it expects
    of all of them.
    """

    id: str
    facts: CaseFacts
    as_of: date
    profile: str
    choices: Mapping[str, str]
    items: Mapping[str, str]
    disposition: str | None = None
    joint: Joint | None = None

    def passes(self, verdicts: Sequence[str]) -> bool:
        """Whether these verdicts are as expected."""
        named = zip(self.facts.items, verdicts, strict=True)
        if any(item.id in self.items and self.items[item.id] != verdict for item, verdict in named):
            return False
        return self.disposition is None or self.disposition == disposition_of(verdicts)


def disposition_of(verdicts: Sequence[str]) -> str:
    """The disposition that one profile's verdicts come to."""
    if verdicts and all(verdict == "allow" for verdict in verdicts):
        return "release"
    return "more_needed" if "open" in verdicts else "withhold"


class Law:
    """The law of one day with readings as facts."""

    def __init__(self, book: Book, as_of: date) -> None:
        self.book = book
        self.as_of = as_of
        self.open: OpenEdition = make_open_edition(book, as_of)
        self.edition: Edition = self.open.edition

    @cached_property
    def evaluator(self) -> Compiled:
        """The generated evaluator of the day."""
        return compile_edition(self.edition)

    @cached_property
    def turning(self) -> Turning:
        """What verdicts of the day turn on."""
        return Turning(self.edition)

    def stated(self, facts: CaseFacts, choices: Mapping[str, str]) -> CaseFacts:
        """`facts` with what each reading comes to stated beside them, those asked per item with the item."""
        case: dict[str, FactValue] = dict(facts.facts)
        for address in self.open.order:
            if address not in self.open.per_item:
                _put(case, address, truth(self.open.meanings[address][choices[address]], case))
        items = []
        for item in facts.items:
            own: dict[str, FactValue] = dict(item.facts)
            for address in self.open.order:
                if address in self.open.per_item:
                    _put(own, address, truth(self.open.meanings[address][choices[address]], {**case, **own}))
            items.append(ItemFacts(item.id, own))
        return CaseFacts(case, tuple(items))

    @cached_property
    def read_by_readings(self) -> frozenset[str]:
        """The readings that the meaning of another reading is built on."""
        return frozenset(
            address for address in self.open.meanings for meanings in self.open.meanings.values()
            for meaning in meanings.values() if reading_fact(address) in facts_in(meaning)
        )  # fmt: skip

    @cached_property
    def built_on_readings(self) -> frozenset[tuple[str, str]]:
        """The alternatives of readings whose meaning is built on another reading."""
        words = {reading_fact(address) for address in self.open.meanings}
        return frozenset(
            (address, id) for address, meanings in self.open.meanings.items()
            for id, meaning in meanings.items() if words & facts_in(meaning)
        )  # fmt: skip

    @cached_property
    def readers(self) -> Mapping[str, tuple[tuple[Spot, Expr], ...]]:
        """For each reading the points that read it."""
        found: dict[str, list[tuple[Spot, Expr]]] = {}
        for kind, points in (("case", self.edition.case_points), ("item", self.edition.item_points)):
            for index, point in enumerate(points):
                for address in self.open.meanings:
                    if reading_fact(address) in facts_in(point.expr):
                        found.setdefault(address, []).append(((kind, index), point.expr))
        return {address: tuple(spots) for address, spots in found.items()}

    def read_otherwise(
        self, facts: CaseFacts, stated: CaseFacts, choices: Mapping[str, str], reading: str, alternative: str
    ) -> CaseFacts:
        """`stated` (the facts under `choices`) with one reading chosen otherwise."""
        if reading in self.read_by_readings:
            return self.stated(facts, {**choices, reading: alternative})
        fact, meaning = reading_fact(reading), self.open.meanings[reading][alternative]
        if reading not in self.open.per_item:
            case = {name: value for name, value in stated.facts.items() if name != fact}
            _put(case, reading, truth(meaning, case))
            return CaseFacts(case, stated.items)
        items = []
        for item in stated.items:
            own = {name: value for name, value in item.facts.items() if name != fact}
            _put(own, reading, truth(meaning, {**stated.facts, **own}))
            items.append(ItemFacts(item.id, own))
        return CaseFacts(stated.facts, tuple(items))

    @cached_property
    def nodes(self) -> tuple[tuple[Node, Expr, str | None], ...]:
        """Every node in force, as it stands, with its closed meaning; and the alternative it is part of, if any."""
        closing = Closing(self.book.vocabulary, self.book.readings, None, self.as_of)
        found: list[tuple[Node, Expr, str | None]] = [
            (node, expr_of(node), None)
            for point in (*self.edition.case_points, *self.edition.item_points)
            for node in point.node.walk()
        ]
        for reading in self.book.readings.values():
            for alternative in reading.alternatives:
                closed = closing.close(replace(alternative.meaning, in_force=ALWAYS))
                if closed is not None:
                    name = f"{reading.address}:{alternative.id}"
                    found += [(node, expr_of(node), name) for node in closed.node.walk()]
        return tuple(found)

    @cached_property
    def _node_edition(self) -> Edition:
        points = tuple(Point(node.address, node, expr) for node, expr, _ in self.nodes)
        return replace(self.edition, case_points=(), item_points=points, prohibitions=(), bars=(), gateways=())

    def node_truths(self, stated: CaseFacts) -> tuple[tuple[Truth, ...], ...]:
        """Per item the truth of every node, in the order of `nodes`."""
        return tuple(item.points for item in self._node_evaluator.find(stated).items)

    @cached_property
    def _node_evaluator(self) -> Compiled:
        return compile_edition(self._node_edition)


def expr_of(node: Node) -> Expr:
    """The meaning of a closed node as one expression."""
    match node.op:
        case "all":
            return All(tuple(map(expr_of, node.children)))
        case "any":
            return AnyOf(tuple(map(expr_of, node.children)))
        case "none":
            return Not(AnyOf(tuple(map(expr_of, node.children))))
        case _:
            return node.test if node.test is not None else Literal(None)


def _put(into: dict[str, FactValue], address: str, result: Truth) -> None:
    if result is not None:
        into[reading_fact(address)] = result


@dataclass(frozen=True, slots=True)
class Heard:
    """One item of one trial as the law finds it: its findings, and the points on which its verdict turns.

    `turns_on` are the points of which some other truth value would by itself change the verdict.
    """

    trial: Trial
    item: int
    stated: Mapping[str, FactValue]
    case: tuple[Truth, ...]
    found: ItemFindings
    turns_on: frozenset[Spot]


class Docket:
    """All trials of a suite, heard once."""

    def __init__(self, book: Book, trials: Iterable[Trial]) -> None:
        self.book = book
        self.trials = tuple(trials)
        self._days = change_days(book)
        self._laws: dict[date, Law] = {}
        self._turning: dict[tuple[date, tuple[Truth, ...], ItemFindings], frozenset[Spot]] = {}

    def law(self, as_of: date) -> Law:
        """The law of the day, shared by all days on which it is the same."""
        day = unchanged_since(self._days, as_of)
        if day not in self._laws:
            self._laws[day] = Law(self.book, day)
        return self._laws[day]

    def hear(self, trial: Trial) -> tuple[Heard, ...]:
        """What the law finds of one trial, item by item."""
        return self.hear_stated(trial, self.law(trial.as_of).stated(trial.facts, trial.choices))

    def hear_stated(self, trial: Trial, stated: CaseFacts) -> tuple[Heard, ...]:
        """The same, where what the trial states is known, readings beside it."""
        law = self.law(trial.as_of)
        findings = law.evaluator.find(stated)
        return tuple(
            Heard(trial, number, {**stated.facts, **stated.items[number].facts}, findings.case, found,
                  self._turning_points(law, findings.case, found))
            for number, found in enumerate(findings.items)
        )  # fmt: skip

    def _turning_points(self, law: Law, case: tuple[Truth, ...], found: ItemFindings) -> frozenset[Spot]:
        key = (law.as_of, case, found)
        if key not in self._turning:
            self._turning[key] = law.turning.points(case, found)
        return self._turning[key]

    @cached_property
    def hearings(self) -> tuple[tuple[Heard, ...], ...]:
        """Every trial heard, in the order given."""
        return tuple(map(self.hear, self.trials))
