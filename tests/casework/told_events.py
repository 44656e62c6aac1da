"""Events as short as a test can say them."""

from __future__ import annotations

from datetime import datetime

from limen.casework.event import Event

START = datetime(2025, 6, 2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def happened(when: str, kind: str, id: str | None = None, **fields: str) -> Event:
    """An event; `from_` stands for the field `from`."""
    named = {name.rstrip("_"): value for name, value in fields.items()}
    return Event(id or f"{kind} {when}", at(when), kind, named)


def a_release(when: str = "2025-06-02", **fields: str) -> Event:
    return happened(when, "released", release="l-1", copy="c-1", agency="ice", matter="m-1", **fields)
