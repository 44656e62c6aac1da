"""The analyst's pages: each module has a `router` and the entries it adds to the navigation."""

from __future__ import annotations

from fastapi import APIRouter

from limen.web.pages import asking_routes, book_routes, case_routes, check_routes, ledger_routes, population_routes
from limen.web.rendering import NavEntry

ROUTERS: tuple[APIRouter, ...] = (
    case_routes.router, asking_routes.router, book_routes.router, ledger_routes.router, check_routes.router,
    population_routes.router,
)  # fmt: skip
NAV: tuple[NavEntry, ...] = (
    NavEntry(
        "Case",
        "/case",
        ("analyst",),
        "Would it have been released, under which reading, and what would have to change?",
    ),
    NavEntry(
        "Book",
        "/book",
        ("analyst", "trainer"),
        "The law as rules: text, elements, readings, the scenarios that test them.",
    ),
    NavEntry("Population", "/population", ("analyst",), "What a policy does to many invented people."),
    NavEntry("Check", "/check", ("analyst",), "Change a rule in a draft, and see which scenarios answer otherwise."),
    NavEntry("Ledger", "/ledger", ("analyst",), "Every decision made here: search, verify, reports."),
)
