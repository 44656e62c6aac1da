"""Every shipped timeline ends as its story says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from limen.casework.law_book import aftercare
from limen.casework.read import read_timeline
from limen.casework.told import compare, shipped_timelines

TIMELINES = shipped_timelines()


@pytest.mark.parametrize("path", TIMELINES, ids=lambda path: path.stem)
def test_a_told_case_ends_as_its_story_says(path: Path, follower) -> None:
    told = read_timeline(path, follower.law)
    assert told.name == path.stem
    assert len(told.story) > 80
    _, wrong = compare(told, follower)
    assert wrong == ()


def test_there_are_more_than_forty_and_between_them_they_break_every_duty_that_can_be_broken(follower) -> None:
    assert len(TIMELINES) >= 40
    broken: set[str] = set()
    told_of: set[str] = set()
    for path in TIMELINES:
        told = read_timeline(path, follower.law)
        broken |= {*told.breached, *told.raised}
        told_of |= {*broken, *(one.duty for one in told.expect)}
    timeless = {
        "SG-1/request",
        "SG-1/disclosure",
        "SG-2/request",
        "SG-2/disclosure",
        "SG-11/complete",
        "SG-13",
        "SG-19/plan",
    }
    assert set(aftercare().duties) - broken == timeless | {"SG-7/requests", "SG-16/warehouse", "USE-4"}
    assert told_of == set(aftercare().duties)


def test_the_public_episode_names_each_duty_its_source_and_its_state_on_any_day(follower) -> None:
    told = read_timeline(next(path for path in TIMELINES if path.stem == "the-public-episode"), follower.law)
    states = {}
    for day in ("2025-06-30", "2025-08-06", "2025-08-07", "2025-11-21", "2026-02-05", "2026-02-06", "2026-02-26"):
        timeline = follower.follow(told.events, datetime.fromisoformat(f"{day} 23:59"))
        told_as = timeline.to_json(follower.law.duties)
        assert all(one["citation"] and one["certainty"] and one["state"] for one in told_as["duties"])
        states[day] = {one["duty"] for one in told_as["duties"] if one["state"] == "breached"}
    assert states["2025-08-06"] == set()
    assert states["2025-08-07"] == {"SG-19/release"}
    assert states["2026-02-05"] == {"SG-19/release", "SG-5/engaged"}
    assert states["2026-02-06"] == states["2026-02-26"] == {"SG-19/release", "SG-5/engaged", "SG-23/use"}


def test_a_story_that_does_not_hold_is_told_sentence_by_sentence(follower, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        """timeline: wrong
title: A story that does not hold
story: Nothing of this is so.
until: 2025-08-11
events:
  - {at: "2025-08-08 17:10", event: incident_noticed, incident: folder}
  - {at: "2025-08-08 16:00", event: time_passed, id: before}
breached: [SG-10/tigta, SG-3]
raised: [CNT-1]
expect:
  - {duty: SG-10/tigta, key: folder, state: kept}
  - {duty: SG-10/tigta, key: folder, state: breached, turned: "2025-08-08 17:10"}
  - {duty: SG-10/tigta, key: folder, state: breached, as_of: 2025-08-08}
  - {duty: SG-20, state: open}
notices:
  - {event: before, kind: duplicate}
"""
    )
    _, wrong = compare(read_timeline(path, follower.law), follower)
    assert wrong == (
        "SG-3 should be breached, and is not",
        "SG-10/safeguards is breached, and nobody said so",
        "CNT-1 should be raised, and is not",
        "SG-10/tigta (folder) should be kept, and is breached",
        "SG-10/tigta (folder) should have turned at 2025-08-08 17:10:00, and did at 2025-08-09 17:10:00",
        "SG-10/tigta (folder) on 2025-08-08 23:59 should be breached, and is open",
        "SG-20 should be open, and there is no such duty, or several",
        "`before` should be reported as duplicate, and is not",
        "`before` is reported as late, and nobody said so: it arrived after something that happened later",
    )
