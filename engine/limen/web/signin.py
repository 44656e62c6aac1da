"""Signing in and out, and coming in with a course code."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from limen.web import metrics
from limen.web.accounts import SESSION_SECONDS, Accounts, AccountsError, SignInRefused, User
from limen.web.errors import Problem
from limen.web.guards import csrf_protected, form_cookie, public, session_cookie
from limen.web.rendering import drop_cookie, render, set_cookie

router = APIRouter(include_in_schema=False)


def way_in(request: Request) -> str:
    """The address of signing in, which leads back to the page somebody wanted."""
    wanted = request.url.path
    return "/sign-in" if wanted == "/" or request.method != "GET" else f"/sign-in?next={quote(wanted)}"


def way_back(wanted: str) -> str:
    """Where to go after signing in: a page of this server, never of another."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain and wanted.isprintable() and not wanted.startswith("/sign-") else "/"


def accounts_of(request: Request) -> Accounts:
    """The accounts of a shared server. Raises `Problem` on one without sign-in."""
    accounts: Accounts | None = request.app.state.accounts
    if accounts is None:
        raise Problem("not-found", 404, "nothing here", "this server runs without sign-in, for one person")
    return accounts


@router.get("/sign-in", dependencies=[public])
def sign_in_page(request: Request, next: str = "/") -> Response:
    """The form for name and password, and the one for a course code."""
    accounts_of(request)
    return render(request, "sign_in.html", wanted=way_back(next), refused=None)


@router.post("/sign-in", dependencies=[public, csrf_protected])
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Sign in with name and password."""
    try:
        user = accounts_of(request).sign_in(name, password, address_of(request))
    except SignInRefused as refused:
        metrics.SIGN_INS.labels("refused").inc()
        return render(request, "sign_in.html", status=401, wanted=way_back(next), refused=str(refused))
    return _let_in(request, user, way_back(next))


@router.post("/sign-in/code", dependencies=[public, csrf_protected])
def redeem(
    request: Request,
    code: Annotated[str, Form(max_length=60)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Come in with a one-time course code."""
    try:
        user = accounts_of(request).redeem(code, name, password or None, address_of(request))
    except AccountsError as refused:
        metrics.SIGN_INS.labels("refused").inc()
        return render(request, "sign_in.html", status=401, wanted="/", refused=str(refused))
    return _let_in(request, user, "/learn" if user.course else "/")


@router.post("/sign-out", dependencies=[public, csrf_protected])
def sign_out(request: Request) -> Response:
    """End the session."""
    response = RedirectResponse("/sign-in", status_code=303)
    if secret := request.cookies.get(session_cookie(request)):
        accounts_of(request).end_session(secret)
    drop_cookie(request, response, session_cookie(request))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _let_in(request: Request, user: User, to: str) -> Response:
    """A session under a name nobody knew before signing in, whatever cookie was brought along."""
    metrics.SIGN_INS.labels("let_in").inc()
    accounts = accounts_of(request)
    if old := request.cookies.get(session_cookie(request)):
        accounts.end_session(old)
    response = RedirectResponse(to, status_code=303)
    set_cookie(request, response, session_cookie(request), accounts.open_session(user), SESSION_SECONDS)
    drop_cookie(request, response, form_cookie(request))
    return response


def address_of(request: Request) -> str:
    """Where a call comes from, as the server sees it."""
    return request.client.host if request.client is not None else ""
