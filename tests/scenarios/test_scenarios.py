"""Every shipped scenario comes out as it says, for the reason it says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from limen.crossref import open_registry
from limen.law import load_book
from limen.law.places import shipped_scenarios
from limen.scenario import Scenario, ScenarioRunner, find_scenarios

SHIPPED = find_scenarios()


@cache
def runner() -> ScenarioRunner:
    """One runner for all: what it makes for one scenario serves the next."""
    return ScenarioRunner(load_book(), open_registry().match)


@pytest.mark.parametrize(("path", "scenario"), SHIPPED, ids=[scenario.scenario for _, scenario in SHIPPED])
def test_a_scenario_comes_out_as_it_says(path: Path, scenario: Scenario) -> None:
    result = runner().run(scenario)
    assert result.passed, "\n".join([str(path.relative_to(shipped_scenarios())), *result.failures])


def test_every_address_a_scenario_names_is_in_the_book() -> None:
    book = runner().book
    rules = {*book.rules, *book.readings, *book.profiles}
    nodes = {node.address for node in book.nodes()}
    duties = {duty.address for rule in book.rules.values() for duty in getattr(rule, "duties", ())}
    for _, scenario in SHIPPED:
        unknown = [one for one in scenario.provisions if one not in rules | nodes | duties]
        assert unknown == [], scenario.scenario
        unknown = [one for one in scenario.expect if one not in {*book.profiles, "all", "every"}]
        assert unknown == [], scenario.scenario


def test_stories_can_be_read_aloud() -> None:
    for _, scenario in SHIPPED:
        assert scenario.story.rstrip().endswith((".", "?", "!", '"', "”")), scenario.scenario
        assert len(scenario.story.split()) >= 8, scenario.scenario
        assert scenario.teaches.endswith((".", "?")), scenario.scenario
