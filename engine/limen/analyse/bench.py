"""One case on the bench: the editions it is asked under, evaluators for what is, formulas for what could be.

Several profiles asked together answer as a decision does: an item is released only where every one of them allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from limen.decide.compiled import Compiled, compile_edition
from limen.law.book import Book
from limen.law.citation import Citation
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import make_edition
from limen.law.node import Node
from limen.law.profiles import usable_profiles
from limen.law.rules import Bar, Gateway, Prohibition
from limen.law.tree import Compare, DaysBetween, Number, Parameter, facts_in, walk
from limen.law.vocabulary import Fact, FactValue

if TYPE_CHECKING:
    from limen.analyse.pair import Pair
    from limen.decide.exact import Fold, Settled
    from limen.decide.exact_rails import Formula

Spot = tuple[str, str | None]
"""A fact of a case, or of one item: the name of the fact, and the item or `None`."""


def put(facts: CaseFacts, changes: Mapping[Spot, FactValue | None]) -> CaseFacts:
    """`facts` with some of them stated otherwise; `None` takes a fact away."""
    case = dict(facts.facts)
    items = {item.id: dict(item.facts) for item in facts.items}
    for (name, item), value in changes.items():
        into = case if item is None else items[item]
        if value is None:
            into.pop(name, None)
        else:
            into[name] = value
    return CaseFacts(case, tuple(ItemFacts(id, stated) for id, stated in items.items()))


def get(facts: CaseFacts, spot: Spot) -> FactValue | None:
    """What `facts` state at one spot; `None` if nobody has stated it."""
    name, item = spot
    if item is None:
        return facts.facts.get(name)
    return next((one.facts.get(name) for one in facts.items if one.id == item), None)


@dataclass(frozen=True)
class Bench:
    """The editions of one day under which a case is asked; what is made for one question serves the next."""

    editions: tuple[Edition, ...]

    @classmethod
    def of(cls, book: Book, profile: str | None, as_of: date, known_at: date | None = None) -> Bench:
        """For `profile`, or for every usable profile. Raises `EditionError`."""
        names = [profile] if profile else [one.id for one in usable_profiles(book, known_at)]
        return cls(tuple(make_edition(book, name, as_of, known_at) for name in names))

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The vocabulary."""
        return self.editions[0].facts

    @cached_property
    def evaluators(self) -> tuple[Compiled, ...]:
        """One generated evaluator per edition."""
        return tuple(map(compile_edition, self.editions))

    @cached_property
    def read(self) -> frozenset[str]:
        """The facts that some point reads."""
        return frozenset().union(*(facts_in(p.expr) for e in self.editions for p in (*e.case_points, *e.item_points)))

    @cached_property
    def curable(self) -> frozenset[str]:
        """The facts that a requester can mend: those an element reads that the book calls curable."""
        found: set[str] = set()
        for edition in self.editions:
            for point in edition.case_points:
                found |= _facts_under(point.node, False)
        return frozenset(name for name in found if not self.is_authoritys(name))

    def is_authoritys(self, name: str) -> bool:
        """Whether only the authority knows this fact."""
        fact = self.facts[name]
        return fact.authority_side or fact.sensitive

    def verdicts(self, facts: CaseFacts) -> tuple[str, ...]:
        """One verdict per item: what every edition says, or `readings_differ`."""
        asked = [tuple(i.verdict for i in evaluator.find(facts).items) for evaluator in self.evaluators]
        return tuple(said[0] if len(set(said)) == 1 else "readings_differ" for said in zip(*asked, strict=True))

    def open_gateways(self, facts: CaseFacts, item: int) -> tuple[str, ...]:
        """The gateways that are open for one item in every edition, in the order of the book."""
        sets = []
        for evaluator in self.evaluators:
            found = evaluator.find(facts).items[item].gateways
            named = zip(evaluator.edition.gateways, found, strict=True)
            sets.append([gateway.rule.address for gateway, opened in named if opened is True])
        return tuple(address for address in sets[0] if all(address in other for other in sets[1:]))

    def spots(self, facts: CaseFacts) -> tuple[Spot, ...]:
        """Every fact that bears on the case, those of each item apart."""
        return tuple(
            (name, item)
            for name, fact in self.facts.items()
            if name in self.read
            for item in ((one.id for one in facts.items) if fact.per_item else (None,))
        )

    def candidates(self, spot: Spot, facts: CaseFacts) -> tuple[FactValue, ...]:
        """Values worth trying at a spot: all of a bool or enum; of a number those beside each bound it is held to."""
        fact = self.facts[spot[0]]
        if fact.type == "bool":
            return (True, False)
        if fact.type == "enum":
            return fact.values
        numbers = sorted({bound + step for bound in self._bounds(spot, facts) for step in (-1, 0, 1)})
        if fact.type == "date":
            return tuple(date.fromordinal(number) for number in numbers if 0 < number <= date.max.toordinal())
        low = 0 if fact.minimum is None else fact.minimum
        return tuple(n for n in numbers if n >= low and (fact.maximum is None or n <= fact.maximum))

    def _bounds(self, spot: Spot, facts: CaseFacts) -> Iterable[int]:
        """The numbers (days as day numbers) at which a test of this fact changes its answer."""
        name, item = spot

        def stated(other: str) -> int | None:
            value = get(facts, (other, item if self.facts[other].per_item else None))
            return value.toordinal() if isinstance(value, date) else None

        for test in self.comparisons:
            if isinstance(test.value, Parameter):
                continue
            bound = test.value.toordinal() if isinstance(test.value, date) else test.value
            match test.term:
                case Number(fact) if fact == name:
                    yield bound
                case DaysBetween(start, end) if name == start and (known := stated(end)) is not None:
                    yield known - bound
                case DaysBetween(start, end) if name == end and (known := stated(start)) is not None:
                    yield known + bound

    @cached_property
    def comparisons(self) -> tuple[Compare, ...]:
        """Every comparison of a number or a date in the law."""
        found: dict[Compare, None] = {}
        for edition in self.editions:
            for point in (*edition.case_points, *edition.item_points):
                found |= {part: None for part in walk(point.expr) if isinstance(part, Compare)}
        return tuple(found)

    @cached_property
    def pair(self) -> Pair:
        """Two cases of one item, to see whether a fact makes the difference; made when it is first asked for."""
        from limen.analyse.pair import Pair

        return Pair(self.facts, self.editions)

    def settled(self, fold: Fold) -> tuple[Settled, ...]:
        """When which verdict, per edition, over the variables of `fold`."""
        from limen.decide.exact import ExactItem

        return tuple(ExactItem(edition, fold).settled for edition in self.editions)


def released(settled: Sequence[Settled]) -> Formula:
    """When every edition allows the item."""
    from limen.decide.exact_rails import every

    return every(one.allow for one in settled)


def withheld(settled: Sequence[Settled]) -> Formula:
    """When some edition settles that the item is withheld."""
    from limen.decide.exact_rails import some

    return some(one.deny for one in settled)


def rule_cite(edition: Edition, address: str) -> Citation | None:
    """The citation of a rule in force."""
    rules: tuple[Prohibition | Gateway | Bar, ...] = (
        *(rule for rule, _, _ in edition.prohibitions),
        *(gateway.rule for gateway in edition.gateways),
        *(bar.rule for bar in edition.bars),
    )
    return next((rule.cite for rule in rules if rule.address == address), None)


def _facts_under(node: Node, curable: bool) -> set[str]:
    curable = curable or node.curable
    found: set[str] = set()
    if curable and node.test is not None:
        found |= facts_in(node.test)
    for child in node.children:
        found |= _facts_under(child, curable)
    return found
