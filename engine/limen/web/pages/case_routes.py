"""The page of a case: beginning one, answering, taking back, naming, saving, and recording it in the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from limen.analyse.bench import Spot
from limen.exports.words import label_of
from limen.request.restate import request_stating
from limen.web import workbench
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import csrf_protected, require_role
from limen.web.pages import case as cases
from limen.web.pages import state as states
from limen.web.pages.casefile import open_shipped, open_text, save
from limen.web.pages.codec import spot_of
from limen.web.pages.controls import control
from limen.web.pages.glue import (
    carried_over,
    day_of,
    href,
    is_other_book,
    is_partial,
    lead,
    page,
    room_of,
    state_of,
    told,
)
from limen.web.pages.memofile import MOST_BYTES, holds_receipt, open_receipt
from limen.web.rendering import Setting, render, setting_of

router = APIRouter(include_in_schema=False)
Analyst = Annotated[User, require_role("analyst")]
KIND = "item.kind"


@router.get("/case")
def case_page(request: Request, user: Analyst) -> Response:
    """A case; without one in the address, how to begin one."""
    if "s" not in request.query_params:
        return _beginnings(request)
    state = state_of(request, of_another_book=True)
    if is_other_book(request, state):
        return _of_another_book(request, state)
    with told():
        view = cases.case_view(room_of(request), state)
    return page(request, "analyst/case.html", state, view=view, **_around(request))


@router.get("/case/new")
def new_case(request: Request, user: Analyst) -> Response:
    """A blank page."""
    return lead("/case", _blank(request))


@router.get("/case/from/{name:path}")
def from_scenario(request: Request, user: Analyst, name: str) -> Response:
    """A case begun from a shipped scenario."""
    room = room_of(request)
    setting = setting_of(request)
    with told():
        state = open_shipped(name, room.base, room.match)
    profile = setting.profile if "profile" in request.query_params else state.profile
    return lead("/case", replace(state, profile=profile, as_of=setting.as_of or state.as_of))


@router.post("/case/open", dependencies=[csrf_protected])
async def open_file(request: Request, user: Analyst, file: UploadFile) -> Response:
    """A case from a file: one saved here, a scenario, a request, or a memo with its receipt."""
    content = await file.read(MOST_BYTES + 1)
    room = room_of(request)
    if holds_receipt(content):
        with told():
            return lead("/case", open_receipt(content, room.base))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("bad-input", 422, "this is not UTF-8 text", "save the file as UTF-8 and open it again") from None
    with told():
        return lead("/case", open_text(text, file.filename or "", room.base, room.match))


@router.get("/case/change")
def change(request: Request, user: Analyst) -> Response:
    """The case with answers changed: `f.FACT=VALUE`, or `f.FACT@ITEM=VALUE`. Gives the answer alone to the script."""
    room = room_of(request)
    state = state_of(request)
    spot = None
    with told():
        book = room.book(state.draft)
        for name, text in request.query_params.multi_items():
            if name.startswith("f."):
                where = spot_of(name[2:])
                fact = book.vocabulary.facts.get(where[0])
                known = where[1] is None or where[1] in {item.id for item in state.facts.items}
                if fact is None or fact.per_item != (where[1] is not None) or not known:
                    raise Problem("bad-fact", 422, "no such fact", "load the page again")
                answer = cases.read_answer(book, where, text)
                if answer != state.answer(where):
                    state, spot = states.answered(state, where, answer), where
        if not is_partial(request):
            return lead("/case", state)
        view = cases.case_view(room, state)
        missing = frozenset(one.fact for one in view.decision.missing)
        changed = control(book, state, spot, missing) if spot is not None else None
        answer_page = page(request, "analyst/changed.html", state, view=view, changed=changed, **_around(request))
        answer_page.headers["HX-Push-Url"] = href("/case", state)
    return answer_page


@router.get("/case/interview")
def interview(request: Request, user: Analyst) -> Response:
    """The question to ask next, and why."""
    state = state_of(request)
    with told():
        asked = cases.asked_next(room_of(request), state, _chosen(request), cases.ASK_SECONDS)
    return page(request, "analyst/interview.html", state, asked=asked)


@router.get("/case/questions")
def questions(request: Request, user: Analyst) -> Response:
    """Every other question that can still change the answer, each looked at."""
    state = state_of(request)
    with told():
        asked = cases.asked_next(room_of(request), state, _chosen(request), cases.LIST_SECONDS)
    return page(request, "analyst/questions.html", state, asked=asked, listed=True)


@router.get("/case/no-other-documents")
def no_other_documents(request: Request, user: Analyst) -> Response:
    """The case with there being no order, consent, warrant or other document."""
    state = state_of(request)
    with told():
        return lead("/case", cases.without_other_documents(room_of(request).book(state.draft), state))


@router.get("/case/item")
def item(request: Request, user: Analyst, add: str | None = None, drop: str | None = None) -> Response:
    """The case with an item more, or less."""
    state = state_of(request)
    if drop is not None:
        return lead("/case", states.without_item(state, drop))
    if add is not None and add not in _kinds(request):
        raise Problem("bad-fact", 422, "no such kind of item", "choose one of the list")
    try:
        return lead("/case", states.with_item(state, add))
    except ValueError as error:
        raise Problem("bad-input", 422, "no more items here", str(error)) from error


@router.get("/case/pin")
def pin(request: Request, user: Analyst, fact: str, back: str = "/case") -> Response:
    """The case with a fact pinned, or no longer."""
    state = state_of(request)
    if fact not in room_of(request).book(state.draft).vocabulary.facts:
        raise Problem("bad-fact", 422, "no such fact", "load the page again")
    return lead(back if back in ("/case", "/what-if") else "/case", states.pinned(state, fact))


@router.get("/case/snapshot")
def snapshot(
    request: Request, user: Analyst, name: str | None = None, drop: str | None = None, to: str | None = None
) -> Response:
    """The case with a snapshot more or less, or as it stood at one."""
    state = state_of(request)
    try:
        if drop is not None:
            return lead("/case", states.without_snapshot(state, drop))
        if to is not None:
            return lead("/case", states.at_snapshot(state, to))
        return lead("/case", states.with_snapshot(state, name or ""))
    except KeyError:
        raise Problem("not-found", 404, "no such snapshot", "load the page again") from None
    except ValueError as error:
        raise Problem("bad-input", 422, "this cannot be a snapshot", str(error)) from error


@router.get("/case/otherwise")
def otherwise(
    request: Request, user: Analyst, title: str | None = None, known_at: str | None = None, draft: str | None = None
) -> Response:
    """The case under another title, day of knowledge or draft."""
    state = state_of(request)
    if title is not None:
        plain = "".join(one for one in title if one.isprintable())[: states.LONGEST_TITLE].strip()
        return lead("/case", replace(state, title=plain))
    wanted = draft or None
    with told():
        if wanted is not None:
            room_of(request).book(wanted)
        digest = room_of(request).book(wanted).digest
        changed = states.asked(
            state, profile=state.profile, as_of=state.as_of, known_at=day_of(known_at), draft=wanted
        )  # fmt: skip
        return lead("/case", replace(changed, book=digest))


@router.get("/case/carried-over")
def carry_over(request: Request, user: Analyst) -> Response:
    """The case of another edition of the book, with what is still the same."""
    return lead("/case", carried_over(request))


@router.get("/case/file")
def case_file(request: Request, user: Analyst) -> Response:
    """The case as the YAML that the command takes."""
    room = room_of(request)
    state = state_of(request)
    with told():
        decision = room.decide(state)
        told_of = {one.name: room.decide(_as_it_stood(state, one)) for one in state.snapshots}
        text = save(state, decision, told_of)
    return Response(
        text, media_type="application/yaml", headers={"Content-Disposition": 'attachment; filename="case.yaml"'}
    )  # fmt: skip


@router.post("/case/record", dependencies=[csrf_protected])
def record(request: Request, user: Analyst, s: Annotated[str, Form(max_length=8_000)]) -> Response:
    """Decide the case with both keys and write the decision into the ledger."""
    room = room_of(request)
    with told():
        state = _sent(request, s)
        if state.draft is not None:
            raise Problem("bad-input", 422, "a draft is no law", "the ledger takes decisions under the book alone")
        name = "".join(one if one.isalnum() and one.isascii() else "-" for one in state.title.lower()).strip("-")[:60]
        asked = request_stating(state.facts, room.base.vocabulary, name or "case")
        handled = workbench.of(request).decide(
            asked, profile=state.profile, as_of=state.as_of, known_at=state.known_at
        )  # fmt: skip
    return page(request, "analyst/recorded.html", state, decision=handled.decision, receipt=handled.receipt)


def _sent(request: Request, text: str) -> states.CaseState:
    from limen.web.pages.codec import decode

    return decode(text, room_of(request).base)


def _as_it_stood(state: states.CaseState, one: states.Snapshot) -> states.CaseState:
    return replace(
        state, facts=one.facts, unknown=one.unknown, profile=one.profile, as_of=one.as_of, known_at=one.known_at,
        draft=one.draft,
    )  # fmt: skip


def _around(request: Request) -> dict[str, Any]:
    """What the forms beside a case choose from."""
    return {"kinds": _kinds(request), "drafts": room_of(request).drafts.names()}


def _kinds(request: Request) -> dict[str, str]:
    """The kinds of items there are, with their words."""
    fact = room_of(request).base.vocabulary.facts.get(KIND)
    return {} if fact is None else {value: label_of(fact, value) for value in fact.values}


def _chosen(request: Request) -> Spot | None:
    """The question somebody chose to be asked now."""
    chosen = request.query_params.get("q")
    return spot_of(chosen) if chosen else None


def _blank(request: Request) -> states.CaseState:
    """A blank case, asked as the setting in the address says."""
    setting = setting_of(request)
    return states.blank(room_of(request).base, setting.as_of or cases.today(), setting.profile)


def _beginnings(request: Request) -> Response:
    sought = request.query_params.get("find", "").strip()[:80].casefold()
    with told():
        shipped = [one for one in room_of(request).scenarios if one.scenario == one.family]
    room_of(request).prepare(_blank(request))
    found = [
        one for one in shipped
        if all(word in f"{one.scenario} {one.title} {one.teaches}".casefold() for word in sought.split())
    ]  # fmt: skip
    return render(request, "analyst/begin.html", found=found, sought=sought, total=len(shipped))


def _of_another_book(request: Request, state: states.CaseState) -> Response:
    """The case still opens, but not as if nothing had happened."""
    room = room_of(request)
    return render(
        request, "analyst/other_book.html", status=409, setting=Setting(state.profile, state.as_of), state=state,
        made_with=state.book, law=room.book(state.draft), on=href("/case/carried-over", state),
    )  # fmt: skip
