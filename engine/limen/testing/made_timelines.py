"""Cases after the decision, made at random: the events around a few duties, often exactly at a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from limen.casework.duty import Act, Count, Duty, Every, Owed, Pattern
from limen.casework.event import Event
from limen.casework.law_book import Aftercare, aftercare

if TYPE_CHECKING:
    from limen.casework.timeline import Entry

START = datetime(2025, 6, 2)
HOUR, DAY = 60, 24 * 60
STEPS = (0, 1, HOUR, DAY - 1, DAY, DAY + 1, 5 * DAY, 45 * DAY, 100 * DAY, 365 * DAY)
"""Minutes between events: none, one, and the deadlines of the shipped duties with a minute on either side."""

_SHARED = {"by": "person", "from": "copy", "of_matter": "matter"}
"""Fields that name something which another field makes."""


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


@st.composite
def events(draw: st.DrawFn, pattern: Pattern, id: str, at: datetime, law: Aftercare) -> Event:
    """One event, mostly one that fits `pattern`."""
    kind = law.kinds[pattern.kind]
    fields: dict[str, str] = {}
    for name, field in kind.fields.items():
        needed = name in kind.must or name == pattern.key or name in pattern.words
        if not needed and not draw(st.booleans()):
            continue
        words = pattern.words.get(name) or field.words
        if field.words:
            fields[name] = draw(st.sampled_from((*words, *field.words)))
        else:
            named = _SHARED.get(name, name)
            named = "release" if named == "of" else named
            fields[name] = f"{named}-{draw(st.sampled_from((1, 1, 2)))}"
    return Event(id, at, kind.name, fields)


@st.composite
def timelines(draw: st.DrawFn, duty: str | None = None, max_events: int = 8) -> MadeTimeline:
    """Events around `duty` (by its id; any duty otherwise), in any order of arrival. Shrinks to few events at once."""
    law = aftercare()
    about = law.duties[duty] if duty is not None else law.duties[draw(st.sampled_from(list(law.duties)))]
    wanted = list(patterns_of(about))
    at, told = START, []
    if draw(st.booleans()):
        told = [
            Event("asked", at, "requested", {"request": "request-1", "agency": "agency-1", "matter": "matter-1"}),
            Event("decided", at, "decided", {"request": "request-1", "outcome": "allow"}),
            Event("released", at, "released", {"release": "release-1", "request": "request-1", "copy": "copy-1"}),
        ]
    for number in range(draw(st.integers(1, max_events))):
        at += timedelta(minutes=draw(st.sampled_from(STEPS)))
        told.append(draw(events(draw(st.sampled_from(wanted)), f"event-{number}", at, law)))
    if draw(st.booleans()):
        told = draw(st.permutations(told))
    return MadeTimeline(tuple(told), at + timedelta(minutes=draw(st.sampled_from(STEPS))))
