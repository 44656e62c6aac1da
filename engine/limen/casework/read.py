"""Timelines as people write them (YAML) and events as they come in (JSON lines), with errors that say where.

A time is a day (`2025-08-08`) or a minute in quotes (`"2025-08-08 17:10"`), and may carry an offset; then it is
turned into UTC. Events of a day happen at its beginning; a question as of a day is asked at its end. A field of truth
is `true` or `false`. Nothing that is written is repeated in an error except names of events, fields and words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from limen.casework.duty import State
from limen.casework.event import Event
from limen.casework.kind import NO, YES, Kind
from limen.casework.law_book import Aftercare
from limen.law.problem import Problem, in_order, nearest

MAX_BYTES = 4_000_000
LONGEST_NAME = 80
LONGEST_TEXT = 4000
CODE = "timeline"

Complain = Callable[[tuple[str | int, ...], str, str | None, str | None], None]
"""`complain(path, message, nearest, mend)`: something is wrong at `path` in what was read."""


class TimelineError(Exception):
    """Events that cannot be used. `problems` holds everything wrong with them, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[TimelineError], tuple[tuple[Problem, ...]]]:
        return TimelineError, (self.problems,)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a timeline's author says became of a duty, at the end or on an earlier day."""

    duty: str
    state: State
    key: str | None = None
    turned: datetime | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimelineFile:
    """A told case: its events in the order of arrival, and what should become of them.

    `breached` and `raised` are complete: no other duty is breached at `until`, and no other sign raised.
    """

    name: str
    title: str
    story: str
    until: datetime
    events: tuple[Event, ...]
    breached: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    expect: tuple[Expected, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()


def read_timeline(path: Path, law: Aftercare) -> TimelineFile:
    """The timeline in the YAML file `path`. Raises `TimelineError` with every problem."""
    from limen.law.load.yaml_file import YamlMap, marks_under, read_yaml

    problems: list[Problem] = []

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        problems.append(Problem(path.name, mark.line + 1, mark.column + 1, code, message, mend=mend))

    data = read_yaml(_text(path), report)
    if problems:
        raise TimelineError(problems)
    if not isinstance(data, YamlMap):
        raise TimelineError([Problem(path.name, 1, 1, CODE, "a timeline is a mapping of keys to values")])

    def complain(place: tuple[str | int, ...], message: str, near: str | None, mend: str | None) -> None:
        mark, _ = marks_under(data, place)
        problems.append(Problem(path.name, mark.line + 1, mark.column + 1, CODE, message, nearest=near, mend=mend))

    timeline = _Reader(law, complain).timeline(path.stem, data)
    if problems or timeline is None:
        raise TimelineError(problems)
    return timeline


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TimelineError([Problem(path.name, 0, 0, CODE, f"the file is larger than {MAX_BYTES:,} bytes")])
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise TimelineError([Problem(path.name, 0, 0, CODE, "the file is not UTF-8 text")]) from None
    except OSError as error:
        raise TimelineError([Problem(path.name, 0, 0, CODE, f"the file cannot be read: {error.strerror}")]) from error


def read_line(line: str, name: str, number: int, law: Aftercare) -> Event:
    """The event in one line of JSON. Raises `TimelineError`; `name` and `number` are the stream's and the line's."""
    problems: list[Problem] = []

    def complain(place: tuple[str | int, ...], message: str, near: str | None, mend: str | None) -> None:
        problems.append(Problem(name, number, 1, CODE, message, nearest=near, mend=mend))

    event = None
    try:
        event = _Reader(law, complain).event(json.loads(line), (), f"line-{number}")
    except ValueError:
        complain((), "the line is not JSON", None, "write one event as a JSON object on a line")
    if problems or event is None:
        raise TimelineError(problems)
    return event


def build_event(raw: Mapping[str, Any], law: Aftercare, id: str) -> Event:
    """The event that `raw` states; `id` where it states none. Raises `TimelineError`."""
    problems: list[Problem] = []

    def complain(place: tuple[str | int, ...], message: str, near: str | None, mend: str | None) -> None:
        problems.append(Problem("the event", 0, 0, CODE, message, nearest=near, mend=mend))

    event = _Reader(law, complain).event(raw, (), id)
    if problems or event is None:
        raise TimelineError(problems)
    return event


def event_to_json(event: Event, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """`event` as `build_event` reads it."""
    truths = {name for name, field in kinds[event.kind].fields.items() if field.type == "truth"}
    fields = {name: value == YES if name in truths else value for name, value in event.fields.items()}
    return {"id": event.id, "at": event.at.isoformat(sep=" ", timespec="minutes"), "event": event.kind, **fields}


def read_time(raw: object, at_its_end: bool = False) -> datetime | None:
    """The moment that `raw` states, or `None`. A whole day is its beginning or, if asked for, its last minute.

    >>> read_time("2025-08-08 17:10+02:00")
    datetime.datetime(2025, 8, 8, 15, 10)
    >>> read_time("2025-08-08", at_its_end=True)
    datetime.datetime(2025, 8, 8, 23, 59)
    """
    if isinstance(raw, date) and not isinstance(raw, datetime):
        raw = raw.isoformat()
    if not isinstance(raw, str):
        return None
    if at_its_end and len(raw) == len("2025-08-08"):
        raw = f"{raw} 23:59"
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


class _Reader:
    """Reads events and timelines; everything wrong is told to `complain`."""

    def __init__(self, law: Aftercare, complain: Complain) -> None:
        self._law = law
        self._complain = complain

    def timeline(self, name: str, raw: Mapping[str, Any]) -> TimelineFile | None:
        """The timeline, or `None` after a problem that leaves nothing to work with."""
        known = ("timeline", "title", "story", "until", "events", "breached", "raised", "expect", "notices")
        self._only((), raw, known)
        for key in ("timeline", "title", "story"):
            if not isinstance(raw.get(key), str):
                self._complain((key,), f"`{key}` is missing or no text", None, None)
        until = self._time(("until",), raw.get("until"), at_its_end=True)
        if not isinstance(raw.get("events"), list):
            self._complain(("events",), "`events` is missing or no list", None, "list what happened, in its order")
            return None
        events = [self.event(one, ("events", n), f"e{n + 1}") for n, one in enumerate(raw["events"])]
        expect = tuple(self._expected(raw.get("expect", [])))
        breached, raised = (self._duties(key, raw.get(key, [])) for key in ("breached", "raised"))
        if until is None or not all(isinstance(raw.get(key), str) for key in ("title", "story")):
            return None
        return TimelineFile(
            name=str(raw.get("timeline", name)),
            title=raw["title"].strip(),
            story=raw["story"].strip(),
            until=until,
            events=tuple(event for event in events if event is not None),
            breached=breached,
            raised=raised,
            expect=expect,
            notices=tuple((str(one.get("event")), str(one.get("kind"))) for one in raw.get("notices", [])),
        )

    def event(self, raw: Any, place: tuple[str | int, ...], id: str) -> Event | None:
        """One event, or `None` after a problem."""
        if not isinstance(raw, Mapping):
            self._complain(place, "an event is a mapping: `event`, `at` and its fields", None, None)
            return None
        name = raw.get("event")
        kind = self._law.kinds.get(name) if isinstance(name, str) else None
        if kind is None:
            near = nearest(str(name), self._law.kinds) if name is not None else None
            self._complain((*place, "event"), f"there is no event `{name}`", near, "name what happened in `event`")
            return None
        at = self._time((*place, "at"), raw.get("at"))
        self._only(place, raw, ("event", "at", "id", *kind.fields))
        fields: dict[str, str] = {}
        for field in kind.fields:
            if field in raw:
                value = self._value((*place, field), kind, field, raw[field])
                if value is not None:
                    fields[field] = value
        for field in kind.must:
            if field not in raw:
                self._complain(place, f"`{kind.name}` must say its `{field}`", None, f"add `{field}`")
        own = raw.get("id", id)
        if not isinstance(own, str) or not 0 < len(own) <= LONGEST_NAME:
            self._complain((*place, "id"), f"an id is text of at most {LONGEST_NAME} characters", None, None)
            return None
        return None if at is None else Event(own, at, kind.name, fields)

    def _value(self, place: tuple[str | int, ...], kind: Kind, name: str, raw: Any) -> str | None:
        field = kind.fields[name]
        if field.type == "truth":
            if isinstance(raw, bool):
                return YES if raw else NO
            self._complain(place, f"`{name}` of `{kind.name}` is `true` or `false`", None, None)
        elif field.type == "words":
            if isinstance(raw, str) and raw in field.words:
                return raw
            near = nearest(raw, field.words) if isinstance(raw, str) else None
            self._complain(place, f"`{name}` of `{kind.name}` is one of {', '.join(field.words)}", near, None)
        else:
            longest = LONGEST_TEXT if field.type == "text" else LONGEST_NAME
            if isinstance(raw, str) and 0 < len(raw.strip()) <= longest:
                return raw.strip()
            self._complain(place, f"`{name}` of `{kind.name}` is text of at most {longest} characters", None, None)
        return None

    def _time(self, place: tuple[str | int, ...], raw: object, at_its_end: bool = False) -> datetime | None:
        moment = read_time(raw, at_its_end)
        if moment is None:
            mend = 'write a day, `2025-08-08`, or a minute in quotes, `"2025-08-08 17:10"`'
            self._complain(place, f"`{place[-1]}` is missing or no time", None, mend)
        return moment

    def _only(self, place: tuple[str | int, ...], raw: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in raw:
            if key not in known:
                self._complain((*place, str(key)), f"nobody reads `{key}` here", nearest(str(key), known), None)

    def _duties(self, key: str, raw: Any) -> tuple[str, ...]:
        for number, id in enumerate(raw):
            if id not in self._law.duties:
                self._complain((key, number), f"there is no duty `{id}`", self._near(str(id)), None)
        return tuple(raw)

    def _near(self, id: str) -> str | None:
        """The duty that was meant: the first part of it, if it has several."""
        parts = (duty for duty in self._law.duties if duty.startswith(f"{id}/"))
        return next(parts, None) or nearest(id, self._law.duties)

    def _expected(self, raw: Any) -> Iterator[Expected]:
        for number, one in enumerate(raw):
            place = ("expect", number)
            self._only(place, one, ("duty", "key", "state", "turned", "as_of"))
            if one.get("duty") not in self._law.duties:
                self._complain(place, f"there is no duty `{one.get('duty')}`", self._near(str(one.get("duty"))), None)
            times = {
                key: self._time((*place, key), one[key], key == "as_of") for key in ("turned", "as_of") if key in one
            }
            yield Expected(
                str(one.get("duty")), one.get("state"), one.get("key"), times.get("turned"), times.get("as_of")
            )
