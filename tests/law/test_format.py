"""Formatting: printing and reading are inverse, comments stay, and doing it twice changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tests.strategies import SMALL_BOOK, book_files, write_book

from limen.law.format import format_folder, format_text
from limen.law.load.files import RawFile, find_files
from limen.law.load.loader import load_files, load_folder
from limen.law.load.yaml_file import read_yaml
from limen.law.places import shipped_rules
from limen.law.problem import BookError
from sizes import tries

thorough = settings(max_examples=tries(80), deadline=None, suppress_health_check=list(HealthCheck))

KEYS = st.sampled_from(
    ["id", "label", "test", "any", "cite", "facts", "kind", "title", "a b", "yes it is", "x: y", "#no"]
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([
        "true", "yes", "12", "010", "2025-04-07", "null", "~", "a: b", "a #b", "# a", "- a", "a, b", "it's", "a\tb", "",
        "back\\slash", "two\nlines", "two\nlines\n", "\nfirst empty", " led", "trailed ", "é § —", "\x85", "\u2028",
        "x" * 130, "words " * 40 + "end", "double  space " * 20, "{a}", "[b]", "!tag", "&a", "*a", "%x", "@x", "`x`",
        "...", "---", "key:", ":", "=", "<<", "|", ">", "?", "? a", "'", '"', "1e3", ".5", "\U0001f600", 'say "so"',
    ]),
)  # fmt: skip
VALUES = st.one_of(TEXTS, TEXTS, st.booleans(), st.integers(-(10**9), 10**9), st.dates(date(1900, 1, 1)))
DATA = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: object) -> bool:
        return True


def data_of(text: str) -> Any:
    problems: list[str] = []
    data = read_yaml(text, lambda code, mark, message, mend=None: problems.append(f"{code}: {message}"))
    assert problems == []
    return data


def readable(text: str) -> bool:
    problems: list[str] = []
    read_yaml(text, lambda code, *rest, **more: problems.append(code))
    return not problems


def comments_of(text: str) -> list[str]:
    """The comments that stand on a line of their own or after ` #c`; the tests only ever write those."""
    return sorted(part for line in text.splitlines() for part in [line.rpartition("#c")[2]] if "#c" in line)


@thorough
@given(DATA, st.booleans(), st.sampled_from([None, '"', "'", ">", "|"]), st.sampled_from([40, 80, 10_000]))
@example({"a b": {"x: y": ["a, b", {"#no": "true"}]}}, True, None, 40)
def test_a_formatted_file_says_what_it_said(data: Any, rows: bool, style: str | None, width: int) -> None:
    text = yaml.dump(data, Dumper=Dumper, default_flow_style=rows, default_style=style, width=width, allow_unicode=True)
    assume(readable(text))
    formatted = format_text(text)
    assert data_of(formatted) == data_of(text)
    assert format_text(formatted) == formatted


@thorough
@given(book_files(max_gateways=1), st.data())
def test_comments_stay_and_nothing_else_changes(documents: dict[str, dict[str, Any]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["gate_0.yaml", "vocabulary.yaml", "first.yaml"]))
    lines = yaml.dump(documents[name], Dumper=Dumper, sort_keys=data.draw(st.booleans()), width=10_000).splitlines()
    for number in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines)))
        match data.draw(st.sampled_from(["own line", "indented", "beside", "blank"])):
            case "own line":
                lines.insert(at, f"#c {number}")
            case "indented":
                lines.insert(at, f"      #c {number}")
            case "beside" if at < len(lines) and lines[at] and "#c" not in lines[at]:
                lines[at] += f" #c {number}"
            case _:
                lines.insert(at, "")
    text = "\n".join(lines) + "\n"
    formatted = format_text(text)
    assert data_of(formatted) == data_of(text) == data_of(yaml.dump(documents[name], Dumper=Dumper))
    assert comments_of(formatted) == comments_of(text)
    assert format_text(formatted) == formatted
    assert not any(line != line.rstrip() for line in formatted.splitlines())
    assert "\n\n\n" not in formatted


BEFORE = """\
# yaml-language-server: $schema=schema.json
title:    "On request"   # the short name
rule: law.gate

kind: gateway
cite: {title: 26, code: "U.S.C.", section: "6103", certainty: "read"}

# what has to hold
elements:

- label: 'a request in writing'
  # asked first
  id: in_writing
  test: "request.in_writing"   # a bool


- {id: long, label: a label so long that it does not fit into one line together with the test that follows, test: "1"}
- id: folded
  label: "LONG"
  test: "true"
# the end
""".replace("LONG", "a text, with a comma, " * 6 + "and an end").replace("so long", "so very long indeed")

AFTER = """\
# yaml-language-server: $schema=schema.json
kind: gateway
rule: law.gate

title: On request # the short name
cite: {title: 26, code: U.S.C., section: "6103", certainty: read}

# what has to hold
elements:
  # asked first
  - id: in_writing
    label: a request in writing
    test: request.in_writing # a bool

  - id: long
    label: a label so very long indeed that it does not fit into one line together with the test that follows
    test: "1"
  - id: folded
    label: >-
      a text, with a comma, a text, with a comma, a text, with a comma, a text, with a comma, a text, with a comma, a
      text, with a comma, and an end
    test: "true"

# the end
"""


@pytest.mark.parametrize("text", ["a: >- # why\n  b\n  c\n", "a: | # why\n  b\n  # no comment\n", "- # why\n  a: b\n"])
def test_a_comment_beside_the_head_of_a_block_stays(text: str) -> None:
    formatted = format_text(text)
    assert "# why" in formatted
    assert data_of(formatted) == data_of(text)
    assert format_text(formatted) == formatted


def test_the_canonical_form_of_a_file() -> None:
    assert format_text(BEFORE) == AFTER
    assert data_of(AFTER) == data_of(BEFORE)


def test_a_formatted_book_is_the_same_book() -> None:
    files, _ = find_files(shipped_rules())
    formatted = [RawFile(file.name, format_text(file.content.decode()).encode()) for file in files]
    assert load_files(formatted).digest == load_folder(shipped_rules()).digest


def test_a_folder_is_checked_without_being_changed(tmp_path: Path) -> None:
    folder = write_book(SMALL_BOOK, tmp_path / "rules")
    (folder / "first.yaml").write_text((folder / "first.yaml").read_text() + "\n\n\n")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    named = format_folder(folder, write=False)
    assert "first.yaml" in named
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert format_folder(folder) == named
    assert format_folder(folder) == []


def test_a_file_that_is_no_rule_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    folder = write_book(SMALL_BOOK, tmp_path / "rules")
    (folder / "a.yaml").write_text("title: yes\n")
    (folder / "first.yaml").write_text("kind:   profile\n")
    with pytest.raises(BookError, match="not-a-boolean"):
        format_folder(folder)
    assert (folder / "first.yaml").read_text() == "kind:   profile\n"
