"""The scenarios open and close the whole book: each gateway, element, ground and bar, both ways and in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache

from limen.crossref import open_registry
from limen.decide.compiled import compile_edition
from limen.decide.editions import Editions
from limen.decide.findings import Findings
from limen.law import load_book, usable_profiles
from limen.law.closing import reading_fact
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.node import Node
from limen.law.tree import facts_in
from limen.law.truth import Truth
from limen.scenario import Scenario, ScenarioRunner, find_scenarios
from limen.scenario.model import ALL, EVERY

WORDS: dict[Truth, str] = {True: "met", False: "not met", None: "not known"}
ALWAYS = {
    "usc.26.6103.i.7.e": (True,),
    "usc.26.6103.i.7.e.2008": (True,),
    "usc.26.6103.i.7.e#lapsed": (True,),
    "usc.26.6103.i.7.e.2008#lapsed": (True,),
}
"""A gap in the law stands on each of its days and is not in the book on any other."""

SPRING_2026 = date(2026, 3, 15)
BOOK = load_book()
RUNNER = ScenarioRunner(BOOK, open_registry().match)
EDITIONS = Editions(BOOK, compile_edition)

Heard = tuple[Scenario, Edition, Findings]


def asked(scenario: Scenario) -> list[str]:
    """The profiles that answer in a scenario, those asked together included."""
    usable = [profile.id for profile in usable_profiles(BOOK, scenario.known_at)]
    if ALL in scenario.expect or EVERY in scenario.expect:
        return usable
    return [name for name in scenario.expect if name in usable]


def otherwise(scenario: Scenario, profile: str, edition: Edition, facts: CaseFacts) -> Iterator[tuple[str, Findings]]:
    """What the case comes to under each reading that the scenario says is chosen otherwise."""
    expectation = scenario.expect.get(profile)
    if expectation is None:
        return
    hearing = EDITIONS.panel(edition.as_of).hear(facts)
    for reading, alternatives in expectation.under.items():
        for alternative in alternatives:
            yield f"{reading}:{alternative}", hearing.find({**edition.choices, reading: alternative})


@cache
def heard() -> tuple[Heard, ...]:
    """Every scenario under every profile that answers in it, and under every reading it names."""
    found: list[Heard] = []
    for _, scenario in find_scenarios():
        facts, day, _ = RUNNER.case(scenario)
        for profile in asked(scenario):
            seat = EDITIONS.of(profile, day, scenario.known_at)
            found.append((scenario, seat.edition, seat.evaluator.find(facts)))
            found += [(scenario, seat.edition, other) for _, other in otherwise(scenario, profile, seat.edition, facts)]
    return tuple(found)


@cache
def tried() -> dict[str, dict[Truth, str]]:
    """For each element, ground, condition, bar and gateway a scenario in which it came to each of three answers."""
    seen: dict[str, dict[Truth, str]] = defaultdict(dict)
    for scenario, edition, findings in heard():
        for point, value in zip(edition.case_points, findings.case, strict=True):
            seen[point.address].setdefault(value, scenario.scenario)
        for item in findings.items:
            for point, value in zip(edition.item_points, item.points, strict=True):
                seen[point.address].setdefault(value, scenario.scenario)
            for bar, value in zip(edition.bars, item.bars, strict=True):
                seen[bar.rule.address].setdefault(value, scenario.scenario)
            for gateway, value in zip(edition.gateways, item.gateways, strict=True):
                seen[gateway.rule.address].setdefault(value, scenario.scenario)
    return seen


def untried(addresses: list[str]) -> list[str]:
    """What no scenario has shown, in words."""
    return [
        f"{address} is {WORDS[value]}"
        for address in addresses
        for value in ALWAYS.get(address, (True, False, None))
        if value not in tried().get(address, {})
    ]


def of(nodes: tuple[Node, ...]) -> list[str]:
    return [node.address for node in nodes]


def test_every_element_is_met_not_met_and_not_known_in_some_scenario() -> None:
    assert untried([address for gateway in BOOK.gateways for address in of(gateway.elements)]) == []


def test_every_ground_is_met_not_met_and_not_known_in_some_scenario() -> None:
    assert untried([address for gateway in BOOK.gateways for address in of(gateway.releases)]) == []


def test_every_bar_stands_stands_aside_and_is_in_doubt_in_some_scenario() -> None:
    assert untried([bar.address for bar in BOOK.bars]) == []
    assert untried([address for bar in BOOK.bars for address in of(bar.conditions)]) == []


def test_every_gateway_opens_closes_and_is_in_doubt_in_some_scenario() -> None:
    assert untried([gateway.address for gateway in BOOK.gateways]) == []


def test_every_gateway_is_closed_on_each_of_its_elements_alone() -> None:
    """Some scenario fails one element of a gateway and nothing else of it: that element is what keeps it shut."""
    alone = set()
    for _, edition, findings in heard():
        for number, gateway in enumerate(edition.gateways):
            failed = [index for index in gateway.elements if findings.case[index] is not True]
            if len(failed) != 1 or findings.case[failed[0]] is not False:
                continue
            for item in findings.items:
                granted = any(item.points[index] is True for index in gateway.grounds)
                barred = any(item.bars[index] is not False for index in gateway.bars)
                if granted and not barred:
                    assert item.gateways[number] is False
                    alone.add(edition.case_points[failed[0]].address)
    wanted = {address for gateway in BOOK.gateways for address in of(gateway.elements)}
    assert sorted(wanted - alone) == []


def turning() -> dict[str, set[str]]:
    """The alternatives of each reading under which a scenario says what the answer would be."""
    named: dict[str, set[str]] = defaultdict(set)
    for _, scenario in find_scenarios():
        for expectation in scenario.expect.values():
            for reading, alternatives in expectation.under.items():
                named[reading] |= set(alternatives)
    return named


def test_every_alternative_of_every_reading_that_can_change_a_release_is_told() -> None:
    """Which can: those that some gateway or bar reads, by itself or through a definition."""
    panel = EDITIONS.panel(SPRING_2026)
    read = {
        name
        for point in (*panel.open.edition.case_points, *panel.open.edition.item_points)
        for name in facts_in(point.expr)
    }
    for address in reversed(panel.open.order):
        if reading_fact(address) in read:
            for meaning in panel.open.meanings[address].values():
                read |= facts_in(meaning)
    can = {address for address in BOOK.readings if reading_fact(address) in read}
    assert len(can) >= 19
    told = turning()
    missing = [
        f"{address}:{alternative.id}"
        for address in sorted(can)
        for alternative in BOOK.readings[address].alternatives
        if alternative.id not in told.get(address, set())
    ]
    assert missing == []
    assert set(told) <= can
