"""Tests made at random, of a vocabulary of bool, enum, int and date facts, a definition or two and two parameters.

Atoms come from tables: there are only so many of them, so each is made once and shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

from limen.law.tree import (
    COMPARISONS,
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact
from limen.testing.made_choices import Choices
from limen.testing.made_forms import A_TEST, ANOTHER_TEST, Form, Made, made

DAYS = (
    date(1999, 12, 31),
    date(2016, 6, 30),
    date(2024, 2, 29),
    date(2025, 4, 7),
    date(2025, 11, 21),
    date(2026, 2, 24),
)
NUMBERS = (-1, 0, 1, 89, 90, 91, 120)

CASE_FACTS: dict[str, dict[str, Any]] = {
    "request.in_writing": {"type": "bool", "ask": "Is it in writing?"},
    "request.names_taxpayer": {"type": "bool", "ask": "Does it name the taxpayer?"},
    "requester.office": {"type": "enum", "of": ["head", "inspector", "clerk"], "ask": "Who signed?"},
    "request.address": {"type": "enum", "of": ["complete", "partial", "none"], "ask": "What address does it state?"},
    "matter.open": {"type": "bool", "ask": "Is the matter open?"},
    "matter.days": {"type": "int", "min": -1000, "max": 1000, "ask": "How many days old is the matter?"},
    "order.final_on": {"type": "date", "ask": "When did the order become final?"},
    "request.made_on": {"type": "date", "ask": "When was the request made?"},
}
ITEM_FACTS: dict[str, dict[str, Any]] = {
    "item.kind": {"type": "enum", "of": ["name", "address", "wages"], "ask": "What is it?"},
    "item.filed": {"type": "bool", "ask": "Did the taxpayer file it?"},
    "item.filed_on": {"type": "date", "ask": "When was it filed?"},
}
DEFINITIONS = ("request.proper", "matter.qualifies")
CLOCK, START_DAY = "clock", "start_day"


def _fact(name: str, told: dict[str, Any], per_item: bool) -> Fact:
    return Fact(name, told["type"], told["ask"], None, tuple(told.get("of", ())), per_item=per_item,
                minimum=told.get("min"), maximum=told.get("max"))  # fmt: skip


FACTS = {
    name: _fact(name, told, per_item)
    for group, per_item in ((CASE_FACTS, False), (ITEM_FACTS, True))
    for name, told in group.items()
}
"""The facts as the loader makes them."""

Atoms = tuple[tuple[Made[Expr], ...], ...]
"""Atoms in groups of which each is as likely as another."""


@cache
def atoms(items: bool, names: tuple[str, ...]) -> Atoms:
    """What tests may be made of; with `items` they may speak of the item, and of the definitions `names`."""
    facts = [fact for fact in FACTS.values() if items or not fact.per_item]
    bools, enums, ints, dates = (
        [fact for fact in facts if fact.type == kind] for kind in ("bool", "enum", "int", "date")
    )
    numbers, days = (*NUMBERS, Parameter(CLOCK)), (*DAYS, Parameter(START_DAY))
    of_bools = _made(BoolFact(fact.name) for fact in bools)
    of_enums = _made(expr for fact in enums for expr in _memberships(fact))
    of_ints = _made(Compare(Number(fact.name), op, bound) for fact in ints for op in COMPARISONS for bound in numbers)
    of_days = _made(Compare(Number(fact.name), op, bound) for fact in dates for op in COMPARISONS for bound in days)
    of_spans = [
        _made(
            Compare(DaysBetween(start.name, end.name), op, bound)
            for end in dates
            for op in COMPARISONS
            for bound in numbers
        )
        for start in dates
    ]
    known = _made(Known(fact.name) for fact in facts)
    defined = [_made(Defined(name) for name in names)] if names else []
    # A byte chooses in a group, which is why spans have one for each day that they begin on.
    groups = (*[of_bools, of_enums] * (2 * len(dates)), *[of_ints, of_days, known, *defined] * len(dates), *of_spans)
    return (*groups * 4, *(_made(Not(atom) for atom, _ in group) for group in groups))


def _made(exprs: Iterator[Expr]) -> tuple[Made[Expr], ...]:
    return tuple(_shared(expr) for expr in exprs)


_shared = cache(made)


def _memberships(fact: Fact) -> Iterator[Expr]:
    for size in (1, 2):
        for values in combinations(fact.values, size):
            member = Member(fact.name, tuple(sorted(values)))
            yield from (member, Not(member))


_NOT: Form[Expr] = Form(Not, A_TEST)
_ALL: Form[Expr] = Form(lambda one, other: All((one, other)), A_TEST, ANOTHER_TEST)
_ANY: Form[Expr] = Form(lambda one, other: AnyOf((one, other)), A_TEST, ANOTHER_TEST)
_LEAF = (None, 0, 0)
_SHAPES: tuple[tuple[tuple[Form[Expr] | None, int, int], ...], ...] = (
    (),
    (_LEAF,),
    (*[_LEAF] * 5, (_NOT, 0, 0), *[(_ALL, 1, 1)] * 2, *[(_ANY, 1, 1)] * 2),
    (*[_LEAF] * 5, (_NOT, 0, 0), (_ALL, 1, 2), (_ANY, 1, 2), (_ALL, 2, 1), (_ANY, 2, 1)),
)
"""The ways to make a test of so many atoms at most, and how many at most each of its two sides then has."""


def expression(choices: Choices, of: Atoms, most: int = 3) -> Made[Expr]:
    """A test of at most so many atoms."""
    form, left, right = _LEAF if most == 1 else choices.one_of(_SHAPES[most])
    if form is None:
        group = of[choices.next() % len(of)]
        return group[choices.next() % len(group)]
    if form is _NOT:
        return form(expression(choices, of, most))
    return form(expression(choices, of, left), expression(choices, of, right))
