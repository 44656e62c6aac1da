"""Editions small enough to read in a test, and Hypothesis strategies for wilder ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

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
from limen.law.vocabulary import Fact, FactValue

CITE = Citation("assumed", document="A statute made up for the tests")
TRUE = Literal(True)


def fact(name: str, type: str, values: Sequence[str] = (), per_item: bool = False) -> Fact:
    return Fact(name, type, f"What is {name}?", None, tuple(values), per_item=per_item)


FACTS = {
    one.name: one
    for one in (
        fact("requester.in_writing", "bool"),
        fact("order.granted", "bool"),
        fact("matter.open", "bool"),
        fact("requester.office", "enum", ("agency_head", "delegate", "inspector_general", "other")),
        fact("match.grade", "enum", ("exact", "strong", "none")),
        fact("matters.named_in", "int"),
        fact("matter.opened", "date"),
        fact("order.final", "date"),
        fact("item.kind", "enum", ("mailing_address", "reported_amount"), per_item=True),
        fact("item.from_taxpayer", "bool", per_item=True),
    )
}
DAYS = st.dates(date(2025, 3, 1), date(2025, 3, 12))


def point(address: str, expr: Expr) -> Point:
    return Point(address, Node(address, address, "test", test=expr, cite=CITE), expr)


def edition(
    elements: Sequence[Expr],
    grounds: Sequence[Expr] = (TRUE,),
    bars: Sequence[tuple[Expr, tuple[int, ...]]] = (),
    *,
    forbids: Expr = TRUE,
    facts: Mapping[str, Fact] = FACTS,
) -> Edition:
    """One gateway with these elements and grounds, under bars given as (condition, indexes of bars over it)."""
    items = [point("test.a#applies_when", TRUE), point("test.a#forbids", forbids)]
    items += [point(f"test.g#ground_{number}", expr) for number, expr in enumerate(grounds)]
    items += [point(f"test.bar.{number}#it", expr) for number, (expr, _) in enumerate(bars)]
    prohibition = Prohibition("test.a", "The rule", CITE, ALWAYS, items[0].node, items[1].node, "No.")
    gateway = Gateway("test.g", "The gateway", CITE, ALWAYS, "must", (), (), "Withheld.")
    case = tuple(point(f"test.g#element_{number}", expr) for number, expr in enumerate(elements))
    first_bar = 2 + len(grounds)
    return Edition(
        book_name="made up",
        book_version="0",
        book_digest="0" * 64,
        profile="the_only_one",
        as_of=date(2025, 6, 1),
        choices={},
        facts=facts,
        case_points=case,
        item_points=tuple(items),
        prohibitions=((prohibition, 0, 1),),
        bars=tuple(
            EditionBar(
                Bar(f"test.bar.{number}", "A bar", CITE, ALWAYS, ("test.g",), (), "Barred.", "Perhaps barred."),
                (first_bar + number,),
                over,
            )
            for number, (_, over) in enumerate(bars)
        ),
        gateways=(
            EditionGateway(
                gateway, tuple(range(len(case))), tuple(range(2, 2 + len(grounds))), tuple(range(len(bars))), ()
            ),
        ),
        digest=hashlib.sha256(repr((case, items, [over for _, over in bars])).encode()).hexdigest(),
    )


def atoms(facts: Mapping[str, Fact] = FACTS) -> st.SearchStrategy[Expr]:
    """Every kind of test on `facts`."""
    kinds = {
        kind: sorted(one.name for one in facts.values() if one.type == kind) for kind in ("bool", "enum", "int", "date")
    }
    bounds = st.integers(-12, 12)
    return st.one_of(
        st.sampled_from([Literal(True), Literal(False), Literal(None)]),
        st.sampled_from(kinds["bool"]).map(BoolFact),
        st.sampled_from(sorted(facts)).map(Known),
        st.sampled_from(kinds["enum"]).flatmap(
            lambda name: st.sets(st.sampled_from(facts[name].values), min_size=1).map(
                lambda values: Member(name, tuple(sorted(values)))
            )
        ),
        st.builds(Compare, st.sampled_from(kinds["int"]).map(Number), st.sampled_from(COMPARISONS), bounds),
        st.builds(Compare, st.sampled_from(kinds["date"]).map(Number), st.sampled_from(COMPARISONS), DAYS),
        st.builds(
            Compare,
            st.builds(DaysBetween, st.sampled_from(kinds["date"]), st.sampled_from(kinds["date"])),
            st.sampled_from(COMPARISONS),
            bounds,
        ),
    )


def exprs(facts: Mapping[str, Fact] = FACTS, leaves: int = 12) -> st.SearchStrategy[Expr]:
    """Closed expressions of any shape."""
    return st.recursive(
        atoms(facts),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, max_size=4).map(lambda parts: All(tuple(parts))),
            st.lists(inner, max_size=4).map(lambda parts: AnyOf(tuple(parts))),
        ),
        max_leaves=leaves,
    )


def values(one: Fact) -> st.SearchStrategy[FactValue]:
    match one.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(one.values)
        case "int":
            return st.integers(-12, 12)
        case _:
            return DAYS


def stated(facts: Mapping[str, Fact]) -> st.SearchStrategy[dict[str, FactValue]]:
    return st.fixed_dictionaries({}, optional={name: values(one) for name, one in facts.items()})


@st.composite
def small_editions(draw: st.DrawFn) -> Edition:
    on_case = exprs({name: one for name, one in FACTS.items() if not one.per_item})
    bars = [
        (draw(exprs()), tuple(sorted(draw(st.sets(st.integers(0, number - 1), max_size=number))) if number else ()))
        for number in range(draw(st.integers(0, 3)))
    ]
    return edition(
        draw(st.lists(on_case, max_size=5)), draw(st.lists(exprs(), max_size=3)), bars, forbids=draw(exprs())
    )


@st.composite
def small_cases(draw: st.DrawFn) -> CaseFacts:
    of_case = {name: one for name, one in FACTS.items() if not one.per_item}
    of_item = {name: one for name, one in FACTS.items() if one.per_item}
    items = draw(st.lists(stated(of_item), max_size=4))
    return CaseFacts(
        draw(stated(of_case)), tuple(ItemFacts(f"item_{number}", facts) for number, facts in enumerate(items))
    )


def shift(day: date, days: int) -> date:
    return day + timedelta(days=days)
