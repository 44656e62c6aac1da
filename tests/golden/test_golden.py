"""The shipped book answers as it is on record to answer, word for word; an answer that changes has its starred line."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from tests.golden.making import CHANGELOG, HERE, Golden, kept, made, manifest, starred, unaccounted, write

from limen.law import load_book

REWRITE = "if this is meant, `python -m tests.golden --write` writes it anew"


@cache
def now() -> Golden:
    return made()


@pytest.mark.parametrize("name", sorted(kept().files))
def test_what_is_answered_now_is_what_is_kept(name: str) -> None:
    assert now().files.get(name) == kept().files[name], REWRITE


def test_nothing_is_answered_that_is_not_kept() -> None:
    assert sorted(now().files) == sorted(kept().files), REWRITE


def test_the_training_scenarios_and_every_gateway_are_among_them() -> None:
    answers = [json.loads(text) for name, text in kept().files.items() if name.startswith("decisions/")]
    opened = {item["gateway"] for answer in answers for item in answer["items"] if item["verdict"] == "allow"}
    assert {gateway.address for gateway in load_book().gateways} <= opened
    assert {answer["disposition"] for answer in answers} == {"release", "withhold", "more_needed", "readings_differ"}


def test_every_reason_and_duty_has_its_words() -> None:
    words = json.loads(kept().files["wording.json"])
    for name, text in kept().files.items():
        if name.startswith("decisions/"):
            answer = json.loads(text)
            for item in answer["items"]:
                assert set(item["reasons"]) | set(item["elsewhere"]) <= set(words["reasons"])
            assert {duty["duty"] for duty in answer["duties"]} <= set(words["duties"])


def test_no_name_and_no_street_of_anybody_stands_in_the_log() -> None:
    written = kept().files["log.jsonl"] + kept().files["records.jsonl"]
    for said in ("Ferreira", "Larkspur", "Vantongeren", "79901", "Okafor", "000-41"):
        assert said not in written


def test_every_answer_is_accounted_for() -> None:
    assert list(unaccounted(kept())) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(HERE, tmp_path / "golden", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n- ★ A request by telephone is\n  read as a letter.\n- Nothing else.\n",
        encoding="utf-8",
    )
    return tmp_path / "golden"


def changed(verdict: str) -> Golden:
    """The golden answers with one verdict of the textbook request otherwise."""
    files = dict(kept().files)
    answer = json.loads(files["decisions/textbook-request.json"])
    answer["items"][0]["verdict"] = verdict
    files["decisions/textbook-request.json"] = json.dumps(answer, indent=1, ensure_ascii=False) + "\n"
    return Golden(files)


def test_a_changed_answer_is_not_written_without_a_starred_line(folder: Path) -> None:
    changelog = folder.parent / "CHANGELOG.md"
    for star in (None, "", "Nothing else", "a line that is not there"):
        with pytest.raises(ValueError, match="textbook-request"):
            write(changed("deny"), star, folder, changelog)
    assert kept(folder) == kept()


def test_a_changed_answer_is_written_with_its_starred_line_and_remembered(folder: Path) -> None:
    changelog = folder.parent / "CHANGELOG.md"
    assert write(changed("deny"), "by telephone is read as a letter", folder, changelog) == ["textbook-request"]
    assert list(unaccounted(kept(folder), folder, changelog)) == []
    first, second = manifest(folder)["textbook-request"]
    assert set(first) == {"digest"}
    assert second["star"] == "by telephone is read as a letter"


def test_a_changed_answer_that_was_written_by_hand_is_found(folder: Path) -> None:
    path = folder / "decisions" / "textbook-request.json"
    path.write_text(changed("deny").files["decisions/textbook-request.json"], encoding="utf-8")
    (problem,) = unaccounted(kept(folder), folder, folder.parent / "CHANGELOG.md")
    assert problem.startswith("textbook-request: its answer has changed")


def test_a_star_that_leaves_the_changelog_is_missed(folder: Path) -> None:
    changelog = folder.parent / "CHANGELOG.md"
    write(changed("deny"), "by telephone", folder, changelog)
    changelog.write_text("# Changelog\n", encoding="utf-8")
    (problem,) = unaccounted(kept(folder), folder, changelog)
    assert "no starred line of the changelog has the words `by telephone`" in problem


def test_other_words_for_the_same_answer_need_no_star(folder: Path) -> None:
    files = {name: text.replace("The letter", "A letter") for name, text in kept().files.items()}
    words = json.loads(files["wording.json"])
    next(iter(words["reasons"].values()))["sentence"] = "Said better."
    files["wording.json"] = json.dumps(words, indent=1, ensure_ascii=False) + "\n"
    assert write(Golden(files), None, folder, folder.parent / "CHANGELOG.md") == []
    assert kept(folder).files["wording.json"] == files["wording.json"]


def test_the_changelog_has_starred_lines() -> None:
    assert any("rule book" in entry for entry in starred(CHANGELOG))
