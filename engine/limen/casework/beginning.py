"""The beginning of a case that was decided here: what the record of a decision already says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from limen.casework.event import Event


def from_decision(decision: Mapping[str, Any]) -> tuple[Event, ...]:
    """The events that a logged decision stands for: it was asked, recorded by the authority, and decided.

    `decision` is the decision's JSON form. All three happen at the moment of the decision, since its record says no
    other; a release is an event of its own, which somebody has to state.
    """
    at = _utc(decision["decided_at"])
    request = decision["request_id"] or f"request of {decision['id']}"
    outcome = "allow" if decision["effect"] == "allow" else "partial" if decision["releasable"] else "deny"
    return (
        Event("request", at, "requested", {"request": request}),
        Event("accounting", at, "logged", {"of": request, "by": "authority", "what": "request"}),
        Event("decision", at, "decided", {"request": request, "outcome": outcome, "decision": decision["id"]}),
    )


def _utc(stated: str | datetime) -> datetime:
    moment = datetime.fromisoformat(stated) if isinstance(stated, str) else stated
    whole = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    return whole.replace(second=0, microsecond=0)
