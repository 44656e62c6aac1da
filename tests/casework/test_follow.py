"""When the network and the oracle differ, or the worker fails, there is no timeline."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest
from told_events import a_release, at, happened

sys.path.insert(0, str(Path(__file__).parents[1] / "decide"))

import bad_workers as bad

from limen.casework.follow import CaseworkFault, Follower
from limen.decide.second_key import SecondKey

EVENTS = [a_release(), happened("2025-06-03", "stored", copy="c-1", place="open_area")]
UNTIL = at("2025-12-31")


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (bad.SEGFAULT, "crash"),
        (bad.HANGS, "timeout"),
        (bad.GARBAGE, "error"),
        (bad.TOO_FEW_ANSWERS, "error"),
        (bad.ANSWERS_ANOTHER, "error"),
        (bad.NO_LIBRARY, "error"),
    ],
)
def test_a_worker_that_misbehaves_gives_no_timeline(command, kind: str) -> None:
    with SecondKey(command=command, deadline=1.0) as key, pytest.raises(CaseworkFault) as caught:
        Follower(key=key).follow(EVENTS, UNTIL)
    assert caught.value.kind == kind


def test_a_network_that_sees_nothing_is_contradicted_by_the_oracle() -> None:
    blind = bad.answering("{'id': q['id'], 'sessions': [[[] for _ in s['facts']] for s in q['sessions']]}")
    with SecondKey(command=blind) as key, pytest.raises(CaseworkFault) as caught:
        Follower(key=key).follow(EVENTS, UNTIL)
    assert caught.value.kind == "disagreement"
    assert "SG-3 (c-1)" in caught.value.detail


def test_decisions_and_cases_share_one_worker() -> None:
    with SecondKey() as key:
        first, second = Follower(key=key), Follower(key=key)
        timeline = first.follow(EVENTS, UNTIL)
        pid = key.worker_pid
        assert second.follow(EVENTS, UNTIL) == timeline
        second.close()
        assert key.worker_pid == pid


def test_a_follower_starts_again_after_its_worker_was_lost() -> None:
    import os
    import signal

    with Follower() as follower:
        timeline = follower.follow(EVENTS, UNTIL)
        os.kill(follower._key.worker_pid, signal.SIGKILL)
        with pytest.raises(CaseworkFault, match="crash"):
            follower.follow(EVENTS, UNTIL)
        assert follower.follow(EVENTS, UNTIL) == timeline


def test_a_case_without_events_has_no_duties(follower) -> None:
    timeline = follower.follow([], UNTIL)
    assert timeline.entries == timeline.notices == ()


def test_a_fault_survives_the_way_between_processes() -> None:
    fault = pickle.loads(pickle.dumps(CaseworkFault("crash", "the worker died of signal 11")))
    assert (fault.kind, fault.detail) == ("crash", "the worker died of signal 11")
