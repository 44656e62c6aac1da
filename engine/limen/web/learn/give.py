"""Giving a course out: issuing it as it stands, one-time codes for it, and taking back those that nobody has used."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from limen.training.paper import MODES, Mode
from limen.web.accounts import User
from limen.web.guards import csrf_protected, require_role
from limen.web.learn.rooms import classroom_of, course_named, usable
from limen.web.rendering import render
from limen.web.signin import accounts_of

router = APIRouter(include_in_schema=False, prefix="/teach")
Trainer = Annotated[User, require_role("trainer", "admin")]


class Given(NamedTuple):
    """Codes as the page of a course lists them."""

    mode: Mode
    made_by: str
    on: date
    codes: int
    used: int
    left: int


@router.post("/{name}/issue", dependencies=[csrf_protected])
def issue(request: Request, user: Trainer, name: str) -> Response:
    """Give the course out as it stands: its text, the book and the digest of each answer are kept from now on."""
    classroom_of(request).issue(usable(course_named(request, name)))
    return RedirectResponse(f"/teach/{name}#give", status_code=303)


@router.post("/{name}/codes", dependencies=[csrf_protected])
def codes(
    request: Request,
    user: Trainer,
    name: str,
    count: Annotated[int, Form(ge=1, le=200)] = 1,
    mode: Annotated[str, Form(max_length=20)] = "practice",
) -> Response:
    """Make one-time codes for a course, shown once."""
    shelved = course_named(request, name)
    course = usable(shelved)
    accounts = accounts_of(request)
    classroom_of(request).issue(course)
    fixed = mode if mode in MODES else "practice"
    made = accounts.make_codes(f"{shelved.name}/{fixed}", count, user.name)
    return render(request, "training/codes.html", course=course, codes=made, mode=fixed)


@router.post("/{name}/codes/revoke", dependencies=[csrf_protected])
def revoke(request: Request, user: Trainer, name: str) -> Response:
    """Take back every code of the course that nobody has used yet."""
    shelved = course_named(request, name)
    for mode in MODES:
        accounts_of(request).revoke_codes(f"{shelved.name}/{mode}")
    return RedirectResponse(f"/teach/{shelved.name}#give", status_code=303)


def given_codes(request: Any, name: str) -> list[Given]:
    """The codes given out for a course, the latest first; none on a server without sign-in."""
    accounts = request.app.state.accounts
    if accounts is None:
        return []
    found = [(mode, one) for mode in MODES for one in accounts.codes_of(f"{name}/{mode}")]
    return [
        Given(mode, one.made_by, datetime.fromtimestamp(one.made, UTC).date(), one.count, one.used, one.left)
        for mode, one in sorted(found, key=lambda pair: -pair[1].made)
    ]
