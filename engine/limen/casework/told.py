"""Told timelines as tests: what their author expects, compared with what becomes of the duties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from limen.casework.follow import Follower
from limen.casework.read import Expected, TimelineFile
from limen.casework.timeline import Timeline
from limen.law.places import shipped_scenarios


def shipped_timelines() -> tuple[Path, ...]:
    """The timelines that come with the product, by name."""
    return tuple(sorted((shipped_scenarios() / "aftercare").glob("*.yaml")))


def compare(told: TimelineFile, follower: Follower) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of a told case, and every sentence of its author that does not hold.

    Raises `limen.casework.follow.CaseworkFault`.
    """
    timeline = follower.follow(told.events, told.until)
    return timeline, tuple(_wrong(told, timeline, follower))


def _wrong(told: TimelineFile, timeline: Timeline, follower: Follower) -> Iterator[str]:
    for words, expected, state in (("breached", told.breached, "breached"), ("raised", told.raised, "raised")):
        found = {entry.duty for entry in timeline.entries if entry.state == state}
        for duty in sorted(set(expected) - found):
            yield f"{duty} should be {words}, and is not"
        for duty in sorted(found - set(expected)):
            yield f"{duty} is {words}, and nobody said so"
    for one in told.expect:
        yield from _compared(one, told, timeline, follower)
    for event, kind in told.notices:
        if not any((notice.event, notice.kind) == (event, kind) for notice in timeline.notices):
            yield f"`{event}` should be reported as {kind}, and is not"
    for notice in timeline.notices:
        if (notice.event, notice.kind) not in told.notices:
            yield f"`{notice.event}` is reported as {notice.kind}, and nobody said so: {notice.words}"


def _compared(one: Expected, told: TimelineFile, timeline: Timeline, follower: Follower) -> Iterator[str]:
    where = one.duty + (f" ({one.key})" if one.key else "") + (f" on {one.as_of:%Y-%m-%d %H:%M}" if one.as_of else "")
    then = timeline if one.as_of is None else follower.follow(told.events, one.as_of)
    entry = then.of(one.duty, one.key)
    if entry is None:
        yield f"{where} should be {one.state}, and there is no such duty, or several"
    elif entry.state != one.state:
        yield f"{where} should be {one.state}, and is {entry.state}"
    elif one.turned is not None and entry.turned != one.turned:
        yield f"{where} should have turned at {one.turned}, and did at {entry.turned}"
