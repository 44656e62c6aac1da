"""A watch says what turns as it turns, once, and goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limen.casework.watch import NO_CASE, Alert, Watcher, WatchError, resume, steps

NOTICED = {"case": "a", "event": "incident_noticed", "at": "2025-08-08 17:10", "id": "n", "incident": "i"}
TO_TIGTA = {
    "case": "a",
    "event": "incident_reported",
    "at": "2025-08-08 18:00",
    "id": "t",
    "incident": "i",
    "to": "tigta",
}
TO_SAFEGUARDS = {**TO_TIGTA, "id": "s", "to": "safeguards"}


def passed(when: str) -> dict[str, str]:
    return {"event": "time_passed", "at": when, "id": when}


def lines(*events: dict[str, object]) -> list[str]:
    return [json.dumps(event) for event in events]


def short(alerts: list[Alert]) -> list[tuple[str, str, str]]:
    return [(alert.case, alert.kind, alert.about) for alert in alerts]


def test_a_breach_is_said_when_its_time_has_come_and_only_once(follower) -> None:
    watcher = Watcher(follower, "stream")
    assert watcher.feed(lines(NOTICED, TO_TIGTA)) == []
    assert watcher.feed(lines(passed("2025-08-09 17:09"))) == []
    (alert,) = watcher.feed(lines(passed("2025-08-09 17:10")))
    assert short([alert]) == [("a", "breached", "SG-10/safeguards")]
    assert alert.words.startswith("The Office of Safeguards was not told within 24 hours. [IRS, ")
    assert watcher.feed(lines(passed("2025-12-31"))) == []


def test_a_late_report_withdraws_the_alert(follower) -> None:
    watcher = Watcher(follower, "stream")
    (alert,) = watcher.feed(lines(NOTICED, TO_TIGTA, passed("2025-08-20")))
    told = watcher.feed(lines(TO_SAFEGUARDS, passed("2025-08-21")))
    assert ("a", "withdrawn", "SG-10/safeguards") in short(told)
    withdrawn = next(one for one in told if one.kind == "withdrawn")
    assert withdrawn.because == (alert.id,)


def test_cases_are_followed_apart_and_share_the_time(follower) -> None:
    watcher = Watcher(follower, "stream")
    other = {**NOTICED, "case": "b", "at": "2025-08-15 09:00", "id": "m"}
    told = watcher.feed(lines(NOTICED, other))
    assert short(told) == [("a", "breached", "SG-10/safeguards"), ("a", "breached", "SG-10/tigta")]


def test_what_cannot_be_read_is_said_and_the_watch_goes_on(follower) -> None:
    watcher = Watcher(follower, "stream")
    told = watcher.feed(["{", '{"event": "nothing"}', "", *lines(NOTICED, passed("2025-08-20"))])
    assert short(told[:2]) == [(NO_CASE, "unreadable", "line-1"), (NO_CASE, "unreadable", "line-2")]
    assert told[1].words == "line 2: there is no event `nothing`"
    assert [one.kind for one in told[2:]] == ["breached", "breached"]


def test_what_is_wrong_with_an_event_is_an_alert(follower) -> None:
    watcher = Watcher(follower, "stream")
    told = watcher.feed(lines(TO_TIGTA, TO_TIGTA))
    assert short(told) == [("a", "duplicate", "t"), ("a", "impossible", "t")]


def test_line_by_line_or_all_at_once_the_same_stands(follower) -> None:
    stream = lines(NOTICED, passed("2025-08-20"), TO_SAFEGUARDS, TO_TIGTA, passed("2025-08-21"))
    at_once, by_line = Watcher(follower, "s"), Watcher(follower, "s")
    said = at_once.feed(stream)
    apart = [alert for line in stream for alert in by_line.feed([line])]
    withdrawn = {id for alert in apart if alert.kind == "withdrawn" for id in alert.because}
    assert len(withdrawn) == 2
    assert {a.id for a in said} == {a.id for a in apart if a.kind != "withdrawn"} - withdrawn


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_text("")
    return path


def add(path: Path, *events: dict[str, object], end: str = "\n") -> None:
    with path.open("a") as file:
        file.write("\n".join(lines(*events)) + end)


def watch(path: Path, state: Path, follower) -> list[tuple[str, str, str]]:
    reader, watcher = resume(path, state, follower)
    return short([alert for alerts in steps(reader, watcher, state) for alert in alerts])


def test_started_again_it_goes_on_where_it_stopped(follower, stream: Path, tmp_path: Path) -> None:
    state = tmp_path / "state" / "watch.json"
    add(stream, NOTICED, TO_TIGTA, passed("2025-08-20"))
    assert watch(stream, state, follower) == [("a", "breached", "SG-10/safeguards")]
    assert watch(stream, state, follower) == []
    add(stream, {**NOTICED, "case": "b", "at": "2025-08-20 01:00"}, passed("2025-08-22"))
    assert watch(stream, state, follower) == [("b", "breached", "SG-10/safeguards"), ("b", "breached", "SG-10/tigta")]


def test_a_line_counts_once_it_has_its_end(follower, stream: Path, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    add(stream, NOTICED, passed("2025-08-20"), end="")
    assert watch(stream, state, follower) == []
    with stream.open("a") as file:
        file.write("\n")
    assert len(watch(stream, state, follower)) == 2


def test_a_watch_that_died_before_it_wrote_says_the_last_batch_again(follower, stream: Path, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    add(stream, NOTICED, passed("2025-08-20"))
    reader, watcher = resume(stream, state, follower)
    first = next(steps(reader, watcher, state))  # taken, and then the process dies
    assert not state.exists()
    reader, watcher = resume(stream, state, follower)
    assert [alert.id for alert in next(steps(reader, watcher, state))] == [alert.id for alert in first]


def test_a_stream_that_was_changed_behind_it_is_refused(follower, stream: Path, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    add(stream, NOTICED, passed("2025-08-20"))
    watch(stream, state, follower)
    stream.write_text(stream.read_text().replace("incident_noticed", "inquiry_ended"))
    with pytest.raises(WatchError, match="what was read before has changed"):
        watch(stream, state, follower)


def test_a_stream_cut_under_a_running_watch_is_refused(follower, stream: Path, tmp_path: Path) -> None:
    add(stream, NOTICED)
    reader, watcher = resume(stream, tmp_path / "s.json", follower)
    list(steps(reader, watcher, tmp_path / "s.json"))
    stream.write_text("")
    with pytest.raises(WatchError, match="what was read before has changed"):
        reader.lines()


def test_the_state_of_another_watch_is_refused(follower, stream: Path, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    add(stream, NOTICED)
    watch(stream, state, follower)
    other = tmp_path / "other.jsonl"
    other.write_text("")
    with pytest.raises(WatchError, match="the state of a watch on another stream"):
        watch(other, state, follower)
    state.write_text("{}")
    with pytest.raises(WatchError, match="no state of a watch"):
        watch(stream, state, follower)
