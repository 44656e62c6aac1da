"""The yearly counts: requests, disclosures and taxpayers per agency, and the general purposes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from limen.ledger.record import Record
from limen.ledger.reports.asked import asked
from limen.ledger.reports.table import Plot, Table


@dataclass(slots=True)
class _Counts:
    requests: int = 0
    disclosures: int = 0
    taxpayers: set[str] = field(default_factory=set)


def yearly_counts(records: Iterable[Record], year: int | None = None) -> Table:
    """Per calendar year, agency and general purpose: requests decided, requests on which something was disclosed, and
    different taxpayers about whom something was disclosed.

    A taxpayer about whom several disclosures were made in a row's year, agency and purpose counts once there; a request
    about many people is many requests here, so each of them counts. Only disclosures that have to be accounted for
    are counted as such. A subject who was forgotten and asked for again counts as two.
    """
    counts: defaultdict[tuple[str, str, str], _Counts] = defaultdict(_Counts)
    for one in asked(records):
        if year is not None and not one.at.startswith(f"{year:04d}-"):
            continue
        row = counts[one.at[:4], one.agency, one.purpose]
        row.requests += 1
        if one.released and one.accounted:
            row.disclosures += 1
            row.taxpayers.add(one.subject or f"record {one.sequence}")
    return Table(
        name="yearly-counts",
        title="Requests, disclosures and taxpayers" + (f" in {year}" if year is not None else " by year"),
        source="26 U.S.C. § 6103(p)(3)(C): the public report, within 90 days after the calendar year",
        notes=(
            "A simulation with invented people: what was allowed counts as disclosed.",
            "A taxpayer counts once for each year, agency and purpose.",
        ),
        columns=("year", "agency", "general purpose", "requests", "disclosures", "taxpayers"),
        rows=tuple((*key, row.requests, row.disclosures, len(row.taxpayers)) for key, row in sorted(counts.items())),
        plots=(
            Plot("agency", "requests", "general purpose", "Requests by agency and purpose"),
            Plot("agency", "taxpayers", "general purpose", "Taxpayers about whom something was disclosed"),
        ),
    )
