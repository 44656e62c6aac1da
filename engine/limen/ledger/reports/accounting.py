"""The standing record of requests and disclosures, and one individual's part of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from limen.ledger.record import Record
from limen.ledger.reports.asked import Asked, asked, cited
from limen.ledger.reports.table import Table

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger
    from limen.request.subject import Subject

_STANDING = (
    "26 U.S.C. § 6103(p)(3)(A): a permanent, standardised record of all requests, with reasons and dates, and of what "
    "was disclosed"
)
_INDIVIDUAL = (
    "5 U.S.C. § 552a(c)(1): date, nature and purpose of each disclosure, and to whom; 26 U.S.C. § 6103(p)(3)(A)"
)
_SIMULATION = "A simulation with invented people: what was allowed counts as disclosed."


def standing_record(records: Iterable[Record]) -> Table:
    """Every request, granted or not, in the order in which it was decided.

    A request that was refused is in it too: the statute says "all requests". Reasons are given by the pseudonym of
    their wording, the subject by a pseudonym.
    """
    rows = tuple(_row(one) for one in asked(records))
    return Table(
        name="standing-record",
        title="Standing record of requests and disclosures",
        source=_STANDING,
        notes=(
            _SIMULATION,
            "`to be accounted` says whether the disclosure is under a gateway that (p)(3)(A) does not exempt.",
            "`reasons` is the pseudonym of their wording: the same reasons have the same one.",
        ),
        columns=(
            "record", "received", "decided", "agency", "office", "purpose", "reasons", "subject", "asked for",
            "answer", "disclosed", "under", "to be accounted", "recipients",
        ),
        rows=rows,
    )  # fmt: skip


def _row(one: Asked) -> tuple[str | int, ...]:
    return (
        one.sequence,
        one.received,
        one.at[:10],
        one.agency,
        one.office,
        one.purpose,
        one.reasons,
        one.subject or "",
        ", ".join(one.items),
        one.disposition.replace("_", " "),
        ", ".join(item.kind for item in one.released),
        ", ".join(sorted({cited(item.gateway) for item in one.released})),
        ("yes" if one.accounted else "no") if one.released else "",
        "; ".join(one.recipients),
    )


def individual_accounting(ledger: Ledger, subject: Subject | None = None, *, person: str | None = None) -> Table:
    """The disclosures about one subject, as stated, or about a person of the registry.

    It is for the keeper of the record. What of it the individual may see is for 5 U.S.C. § 552a(c)(3), which leaves
    out disclosures for law enforcement under § 552a(b)(7).
    """
    from limen.ledger.search import Query, search

    found = [
        one for one in asked(search(ledger, Query(kind="decision", subject=subject, person=person))) if one.released
    ]
    rows = tuple(
        (
            one.sequence,
            one.at[:10],
            item.kind.replace("_", " "),
            one.purpose,
            one.agency,
            "; ".join(one.recipients),
            cited(item.gateway),
            "yes" if one.accounted else "no",
        )
        for one in found
        for item in one.released
    )
    return Table(
        name="individual-accounting",
        title="Accounting of disclosures about one individual",
        source=_INDIVIDUAL,
        notes=(
            _SIMULATION,
            "For the keeper of the record; the individual sees it only as 5 U.S.C. § 552a(c)(3) allows.",
        ),
        columns=("record", "date", "nature", "purpose", "agency", "recipients", "under", "to be accounted"),
        rows=rows,
    )
