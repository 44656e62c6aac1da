"""Watch a stream of events, one JSON object a line, and say what turns as it turns.

A stream may hold many cases: an event belongs to the case in its `case` (without one, to `the stream`). Time is event
time: it moves with the latest event of any case, so a deadline in one case passes when something later is heard of
another; `{"event": "time_passed", "at": ...}` says only that. A late event can show that a breach was none; then the
alert is withdrawn.

What has been said is kept in a state file, written whole after each batch. A watch that is started again goes on
where it stopped. If it died between saying and writing, it says the last batch again: alerts carry an id for that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from limen.casework.event import Event
from limen.casework.follow import Follower
from limen.casework.read import TimelineError, read_line
from limen.casework.timeline import Timeline
from limen.decide.reproduction import write_whole

AlertKind = Literal["breached", "raised", "withdrawn", "late", "duplicate", "contradictory", "impossible", "unjudged",
                    "unreadable"]  # fmt: skip
NO_CASE = "the stream"
FORMAT = 1


class WatchError(Exception):
    """A stream or a state that a watch cannot go on with."""


@dataclass(frozen=True, slots=True, order=True)
class Alert:
    """Something to look at. `about` is a duty or, for what is wrong with an event, the event."""

    at: datetime
    case: str
    kind: AlertKind
    about: str
    key: str
    words: str
    because: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same alert, however often it is said."""
        parts = (self.at.isoformat(), self.case, self.kind, self.about, self.key, *self.because)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """The alert as one JSON object."""
        return {
            "id": self.id, "at": self.at.isoformat(timespec="minutes"), "case": self.case, "alert": self.kind,
            "about": self.about, "key": self.key, "words": self.words, "because": list(self.because),
        }  # fmt: skip


class Watcher:
    """Takes lines of a stream and tells what is new. `name` is the stream's, for errors."""

    def __init__(self, follower: Follower, name: str) -> None:
        self._follower = follower
        self._name = name
        self._cases: dict[str, list[Event]] = {}
        self._said: dict[str, Alert] = {}
        self._due: dict[str, datetime | None] = {}
        self._now: datetime | None = None
        self._lines = 0

    def feed(self, lines: Iterable[str]) -> list[Alert]:
        """The alerts that these lines bring, in the order of event time. Raises `CaseworkFault`."""
        fresh: list[Alert] = []
        touched: set[str] = set()
        for line in lines:
            self._lines += 1
            if line.strip():
                touched |= self._take(line, fresh)
        for case in sorted(self._cases):
            due = self._due.get(case)
            if case in touched or (due is not None and self._now is not None and due <= self._now):
                fresh += self._followed(case)
        return sorted(fresh)

    def _take(self, line: str, fresh: list[Alert]) -> set[str]:
        id = f"line-{self._lines}"
        try:
            case, bare = _case_of(line)
            event = read_line(bare, self._name, self._lines, self._follower.law)
        except TimelineError as error:
            first = str(error.problems[0].message)
            at = self._now or datetime(1, 1, 1)
            fresh.append(Alert(at, NO_CASE, "unreadable", id, "", f"line {self._lines}: {first}"))
            return set()
        self._now = event.at if self._now is None else max(self._now, event.at)
        self._cases.setdefault(case, []).append(event)
        return {case}

    def _followed(self, case: str) -> Iterator[Alert]:
        """What is new in one case, and what no longer holds."""
        if self._now is None:
            return
        timeline = self._follower.follow(self._cases[case], self._now)
        self._due[case] = _next_due(timeline, self._now)
        alerts = {alert.id: alert for alert in self._alerts(case, timeline)}
        for id, alert in alerts.items():
            if id not in self._said:
                self._said[id] = alert
                yield alert
        for id, alert in list(self._said.items()):
            if alert.case == case and id not in alerts:
                del self._said[id]
                words = f"no longer: {alert.words}"
                yield Alert(self._now, case, "withdrawn", alert.about, alert.key, words, (id,))

    def _alerts(self, case: str, timeline: Timeline) -> Iterator[Alert]:
        duties = self._follower.law.duties
        for entry in timeline.entries:
            for turn in entry.turns:
                if turn.state in ("breached", "raised"):
                    duty = duties[entry.duty]
                    kind: AlertKind = "breached" if turn.state == "breached" else "raised"
                    words = f"{duty.breach} [{duty.cite.text}]"
                    yield Alert(turn.at, case, kind, entry.duty, entry.key, words, turn.because)
        at = {event.id: event.at for event in self._cases[case]}
        for notice in timeline.notices:
            when = at.get(notice.event.partition("~")[0], timeline.until)
            yield Alert(when, case, notice.kind, notice.event, "", notice.words)


def _case_of(line: str) -> tuple[str, str]:
    """The case an event belongs to, and the event without it."""
    try:
        raw = json.loads(line)
    except ValueError:
        return NO_CASE, line
    if not isinstance(raw, dict) or not isinstance(raw.get("case"), str):
        return NO_CASE, line
    return raw.pop("case"), json.dumps(raw)


def _next_due(timeline: Timeline, now: datetime) -> datetime | None:
    """The next deadline that can turn something."""
    return min((entry.due for entry in timeline.entries if entry.due is not None and entry.due > now), default=None)


@dataclass(slots=True)
class Stream:
    """A file of JSON lines that grows, read from where the last reading ended; a line counts once it has its end."""

    path: Path
    offset: int = 0
    digest: str = ""

    def lines(self) -> list[str]:
        """The whole lines that are new. Raises `WatchError` when what was read before is no longer there."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise WatchError(f"`{self.path}` cannot be read: {error.strerror}") from error
        if _digest(data[: self.offset]) != self.digest and self.offset:
            raise WatchError(f"`{self.path}` is not the stream that was watched: what was read before has changed")
        end = data.rfind(b"\n") + 1
        if end <= self.offset:
            return []
        text = data[self.offset : end].decode("utf-8", "replace")
        self.offset, self.digest = end, _digest(data[:end])
        return text.splitlines()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def resume(stream: Path, state: Path, follower: Follower) -> tuple[Stream, Watcher]:
    """A watcher that has heard what an earlier watch had heard, and said what it had said.

    Raises `WatchError` when the state belongs to another stream, or the stream has changed.
    """
    watcher = Watcher(follower, stream.name)
    reader = Stream(stream)
    if not state.exists():
        return reader, watcher
    try:
        kept = json.loads(state.read_text(encoding="utf-8"))
        offset, digest = int(kept["offset"]), str(kept["digest"])
        fits = kept["format"] == FORMAT and kept["stream"] == str(stream.resolve())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WatchError(f"`{state}` is no state of a watch; remove it to start from the beginning") from error
    if not fits:
        raise WatchError(f"`{state}` is the state of a watch on another stream; name another with --state")
    data = stream.read_bytes()[:offset]
    if _digest(data) != digest:
        raise WatchError(f"`{stream}` is not the stream that was watched: what was read before has changed")
    watcher.feed(data.decode("utf-8", "replace").splitlines())
    reader.offset, reader.digest = offset, digest
    return reader, watcher


def keep(state: Path, reader: Stream) -> None:
    """Write down how far the watch has come."""
    state.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "stream": str(reader.path.resolve()), "offset": reader.offset, "digest": reader.digest}
    write_whole(state, json.dumps(content))


def steps(reader: Stream, watcher: Watcher, state: Path) -> Iterator[Sequence[Alert]]:
    """Batches of alerts, one for each time the stream has grown, until it has not; each is kept once it is taken."""
    while lines := reader.lines():
        yield watcher.feed(lines)
        keep(state, reader)
