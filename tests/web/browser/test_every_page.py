"""Every page, checked as people with different eyes, hands and paper use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.browser.checks import Checks
from tests.web.browser.pages import PAGES, Shown

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Server

Open = Callable[..., "Page"]
every_page = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)


def look(new_page: Open, shown: Shown, live: Server, shared: Server, **how: object) -> Page:
    page = new_page(base=shared.url if shown.shared else live.url, **how)
    answer = page.goto(shown.address)
    assert answer is not None and answer.ok, f"{shown.address}: {answer and answer.status}"
    page.locator(shown.ready).first.wait_for()
    return page


@every_page
def test_a_page_is_accessible_and_reached_by_keyboard(
    shown: Shown, new_page: Open, live_server: Server, shared_server: Server, checks: Checks
) -> None:
    page = look(new_page, shown, live_server, shared_server)
    checks.picture(page, f"{shown.name}-light")
    checks.axe(page)
    checks.structure(page)
    checks.skip_link(page)
    checks.keyboard(page)


@every_page
def test_a_page_is_accessible_in_the_dark(
    shown: Shown, new_page: Open, live_server: Server, shared_server: Server, checks: Checks
) -> None:
    page = look(new_page, shown, live_server, shared_server, dark=True)
    checks.picture(page, f"{shown.name}-dark")
    checks.axe(page)


@every_page
def test_a_page_holds_at_four_times_the_size_and_on_paper(
    shown: Shown, new_page: Open, live_server: Server, shared_server: Server, checks: Checks
) -> None:
    page = look(new_page, shown, live_server, shared_server)
    checks.printed(page)
    checks.zoom(page)
    page.set_viewport_size({"width": 320, "height": 640})
    checks.picture(page, f"{shown.name}-narrow")
    checks.axe(page)
