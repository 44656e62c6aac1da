"""Every page there is, by the route that serves it. A test says so for each route that has no page here.

Add a page of yours as `Shown(route, address)`; `who` are the roles it is for (any of them), and `ready` is something
that is there once the page is whole.
"""

from __future__ import annotations

from typing import NamedTuple


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


PAGES = (
    Shown("/", "/"),
    Shown("/problems", "/problems"),
    Shown("/problems/{name}", "/problems/busy"),
    Shown("/sign-in", "/sign-in", shared=True),
)

NOT_PAGES = frozenset(
    {
        "/health",
    }
)
"""Routes that answer GET with something else than a page: files, pictures, data."""
