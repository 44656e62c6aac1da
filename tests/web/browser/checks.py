"""What every page has to pass: axe at WCAG 2.2 AA, the keyboard alone, 400 % zoom, dark, print."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
AXE = Path(sys.prefix) / "web-tools" / "node_modules" / "axe-core" / "axe.min.js"

RUN_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
}"""

FOCUSABLE = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])')]
  .filter((e) => !e.disabled && e.checkVisibility({visibilityProperty: true}) && !e.closest("[inert]"))
  .filter((e) => { if (e.type !== "radio") return true;  // one stop for a group: the one chosen, or the first
    const group = `input[type=radio][name="${CSS.escape(e.name)}"]`, within = e.form || document;
    return e === (within.querySelector(`${group}:checked`) || within.querySelector(group)); })
  .map((e, i) => { e.dataset.stop = i; return i; })"""

FROM_THE_TOP = """() => {
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); window.scrollTo(0, 0);
}"""

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    stop: e.dataset.stop === undefined ? null : Number(e.dataset.stop),
    what: e.outerHTML.slice(0, 120),
    marked: (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none",
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""

WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const inside = (e) => { for (let p = e.parentElement; p; p = p.parentElement)
    if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX) && p !== document.body
      && p !== document.documentElement) return true;
    return false; };
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > most + 1 && !inside(e))
    .map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
    .slice(0, 8).concat(["the page scrolls sideways"]);
}"""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


@dataclass(frozen=True)
class Checks:
    """The checks, with axe's source."""

    axe_source: str
    pictures: Path | None

    @staticmethod
    def from_environment() -> Checks:
        """Axe from where `make test-web` puts it; pictures where `LIMEN_PICTURES` says."""
        if not AXE.is_file():
            raise RuntimeError("axe-core is not installed: run `make test-web`")
        named = os.environ.get("LIMEN_PICTURES")
        return Checks(AXE.read_text(encoding="utf-8"), Path(named) if named else None)

    def axe(self, page: Page) -> None:
        """No violation of WCAG 2.2 A or AA that a program can find."""
        page.evaluate(f"{self.axe_source}; null")
        assert page.evaluate(RUN_AXE, TAGS) == []

    def keyboard(self, page: Page) -> None:
        """Tab reaches everything that can be used, in the order it is read; each stop is seen and marked; no trap."""
        stops: list[int] = page.evaluate(FOCUSABLE)
        page.evaluate(FROM_THE_TOP)
        reached: list[int] = []
        for _ in range(2 * len(stops) + 6):
            page.keyboard.press("Tab")
            now: Any = page.evaluate(FOCUSED)
            if now is None or (reached and now["stop"] == reached[0]):
                break
            assert now["seen"], f"focus goes out of sight: {now['what']}"
            assert now["marked"], f"focus is not marked: {now['what']}"
            if now["stop"] is not None and now["stop"] not in reached:
                reached.append(now["stop"])
        missed = [stop for stop in stops if stop not in reached]
        shown = page.evaluate(
            "(n) => n.map((i) => document.querySelector(`[data-stop='${i}']`)?.outerHTML.slice(0, 120))", missed
        )
        assert not missed, f"the keyboard does not reach: {shown}"
        assert reached == sorted(reached), "the keyboard goes another way than the reader"

    def skip_link(self, page: Page) -> None:
        """The first stop leads past the header."""
        page.evaluate(FROM_THE_TOP)
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "content"

    def zoom(self, page: Page) -> None:
        """At 320 CSS pixels, which is 400 % of 1280, nothing scrolls sideways; nor with the spacing of WCAG 1.4.12."""
        page.set_viewport_size({"width": 320, "height": 256})
        wide = page.evaluate(WIDE)
        assert wide == [], f"wider than the window: {wide}"
        page.evaluate(SPACED)
        wide = page.evaluate(WIDE)
        assert wide == [], f"wider than the window when spaced: {wide}"
        page.evaluate("() => { document.adoptedStyleSheets = []; }")

    def structure(self, page: Page) -> None:
        """One heading of the first rank, none skipped, one main part, a title of its own."""
        ranks: list[int] = page.evaluate(
            "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter((e) => e.checkVisibility())"
            ".map((e) => Number(e.tagName[1]))"
        )
        assert ranks.count(1) == 1 and ranks[0] == 1, ranks
        assert all(after - before <= 1 for before, after in pairwise(ranks)), ranks
        assert page.locator("main").count() == 1
        assert page.title().endswith("· Limen") and len(page.title()) > len("· Limen") + 1

    def printed(self, page: Page) -> bytes:
        """It prints: the navigation stays behind, the reading in use and the caveat come along."""
        page.emulate_media(media="print")
        assert page.locator("nav.main:visible").count() == 0
        assert page.locator(".bottom").is_visible()
        assert page.locator("button:visible").count() == 0
        pdf = page.pdf(format="A4", print_background=True)
        page.emulate_media(media="screen")
        assert pdf.startswith(b"%PDF-") and re.search(rb"/Type\s*/Page\b", pdf)
        return pdf

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture, where somebody asked for them."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(
                path=self.pictures / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower()).strip('-')}.png", full_page=True
            )
