"""Who may call a route. Each route names its rule by one of these dependencies; a test asks every route for its rule.

@router.get("/ledger")
def page(request: Request, user: Annotated[User, require_role("analyst")]) -> Response: ...

@router.post("/ledger", dependencies=[csrf_protected])
"""

from __future__ import annotations

import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from limen.web.accounts import LOCAL, Accounts, Role, User
from limen.web.errors import Problem, SignInNeeded

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")


def session_cookie(request: Request) -> str:
    """The name of the session's cookie. Over TLS the browser itself holds it to this host and path."""
    return "__Host-limen" if request.app.state.settings.tls else "limen"


def form_cookie(request: Request) -> str:
    """The name of the cookie that form tokens belong to where nobody is signed in."""
    return "__Host-limen-form" if request.app.state.settings.tls else "limen-form"


def user_or_none(request: Request) -> User | None:
    """Who calls: the one at this machine, the one of the session's cookie, or the one of a token."""
    state = request.app.state
    if not state.settings.sign_in:
        return LOCAL
    known: User | None = getattr(request.state, "user", None)
    if known is None:
        accounts: Accounts = state.accounts
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            known = accounts.by_token(token.strip())
            request.state.by_token = known is not None
        elif secret := request.cookies.get(session_cookie(request)):
            known = accounts.session(secret)
        request.state.user = known
    return known


def current_user(request: Request) -> User:
    """Who calls. Raises `SignInNeeded`: a page leads to signing in, the API answers 401."""
    user = user_or_none(request)
    if user is None:
        raise SignInNeeded
    return user


class _Roles:
    """A dependency that lets through who has one of `roles`."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> User:
        user = current_user(request)
        if not user.has(*self.roles):
            wanted = " or ".join(self.roles)
            raise Problem("not-allowed", 403, "not for this role", f"this is for the role {wanted}")
        return user


def require_role(*roles: Role) -> Any:
    """A dependency: somebody who has at least one of `roles`; it gives the user."""
    return Depends(_Roles(roles))


def _everybody() -> None:
    """Says that a route is meant for everybody, signed in or not."""


public = Depends(_everybody)
"""A dependency that lets everybody through. A route without any rule fails a test; this is the rule for open ones."""

signed_in = Depends(current_user)
"""A dependency: anybody who is signed in, whatever the role."""

CurrentUser = Annotated[User, signed_in]


def form_token(request: Request) -> str:
    """The token that each form of this visitor carries: bound to the session or, without one, to a cookie."""
    owner = request.cookies.get(session_cookie(request)) or getattr(request.state, "form_owner", None)
    owner = owner or request.cookies.get(form_cookie(request)) or ""
    return hmac.digest(request.app.state.settings.secret.encode(), f"form {owner}".encode(), "sha256").hex()


async def check_csrf(request: Request) -> None:
    """Refuse what another site had the browser send: a foreign origin, or a form without this visitor's token."""
    if request.method in _SAFE:
        return
    refuse_foreign(request)
    user_or_none(request)
    if getattr(request.state, "by_token", False):
        return  # a program with a token; a browser never adds that by itself
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        form = await request.form()
        held = form.get(CSRF_FIELD)
        given = held if isinstance(held, str) else ""
    has_cookie = session_cookie(request) in request.cookies or form_cookie(request) in request.cookies
    if not has_cookie or not hmac.compare_digest(given.encode(), form_token(request).encode()):
        raise Problem(
            "form-expired", 403, "this form is no longer good", "go back, load the page again, and send it once more"
        )


def refuse_foreign(request: Request) -> None:
    """Refuse a call that a browser says comes from another site."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    foreign = site not in ("same-origin", "none")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("Host", "").lower():
        foreign = True
    if foreign:
        raise Problem("foreign-origin", 403, "sent from another site", "send it from a page of this server")


csrf_protected = Depends(check_csrf)
"""A dependency for every form that changes something."""


def check_api_origin(request: Request) -> None:
    """What stands for a form token in the API: JSON only (see `api.guard`), and no call from a page elsewhere."""
    refuse_foreign(request)


csrf_free_api = Depends(check_api_origin)
"""A dependency for every route of the API that takes a body."""
