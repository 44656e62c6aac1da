"""A run over mutants that was cut short begins where it stopped, and says the same in the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("z3")

from tests.analyse.small_book import small_book
from tests.analyse.test_mutate_and_coverage import trial

from limen.analyse.keeping import Kept
from limen.analyse.mutate import Mutation, Result, mutate
from limen.law import Book


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return small_book(tmp_path_factory.mktemp("small"))


def fates(found: Mutation) -> dict[tuple[str, str, str], tuple[str, str | None]]:
    """What became of each mutant; which of its witnesses the solver finds is its own affair."""
    return {result.key: (result.fate, result.by) for result in found.results}


def test_what_was_kept_is_not_asked_again_and_the_end_is_the_same(small: Book, tmp_path: Path) -> None:
    trials = [trial(small, "allow"), trial(small, "deny", written=False)]
    whole = mutate(small, trials)
    file = tmp_path / "kept.jsonl"
    with Kept(file, small, trials) as kept:
        mutate(small, trials, ("boundary", "date"), note=kept.note, known=kept.known)
    file.write_text(file.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    told: list[Result] = []
    with Kept(file, small, trials) as kept:
        assert len(kept.known) == len(mutate(small, trials, ("boundary", "date")).results) - 1
        found = mutate(small, trials, note=told.append, known=kept.known)
        assert fates(found) == fates(whole)
        assert not {result.key for result in told} & set(kept.known)


def test_results_about_another_suite_are_not_used(small: Book, tmp_path: Path) -> None:
    file, one = tmp_path / "kept.jsonl", [trial(small, "allow")]
    with Kept(file, small, one) as kept:
        mutate(small, one, ("date",), note=kept.note)
    assert Kept(file, small, one).known
    assert not Kept(file, small, [*one, trial(small, "deny", written=False)]).known
    body = json.loads(file.read_text(encoding="utf-8").splitlines()[1])
    assert body["fate"] in ("killed", "survived", "equivalent")


def test_two_processes_say_what_one_says(small: Book) -> None:
    trials = [trial(small, "allow"), trial(small, "deny", written=False)]
    assert fates(mutate(small, trials, processes=2)) == fates(mutate(small, trials))
