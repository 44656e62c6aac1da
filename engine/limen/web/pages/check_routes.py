"""The page Check: a draft with its errors on their lines and every scenario it changes, as it is written."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from limen.web.errors import Problem
from limen.web.guards import csrf_protected
from limen.web.pages.book_routes import shelf_of
from limen.web.pages.case_routes import Analyst
from limen.web.pages.checking import Checker, begun
from limen.web.pages.drafts import MOST_CHARACTERS, NAME
from limen.web.pages.glue import room_of, told
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
    )  # fmt: skip


@router.post("/check/preview", dependencies=[csrf_protected])
def preview(request: Request, user: Analyst, text: Text, name: Name = "draft") -> Response:
    """What is wrong with a draft, or what it changes; nothing is kept."""
    found = checker_of(request).check(text, name if NAME.fullmatch(name) else "draft")
    return render(request, "analyst/checked.html", found=found, lines=text.replace("\r\n", "\n").split("\n"))


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
