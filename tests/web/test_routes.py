"""Every route, asked: who may call it, and is its page looked at in a browser?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi.routing import APIRoute, APIRouter
from tests.web.browser.pages import IN_FLOWS, NOT_PAGES, PAGES

from limen.web.api.guard import _json_only
from limen.web.app import make_app
from limen.web.guards import _everybody, _Roles, check_api_origin, check_csrf, current_user
from limen.web.settings import Settings


def walk(routes: list[Any]) -> Iterator[APIRoute]:
    """Every route of ours, however deep it is included."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from walk(inner.routes)
        else:
            assert type(route).__name__ == "Mount" and route.path == "/static", f"a route nobody asks: {route}"


@cache
def all_routes() -> list[APIRoute]:
    return list(walk(make_app(Settings(ledger="not opened", store="not opened")).routes))


def calls(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from calls(one)


def rule_of(route: APIRoute) -> str:
    """`public`, `signed in`, or the roles; an error for a route that names none."""
    found = list(calls(route.dependant))
    roles = [one.roles for one in found if isinstance(one, _Roles)]
    if roles:
        return " or ".join(sorted(set(roles[0]).intersection(*roles)))
    if current_user in found:
        return "signed in"
    assert _everybody in found, f"{route.path}: says nobody who may call it"
    return "public"


def test_every_route_says_who_may_call_it() -> None:
    assert all_routes()
    assert {route.path for route in all_routes() if rule_of(route) == "public"} == {
        "/health", "/problems", "/problems/{name}", "/sign-in", "/sign-in/code", "/sign-out",
        "/openapi.json", "/.well-known/authzen-configuration",
    }  # fmt: skip


def test_every_form_that_changes_something_is_protected_against_other_sites() -> None:
    unprotected = set()
    for route in all_routes():
        found = set(calls(route.dependant))
        by_token = check_csrf in found
        by_kind = {check_api_origin, _json_only} <= found and route.path.startswith(("/v1/", "/access/"))
        if route.methods - {"GET", "HEAD"} and not (by_token or by_kind):
            unprotected.add(route.path)
    assert unprotected == set()


def test_every_page_is_looked_at_in_a_browser() -> None:
    answering = {route.path for route in all_routes() if "GET" in route.methods and not route.include_in_schema}
    looked_at = {shown.route for shown in PAGES} | IN_FLOWS
    assert answering - NOT_PAGES - looked_at == set(), "add them to tests/web/browser/pages.py"
    assert (looked_at | NOT_PAGES) - answering == set(), "these are gone"
