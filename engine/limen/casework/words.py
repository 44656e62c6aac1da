"""Events and duties in words, for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from limen.casework.event import Event
from limen.casework.kind import Kind
from limen.casework.timeline import Entry

_CERTAINTY = {"read": "", "reported": ", as others report it", "assumed": ", assumed"}


class _Unsaid(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "(not said)"


def event_words(event: Event, kinds: Mapping[str, Kind]) -> str:
    """What happened, as a sentence without its full stop.

    >>> from limen.casework.law_book import aftercare
    >>> noticed = Event("e1", datetime(2025, 8, 8), "incident_noticed", {"incident": "folder"})
    >>> event_words(noticed, aftercare().kinds)
    'somebody notices incident folder'
    """
    readable = {name: value.replace("_", " ") for name, value in event.fields.items()}
    return kinds[event.kind].says.format_map(_Unsaid(readable))


def moment(at: datetime) -> str:
    """A moment as people say it; midnight is left out.

    >>> moment(datetime(2025, 8, 8, 17, 10)), moment(datetime(2025, 8, 8))
    ('8 August 2025, 17:10', '8 August 2025')
    """
    day = f"{at.day} {at:%B %Y}"
    return day if (at.hour, at.minute) == (0, 0) else f"{day}, {at:%H:%M}"


def certainty_words(certainty: str) -> str:
    """How sure we are of a source, to put after it; nothing where the text was read."""
    return _CERTAINTY[certainty]


def state_words(entry: Entry) -> str:
    """Since when a duty is in its state, and what is still to come."""
    turned = moment(entry.turned)
    match entry.state:
        case "open" if entry.due is not None:
            return f"since {turned}, due by {moment(entry.due)}"
        case "breached" if entry.mended is not None:
            return f"{turned}; done after all on {moment(entry.mended)}"
        case "open":
            return f"since {turned}"
        case _:
            return turned
