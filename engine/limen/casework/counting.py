"""What is counted: in a session of its own for each value, so that the library's count is a count of that value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limen.casework.duty import Count
from limen.casework.event import Event
from limen.casework.network import Names, Network
from limen.casework.timeline import Entry, Turn


@dataclass(frozen=True, slots=True)
class Counting:
    """One value of a counted field: its first event for each different value, in order."""

    duty: str
    key: str
    events: tuple[Event, ...]
    facts: tuple[Mapping[str, str], ...]

    def entries(self, reply: Sequence[Sequence[Sequence[Any]]]) -> list[Entry]:
        """Raised at the first firing, if there is one."""
        for place, fired in enumerate(reply):
            if fired:
                because = tuple(event.id for event in self.events[: place + 1])
                return [Entry(self.duty, self.key, (Turn(self.events[place].at, "raised", because),))]
        return []


def to_count(network: Network, events: Sequence[Event], names: Names) -> Iterator[Counting]:
    """What is to be counted, in a session for each value of the key; one event alone is not."""
    for number, duty in enumerate(network.duties.values()):
        form = duty.form
        if not isinstance(form, Count):
            continue
        firsts: dict[str, dict[str, tuple[int, Event]]] = {}
        for place, event in enumerate(events):
            key = form.of.key_of(event)
            if key is not None and form.of.fits(event) and form.distinct in event.fields:
                firsts.setdefault(key, {}).setdefault(event.fields[form.distinct], (place, event))
        for key, different in firsts.items():
            if len(different) > 1:
                facts = tuple(
                    {**network.fact(event, place, names), "for": f"d{number}"} for place, event in different.values()
                )
                yield Counting(duty.id, key, tuple(event for _, event in different.values()), facts)
