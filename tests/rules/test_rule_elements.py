"""Every gateway opens for a case made for it, and each of its elements closes it and leaves it open to doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from book_cases import OPENED_BY, SPRING_2026, book
from limen.decide.reference import find
from limen.law import check_facts, make_edition
from limen.law.edition import Edition, EditionGateway
from limen.law.tree import facts_in
from limen.law.truth import Truth

EDITION = "ddc-2025-26"
HELD_BY_NO_FACT = {"usc.26.6103.i.2#not_displaced"}
"""Elements that hold whatever the facts are: every profile reads (i)(5) as a paragraph that stands apart."""

ELEMENTS = [
    (gateway.address, node.address)
    for gateway in book().gateways
    for node in gateway.elements
    if node.address not in HELD_BY_NO_FACT
]


@cache
def edition() -> Edition:
    return make_edition(book(), EDITION, SPRING_2026)


def gateway_in(address: str) -> tuple[int, EditionGateway]:
    return next((n, g) for n, g in enumerate(edition().gateways) if g.rule.address == address)


def evaluate(address: str, facts: dict[str, Any], item: dict[str, Any]) -> tuple[Truth, dict[str, Truth]]:
    """Whether the gateway is open, and the truth of each of its elements."""
    findings = find(edition(), check_facts(book().vocabulary, facts, {"item": item}))
    number, gateway = gateway_in(address)
    elements = {edition().case_points[index].address: findings.case[index] for index in gateway.elements}
    return findings.items[0].gateways[number], elements


def other_values(fact: str, value: Any) -> Iterator[Any]:
    """Other values that the fact could have."""
    match value:
        case bool():
            yield not value
        case str():
            yield from (other for other in book().vocabulary.facts[fact].values if other != value)
        case int():
            yield from (0, 10**9)
        case date():
            yield from (value + timedelta(days=5000), value - timedelta(days=5000))


def facts_of(address: str, element: str) -> list[str]:
    point = next(point for point in edition().case_points if point.address == element)
    return sorted(facts_in(point.expr))


def test_every_gateway_has_a_case_that_opens_it() -> None:
    assert set(OPENED_BY) == {gateway.address for gateway in book().gateways}


@pytest.mark.parametrize("address", sorted(OPENED_BY))
def test_a_gateway_opens_for_the_case_made_for_it(address: str) -> None:
    is_open, elements = evaluate(address, *OPENED_BY[address])
    assert {name: truth for name, truth in elements.items() if truth is not True} == {}
    assert is_open is True


@pytest.mark.parametrize(("address", "element"), ELEMENTS)
def test_one_fact_closes_the_gateway_at_each_element(address: str, element: str) -> None:
    facts, item = OPENED_BY[address]
    closing = [
        (fact, other)
        for fact in facts_of(address, element)
        if fact in facts
        for other in other_values(fact, facts[fact])
        if evaluate(address, {**facts, fact: other}, item)[1][element] is False
    ]
    assert closing, f"no single fact makes {element} fail"
    fact, other = closing[0]
    assert evaluate(address, {**facts, fact: other}, item)[0] is False


@pytest.mark.parametrize(("address", "element"), ELEMENTS)
def test_a_fact_nobody_knows_leaves_each_element_and_its_gateway_in_doubt(address: str, element: str) -> None:
    facts, item = OPENED_BY[address]
    doubtful = [
        result
        for fact in facts_of(address, element)
        if fact in facts
        for result in [evaluate(address, {name: v for name, v in facts.items() if name != fact}, item)]
        if result[1][element] is None
    ]
    assert doubtful, f"no single missing fact leaves {element} in doubt"
    assert all(is_open is not True for is_open, _ in doubtful)


@pytest.mark.parametrize("profile", sorted(book().profiles))
def test_only_the_listed_elements_hold_whatever_the_facts_are(profile: str) -> None:
    under = make_edition(book(), profile, SPRING_2026)
    constant = {point.address for point in under.case_points if not facts_in(point.expr)}
    face_value = {"usc.26.6103.i.2#genuine_matter"} if profile in ("irs-2025-08", "centro-2026") else set()
    assert constant == HELD_BY_NO_FACT | face_value
