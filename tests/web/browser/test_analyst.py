"""An analyst at work, in a real browser: from a blank page to a memo, and every page's own errand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.browser.checks import Checks

from book_cases import book
from limen.exports.armour import read_receipt
from limen.exports.replay import replay_receipt
from limen.scenario.load import load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Server

Open = Callable[..., "Page"]
NUMBER = "/case/from/demo-number-no-address?profile=ddc-2025-26"


def answer(page: Page) -> str:
    """The word of the answer that is on the page."""
    return page.locator("#answer .verdict > .sign .word").inner_text()


def settled(page: Page, act: Callable[[], object]) -> None:
    """Do something that changes the case, and wait until the address says so."""
    before = page.url
    act()
    page.wait_for_function("before => location.href !== before", arg=before)
    page.locator("#answer .before").wait_for()


def asked(page: Page) -> None:
    """Wait until the interview has a question, or none is left."""
    page.locator(".interview .answers-row, .interview .done").first.wait_for(timeout=60_000)


def test_from_a_blank_page_to_a_memo_without_reading_a_manual(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="Case").first.click()
    page.get_by_role("link", name="Begin a blank case").click()
    page.get_by_label("Readings").select_option("ddc-2025-26")
    page.wait_for_url("**profile=ddc-2025-26*")
    assert answer(page) == "More needed"
    page.get_by_role("link", name="There is nothing but the letter").click()
    for _ in range(60):
        asked(page)
        if page.locator(".interview .done").count():
            break
        choices = page.locator(".answers-row button")
        no = page.locator(".answers-row").get_by_role("button", name="no", exact=True)
        if no.count():
            settled(page, no.click)
        elif choices.count() > 1:
            settled(page, choices.first.click)
        else:
            box = page.locator(".answers-row select, .answers-row input").first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(index=1)
            else:
                box.fill("2025-01-01" if box.get_attribute("type") == "date" else "1")
            settled(page, page.locator(".answers-row").get_by_role("button", name="Answer").click)
    assert page.locator(".interview .done").is_visible(), "the interview comes to an end"
    assert answer(page) in ("Release", "Withhold")
    told = answer(page)
    page.get_by_label("Name of this case").fill("May they have it?")
    page.get_by_role("button", name="Name it").click()
    page.get_by_role("heading", name="May they have it?").wait_for()
    asked(page)
    page.get_by_role("link", name="Write the memo").click()
    page.get_by_role("heading", name="Under which reading").wait_for()
    assert page.locator(".memo h1").inner_text() == "May they have it?"
    for form in ("Memo to print", "Markdown", "Table (CSV)", "Receipt (JSON)", "Python", "Word"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=form, exact=True).click()
        path = tmp_path / coming.value.suggested_filename
        coming.value.save_as(path)
        receipt = read_receipt(path)
        assert replay_receipt(receipt, book()).agrees, form
        assert receipt.decision.disposition == told.lower()


def test_a_changed_fact_is_answered_at_once_and_can_be_taken_back(page: Page) -> None:
    page.goto(NUMBER)
    begun = page.url
    assert answer(page) == "Withhold"
    kind = page.get_by_label("What kind of address does the request state")
    settled(page, lambda: kind.select_option("complete"))
    assert answer(page) == "More needed"
    before = page.locator("#answer .before").inner_text()
    assert "Withhold" in before and "a complete address" in before
    changed = page.url
    page.reload()
    assert answer(page) == "More needed" and "Withhold" in page.locator("#answer .before").inner_text()
    page.get_by_role("link", name="Take it back").click()
    page.locator("#answer .verdict.withhold").wait_for()
    page.go_back()
    page.locator("#answer .verdict.more_needed").wait_for()
    assert page.url == changed
    page.go_back()
    page.locator("#answer .verdict.withhold").wait_for()
    assert page.url == begun and kind.input_value() == "placeholder"


def test_what_was_changed_goes_along_to_the_header_the_tabs_and_the_file(page: Page, tmp_path: Path) -> None:
    page.goto(NUMBER)
    settled(page, lambda: page.get_by_label("Was the request made in writing?").select_option("unknown"))
    with page.expect_download() as coming:
        page.get_by_role("link", name="Save as a file").click()
    path = tmp_path / "case.yaml"
    coming.value.save_as(path)
    assert (load_scenario(path).facts or {})["request.in_writing"] == "unknown"
    page.get_by_label("Readings").select_option("irs-2025-08")
    page.wait_for_url("**profile=irs-2025-08*")
    assert page.get_by_label("Was the request made in writing?").input_value() == "unknown"
    page.goto("/case")
    page.get_by_label("A case saved here").set_input_files(path)
    page.get_by_role("button", name="Open it").click()
    page.locator("#answer").wait_for()
    assert page.get_by_label("Was the request made in writing?").input_value() == "unknown"


def test_what_if_leads_to_a_case_that_is_answered_so(page: Page) -> None:
    page.goto(NUMBER)
    page.get_by_role("link", name="What if", exact=True).click()
    page.get_by_role("heading", name="What would have to change?").wait_for()
    if page.locator(".flip").count() == 0:
        page.get_by_role("link", name="Look longer").click()
    first = page.locator(".flip").first
    promised = first.locator(".word").inner_text()
    first.get_by_role("link", name="Try it").click()
    page.locator("#answer").wait_for()
    assert answer(page) == promised == "Release"


def test_a_pinned_fact_is_in_no_set(page: Page) -> None:
    page.goto(NUMBER)
    page.get_by_role("button", name=re.compile(r"^Pin\s*: What kind of address")).click()
    page.get_by_role("button", name=re.compile(r"^Unpin\s*: What kind of address")).wait_for()
    page.get_by_role("link", name="What if", exact=True).click()
    page.get_by_text("Pinned, and left as they are").wait_for()
    for text in page.locator(".flip").all_inner_texts():
        assert "What kind of address" not in text


def test_compare_swaps_its_baseline(page: Page) -> None:
    page.goto(NUMBER)
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_label("Put beside it").select_option("profile:text-strict")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("thead th").nth(3).wait_for()
    assert page.locator("tbody tr").first.get_attribute("class") == "differs"
    page.get_by_role("link", name=re.compile(r"^Make baseline\s*: irs")).click()
    page.wait_for_url("**base=1*")
    assert page.locator("thead th").nth(2).get_by_text("baseline", exact=True).is_visible()
    page.keyboard.press("3")
    page.get_by_role("region", name="Comparison").focus()
    page.keyboard.press("3")
    page.wait_for_url("**base=2*")
    assert page.locator("thead th").nth(3).get_by_text("baseline", exact=True).is_visible()


def test_each_answer_shows_which_facts_matter_now_and_hides_those_that_cannot(page: Page) -> None:
    page.goto(NUMBER)
    group = page.locator("#group-request")
    unknown = group.get_by_label("What kind of address does the request state")
    settled(page, lambda: page.get_by_label("Was the request made in writing?").select_option(""))
    page.wait_for_function(
        "() => document.getElementById('mattering').dataset.ids.includes('request.in_writing') === false"
    )
    assert unknown.is_visible(), "what is answered stays in sight"
    hidden = page.get_by_label("Is the requester a Federal law enforcement agency?")
    assert not hidden.is_visible()
    page.locator("#group-requester").get_by_role("button", name="cannot change the answer").click()
    assert hidden.is_visible()
    settled(page, lambda: unknown.select_option("complete"))
    marked = page.locator(".mark.matters:visible").count()
    assert marked == page.evaluate(
        "document.getElementById('mattering').dataset.ids.split(' ').filter((id) => id && document.getElementById(id)"
        ".closest('details').open).length"
    )


def test_the_items_that_may_be_released_make_a_package(page: Page, tmp_path: Path) -> None:
    page.goto("/case/from/demo-textbook?profile=irs-2025-08")
    page.get_by_role("checkbox", name="Put last-known-address into the package").wait_for()
    page.get_by_role("button", name="Build the package").click()
    page.get_by_role("heading", name="What would be sent").wait_for()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Table (CSV)").click()
    path = tmp_path / "package.csv"
    coming.value.save_as(path)
    assert "last-known-address" in path.read_text("utf-8-sig")


def test_a_reason_opens_its_provision_at_that_unit(page: Page) -> None:
    page.goto(NUMBER)
    page.locator(".reasons .not_met .cite").first.click()
    page.wait_for_url("**/book/provisions/usc.26.6103.i.2.html*#states_address")
    place = page.locator("#states_address")
    assert place.is_visible() and place.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_a_draft_says_what_is_wrong_and_what_it_changes_as_it_is_written(page: Page, live_server: Server) -> None:
    page.goto("/check?edit=usc.26.6103.i.2%23in_writing")
    page.get_by_role("heading", name="The draft fits the book").wait_for(timeout=60_000)
    text = page.get_by_role("textbox", name="Draft", exact=True)
    good = text.input_value()
    text.fill(good.replace("request.in_writing", "request.in_writting"))
    page.get_by_text("line 6:").wait_for(timeout=60_000)
    assert "did you mean request.in_writing?" in page.locator("#checked").inner_text()
    text.fill(good)
    page.get_by_role("heading", name="The draft fits the book").wait_for(timeout=60_000)
    page.get_by_label("Test", exact=True).fill("not request.in_writing")
    page.get_by_label("Test", exact=True).press("Tab")
    page.locator("#checked table").wait_for(timeout=120_000)
    assert "test: not request.in_writing" in text.input_value(), "what is written in the form stands in the text"
    assert page.evaluate("document.activeElement.id") == "form-0-reading", "and whoever writes is not interrupted"
    assert "is no." in page.locator("#checked ins").inner_text()
    assert "Withhold" in page.locator("#checked tbody").inner_text()
    page.get_by_role("textbox", name="Name", exact=True).fill("by-word-of-mouth")
    page.get_by_role("button", name="Keep as a draft").click()
    page.wait_for_url("**draft=by-word-of-mouth")
    kept = live_server.home / "drafts" / "by-word-of-mouth.yaml"
    assert "not request.in_writing" in kept.read_text("utf-8")
    page.goto("/case/from/demo-textbook?profile=irs-2025-08")
    page.get_by_text("Snapshots, day of knowledge, drafts").click()
    page.get_by_role("combobox", name="Draft", exact=True).select_option("by-word-of-mouth")
    page.get_by_role("button", name="Ask so").click()
    page.locator("#answer .before").wait_for()
    assert answer(page) == "Withhold" and "by-word-of-mouth" in page.locator("#answer .asked").inner_text()


@pytest.fixture
def a_run(live_server: Server) -> str:
    from tests.web.analyst.test_pages import FIGURES

    folder = live_server.home / "simulations" / "a-run"
    (folder / "cases" / "irs-2025-08").mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(FIGURES), encoding="utf-8")
    shipped = Path(__file__).parents[3] / "scenarios" / "demo" / "05-number-no-address.yaml"
    (folder / "cases" / "irs-2025-08" / "allow-1.yaml").write_text(shipped.read_text("utf-8"), encoding="utf-8")
    return "/population/a-run"


def test_a_population_leads_to_a_case_in_two_steps(page: Page, a_run: str, checks: Checks) -> None:
    page.goto(a_run)
    checks.axe(page)
    checks.structure(page)
    checks.keyboard(page)
    page.locator("tbody tr").first.get_by_role("link", name="4", exact=True).click()
    page.get_by_role("link", name="allow-1").click()
    page.locator("#answer").wait_for()
    assert answer(page) == "Release" and "irs-2025-08" in page.url
    page.goto(a_run)
    checks.printed(page)
    checks.zoom(page)


def test_a_small_run_begun_on_the_page_ends_and_leads_to_a_case(page: Page, checks: Checks) -> None:
    page.goto("/population")
    page.get_by_label("Requests (").fill("100")
    page.get_by_role("button", name="Run it").click()
    page.locator("#making progress, #making a").first.wait_for()
    page.locator("#making a").wait_for(timeout=600_000)
    page.locator("#making a").click()
    page.get_by_role("heading", name="What two settings answer differently").wait_for()
    assert page.locator("figure img").count() == 3 and "of 100" in page.locator("tbody").first.inner_text()
    checks.picture(page, "a-small-run")
    checks.axe(page)
    page.locator("tbody tr").first.locator("td a").nth(1).click()
    page.locator(".scenarios a").first.click()
    page.locator("#answer").wait_for()
    assert answer(page) == "Withhold"


def test_the_whole_of_a_case_by_keyboard(page: Page) -> None:
    page.goto("/case/new?profile=ddc-2025-26")
    asked(page)
    page.locator(".answers-row button").first.focus()
    settled(page, lambda: page.keyboard.press("Enter"))
    assert page.locator("#answer .before").is_visible()
    asked(page)
    page.locator("#facts summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    settled(page, lambda: page.keyboard.press("ArrowDown"))
    assert page.evaluate("document.activeElement.tagName") == "SELECT", "focus stays where the answer was given"


def test_a_case_is_used_on_a_narrow_screen_in_the_dark(new_page: Open, checks: Checks) -> None:
    page = new_page(width=400, height=800, dark=True)
    page.goto(NUMBER)
    asked(page)
    settled(page, lambda: page.get_by_label("What kind of address").select_option("complete"))
    assert answer(page) == "More needed"
    checks.axe(page)
    checks.zoom(page)
