"""The sentences of `limen.casework.duty` as plain Python: small, slow, obvious, and asked every time.

For each duty it walks all events from the first to the last. Whatever the network says, it is right when it says the
same as this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from limen.casework.duty import Act, Count, Duty, Every, Need, Owed, Pattern, While
from limen.casework.event import Event
from limen.casework.timeline import Entry, Turn


def judge(events: Sequence[Event], duties: Mapping[str, Duty], until: datetime) -> tuple[Entry, ...]:
    """What became of each duty up to `until`; `events` in their order."""
    entries: list[Entry] = []
    for duty in duties.values():
        match duty.form:
            case Owed():
                found = _owed(duty.id, duty.form, events, until)
            case Act():
                found = _acts(duty.id, duty.form, events)
            case Every():
                found = _every(duty.id, duty.form, events, until)
            case Count():
                found = _count(duty.id, duty.form, events)
        entries += sorted(found, key=lambda entry: entry.key)
    return tuple(entries)


def _some(patterns: Sequence[Pattern], event: Event, key: str | None) -> bool:
    return any(
        pattern.fits(event) and (pattern.key is None or event.fields.get(pattern.key) == key) for pattern in patterns
    )


def _openings(opens: Sequence[Pattern], events: Sequence[Event]) -> Iterator[tuple[int, str]]:
    for place, event in enumerate(events):
        keys = {pattern.key_of(event) for pattern in opens if pattern.fits(event)}
        for key in keys:
            if key is not None:
                yield place, key


@dataclass
class _Running:
    """A duty that is owed, while the events go by."""

    opened: int
    due: datetime | None
    turns: list[Turn]
    ended: bool = False
    mended: datetime | None = None


def _owed(duty: str, form: Owed, events: Sequence[Event], until: datetime) -> Iterator[Entry]:
    started: dict[str, int] = {}
    for place, key in _openings(form.opens, events):
        opened = place if form.once is None else _once(form, events, place)
        if opened is not None and not _spared(form, events[:opened], key):
            started[key] = min(opened, started.get(key, opened))
    for key, opened in started.items():
        at = events[opened].at
        running = _Running(opened, None if form.within is None else form.within.after(at), [])
        running.turns.append(Turn(at, "open", (events[opened].id,)))
        for event in events[opened + 1 :]:
            _time_passes(running, form, event.at, at_the_latest=False)
            _happens(running, form, event, key)
        _time_passes(running, form, until, at_the_latest=True)
        yield Entry(duty, key, tuple(running.turns), running.due, running.mended)


def _once(form: Owed, events: Sequence[Event], place: int) -> int | None:
    """Where a duty opens that needs a second event beside the one at `place`."""
    if form.once is None:
        return place
    wanted = events[place].fields.get(form.once.ours)
    for other, event in enumerate(events):
        if wanted is not None and form.once.pattern.fits(event) and form.once.pattern.key_of(event) == wanted:
            return max(place, other)
    return None


def _spared(form: Owed, before: Sequence[Event], key: str) -> bool:
    """Whether there was nothing left to owe when the duty would have opened."""
    return form.once is not None and any(event.sound and _some(form.once.unless, event, key) for event in before)


def _time_passes(running: _Running, form: Owed, now: datetime, at_the_latest: bool) -> None:
    """Let the deadline pass. What happens in the very minute of the deadline is still in time."""
    if running.due is None or running.turns[-1].state != "open" or running.ended:
        return
    if running.due < now or (at_the_latest and running.due == now):
        running.turns.append(Turn(running.due, form.at_deadline))
        running.ended = form.at_deadline == "kept"


def _happens(running: _Running, form: Owed, event: Event, key: str) -> None:
    state = running.turns[-1].state
    if _some(form.broken_by, event, key) and not running.ended:
        running.turns.append(Turn(event.at, "breached", (event.id,)))
        return
    if event.sound and _some(form.kept_by, event, key):
        if state == "open" and not running.ended:
            running.turns.append(Turn(event.at, "kept", (event.id,)))
        elif state == "breached" and running.mended is None:
            running.mended = event.at
    if event.sound and _some(form.ends, event, key) and not running.ended:
        running.ended = True
        if running.turns[-1].state == "open":
            running.turns.append(Turn(event.at, form.ends_as, (event.id,)))


def _acts(duty: str, form: Act, events: Sequence[Event]) -> Iterator[Entry]:
    turns: dict[str, list[Turn]] = {}
    for place, key in _openings(form.doing, events):
        act, before = events[place], events[:place]
        because: tuple[str, ...] = ()
        if form.during is not None:
            lasting = _lasting(form.during, before, key)
            if lasting is None:
                continue
            because = (lasting.id,)
        needed = _latest_need(form.needs, before, act, key)
        if needed is not None:
            turn = Turn(act.at, "kept", (needed.id, act.id))
        else:
            turn = Turn(act.at, "breached", (*because, act.id))
        turns.setdefault(key, []).append(turn)
    for key, of_key in turns.items():
        yield Entry(duty, key, tuple(of_key))


def _lasting(during: While, before: Sequence[Event], key: str) -> Event | None:
    """The first event since which the state lasts."""
    for place, event in enumerate(before):
        if _some(during.since, event, key):
            by = event.fields.get(during.by)
            over = any(later.sound and _some(during.until, later, by) for later in before[place + 1 :])
            if by is None or not over:
                return event
    return None


def _latest_need(needs: Sequence[Need], before: Sequence[Event], act: Event, key: str) -> Event | None:
    for event in reversed(before):
        for need in needs:
            in_time = (need.ahead is None or need.ahead.after(event.at) <= act.at) and (
                need.valid is None or act.at <= need.valid.after(event.at)
            )
            if event.sound and in_time and _some([need.pattern], event, key):
                return event
    return None


def _every(duty: str, form: Every, events: Sequence[Event], until: datetime) -> Iterator[Entry]:
    started: dict[str, int] = {}
    for place, key in _openings(form.opens, events):
        started.setdefault(key, place)
    for key, opened in started.items():
        turns = [Turn(events[opened].at, "open", (events[opened].id,))]
        later = events[opened + 1 :]
        end = next((event for event in later if event.sound and _some(form.ends, event, key)), None)
        begins, due = events[opened].at, form.every.after(events[opened].at)
        done = [event for event in later if event.sound and _some(form.kept_by, event, key)]
        while due <= until and (end is None or due < end.at):
            last = [event for event in done if begins < event.at <= due or (begins == event.at == events[opened].at)]
            turns.append(Turn(due, "kept", (last[-1].id,)) if last else Turn(due, "breached"))
            begins, due = due, form.every.after(due)
        if end is not None:
            turns.append(Turn(end.at, "lapsed", (end.id,)))
        yield Entry(duty, key, tuple(turns), None if end is not None else due)


def _count(duty: str, form: Count, events: Sequence[Event]) -> Iterator[Entry]:
    seen: dict[str, dict[str, Event]] = {}
    for _, key in ((place, key) for place, key in _openings([form.of], events)):
        seen.setdefault(key, {})
    for key, different in seen.items():
        for event in events:
            if form.of.fits(event) and form.of.key_of(event) == key and form.distinct in event.fields:
                different.setdefault(event.fields[form.distinct], event)
        firsts = list(different.values())
        if len(firsts) >= form.at_least:
            counted = firsts[: form.at_least]
            yield Entry(duty, key, (Turn(counted[-1].at, "raised", tuple(event.id for event in counted)),))
