"""`/v1/ledger`: the record of decisions. No record holds a name, an address or a number of anybody."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from limen.ledger import NoSuchRecord
from limen.ledger.search import Query as Sought
from limen.ledger.search import search
from limen.web import workbench
from limen.web.api.guard import READ_RESPONSES
from limen.web.errors import Problem
from limen.web.guards import require_role

router = APIRouter(tags=["ledger"], dependencies=[require_role("analyst")])
Word = Annotated[str | None, Query(max_length=200)]


@router.get("/v1/ledger", responses=READ_RESPONSES, summary="Records, in order")
def records(
    request: Request,
    after: Annotated[int, Query(ge=0, le=2**62, description="Only records with a higher number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    kind: Word = None,
    provision: Word = None,
    outcome: Word = None,
    reading: Word = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[str, Any]:
    """The records that meet all that is asked. `next` is the `after` of the next page; `null` at the end."""
    ledger = workbench.of(request).ledger
    sought = Sought(
        kind=kind,
        provision=provision,
        outcome=outcome,
        reading=reading,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
    )
    if sought == Sought():
        found = list(islice(ledger.records(after), limit + 1))
    else:
        found = list(islice((one for one in search(ledger, sought) if one.sequence > after), limit + 1))
    page = found[:limit]
    return {
        "records": [one.as_json() for one in page],
        "next": page[-1].sequence if len(found) > limit else None,
    }


@router.get("/v1/ledger/verification", responses=READ_RESPONSES, summary="Is it what was written, and all of it?")
def verification(request: Request) -> dict[str, Any]:
    """Every record checked against the chain, the seals and the checkpoints; integrity and completeness apart."""
    found = workbench.of(request).ledger.verify()
    return {**asdict(found), "sound": found.ok}


@router.get("/v1/ledger/{which}", responses=READ_RESPONSES, summary="One record")
def record(request: Request, which: Annotated[str, Path(max_length=100)]) -> dict[str, Any]:
    """The record of a number, or of a decision's id."""
    try:
        return workbench.of(request).ledger.show(which).as_json()
    except NoSuchRecord:
        raise Problem("not-found", 404, "no such record", "`GET /v1/ledger` lists them") from None
