"""From a template and what it shows to a page: one helper, which adds what stands on every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from limen import __version__, words
from limen.decide.decision import CAVEAT
from limen.web import workbench
from limen.web.accounts import Role
from limen.web.errors import Problem
from limen.web.guards import form_cookie, form_token, session_cookie, user_or_none


class NavEntry(NamedTuple):
    """One word in the navigation, for those who have one of `roles`; `about` says on the first page what is there."""

    label: str
    href: str
    roles: tuple[Role, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The reading and the day in use, as the address bar says: `?profile=NAME&as_of=DAY`.

    `profile` is `None` for all of them; `as_of` is `None` for the day each request was received, or today.
    """

    profile: str | None = None
    as_of: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """The setting as it stands in an address, without what is the default."""
        asked = {} if self.profile is None else {"profile": self.profile}
        return asked if self.as_of is None else {**asked, "as_of": self.as_of.isoformat()}


def setting_of(request: Request) -> Setting:
    """The setting in the address of `request`. Raises `Problem` for a profile or a day that is none."""
    bench = workbench.of(request)
    profile = bench.profile(request.query_params.get("profile") or None)
    day = request.query_params.get("as_of") or None
    try:
        return Setting(profile, date.fromisoformat(day) if day else None)
    except ValueError:
        raise Problem(
            "bad-input", 422, "not a day", "write `as_of` as year-month-day, for example 2026-02-24"
        ) from None


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    setting: Setting | None = None,
    **context: Any,
) -> HTMLResponse:
    """The page `template` (as `area/name.html`) with `context`, and with what every page has.

    Every template sees `user` (or none), `nav`, `setting`, `csrf` (the token; `csrf_field()` is the hidden input),
    `book`, `profiles`, `today`, `caveat`, `here` (the path), and `link(path, **query)`, which keeps the setting in
    the address. A page whose day or profile is not the address's gives its own `setting`.
    """
    bench = workbench.of(request)
    user = user_or_none(request)
    chosen = setting or setting_of(request)
    _give_form_owner(request)

    def link(path: str, /, **query: Any) -> str:
        asked = {**chosen.query, **{name: value for name, value in query.items() if value is not None}}
        path, hash_, anchor = path.partition("#")
        return f"{path}{'?' + urlencode(asked, doseq=True) if asked else ''}{hash_}{anchor}"

    token = form_token(request)
    text = (
        templates()
        .get_template(template)
        .render(
            request=request,
            user=user,
            nav=[entry for entry in request.app.state.nav if user is not None and user.has(*entry.roles)],
            here=request.url.path,
            setting=chosen,
            kept=[(k, v) for k, v in request.query_params.multi_items() if k not in ("profile", "as_of")],
            sign_in=request.app.state.settings.sign_in,
            book=bench.book,
            profiles=bench.profiles,
            titles=bench.titles,
            today=datetime.now(UTC).date(),
            csrf=token,
            csrf_field=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(token),
            link=link,
            **context,
        )
    )
    response = HTMLResponse(text, status_code=status, headers=dict(headers or {}))
    if owner := getattr(request.state, "form_owner", None):
        set_cookie(request, response, form_cookie(request), owner)
    return response


def set_cookie(request: Request, response: Any, name: str, value: str, seconds: int | None = None) -> None:
    """A cookie no script can read, sent to this site only, and only over TLS where there is TLS."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.tls,
        path="/",
    )


def drop_cookie(request: Request, response: Any, name: str) -> None:
    """Have the browser forget a cookie of `set_cookie`."""
    response.delete_cookie(name, httponly=True, samesite="lax", secure=request.app.state.settings.tls, path="/")


def _give_form_owner(request: Request) -> None:
    """Where nobody is signed in, form tokens belong to a cookie of their own; make one if there is none."""
    from secrets import token_urlsafe

    has = session_cookie(request) in request.cookies or form_cookie(request) in request.cookies
    if not has and getattr(request.state, "form_owner", None) is None:
        request.state.form_owner = token_urlsafe(24)


@cache
def templates() -> Environment:
    """The templates of the web room; everything put into them is escaped, and nothing may be missing."""
    environment = Environment(
        loader=PackageLoader("limen.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=words.day, spaced=lambda text: str(text).replace("_", " "))
    environment.globals.update(
        caveat=CAVEAT,
        version=__version__,
        DISPOSITIONS=words.DISPOSITIONS,
        VERDICTS=words.VERDICTS,
        OUTCOMES=words.OUTCOMES,
        EFFECTS=words.EFFECTS,
        MOMENTS=words.MOMENTS,
        CERTAINTIES=words.CERTAINTIES,
        count=words.count,
    )
    return environment
