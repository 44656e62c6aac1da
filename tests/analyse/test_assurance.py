"""Score, coverage and proofs in one account; a kept page that says too much is found out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from tests.analyse.small_book import small_book
from tests.analyse.test_mutate_and_coverage import trial, whole_suite

from limen.analyse.assurance import NoAccountError, assure, check, kept_account
from limen.analyse.assurance_page import assurance_page
from limen.law import Book

PAGE = Path(__file__).parents[2] / "docs" / "assurance.md"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return small_book(tmp_path_factory.mktemp("small"))


def account(small: Book, folder: Path) -> dict[str, Any]:
    page = folder / "assurance.md"
    page.write_text(assurance_page(assure(small, whole_suite(small))), encoding="utf-8")
    return kept_account(page)


def test_a_page_just_written_is_true(small: Book, tmp_path: Path) -> None:
    kept = account(small, tmp_path)
    found = check(small, whole_suite(small), kept, sample=100)
    assert found.current and found.wrong == ()
    assert found.sampled == kept["mutants"] and kept["score"] == 100.0
    assert all(holds for _, holds in kept["proofs"].values())


def test_the_same_account_gives_the_same_page(small: Book) -> None:
    suite = whole_suite(small)
    assert assurance_page(assure(small, suite)) == assurance_page(assure(small, suite))


def test_a_page_that_was_touched_up_is_found_out(small: Book, tmp_path: Path) -> None:
    suite = [trial(small, "allow"), trial(small, "deny", written=False)]
    page = tmp_path / "assurance.md"
    page.write_text(assurance_page(assure(small, suite)), encoding="utf-8")
    kept = kept_account(page)
    assert kept["score"] < 60
    touched = {**kept, "not_killed": [], "outcomes": [kept["outcomes"][0] + 1, kept["outcomes"][1]]}
    wrong = check(small, suite, touched, sample=100).wrong
    assert any("kept as killed, and is survived" in one for one in wrong)
    assert any(one.startswith("outcomes are kept as") for one in wrong)


def test_a_page_about_an_earlier_suite_may_say_less_and_not_more(small: Book, tmp_path: Path) -> None:
    kept = account(small, tmp_path)
    fewer = [trial(small, "allow"), trial(small, "deny", written=False)]
    found = check(small, fewer, kept, sample=100)
    assert not found.current
    assert any("are no more than" in one for one in found.wrong) and any("on a sample" in one for one in found.wrong)
    more = [*whole_suite(small), trial(small, "deny", days=99)]
    assert check(small, more, kept, sample=100).wrong == ()


def test_a_page_without_an_account_says_how_to_make_one(tmp_path: Path) -> None:
    page = tmp_path / "empty.md"
    page.write_text("# Nothing\n", encoding="utf-8")
    with pytest.raises(NoAccountError, match="limen assure --write"):
        kept_account(page)


def test_the_kept_page_of_the_shipped_book_reaches_what_is_asked() -> None:
    kept = kept_account(PAGE)
    assert kept["score"] >= 95
    assert [holds for _, holds in kept["proofs"].values()] == [True] * 4
    assert not [fate for *_, fate in kept["not_killed"] if fate == "undecided"]
    text = PAGE.read_text(encoding="utf-8")
    assert json.dumps(kept, sort_keys=True, ensure_ascii=False) in text
