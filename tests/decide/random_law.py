"""Editions and cases made at random, straight from the tree: more shapes than a rule file would be allowed."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from limen.law.citation import Citation
from limen.law.edition import Edition, EditionBar, EditionGateway, Point
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.node import Node
from limen.law.period import ALWAYS
from limen.law.rules import Bar, Gateway, Prohibition
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
)
from limen.law.vocabulary import Fact

CITE = Citation("assumed", document="made at random")
OFFICES = ("head", "inspector", "officer's clerk", 'quote " and \\ slash')


def _fact(name: str, type: str, per_item: bool = False, values: tuple[str, ...] = ()) -> Fact:
    return Fact(name=name, type=type, ask=f"What of {name}?", source=None, values=values, per_item=per_item)  # type: ignore[arg-type]


FACTS = {
    fact.name: fact
    for fact in (
        *(_fact(f"case.flag_{n}", "bool") for n in range(4)),
        *(_fact(f"case.office_{n}", "enum", values=OFFICES) for n in range(2)),
        *(_fact(f"case.count_{n}", "int") for n in range(2)),
        *(_fact(f"case.day_{n}", "date") for n in range(2)),
        *(_fact(f"item.flag_{n}", "bool", per_item=True) for n in range(2)),
        _fact("item.kind", "enum", per_item=True, values=OFFICES),
        _fact("item.day", "date", per_item=True),
    )
}
DAYS = st.sampled_from([date(2024, 2, 29), date(2025, 4, 7), date(2025, 11, 21), date(1999, 12, 31)])
COUNTS = st.integers(-2, 3)
VALUES = {"bool": st.booleans(), "enum": st.sampled_from(OFFICES), "int": COUNTS, "date": DAYS}


# Strategies are made once: Hypothesis looks through each new one, which takes longer than drawing from it.
@cache
def _names(type: str, items: bool) -> st.SearchStrategy[str]:
    return st.sampled_from([f.name for f in FACTS.values() if f.type == type and (items or not f.per_item)])


@cache
def expressions(items: bool) -> st.SearchStrategy[Expr]:
    """Expressions over the case's facts, and the item's too where `items`."""
    members = st.builds(
        Member,
        _names("enum", items),
        st.sets(st.sampled_from(OFFICES), min_size=1).map(lambda values: tuple(sorted(values))),
    )
    op = st.sampled_from(COMPARISONS)
    counts = st.builds(Compare, st.builds(Number, _names("int", items)), op, COUNTS)
    days = st.builds(Compare, st.builds(Number, _names("date", items)), op, DAYS)
    spans = st.builds(
        Compare, st.builds(DaysBetween, _names("date", items), _names("date", items)), op, st.integers(-400, 400)
    )
    atoms = st.one_of(
        st.builds(Literal, st.sampled_from([True, False, None])),
        st.builds(BoolFact, _names("bool", items)),
        members,
        counts,
        days,
        spans,
        st.builds(Known, st.sampled_from([f.name for f in FACTS.values() if items or not f.per_item])),
    )
    parts = lambda inner: st.lists(inner, max_size=3).map(tuple)  # noqa: E731
    return st.recursive(
        atoms,
        lambda inner: st.one_of(st.builds(Not, inner), st.builds(All, parts(inner)), st.builds(AnyOf, parts(inner))),
        max_leaves=8,
    )


def _point(number: int, expr: Expr, where: str) -> Point:
    address = f"test#{where}_{number}"
    return Point(address, Node(address=address, id=f"{where}_{number}", op="test", label=address, test=expr), expr)


@cache
def _points(items: bool, fewest: int) -> st.SearchStrategy[list[Expr]]:
    return st.lists(expressions(items), min_size=fewest, max_size=6)


@cache
def _one_of(count: int) -> st.SearchStrategy[int]:
    return st.sampled_from(range(count))


@cache
def _some_of(count: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Up to `most` of the first `count` numbers, in any order."""
    return st.lists(_one_of(count), max_size=most, unique=True).map(tuple)


@cache
def _few_of(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Up to two of the first `count` numbers, sorted; none of none."""
    return st.sets(_one_of(count), max_size=2).map(sorted).map(tuple) if count else st.just(())


@cache
def _sides(count: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(_one_of(count), _one_of(count)), min_size=1, max_size=2)


_EFFECTS = st.sampled_from(["must", "may"])


@st.composite
def editions(draw: st.DrawFn, max_gateways: int = 4) -> Edition:
    """A whole edition: points, prohibitions, bars that lift bars, and gateways, some without elements or grounds."""
    case = draw(_points(items=False, fewest=1))
    item = draw(_points(items=True, fewest=2))
    some_case, some_item = _some_of(len(case), 4), _some_of(len(item), 3)
    prohibitions = draw(_sides(len(item)))
    bars: list[EditionBar] = []
    for number in range(draw(st.integers(0, 3))):
        rule = Bar(f"bar.{number}", "Bar", CITE, ALWAYS, (), (), "It stands.", "It may stand.")
        bars.append(EditionBar(rule, draw(some_item), draw(_few_of(number))))
    gateways = []
    for number in range(draw(st.integers(0, max_gateways))):
        rule = Gateway(f"gate.{number}", "Gateway", CITE, ALWAYS, draw(_EFFECTS), (), (), "No.")
        gateways.append(EditionGateway(rule, draw(some_case), draw(some_item), draw(_few_of(len(bars))), ()))
    return Edition(
        book_name="random",
        book_version="1",
        book_digest="0",
        profile="random",
        as_of=date(2025, 11, 21),
        choices={},
        facts=FACTS,
        case_points=tuple(_point(n, expr, "case") for n, expr in enumerate(case)),
        item_points=tuple(_point(n, expr, "item") for n, expr in enumerate(item)),
        prohibitions=tuple((_prohibition(n, item[a], item[b]), a, b) for n, (a, b) in enumerate(prohibitions)),
        bars=tuple(bars),
        gateways=tuple(gateways),
        digest="0",
    )


def _prohibition(number: int, applies: Expr, forbids: Expr) -> Prohibition:
    address = f"general.{number}"
    sides = [Node(address=f"{address}#{side}", id=side, op="test", test=test)
             for side, test in (("applies_when", applies), ("forbids", forbids))]  # fmt: skip
    return Prohibition(address, "The general rule", CITE, ALWAYS, sides[0], sides[1], "No.")


@cache
def _stated(per_item: bool) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {}, optional={f.name: VALUES[f.type] for f in FACTS.values() if f.per_item is per_item}
    )


@cache
def cases() -> st.SearchStrategy[CaseFacts]:
    """Cases of up to three items; any fact may be missing."""
    return st.builds(
        lambda case, items: CaseFacts(case, tuple(ItemFacts(f"item {n}", facts) for n, facts in enumerate(items))),
        _stated(False),
        st.lists(_stated(True), min_size=1, max_size=3),
    )


@cache
def strange_cases() -> st.SearchStrategy[CaseFacts]:
    """Cases whose values are of any type, as no request could state them."""
    anything = st.one_of(st.booleans(), st.sampled_from(OFFICES), st.none(), st.just(""), st.just(1))
    safe = {name: anything for name, fact in FACTS.items() if fact.type in ("bool", "enum")}
    strange = lambda per_item: st.fixed_dictionaries(  # noqa: E731
        {}, optional={name: values for name, values in safe.items() if FACTS[name].per_item is per_item}
    )
    return st.builds(lambda case, item: CaseFacts(case, (ItemFacts("item 0", item),)), strange(False), strange(True))
