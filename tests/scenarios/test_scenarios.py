"""Every shipped scenario comes out as it says, for the reason it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from limen.crossref import open_registry
from limen.law import load_book
from limen.law.places import shipped_scenarios
from limen.scenario import Scenario, ScenarioRunner, find_scenarios
from limen.scenario.listing import listing, on_page

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
    for _, scenario in SHIPPED:
        assert [one for one in scenario.provisions if one not in book.locations] == [], scenario.scenario
        assert set(scenario.expect) <= {*book.profiles, "all", "every"}, scenario.scenario
        for expectation in scenario.expect.values():
            whole = [name for name in expectation.turns_on if name.startswith(("us.", "usc."))]
            assert [name for name in (*whole, *expectation.duties) if name not in book.locations] == []
            for reading, alternatives in expectation.under.items():
                assert set(alternatives) <= {one.id for one in book.readings[reading].alternatives}, scenario.scenario


def test_stories_can_be_read_aloud() -> None:
    for _, scenario in SHIPPED:
        for text in (scenario.story, scenario.teaches):
            assert text.rstrip().endswith((".", "?", "!", '"', "”")), (scenario.scenario, text)
        sentences = re.findall(r"[.?!](?:[\"”’']|\s|$)+", scenario.story)
        few = 1 if "/" in scenario.scenario else 2
        assert few <= len(sentences) <= 9, (scenario.scenario, len(sentences))
        assert len(scenario.story.split()) >= 3, scenario.scenario


def test_there_are_enough_of_them() -> None:
    told = [scenario for path, scenario in SHIPPED if "/" not in scenario.scenario and path.parent.name != "demo"]
    assert len(told) >= 120
    assert len({scenario.title for scenario in told}) == len(told)
    assert len({scenario.story for scenario in told}) == len(told)


def test_numbers_of_taxpayers_were_never_issued() -> None:
    """Area 000 of social security numbers was never issued."""
    for _, scenario in SHIPPED:
        tin = ((scenario.request or {}).get("subject") or {}).get("tin")
        assert tin is None or str(tin).startswith("000"), scenario.scenario


def test_the_page_lists_every_scenario() -> None:
    """To write it anew: `python -m limen.scenario.listing docs/scenarios.md`."""
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert on_page(page, listing(SHIPPED, shipped_scenarios())) == page


def test_the_variants_on_the_page_are_those_of_a_shipped_scenario() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    told = {scenario.scenario: scenario for _, scenario in SHIPPED}
    shown = re.findall(r"^  ([a-z-]+-not-(?:met|known)):$", page, re.MULTILINE)
    assert shown
    for name in shown:
        assert f"title: {told[f'i2/{name}'].title}" in page.replace('"', "")
