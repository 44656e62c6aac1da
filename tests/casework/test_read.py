"""Timelines and streams are read whole or refused with every problem, each with its place."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from told_events import at

from limen.casework.law_book import aftercare
from limen.casework.read import TimelineError, build_event, event_to_json, read_line, read_time, read_timeline

LAW = aftercare()

BROKEN = """timeline: broken
title: Broken in ten ways
story: It is.
until: soon
events:
  - {at: 2025-06-02, event: requestd, request: r-1}
  - {at: 2025-06-31, event: requested, request: r-1}
  - {at: 2025-06-02, event: requested}
  - {at: 2025-06-02, event: requested, request: r-1, officce: delegate}
  - {at: 2025-06-02, event: requested, request: r-1, office: delegat}
  - {at: 2025-06-02, event: accessed, copy: c-1, by: o, need: perhaps}
  - a sentence
  - {event: requested, request: r-1}
breached: [SG-10]
expect:
  - {duty: SG-21, state: kept, keys: c-1}
colour: red
"""


def problems(path: Path) -> list[str]:
    with pytest.raises(TimelineError) as caught:
        read_timeline(path, LAW)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
    return [
        f"{one.line}: {one.message}" + (f" ({one.nearest}?)" if one.nearest else "") for one in caught.value.problems
    ]


def test_every_problem_is_told_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN.replace("2025-06-31", '"2025-06-31"'))
    assert problems(path) == [
        "4: `until` is missing or no time",
        "6: there is no event `requestd` (requested?)",
        "7: `at` is missing or no time",
        "8: `requested` must say its `request`",
        "9: nobody reads `officce` here (office?)",
        "10: `office` of `requested` is one of agency_head, component_head, inspector_general, delegate, other"
        " (delegate?)",
        "11: `need` of `accessed` is `true` or `false`",
        "12: an event is a mapping: `event`, `at` and its fields",
        "13: `at` is missing or no time",
        "14: there is no duty `SG-10` (SG-10/tigta?)",
        "16: nobody reads `keys` here (key?)",
        "17: nobody reads `colour` here",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"timeline: x\ntimeline: y\n", "2: "),
        (b"- a\n- list\n", "1: a timeline is a mapping of keys to values"),
        (b"\xff\xfe", "0: the file is not UTF-8 text"),
        (b"timeline: x\ntitle: x\nstory: x\nuntil: 2025-01-01\n", "`events` is missing or no list"),
        (b"x" * 4_000_001, "0: the file is larger than 4,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_timeline_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "no.yaml"
    path.write_bytes(content)
    assert any(complaint in one for one in problems(path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path / "no.yaml") == ["0: the file cannot be read: No such file or directory"]


def test_times_are_days_minutes_or_carry_an_offset() -> None:
    assert read_time("2025-08-08") == at("2025-08-08")
    assert read_time("2025-08-08 17:10") == at("2025-08-08 17:10")
    assert read_time("2025-08-08T17:10:00-04:00") == at("2025-08-08 21:10")
    assert read_time("2025-08-08", at_its_end=True) == at("2025-08-08 23:59")
    assert read_time("tomorrow") is read_time(12) is read_time(None) is read_time("2025-02-30") is None


def test_an_event_is_written_as_it_is_read() -> None:
    raw = {"event": "accessed", "at": "2025-08-08 17:10", "copy": "c-1", "by": "o", "need": False, "account": "own"}
    event = build_event(raw, LAW, "e1")
    assert event.fields == {"copy": "c-1", "by": "o", "need": "no", "account": "own"}
    written = event_to_json(event, LAW.kinds)
    assert written == {"id": "e1", **raw}
    assert read_line(json.dumps(written), "stream", 1, LAW) == event


@pytest.mark.parametrize("line", ["{", "[]", "null", '{"event": "accessed"}', '{"event": "time_passed", "at": "x"}'])
def test_a_line_that_is_no_event_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(TimelineError, match=r"stream:17:1: "):
        read_line(line, "stream", 17, LAW)


def test_names_are_short_and_are_not_repeated_in_errors() -> None:
    with pytest.raises(TimelineError) as caught:
        build_event({"event": "trained", "at": "2025-01-01", "person": "Ewa Trzaskowska " * 20}, LAW, "e1")
    assert "at most 80 characters" in str(caught.value)
    assert "Trzaskowska" not in str(caught.value)
