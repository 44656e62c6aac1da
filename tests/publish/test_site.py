"""The readable book: every provision has a page, every link leads somewhere, nothing comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from book_cases import book
from limen.publish.site import SiteError, write_site
from limen.scenario.exercise import exercise
from limen.scenario.model import Scenario
from limen.scenario.run import ScenarioRunner

FACTS = {"holder.agency": "irs", "request.in_writing": False}


def one_scenario() -> Scenario:
    return Scenario.model_validate(
        {
            "scenario": "by-word-of-mouth",
            "title": "A request <by word of mouth>",
            "story": "Somebody telephones and asks.",
            "teaches": "An oral request opens nothing.",
            "provisions": ["usc.26.6103.i.2#in_writing"],
            "facts": FACTS,
            "items": {"address": {"item.kind": "mailing_address", "item.came_from": "taxpayer"}},
            "as_of": "2026-01-15",
            "expect": {"every": {"items": {"address": "open"}}},
        }
    )


class Page(HTMLParser):
    """The places and links of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "book"
    scenarios = [one_scenario()]
    write_site(book(), scenarios, exercise(book(), scenarios, ScenarioRunner(book())), folder, date(2026, 11, 1))
    return folder


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted(site.rglob("*.html")):
        yield path, Page(path.read_text(encoding="utf-8"))


def test_every_provision_has_a_page_that_shows_each_of_its_nodes(site: Path) -> None:
    for address, rule in book().rules.items():
        page = Page((site / "provisions" / f"{address}.html").read_text(encoding="utf-8"))
        for node in (*getattr(rule, "elements", ()), *getattr(rule, "releases", ()), *getattr(rule, "conditions", ())):
            for part in node.walk():
                assert part.address.partition("#")[2] in page.ids


def test_every_link_leads_to_a_page_and_a_place_that_exist(site: Path) -> None:
    read = dict(pages(site))
    for path, page in read.items():
        for link in page.links:
            assert not re.match(r"[a-z]+:|//", link), f"{path.name} loads {link}"
            target, _, place = link.partition("#")
            found = (path.parent / target).resolve() if target else path
            assert found.exists(), f"{path.name}: {link}"
            if place and found.suffix == ".html":
                assert place in read[found].ids, f"{path.name}: {link}"


def test_no_place_stands_twice_on_a_page(site: Path) -> None:
    for path, page in pages(site):
        repeated = {id for id in page.ids if page.ids.count(id) > 1}
        assert not repeated, f"{path.name}: {sorted(repeated)}"


def test_what_a_scenario_tried_is_counted_and_what_none_tried_is_said(site: Path) -> None:
    page = (site / "provisions" / "usc.26.6103.i.2.html").read_text(encoding="utf-8")
    assert "A request &lt;by word of mouth&gt;" in page
    assert "no scenario yet: met, not known" in page
    assert "never met" in (site / "untested.html").read_text(encoding="utf-8")


def test_the_timeline_is_a_picture_with_a_bar_for_each_gateway(site: Path) -> None:
    text = (site / "timeline.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert text.count("<rect") >= len(book().gateways) + len(book().profiles) - 1


def test_a_site_replaces_itself_and_nothing_else(tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "letter.txt").write_text("keep me")
    with pytest.raises(SiteError, match="not empty"):
        write_site(book(), [], {}, other, date(2026, 11, 1))
    assert (other / "letter.txt").read_text() == "keep me"
    again = tmp_path / "book"
    first = write_site(book(), [], {}, again, date(2026, 11, 1))
    assert write_site(book(), [], {}, again, date(2026, 11, 1)) == first
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "book"}
