"""What analysis writes down is a scenario that loads, passes, notices the change, and is told in sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("z3")

from tests.analyse.small_book import small_book
from tests.analyse.test_mutate_and_coverage import whole_suite

from limen.analyse.court import Court
from limen.analyse.mutants import mutants
from limen.analyse.mutate import key_of, mutate
from limen.analyse.telling import killing_scenario, twin_scenarios
from limen.analyse.twins import twins
from limen.cli.analyse_case import trials_of
from limen.law import Book
from limen.scenario import ScenarioRunner
from limen.scenario.load import load_scenario


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return small_book(tmp_path_factory.mktemp("small"))


def told_in_sentences(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and "  " not in text and "To be" not in text


def test_for_each_mutant_that_nothing_notices_a_scenario_is_written_that_does(small: Book, tmp_path: Path) -> None:
    alive = {result.key: result for result in mutate(small, [], thorough=True).of("survived")}
    assert {kind for kind, _, _ in alive} == {"drop", "widen", "boundary", "reading", "date"}
    runner = ScenarioRunner(small)
    for mutant in mutants(small, thorough=True):
        if key_of(mutant) not in alive:
            continue
        witness = alive[key_of(mutant)].witness
        assert witness is not None
        file = tmp_path / "killer.yaml"
        file.write_text(killing_scenario(small, mutant, witness, "killer"), encoding="utf-8")
        scenario = load_scenario(file)
        assert runner.run(scenario).passed
        assert Court(small, trials_of(small, (str(file),), None)).killer(mutant) == "killer", key_of(mutant)
        assert told_in_sentences(scenario.story) and told_in_sentences(scenario.teaches), scenario
        assert mutant.what in str(scenario.notes)


def test_a_suite_with_a_scenario_left_out_is_made_whole_by_what_is_written(small: Book, tmp_path: Path) -> None:
    for left_out in range(len(whole_suite(small))):
        suite = whole_suite(small)
        del suite[left_out]
        found = mutate(small, suite)
        made = {key_of(mutant): mutant for mutant in mutants(small)}
        for number, result in enumerate(found.of("survived")):
            assert result.witness is not None
            file = tmp_path / f"killer-{left_out}-{number}.yaml"
            text = killing_scenario(small, made[result.key], result.witness, f"killer-{number}")
            file.write_text(text, encoding="utf-8")
            suite += trials_of(small, (str(file),), None)
        assert mutate(small, suite).score == 1.0


def test_the_story_says_what_the_clause_asks_what_was_answered_and_what_follows(small: Book) -> None:
    found = mutate(small, [], ("drop",), under="small.gate#office")
    made = {key_of(mutant): mutant for mutant in mutants(small)}
    (result,) = found.of("survived")
    assert result.witness is not None
    text = " ".join(killing_scenario(small, made[result.key], result.witness, "rank").split())
    assert "The act, 2 asks for a signer of rank" in text
    assert "the item is withheld; if that were left out, it would be released" in text


def test_twins_are_written_as_two_scenarios_that_pass(small: Book, tmp_path: Path) -> None:
    found = twins(small, date(2025, 6, 1), seconds=30)
    assert found.twins and not found.unasked
    for pair in found.twins:
        for id, text in twin_scenarios(small, pair, found.as_of):
            file = tmp_path / f"{id}.yaml"
            file.write_text(text, encoding="utf-8")
            scenario = load_scenario(file)
            assert ScenarioRunner(small).run(scenario).passed
            assert told_in_sentences(scenario.story) and told_in_sentences(scenario.teaches)
