"""Between the framework and the pages: the workroom of the process, the state in an address, and errors told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from limen.home import home
from limen.law import BookError, EditionError, FactError
from limen.law.overlay import OverlayError
from limen.request import RequestError
from limen.scenario.load import ScenarioError
from limen.web import workbench
from limen.web.errors import Problem
from limen.web.pages.casefile import CaseFileError
from limen.web.pages.codec import DIGEST, StateError, decode, encode, moved, other_book, unpack
from limen.web.pages.drafts import DraftError, Drafts, home_of_drafts
from limen.web.pages.state import CaseState, asked
from limen.web.pages.workroom import Workroom
from limen.web.rendering import Setting, render, setting_of

_LOCK = threading.Lock()


def room_of(request: Request) -> Workroom:
    """The workroom of this process, made at the first call."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "workroom"):
            bench = workbench.of(request)
            rules = Path(bench.settings.rules) if bench.settings.rules else None
            drafts = Drafts(home_of_drafts(home()), rules)
            state.workroom = Workroom(
                bench.book, drafts, rules=rules, match=bench.registry.match, second_key=bench.second_key
            )
        room: Workroom = state.workroom
        return room


def state_of(request: Request, *, of_another_book: bool = False) -> CaseState:
    """The case in the address, asked as the setting in the address says.

    Raises `Problem`, for a case made with another edition of the book too, unless `of_another_book` lets it through.
    """
    room = room_of(request)
    text = request.query_params.get("s", "")
    with told():
        draft = _draft_in(text)
        book = room.book(draft)
        state = decode(text, book)
        if not of_another_book and state.book[:DIGEST] != book.digest[:DIGEST]:
            raise other_book()
        setting = setting_of(request)
        profile = setting.profile if "profile" in request.query_params else state.profile
        return asked(
            state, profile=profile, as_of=setting.as_of or state.as_of, known_at=state.known_at, draft=state.draft
        )  # fmt: skip


def is_other_book(request: Request, state: CaseState) -> bool:
    """Whether the case was made with another edition of the book, or of its draft."""
    return state.book[:DIGEST] != room_of(request).book(state.draft).digest[:DIGEST]


def carried_over(request: Request) -> CaseState:
    """The case of another book as far as it is still the same. Raises `Problem`."""
    room = room_of(request)
    text = request.query_params.get("s", "")
    with told():
        draft = _draft_in(text)
        return moved(text, room.book(draft if draft in room.drafts.names() else None))


def _draft_in(text: str) -> str | None:
    draft = unpack(text).get("o")
    return draft if isinstance(draft, str) else None


def href(path: str, state: CaseState, **query: Any) -> str:
    """The address of a page about a case."""
    asked_ = {"s": encode(state), "profile": state.profile or "all", "as_of": state.as_of.isoformat(), **query}
    return f"{path}?{urlencode(asked_, doseq=True)}"


def lead(path: str, state: CaseState, **query: Any) -> Response:
    """Lead the browser to a page about a case."""
    with told():
        return RedirectResponse(href(path, state, **query), status_code=303)


def page(request: Request, template: str, state: CaseState, **context: Any) -> Response:
    """A page about a case; the setting on it is the case's. Raises `Problem` where one it leads to is too long."""
    with told():
        return render(
            request, template, setting=Setting(state.profile, state.as_of), state=state, code=encode(state),
            case_link=lambda path, other=None, **query: href(path, other or state, **query), **context,
        )  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """What can go wrong with a case, a file or a draft, as a problem that says how to go on."""
    try:
        yield
    except StateError as error:
        raise Problem(
            "bad-input", 422 if error.kind != "other-book" else 409, error.message, error.mend, kind=error.kind
        ) from error
    except EditionError as error:
        raise Problem("no-such-law", 422, "the book has no law for that", str(error).splitlines()[0]) from error
    except FactError as error:
        raise Problem("bad-fact", 422, "a fact does not fit", _short(error)) from error
    except (ScenarioError, RequestError, CaseFileError, DraftError, OverlayError, BookError) as error:
        raise Problem("bad-input", 422, "this cannot be used", _short(error)) from error


def _short(error: Exception) -> str:
    """The first lines of an error that tells many."""
    lines = str(error).splitlines()
    return "\n".join(lines[:12]) + (f"\nand {len(lines) - 12} more lines" if len(lines) > 12 else "")


def day_of(text: str | None) -> date | None:
    """A day in a form. Raises `Problem`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem("bad-input", 422, "not a day", "write it as year-month-day") from None


def is_partial(request: Request) -> bool:
    """Whether the script asks for a part of the page, rather than the browser for all of it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
