"""A draft is checked on its lines and asked of every scenario; only its own file is ever written."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from book_cases import book
from limen.web.pages.checking import Checked, Checker, Told, begun
from limen.web.pages.drafts import DraftError, Drafts
from limen.web.pages.workroom import MOST_KEPT, Workroom

IN_WRITING = "usc.26.6103.i.2#in_writing"


@pytest.fixture
def room(tmp_path: Path) -> Workroom:
    return Workroom(book(), Drafts(tmp_path / "drafts"))


@pytest.fixture
def checker(room: Workroom, monkeypatch: pytest.MonkeyPatch) -> Checker:
    """A checker that knows a few scenarios only, to be quick."""
    from limen.scenario.load import load_scenario, shipped
    from limen.scenario.run import ScenarioRunner

    made = Checker(room)
    runner = ScenarioRunner(book())
    told = []
    for name in ("demo-textbook", "demo-two-sources", "demo-inspector-general"):
        path = shipped(name)
        assert path is not None
        scenario = load_scenario(path)
        facts, day, _ = runner.case(scenario)
        told.append(Told(name, scenario.title, facts, day, None))
    monkeypatch.setattr(made, "told", lambda: tuple(told))
    return made


def checked(checker: Checker, text: str) -> Checked:
    return checker.check(text, wait=True)


def test_a_draft_begun_from_a_part_of_the_book_changes_nothing_yet(checker: Checker) -> None:
    found = checked(checker, begun(book(), "draft", IN_WRITING))
    assert (found.troubles, found.turned, found.cases) == ((), (), 3)


def test_every_scenario_whose_answer_changes_is_listed(checker: Checker) -> None:
    text = begun(book(), "draft", IN_WRITING).replace('"request.in_writing"', '"not request.in_writing"')
    found = checked(checker, text)
    assert found.turned and found.scenarios_turned >= 1
    assert {(one.before, one.after) for one in found.turned} <= {("allow", "deny"), ("open", "deny")}


def test_while_scenarios_are_asked_it_says_how_far_it_is_and_what_is_known_so_far(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = begun(book(), "draft", IN_WRITING).replace('"request.in_writing"', '"not request.in_writing"')
    whole = checked(checker, text)
    asked, go_on = threading.Event(), threading.Event()
    told = checker.told()

    class Slow(tuple[Told, ...]):
        def __iter__(self) -> Iterator[Told]:
            yield from told[:2]
            asked.set()
            assert go_on.wait(60)
            yield told[2]

    monkeypatch.setattr(checker, "told", lambda: Slow(told))
    assert checker.check(text).waiting == 0
    assert asked.wait(60)
    so_far = checker.check(text)
    assert (so_far.waiting, so_far.cases) == (1, 3) and set(so_far.turned) < set(whole.turned)
    go_on.set()
    for _ in range(600):
        found = checker.check(text)
        if found.waiting is None:
            break
        time.sleep(0.1)
    assert found == whole


@pytest.mark.parametrize(
    ("change", "line", "near"),
    [
        (("request.in_writing", "request.in_writting"), 6, "request.in_writing"),
        (("i.2#in_writing", "i.2#in_writin"), 6, IN_WRITING),
        (("kind: overlay", "kind: overlay\n  x: ["), 2, None),
        (("base: us-6103", "base: us-6104"), 3, None),
    ],
)
def test_an_error_is_told_on_its_line_with_what_is_near(
    checker: Checker, change: tuple[str, str], line: int, near: str | None
) -> None:
    found = checked(checker, begun(book(), "draft", IN_WRITING).replace(*change))
    assert [(one.line, one.nearest) for one in found.troubles][:1] == [(line, near)]
    assert not found.turned


def test_a_draft_is_kept_whole_under_a_name_that_is_no_path(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    drafts.save("one", "kind: overlay\r\n")
    assert drafts.names() == ["one"] and drafts.get("one").text == "kind: overlay\n"
    for name in ("../one", "a/b", "", "A", "x" * 61, "one.yaml"):
        with pytest.raises(DraftError):
            drafts.save(name, "text")
    with pytest.raises(DraftError, match="at most"):
        drafts.save("two", "x" * 100_001)
    drafts.remove("one")
    assert drafts.names() == [] and sorted(path.name for path in tmp_path.rglob("*")) == ["drafts"]


def test_what_there_is_one_of_outlasts_everything_that_is_looked_at(room: Workroom) -> None:
    first = room.once("runs", object)
    for number in range(3 * MOST_KEPT):
        room.kept(number, object)
    assert room.once("runs", object) is first, "a run being made is not forgotten, nor another begun beside it"
