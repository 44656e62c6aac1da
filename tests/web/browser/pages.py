"""Every page there is, by the route that serves it. A test says so for each route that has no page here.

Add a page of yours as `Shown(route, address)`; `who` are the roles it is for (any of them), and `ready` is something
that is there once the page is whole.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from book_cases import book
from limen.web.pages.casefile import open_shipped
from limen.web.pages.codec import encode


class Shown(NamedTuple):
    """One page, as somebody opens it."""

    route: str
    address: str
    ready: str = "main h1"
    who: tuple[str, ...] = ()
    shared: bool = False

    @property
    def name(self) -> str:
        """What its picture is called."""
        return self.address.partition("?")[0].strip("/") or "start"


def case(page: str, scenario: str = "demo-number-no-address", **query: str) -> str:
    """The address of a page about a case begun from a scenario."""
    return f"{page}?{urlencode({'s': encode(open_shipped(scenario, book(), None)), 'as_of': '2025-08-06', **query})}"


PAGES = (
    Shown("/", "/"),
    Shown("/problems", "/problems"),
    Shown("/problems/{name}", "/problems/busy"),
    Shown("/sign-in", "/sign-in", shared=True),
    Shown("/case", "/case"),
    Shown("/case", case("/case", profile="ddc-2025-26"), ".interview .done"),
    Shown("/case/new", "/case/new?profile=ddc-2025-26", "#question"),
    Shown("/case/from/{name:path}", "/case/from/demo-one-officer", ".interview .kicker"),
    Shown("/what-if", case("/what-if", profile="ddc-2025-26")),
    Shown("/compare", case("/compare", profile="ddc-2025-26")),
    Shown("/readings", case("/readings", "demo-one-officer", matrix="true")),
    Shown("/case/package", case("/case/package", "employer-and-wages", profile="centro-2026"), "main table"),
    Shown("/memo", case("/memo", profile="ddc-2025-26")),
    Shown("/learn", "/learn"),
    Shown("/teach", "/teach"),
    Shown("/teach/new", "/teach/new"),
    Shown("/teach/{name}", "/teach/missing-is-not-false"),
    Shown("/teach/{name}/q/{number}", "/teach/missing-is-not-false/q/2"),
    Shown("/teach/{name}/results", "/teach/missing-is-not-false/results"),
    Shown("/book", "/book"),
    Shown("/book/{address:path}", "/book/us.injunctions.ddc-2025-11-21"),
    Shown("/book/{address:path}", "/book/readings.html"),
    Shown("/book/{address:path}", "/book/timeline.html"),
    Shown("/population", "/population"),
    Shown("/check", "/check?edit=usc.26.6103.i.2%23in_writing", "#checked h2"),
    Shown("/ledger", "/ledger"),
    Shown("/ledger/{which}", "/ledger/1"),
    Shown("/ledger/verify", "/ledger/verify"),
    Shown("/ledger/report/{which}", "/ledger/report/denials"),
)

IN_FLOWS = frozenset(
    {
        "/learn/{sitting}",
        "/learn/{sitting}/end",
        "/learn/{sitting}/{number}",
        "/learn/{sitting}/{number}/why",
        "/learn/{sitting}/{number}/feedback",
        "/population/{run}",
    }
)
"""Pages that are only there in the course of something; the flow that leads to them makes the same checks."""

NOT_PAGES = frozenset(
    {
        "/health",
        "/learn/print.css",
        "/learn/{sitting}/certificate",
        "/teach/{name}/file/{what}",
        "/teach/{name}/package/{what}/{mode}",
        "/teach/{name}/print/{what}",
        "/population/making",
        "/population/{run}/{policy}/{case}",
        "/population/{run}/pictures/{name}",
        "/case/change",
        "/case/interview",
        "/case/questions",
        "/case/no-other-documents",
        "/case/item",
        "/case/pin",
        "/case/snapshot",
        "/case/otherwise",
        "/case/carried-over",
        "/case/file",
        "/memo/{form}",
        "/metrics",
        "/openapi.json",
    }
)
"""Routes that answer GET with something else than a page: files, pictures, data."""
