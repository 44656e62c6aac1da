"""Every problem has a page, and the example on each page raises exactly the finding that the page shows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from error_pages import PAGES, SMALL_BOOK, build, examples, findings, promised

import limen.law

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REPORTERS = {"report", "_report", "report_at", "_refuse", "refuse", "refusal", "Refused", "Fault", "Problem"}
CHAPTERS = ("reading the file", "checking the shape of the file", "reading the tests", "checking the whole book")


def law_pages() -> dict[str, str]:
    """The pages of this room by code; other rooms have pages of their own beside them."""
    pages = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md") if path.stem != "README"}
    return {
        code: text for code, text in pages.items() if any(f"*Found while {chapter}.*" in text for chapter in CHAPTERS)
    }


PAGE = law_pages()


def codes_in_the_source() -> set[str]:
    """Every code that the loader and its checks can report."""
    codes: set[str] = set()
    for path in Path(limen.law.__file__).parent.rglob("*.py"):
        if {"load", "check", "expression"} & set(path.parts):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            codes |= {code for call in ast.walk(tree) if isinstance(call, ast.Call) for code in codes_of(call)}
            codes |= {row[0] for row in rows_of_codes(tree)}
    return codes


def codes_of(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in REPORTERS:
        return set()
    place = 3 if name == "Problem" else 0
    first = call.args[place] if len(call.args) > place else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and SLUG.fullmatch(first.value):
        return {first.value}
    return set()


def rows_of_codes(tree: ast.Module) -> list[tuple[str, str]]:
    """The table `_WHOLE` of problems that a model names."""
    return [
        row
        for statement in tree.body
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "_WHOLE"
        for row in ast.literal_eval(statement.value).values()
    ]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(PAGE) == codes_in_the_source()


def test_the_index_lists_every_page() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert {code for code in PAGE if f"[{code}]({code}.md)" not in index} == set()


def test_the_small_book_is_in_order(tmp_path: Path) -> None:
    assert findings(build([], tmp_path / "rules")) == ""
    assert len(list(SMALL_BOOK.glob("*.yaml"))) == 5


@pytest.mark.parametrize("code", sorted(PAGE))
def test_the_example_of_a_page_raises_what_the_page_shows(code: str, tmp_path: Path) -> None:
    found = findings(build(examples(PAGE[code]), tmp_path / "rules"))
    assert found == promised(PAGE[code])
    assert set(re.findall(r"\[([a-z0-9-]+)\]$", found, re.MULTILINE)) == {code}


@pytest.mark.parametrize("code", sorted(PAGE))
def test_a_message_says_what_where_and_how_to_mend_it(code: str) -> None:
    first, *rest = promised(PAGE[code]).splitlines()
    message = re.fullmatch(r"[\w./]+?(?::\d+:\d+)?: (.*) \[[a-z0-9-]+\]", first)
    assert message is not None
    assert message[1][0].islower() or message[1][0] == "`"
    assert not message[1].endswith(".")
    assert any(line.startswith("  mend: ") for line in rest)
    assert "## How to mend it" in PAGE[code]
