"""The pages What if, Compare, Readings and Memo of a case, and what is handed over from it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from limen.decide.audience import Audience
from limen.exports.armour import armoured
from limen.exports.hand_over import FORMS, brief_of, hand_over
from limen.exports.memo import Brief, memo_of
from limen.exports.page import memo_body
from limen.exports.receipt import Told
from limen.web.errors import Problem
from limen.web.pages import asking
from limen.web.pages.case_routes import Analyst
from limen.web.pages.casefile import origins
from limen.web.pages.codec import encode
from limen.web.pages.glue import day_of, href, page, room_of, state_of, told
from limen.web.pages.package import package_of
from limen.web.pages.state import MOST_ITEMS, CaseState

router = APIRouter(include_in_schema=False)
Reader = Literal["requester", "reviewer", "auditor"]
Moment = Annotated[int | None, Query(ge=0, le=4_000_000_000)]


@router.get("/what-if")
def what_if(request: Request, user: Analyst, longer: bool = False) -> Response:
    """Every minimal set of facts that would flip each item's answer."""
    state = state_of(request)
    with told():
        room = room_of(request)
        decision = room.decide(state)
        found = asking.flips_of(room, state, asking.LONGER if longer else asking.WHATIF_SECONDS)
        views = asking.flip_views(room.book(state.draft), state, found)
        facts = room.book(state.draft).vocabulary.facts
    pins = [(name, facts[name].ask) for name in sorted(state.pinned) if name in facts]
    return page(request, "analyst/what_if.html", state, decision=decision, views=views, pins=pins, longer=longer)


@router.get("/compare")
def compare(
    request: Request,
    user: Analyst,
    col: Annotated[list[str] | None, Query(max_length=8)] = None,
    base: int = 0,
    day: str | None = None,
    every: bool = False,
) -> Response:
    """The case beside itself, asked otherwise: rows that differ first."""
    state = state_of(request)
    keys = [one for one in col or [] if one]
    if (on := day_of(day)) is not None:
        keys.append(f"as_of:{on.isoformat()}")
    with told():
        room = room_of(request)
        try:
            found = asking.compared(room, state, keys, base)
        except asking.ColumnError as error:
            raise Problem("bad-input", 422, "this cannot be compared", str(error)) from error
        choices = list(asking.column_choices(room, state))
    return page(request, "analyst/compare.html", state, found=found, choices=choices, every=every,
                keys=[one.key for one in found.columns[1:]])  # fmt: skip


@router.get("/readings")
def readings(request: Request, user: Analyst, matrix: bool = False) -> Response:
    """What the answer hinges on: pivots first, the matrix on demand."""
    state = state_of(request)
    with told():
        room = room_of(request)
        found = asking.read_all(room, state)
        book = room.book(state.draft)
    return page(
        request, "analyst/readings.html", state, found=found, matrix=matrix, law=book,
        sense=lambda reading, id: asking.sense(book, reading, id),
    )  # fmt: skip


@router.get("/case/package")
def package(
    request: Request,
    user: Analyst,
    item: Annotated[list[str] | None, Query(max_length=MOST_ITEMS)] = None,
    form: Literal["page", "csv"] = "page",
) -> Response:
    """The items that somebody chose of those that may be released, to send or to look through."""
    state = state_of(request)
    with told():
        room = room_of(request)
        decision = room.decide(state)
        found = package_of(room.book(state.draft), decision, item or ())
    if form == "csv":
        return Response(
            "\ufeff" + found.csv(), media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="package.csv"'},
        )  # fmt: skip
    return page(request, "analyst/package.html", state, decision=decision, package=found, chosen=item or [])


@router.get("/memo")
def memo(request: Request, user: Analyst, audience: Reader = "reviewer", at: Moment = None) -> Response:
    """The memo of a case, to read and to print, and the forms it can be had in, all with one receipt."""
    state = state_of(request)
    at = at or int(time.time())
    with told():
        brief = _brief(request, state, audience, at)
        body = Markup(memo_body(memo_of(brief)))
    return page(
        request, "analyst/memo.html", state, body=body, forms=FORMS, audience=audience, receipt=brief.receipt, at=at,
        lines=armoured(brief.receipt),
    )  # fmt: skip


@router.get("/memo/{form}")
def export(request: Request, user: Analyst, form: str, audience: Reader = "reviewer", at: Moment = None) -> Response:
    """The case in one of the forms it is handed over in."""
    if form not in FORMS:
        raise Problem("not-found", 404, "no such form", f"there are {', '.join(FORMS)}")
    state = state_of(request)
    with told():
        brief = _brief(request, state, audience, at or int(time.time()))
    try:
        handed = hand_over(brief, form)
    except ModuleNotFoundError:
        raise Problem("not-found", 404, "no Word here", "`pip install limen[word]` brings it") from None
    return Response(
        handed.content, media_type=handed.media,
        headers={"Content-Disposition": f'attachment; filename="{handed.name}"'},
    )  # fmt: skip


def _brief(request: Request, state: CaseState, audience: Audience, at: int) -> Brief:
    """What the memo of a case says, asked with both keys; the same case at the same second has the same receipt."""
    room = room_of(request)
    book = room.book(state.draft)
    made_at = datetime.fromtimestamp(at, UTC)
    state = replace(state, snapshots=(), last=None)  # what else was tried is nothing to hand over
    address = str(request.base_url).rstrip("/") + href("/memo", state, audience=audience, at=at)
    decision = room.decide(state, second_key=True).model_copy(
        update={"id": hashlib.sha256(f"{at} {encode(state)}".encode()).hexdigest()[:16], "decided_at": made_at}
    )
    panel = room.decide(state, profile=None) if state.profile else None
    case = Told(
        title=state.title or "A case",
        facts=state.facts,
        origin=state.origin or "the analyst",
        by=origins(state, book, room.match),
        unknown=state.unknown,
        draft=room.drafts.get(state.draft).text if state.draft else None,
    )
    return brief_of(
        book,
        case,
        decision,
        audience,
        panel=panel,
        flips=asking.flips_of(room, state),
        made_at=made_at,
        address=address,
    )
