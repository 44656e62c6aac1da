"""The pages of the book: every provision with its text in plain words, its readings, its tests and its dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from limen.publish.links import page_of
from limen.publish.site import PARTS
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import require_role
from limen.web.pages.book import Shelf
from limen.web.pages.glue import room_of, told
from limen.web.rendering import render

router = APIRouter(include_in_schema=False)
Reader = Annotated[User, require_role("analyst", "trainer")]
INDEX = "index.html"


def shelf_of(request: Request) -> Shelf:
    """The book as pages, made once for this process."""
    room = room_of(request)
    return room.once(
        "shelf", lambda: Shelf(room.base, room.scenarios, room.match, datetime.now(UTC).date(), room.rules)
    )


@router.get("/book")
def front(request: Request, user: Reader) -> Response:
    """The list of provisions."""
    return _page(request, INDEX)


@router.get("/book/{address:path}")
def provision(request: Request, user: Reader, address: str) -> Response:
    """A page of the book, or the place of an address: a rule, an element, a reading, a fact or a profile."""
    with told():
        shelf = shelf_of(request)
    if address.endswith(".html"):
        return _page(request, address)
    book = shelf.book
    known = {*book.rules, *book.readings, *book.profiles, *book.vocabulary.facts, *book.vocabulary.definitions}
    known |= {node.address for node in book.nodes()} | {f"{a}#{d.id}" for a, r in book.rules.items()
                                                        for d in getattr(r, "duties", ())}  # fmt: skip
    known |= {duty.address for rule in book.rules.values() for duty in getattr(rule, "duties", ())}
    known |= set(book.vocabulary.parameters)
    if address not in known:
        raise Problem("not-found", 404, "the book has no such address", "find it in the list of provisions, at /book")
    place = shelf.place_of(address)
    kept = request.url.query
    path, hash_, anchor = place.partition("#")
    return RedirectResponse(f"{path}{'?' + kept if kept else ''}{hash_}{anchor}", status_code=303)


def _page(request: Request, name: str) -> Response:
    with told():
        shelf = shelf_of(request)
    try:
        content = shelf.page(name)
    except KeyError:
        raise Problem(
            "not-found", 404, "the book has no such page", "find it in the list of provisions, at /book"
        ) from None
    rule = next((address for address in shelf.book.rules if page_of(address) == name), None)
    found = re.search(r"<h1>(.*?)</h1>", content, re.DOTALL)
    title = Markup(found[1]).striptags() if found else "The book"
    return render(
        request, "analyst/book.html", content=Markup(_framed(content)), title=title, parts=PARTS, name=name,
        rule=rule, waiting=shelf.tried is None,
        badge=shelf.badge(rule) if rule else None, uses=shelf.uses(rule) if rule else None,
        warnings=shelf.warnings(rule) if rule else [], sentences=list(shelf.sentences(rule)) if rule else [],
        place=shelf.place_of,
    )  # fmt: skip


def _framed(content: str) -> str:
    """A published page inside ours: its links lead to our front page, and its tables can be scrolled by key."""
    content = content.replace('href="/book/index.html"', 'href="/book"')
    return content.replace('<div class="scroll">', '<div class="scroll" role="region" tabindex="0" aria-label="Table">')
