"""What became of each duty: the result of casework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from limen.casework.duty import Duty, State

NoticeKind = Literal["late", "duplicate", "contradictory", "impossible", "unjudged"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The moment at which a duty came to a state, and the events because of which it did (none: time passed)."""

    at: datetime
    state: State
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty towards one thing (`key`): its turns in their order.

    `due` is the deadline still ahead or, for one that has passed, that one. `mended` is when a duty breached by its
    deadline was done after all; it stays breached.
    """

    duty: str
    key: str
    turns: tuple[Turn, ...]
    due: datetime | None = None
    mended: datetime | None = None

    @property
    def state(self) -> State:
        """Breached if it ever was; else its last state."""
        return "breached" if any(turn.state == "breached" for turn in self.turns) else self.turns[-1].state

    @property
    def turned(self) -> datetime:
        """When it came to its state: the first breach, or the last turn."""
        return next((turn.at for turn in self.turns if turn.state == "breached"), self.turns[-1].at)


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """Something wrong with an event itself. It is reported, never swallowed."""

    event: str
    kind: NoticeKind
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every duty of a case as it stands at `until`, and what was wrong with the events. Entries are in book order."""

    until: datetime
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...] = ()

    def of(self, duty: str, key: str | None = None) -> Entry | None:
        """The entry of a duty (towards `key`, or its only one), or `None`."""
        found = [one for one in self.entries if one.duty == duty and key in (None, one.key)]
        return found[0] if len(found) == 1 else None

    def to_json(self, duties: Mapping[str, Duty]) -> dict[str, Any]:
        """The timeline with the words and citation of each duty."""
        return {
            "until": self.until.isoformat(timespec="minutes"),
            "duties": [_entry(one, duties[one.duty]) for one in self.entries],
            "notices": [{"event": one.event, "kind": one.kind, "words": one.words} for one in self.notices],
        }


def _entry(entry: Entry, duty: Duty) -> dict[str, Any]:
    return {
        "duty": entry.duty,
        "title": duty.title,
        "who": duty.who,
        "key": entry.key,
        "state": entry.state,
        "turned": entry.turned.isoformat(timespec="minutes"),
        "due": None if entry.due is None else entry.due.isoformat(timespec="minutes"),
        "mended": None if entry.mended is None else entry.mended.isoformat(timespec="minutes"),
        "citation": duty.cite.text,
        "certainty": duty.cite.certainty,
        "rule": duty.rule,
        "breach": duty.breach if entry.state == "breached" else None,
        "turns": [
            {"at": turn.at.isoformat(timespec="minutes"), "state": turn.state, "because": list(turn.because)}
            for turn in entry.turns
        ],
    }
