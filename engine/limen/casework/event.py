"""One thing that happened, at its own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from limen.casework.kind import Kind


@dataclass(frozen=True, slots=True)
class Event:
    """`fields` are words and names as the event's kind declares them (`yes` and `no` for truth).

    `sound` is false for an event that is contradicted or impossible. Such an event is held against whoever it
    burdens, and never counts in anybody's favour.
    """

    id: str
    at: datetime
    kind: str
    fields: Mapping[str, str] = field(default_factory=dict)
    sound: bool = True

    def order(self, kinds: Mapping[str, Kind]) -> tuple[datetime, int, str]:
        """Where it belongs among others: by time, then by what permits what, then by id."""
        return (self.at, kinds[self.kind].rank, self.id)
