"""Why requests were not granted, over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from limen.ledger.record import Record
from limen.ledger.reports.table import Plot, Table

Span = Literal["day", "month", "year"]
_LENGTH: Mapping[Span, int] = {"day": 10, "month": 7, "year": 4}
MOST = 12
"""So many reasons are told apart by default; the rest count as `other reasons`."""


def denial_reasons(records: Iterable[Record], span: Span = "month", most: int = MOST) -> Table:
    """For each span of time, how many requests each unmet requirement stood against.

    A requirement counts once for a request, however many of its items it stood against, and only where it belongs to
    the gateway the decision answers by. Not met, not known and barred are counted apart.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    labels: dict[str, str] = {}
    denied: Counter[str] = Counter()
    for record in records:
        if record.kind != "decision":
            continue
        body = record.body
        decision = body.get("decision", body)
        if not isinstance(decision, Mapping) or decision.get("effect") != "deny":
            continue
        when = record.at[: _LENGTH[span]]
        denied[when] += 1
        for address, outcome, label in {_key(reason) for reason in _reasons(decision)}:
            found[when, address, outcome] += 1
            labels[address] = label
    totals: Counter[str] = Counter()
    for (_, address, _outcome), count in found.items():
        totals[address] += count
    named = {address for address, _ in totals.most_common(most)}
    rows: Counter[tuple[str, str, str, str]] = Counter()
    for (when, address, outcome), count in found.items():
        one = (address, labels[address]) if address in named else ("", "other reasons")
        rows[when, one[0], one[1], outcome.replace("_", " ")] += count
    return Table(
        name="denial-reasons",
        title=f"Reasons for denial by {span}",
        source="from the reasons of every decision that denied, by the gateway each answers by",
        notes=tuple(f"{when}: {count} denied" for when, count in sorted(denied.items())),
        columns=(span, "provision", "requirement", "outcome", "requests"),
        rows=tuple((*key, count) for key, count in sorted(rows.items())),
        plots=(
            Plot(span, "requests", "outcome", "Reasons for denial over time"),
            Plot("requirement", "requests", "outcome", "Requirements that stood against most requests"),
        ),
    )


def _reasons(decision: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for item in decision.get("items", ()):
        if isinstance(item, Mapping) and item.get("verdict") != "allow":
            yield from (reason for reason in item.get("reasons", ()) if reason.get("outcome") != "met")


def _key(reason: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(reason.get("address")), str(reason.get("outcome")), str(reason.get("label"))
