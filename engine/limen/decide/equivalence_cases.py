"""Cases and editions made by a seeded generator, near the places where evaluators could part.

Numbers and dates are drawn around the limits that the rules name, on both sides and exactly on them; any fact may be
missing. Beside the book's own editions there are random ones over the same vocabulary, whose trees nobody would write.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from limen.decide.equivalence_leaning import Leaning
from limen.law.edition import Edition, EditionBar, EditionGateway, Point
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.node import Node
from limen.law.tree import (
    COMPARISONS,
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
    walk,
)
from limen.law.vocabulary import Fact, FactValue

DAY = date(2025, 4, 7)
LEANING = 0.5
"""The share of cases that lean towards opening a gateway."""
_SPREAD = (-400, -91, -90, -89, -1, 0, 1, 30, 44, 45, 46, 89, 90, 91, 120, 400)


class CaseMaker:
    """Draws cases for one edition."""

    def __init__(self, edition: Edition, seed: int) -> None:
        self._draw = random.Random(seed)
        self._facts = edition.facts
        self._days = [DAY + timedelta(days=step) for step in _SPREAD]
        self._numbers: dict[str, list[int]] = {}
        self._leaning = Leaning(edition, self._draw, self._value)
        for point in (*edition.case_points, *edition.item_points):
            for part in walk(point.expr):
                match part:
                    case Compare(Number(fact), _, int() as bound):
                        self._numbers.setdefault(fact, []).extend((bound - 1, bound, bound + 1))
                    case Compare(Number(), _, date() as day):
                        self._days += [day + timedelta(days=step) for step in (-1, 0, 1)]
                    case Compare(DaysBetween(), _, int() as days):
                        self._days += [DAY + timedelta(days=days + step) for step in (-1, 0, 1)]

    def cases(self, count: int) -> list[CaseFacts]:
        """`count` cases, each with its own share of facts that nobody stated."""
        return [self._case() for _ in range(count)]

    def _case(self) -> CaseFacts:
        leaning = self._leaning.facts() if self._draw.random() < LEANING else {}
        silent = self._draw.choice((0.0, 0.02, 0.1) if leaning else (0.0, 0.02, 0.1, 0.3, 0.7))
        items = self._draw.choice((1, 1, 1, 2, 3))
        return CaseFacts(
            self._stated(silent, False, leaning),
            tuple(ItemFacts(f"item-{n}", self._stated(silent, True, leaning)) for n in range(items)),
        )

    def _stated(self, silent: float, per_item: bool, leaning: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
        stated: dict[str, FactValue] = {}
        for name, fact in self._facts.items():
            if fact.per_item is per_item:
                if name in leaning:
                    stated[name] = leaning[name]
                elif self._draw.random() >= silent:
                    stated[name] = self._value(fact)
        return stated

    def _value(self, fact: Fact) -> FactValue:
        match fact.type:
            case "bool":
                return self._draw.random() < 0.6
            case "enum":
                return self._draw.choice(fact.values)
            case "date":
                return self._draw.choice(self._days)
            case "int":
                near = self._numbers.get(fact.name, [0, 1, 2])
                low = fact.minimum if fact.minimum is not None else min(near)
                return max(low, self._draw.choice(near))


def random_edition(book: Edition, seed: int) -> Edition:
    """An edition over the facts of `book` with random points, bars and gateways."""
    draw = random.Random(seed)
    trees = _Trees(book.facts, draw)
    case = [_point(n, trees.expr(False, 4)) for n in range(draw.randint(3, 9))]
    item = [_point(n, trees.expr(True, 4)) for n in range(draw.randint(3, 7))]

    def some(of: Sequence[object], most: int) -> tuple[int, ...]:
        return tuple(draw.sample(range(len(of)), min(len(of), draw.randint(0, most))))

    bars: list[EditionBar] = []
    for rule in book.bars[: draw.randint(0, 3)]:
        bars.append(EditionBar(rule.rule, some(item, 3), some(bars, 1)))
    gateways = tuple(
        EditionGateway(gateway.rule, some(case, 4), some(item, 2), some(bars, 2), ())
        for gateway in book.gateways[: draw.randint(1, 6)]
    )
    general = book.prohibitions[0][0]
    places = [draw.choices(range(len(item)), k=2) for _ in range(draw.randint(1, 2))]
    return replace(
        book,
        profile=f"random {seed}",
        case_points=tuple(case),
        item_points=tuple(item),
        prohibitions=tuple((general, applies, forbids) for applies, forbids in places),
        bars=tuple(bars),
        gateways=gateways,
        digest=f"random {seed}",
    )


def _point(number: int, expr: Expr) -> Point:
    address = f"random#{number}"
    return Point(address, Node(address=address, id=f"n{number}", op="test", test=expr), expr)


class _Trees:
    """Draws expressions over some facts."""

    def __init__(self, facts: Mapping[str, Fact], draw: random.Random) -> None:
        self._draw = draw
        self._by_type = {
            (kind, items): [f for f in facts.values() if f.type == kind and (items or not f.per_item)]
            for kind in ("bool", "enum", "int", "date")
            for items in (False, True)
        }

    def expr(self, items: bool, depth: int) -> Expr:
        draw = self._draw
        if depth == 0 or draw.random() < 0.3:
            return self._atom(items)
        match draw.choice(("not", "all", "any", "all", "any")):
            case "not":
                return Not(self.expr(items, depth - 1))
            case "all":
                return All(tuple(self.expr(items, depth - 1) for _ in range(draw.randint(0, 3))))
            case _:
                return AnyOf(tuple(self.expr(items, depth - 1) for _ in range(draw.randint(0, 3))))

    def _atom(self, items: bool) -> Expr:
        draw = self._draw
        kinds = [kind for kind in ("bool", "enum", "int", "date") if self._by_type[kind, items]]
        kind = draw.choice([*kinds, "literal", "known"])
        match kind:
            case "literal":
                return Literal(draw.choice((True, False, None)))
            case "known":
                return Known(draw.choice(self._by_type[draw.choice(kinds), items]).name)
        fact = draw.choice(self._by_type[kind, items])
        op = draw.choice(COMPARISONS)
        match kind:
            case "bool":
                return BoolFact(fact.name)
            case "enum":
                return Member(fact.name, tuple(sorted(draw.sample(fact.values, draw.randint(1, len(fact.values))))))
            case "int":
                return Compare(Number(fact.name), op, draw.randint(-1, 3))
        if draw.random() < 0.5:
            return Compare(Number(fact.name), op, DAY + timedelta(days=draw.choice(_SPREAD)))
        other = draw.choice(self._by_type["date", items])
        return Compare(DaysBetween(fact.name, other.name), op, draw.choice(_SPREAD))
