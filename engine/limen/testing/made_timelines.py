"""Cases after the decision, made at random: the events around a few duties, often exactly at a deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from limen.casework.duty import Act, Count, Duty, Every, Owed, Pattern
from limen.casework.event import Event
from limen.casework.law_book import Aftercare, aftercare

if TYPE_CHECKING:
    from limen.casework.timeline import Entry

_MOST = 2**40 - 1
"""The greatest number that stands for an event: enough for every choice that makes one."""
_BYTES = 3
"""So many bytes stand for one event among others."""
START = datetime(2025, 6, 2)
HOUR, DAY = 60, 24 * 60
STEPS = (0, 1, HOUR, DAY - 1, DAY, DAY + 1, 5 * DAY, 45 * DAY, 100 * DAY, 365 * DAY)
"""Minutes between events: none, one, and the deadlines of the shipped duties with a minute on either side."""

_SHARED = {"by": "person", "from": "copy", "of_matter": "matter", "of": "release"}
"""Fields that name something which another field makes."""
_NAMED = ("1", "1", "2")
"""Whatever is named is mostly the first of its kind."""
_RELEASE = (
    Event("asked", START, "requested", {"request": "request-1", "agency": "agency-1", "matter": "matter-1"}),
    Event("decided", START, "decided", {"request": "request-1", "outcome": "allow"}),
    Event("released", START, "released", {"release": "release-1", "request": "request-1", "copy": "copy-1"}),
)
"""What happens before a duty can open, said or not."""


@dataclass(frozen=True, slots=True)
class MadeTimeline:
    """Events in the order in which they arrived, and the moment at which somebody asks how the duties stand."""

    events: tuple[Event, ...]
    until: datetime

    def judged(self, law: Aftercare | None = None) -> tuple[Entry, ...]:
        """How every duty stands, as the sentences of the law say."""
        from limen.casework.oracle import judge
        from limen.casework.sound import put_in_order

        used = law or aftercare()
        events, _ = put_in_order(self.events, used.kinds, self.until)
        return judge(events, used.duties, self.until)


def patterns_of(duty: Duty) -> Iterator[Pattern]:
    """Every kind of event that a duty looks at."""
    form = duty.form
    match form:
        case Owed():
            yield from (*form.opens, *form.kept_by, *form.broken_by, *form.ends)
            if form.once is not None:
                yield from (form.once.pattern, *form.once.unless)
        case Every():
            yield from (*form.opens, *form.kept_by, *form.ends)
        case Act():
            yield from (*form.doing, *(need.pattern for need in form.needs))
            if form.during is not None:
                yield from (*form.during.since, *form.during.until)
        case Count():
            yield form.of


def events(pattern: Pattern, id: str, at: datetime, law: Aftercare) -> st.SearchStrategy[Event]:
    """One event, mostly one that fits `pattern`."""
    return st.integers(0, _MOST).map(lambda choices: _event(law, pattern, choices, id, at))


def timelines(duty: str | None = None, max_events: int = 8) -> st.SearchStrategy[MadeTimeline]:
    """Events around `duty` (by its id; any duty otherwise), in any order of arrival. Shrinks to few events at once.

    Raises `KeyError` for a duty that the law does not have.
    """
    law = aftercare()
    about = law.duties.values() if duty is None else [law.duties[duty]]
    plans = [list(patterns_of(one)) for one in about]
    # Hypothesis pays for each choice, so one run of bytes holds all events; one whose bytes are zero is none.
    events = st.binary(min_size=_BYTES * max_events, max_size=_BYTES * max_events)
    return st.builds(partial(_timeline, law, plans), st.integers(0, _MOST), events)


def _timeline(law: Aftercare, plans: Sequence[Sequence[Pattern]], whole: int, events: bytes) -> MadeTimeline:
    """The timeline that a number for the whole and the bytes of its events stand for; zero is the plainest of each."""
    whole, at_duty = divmod(whole, len(plans))
    whole, released = divmod(whole, 2)
    whole, step = divmod(whole, len(STEPS))
    whole, shuffled = divmod(whole, 2)
    plan = plans[at_duty]
    at, told = START, list(_RELEASE) if released else []
    for number, choices in enumerate(_slots(events)):
        choices, which = divmod(choices, len(plan))
        choices, passed = divmod(choices, len(STEPS))
        at += timedelta(minutes=STEPS[passed])
        told.append(_event(law, plan[which], choices, f"event-{number}", at))
    if shuffled:
        told = _in_order(told, whole)
    return MadeTimeline(tuple(told), at + timedelta(minutes=STEPS[step]))


def _slots(events: bytes) -> list[int]:
    """The choices of each event that the bytes hold: every other slot is empty, and at least one event happens."""
    slots = (int.from_bytes(events[at : at + _BYTES], "little") for at in range(0, len(events), _BYTES))
    return [slot // 2 for slot in slots if slot % 2] or [0]


def _event(law: Aftercare, pattern: Pattern, choices: int, id: str, at: datetime) -> Event:
    """One event, mostly one that fits `pattern`."""
    kind = law.kinds[pattern.kind]
    fields: dict[str, str] = {}
    for name, field in kind.fields.items():
        if name not in kind.must and name != pattern.key and name not in pattern.words:
            choices, there = divmod(choices, 2)
            if not there:
                continue
        words = (*(pattern.words.get(name) or field.words), *field.words) if field.words else _NAMED
        choices, which = divmod(choices, len(words))
        named = _SHARED.get(name, name)
        fields[name] = words[which] if field.words else f"{named}-{words[which]}"
    return Event(id, at, kind.name, fields)


def _in_order(told: Sequence[Event], number: int) -> list[Event]:
    """`told` in the order that a number stands for, among all there are."""
    left, ordered = list(told), []
    while left:
        number, which = divmod(number, len(left))
        ordered.append(left.pop(which))
    return ordered
