"""The guide to writing a rule: every file on it loads, step by step, and what it prints is what it says."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

from limen.law.format import format_folder
from limen.law.lint import check_book
from limen.law.load.loader import load_folder
from limen.law.problem import BookError

GUIDE = Path(__file__).parents[2] / "docs" / "writing-a-rule.md"
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST_WHOLE_STEP = "on_request.yaml"


def steps() -> list[tuple[str, str, str]]:
    """The blocks of the guide in order: language, what stands after it, content."""
    return [(language, info, content) for language, info, content in BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]


def written(folder: Path, info: str, content: str) -> None:
    path = folder / info.split()[0].removeprefix("file=")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder as it is at the end of the guide."""
    for language, info, content in steps():
        if language == "yaml" and "broken" not in info:
            written(tmp_path / "my-rules", info, content)
    return tmp_path / "my-rules"


def test_every_step_loads_or_fails_as_the_guide_says(tmp_path: Path) -> None:
    folder = tmp_path / "my-rules"
    whole = False
    found: list[str] = []
    for language, info, content in steps():
        if language == "text" and info == "finding":
            assert found == [content.rstrip("\n")]
        if language != "yaml":
            continue
        written(folder, info, content)
        whole = whole or FIRST_WHOLE_STEP in info
        if not whole:
            continue
        try:
            load_folder(folder)
            found = []
        except BookError as error:
            found = [str(problem) for problem in error.problems]
        assert bool(found) == ("broken" in info), (info, found)


def test_the_guide_shows_each_kind_of_rule_that_it_speaks_of(folder: Path) -> None:
    book = load_folder(folder)
    assert len(book.gateways[0].elements) == 3
    assert len(book.bars) == 2
    assert [reading.id for reading in book.readings.values()] == ["engaged"]
    assert sorted(book.profiles) == ["agency", "court"]


def test_the_program_prints_what_the_guide_says(folder: Path) -> None:
    (program,) = [content for language, _, content in steps() if language == "python"]
    (output,) = [content for language, info, content in steps() if language == "text" and info == "output"]
    said = io.StringIO()
    before = Path.cwd()
    os.chdir(folder.parent)
    try:
        names: dict[str, object] = {}
        with contextlib.redirect_stdout(said):
            exec(compile(program, str(GUIDE), "exec"), names)
    finally:
        os.chdir(before)
    assert said.getvalue() == output


def test_what_the_guide_says_of_the_moratorium_and_of_what_nobody_said(folder: Path) -> None:
    from datetime import date

    from limen.decide.reference import find
    from limen.law import check_facts, make_edition

    book = load_folder(folder)
    case = {"request.in_writing": True, "request.states_reason": True, "recipient.role": "supervises"}
    items = {"the address": {"item.kind": "address"}}
    with_risk = check_facts(book.vocabulary, {**case, "informant.at_risk": False}, items)
    during = make_edition(book, "agency", as_of=date(2026, 2, 1))
    assert find(during, with_risk).items[0].verdict == "deny"
    before = make_edition(book, "agency", as_of=date(2025, 12, 1))
    assert find(before, check_facts(book.vocabulary, case, items)).items[0].verdict == "open"


def test_the_guide_keeps_to_its_own_advice(folder: Path) -> None:
    assert [str(finding) for finding in check_book(folder) if finding.weight == "warning"] == []
    assert format_folder(folder, write=False) == []
