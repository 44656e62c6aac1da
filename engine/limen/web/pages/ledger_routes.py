"""The pages of the ledger: searching it, verifying it, its reports, and one record in full."""

from __future__ import annotations

from collections import deque
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from limen.decide import Decision
from limen.law import FactError, check_facts
from limen.law.facts import from_json
from limen.law.vocabulary import Vocabulary
from limen.ledger import Ledger, Record
from limen.ledger.errors import NoSuchRecord
from limen.ledger.reports.accounting import standing_record
from limen.ledger.reports.denials import denial_reasons
from limen.ledger.reports.table import Table
from limen.ledger.reports.yearly import yearly_counts
from limen.ledger.search import Query as Sought
from limen.ledger.search import search
from limen.web import workbench
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import require_role
from limen.web.pages.case import alike
from limen.web.pages.codec import StateError
from limen.web.pages.glue import day_of, href, room_of
from limen.web.pages.state import MOST_ITEMS, CaseState, can_be_item
from limen.web.rendering import Setting, render

router = APIRouter(include_in_schema=False)
Analyst = Annotated[User, require_role("analyst")]
Word = Annotated[str | None, Query(max_length=200)]
Report = Literal["standing", "yearly", "denials"]
REPORTS = {"standing": "Every request", "yearly": "Counts by year", "denials": "What stood against requests"}
SHOWN = 50
"""The newest so many of the records found are shown."""


@router.get("/ledger")
def ledger_page(
    request: Request,
    user: Analyst,
    provision: Word = None,
    outcome: Word = None,
    reading: Word = None,
    agency: Word = None,
    recipient: Word = None,
    kind: Word = None,
    since: Word = None,
    until: Word = None,
) -> Response:
    """The newest records, or those that meet all that is asked."""
    asked = {"provision": provision, "outcome": outcome, "reading": reading, "agency": agency, "recipient": recipient,
             "kind": kind, "since": since, "until": until}  # fmt: skip
    first, last = day_of(since), day_of(until)
    sought = Sought(
        kind=kind or None, provision=provision or None, outcome=outcome or None, reading=reading or None,
        agency=agency or None, recipient=recipient or None, since=first.isoformat() if first else None,
        until=last.isoformat() if last else None,
    )  # fmt: skip
    found = 0
    newest: deque[Record] = deque(maxlen=SHOWN)
    for record in search(_ledger(request), sought):
        found += 1
        newest.append(record)
    rows = [(record, _decision(record)) for record in reversed(newest)]
    return render(
        request, "analyst/ledger.html", rows=rows, found=found, shown=len(rows), asked=asked, reports=REPORTS,
        filtered=any(asked.values()),
    )  # fmt: skip


@router.get("/ledger/verify")
def verify(request: Request, user: Analyst) -> Response:
    """Whether every record is the one that was written, and whether all of them are there."""
    return render(request, "analyst/verified.html", found=_ledger(request).verify())


@router.get("/ledger/report/{which}")
def report(request: Request, user: Analyst, which: Report, form: Literal["page", "csv"] = "page") -> Response:
    """One of the reports, as a page or as CSV."""
    table = _table(_ledger(request), which)
    if form == "csv":
        return Response(
            "\ufeff" + table.csv(), media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{which}.csv"'},
        )  # fmt: skip
    return render(
        request, "analyst/report.html", table=table, numbers=table.are_numbers(), which=which, reports=REPORTS
    )


@router.get("/ledger/{which}")
def record_page(request: Request, user: Analyst, which: str) -> Response:
    """One record: by its number, or by the id of its decision."""
    try:
        record = _ledger(request).show(int(which) if which.isdecimal() and len(which) < 15 else which)
    except NoSuchRecord:
        raise Problem("not-found", 404, "no such record", "find it in the list, at /ledger") from None
    decision = _decision(record)
    case = _as_case(request, record, decision) if decision is not None else None
    setting = Setting(decision.profile, decision.as_of) if decision is not None else None
    return render(
        request, "analyst/record.html", setting=setting, record=record, decision=decision,
        groups=list(alike(decision)) if decision is not None else [],
        as_case=_address(case),
        same_book=decision is not None and decision.book_digest == room_of(request).base.digest,
    )  # fmt: skip


def _ledger(request: Request) -> Ledger:
    return workbench.of(request).ledger


def _decision(record: Record) -> Decision | None:
    try:
        body = record.body.get("decision")
        return Decision.model_validate(body) if isinstance(body, dict) else None
    except ValueError:
        return None


def _table(ledger: Ledger, which: Report) -> Table:
    if which == "standing":
        return standing_record(ledger.records())
    if which == "yearly":
        return yearly_counts(ledger.records(), None)
    return denial_reasons(ledger.records(), "month")


def _as_case(request: Request, record: Record, decision: Decision) -> CaseState | None:
    """The facts that a record keeps, as a case; sensitive ones are not among them."""
    book = room_of(request).base
    kept = record.body.get("facts")
    if not isinstance(kept, dict) or decision.profile not in (None, *book.profiles):
        return None
    try:
        items = {id: _values(book.vocabulary, facts) for id, facts in kept["items"].items()}
        facts = check_facts(book.vocabulary, _values(book.vocabulary, kept["case"]), items)
    except (KeyError, AttributeError, TypeError, FactError):
        return None
    if not 0 < len(facts.items) <= MOST_ITEMS or not all(can_be_item(item.id) for item in facts.items):
        return None
    return CaseState(
        book.digest, facts, decision.as_of, decision.profile, decision.known_at,
        title=f"Record {record.sequence}", origin=f"record {record.sequence} of the ledger",
    )  # fmt: skip


def _address(case: CaseState | None) -> str | None:
    """Where a case can be opened; `None` for one too long for an address."""
    try:
        return href("/case", case) if case is not None else None
    except StateError:
        return None


def _values(vocabulary: Vocabulary, stated: dict[str, Any]) -> dict[str, Any]:
    """The facts of a record, days as days."""
    return {name: from_json(vocabulary.facts.get(name), value) for name, value in stated.items()}
