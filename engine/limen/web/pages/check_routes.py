"""The page Check: a draft with its errors on their lines and every scenario it changes, as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from limen.law import BookError
from limen.web.errors import Problem
from limen.web.guards import csrf_protected
from limen.web.pages.book_routes import shelf_of
from limen.web.pages.case_routes import Analyst
from limen.web.pages.checking import Checker, begun
from limen.web.pages.draft_form import KINDS, FormError, form_of, with_field, with_operation, without_operation
from limen.web.pages.drafts import MOST_CHARACTERS, NAME
from limen.web.pages.glue import is_partial, room_of, told
from limen.web.rendering import render

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=MOST_CHARACTERS + 1)]
Name = Annotated[str, Form(max_length=60)]


def checker_of(request: Request) -> Checker:
    """The checker of this process."""
    room = room_of(request)
    return room.once("checker", lambda: Checker(room))


@router.get("/check")
def check_page(
    request: Request,
    user: Analyst,
    draft: Annotated[str | None, Query(max_length=60)] = None,
    edit: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """A draft to write: one that is kept, one that begins from a part of the book, or a blank one."""
    room = room_of(request)
    with told():
        kept = room.drafts.get(draft) if draft else None
        name = kept.name if kept is not None else "draft"
        text = kept.text if kept is not None else begun(room.base, name, edit or None)
    warnings = {one.address: one for one in shelf_of(request).findings()}
    return render(
        request, "analyst/check.html", name=name, text=text, is_kept=kept is not None, names=room.drafts.names(),
        warnings=list(warnings.values())[:60], edit=edit or "", most=MOST_CHARACTERS,
        form=form_of(text), kinds=KINDS,
    )  # fmt: skip


@router.post("/check/preview", dependencies=[csrf_protected])
def preview(request: Request, user: Analyst, text: Text, name: Name = "draft") -> Response:
    """What is wrong with a draft, or what it changes; nothing is kept."""
    text = text.replace("\r\n", "\n")
    # The form follows the text while somebody writes there, and is left alone while the answer is waited for.
    more = {"form": form_of(text)} if request.headers.get("HX-Trigger") == "text" else {}
    return _checked(request, text, name, **more)


@router.post("/check/form", dependencies=[csrf_protected])
async def form(request: Request, user: Analyst) -> Response:
    """The text with what was changed in the form written into it, and what that changes; nothing is kept."""
    sent = await request.form(max_fields=600, max_part_size=4 * MOST_CHARACTERS)
    given = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    text = given.get("text", "").replace("\r\n", "\n")
    if len(text) > MOST_CHARACTERS:
        raise Problem("too-large", 413, "the draft is too large", f"it has at most {MOST_CHARACTERS:,} characters")
    return await run_in_threadpool(_with_form, request, text, given)


def _with_form(request: Request, text: str, given: Mapping[str, str]) -> Response:
    refused = ""
    try:
        text = _filled_in(text, given)
    except (FormError, BookError) as error:
        refused = str(error).splitlines()[0]
    name = given.get("name", "draft")
    if is_partial(request):
        return _checked(request, text, name, form=form_of(text), new_text=text, refused=refused)
    if refused:
        raise Problem("bad-input", 422, "the form does not fit the text", refused)
    room = room_of(request)
    return render(
        request, "analyst/check.html", name=name, text=text, is_kept=False, names=room.drafts.names(), warnings=[],
        edit="", most=MOST_CHARACTERS, form=form_of(text), kinds=KINDS,
    )  # fmt: skip


def _filled_in(text: str, given: Mapping[str, str]) -> str:
    """The text with each field that is not what the text says. Raises `FormError` and `BookError`."""
    if (number := given.get("drop")) is not None:
        return without_operation(text, number)
    if "add" in given:
        return with_operation(text, "")
    form = form_of(text)
    if form is None:
        raise FormError("the text is no list of operations; mend it there first")
    before = {"title": form.title}
    for one in form.operations:
        before |= {f"{one.number}.kind": one.kind, f"{one.number}.address": one.address}
        before |= {field.name: field.value for field in one.fields}
    for field, value in before.items():
        sent = " ".join(given.get(field, value).split())
        if sent != value:
            text = with_field(text, field, sent)
    return text


def _checked(request: Request, text: str, name: str, **more: Any) -> Response:
    found = checker_of(request).check(text, name if NAME.fullmatch(name) else "draft")
    return render(
        request, "analyst/checked.html", found=found, lines=text.split("\n"), most=MOST_CHARACTERS, kinds=KINDS, **more
    )


@router.post("/check/save", dependencies=[csrf_protected])
def save(request: Request, user: Analyst, text: Text, name: Name) -> Response:
    """Keep a draft under its name, right or wrong; the book is never written."""
    with told():
        kept = room_of(request).drafts.save(name, text)
    return RedirectResponse(f"/check?draft={kept.name}", status_code=303)


@router.post("/check/remove", dependencies=[csrf_protected])
def remove(request: Request, user: Analyst, name: Name) -> Response:
    """Remove a draft."""
    if not name:
        raise Problem("bad-input", 422, "no name", "name the draft")
    with told():
        room_of(request).drafts.remove(name)
    return RedirectResponse("/check", status_code=303)
