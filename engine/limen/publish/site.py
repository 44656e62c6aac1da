"""Writes the site: one page for each provision, and the pages that belong to all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined

from limen.decide.decision import CAVEAT
from limen.law.book import Book, Rule
from limen.law.expression.printer import text_of
from limen.law.node import Node
from limen.law.rules import Bar, Duty, DutyRule, Gateway, Prohibition, Reading
from limen.law.timeline import events
from limen.publish import timeline
from limen.publish.links import Links, anchor, anchor_of_reading, page_of, readings_of
from limen.scenario.exercise import Exercise
from limen.scenario.model import Scenario

PARTS = (
    ("index.html", "Provisions"),
    ("readings.html", "Readings"),
    ("profiles.html", "Profiles"),
    ("glossary.html", "Glossary"),
    ("timeline.html", "Timeline"),
    ("scenarios.html", "Scenarios"),
    ("untested.html", "Not tested yet"),
)
KINDS: Mapping[type, str] = {Prohibition: "General rule", Gateway: "Gateway", Bar: "Bar", DutyRule: "Duties"}
HEADINGS = {"General rule": "The general rule", "Gateway": "Gateways", "Bar": "Bars", "Duties": "Duties"}
MARK = ".limen-site"
"""A file that says that a folder was written by this module, and may be replaced by it."""


class SiteError(Exception):
    """The site cannot be written where it was asked for."""


def write_site(
    book: Book, scenarios: Sequence[Scenario], exercise: Mapping[str, Exercise], folder: Path, until: date
) -> list[Path]:
    """Write the whole site into `folder`, replacing one that was written before; returns the pages.

    `exercise` says what scenarios tried (`limen.scenario.exercise`), `until` is where the timeline's pictures end.
    The site appears complete or not at all. Raises `SiteError` if `folder` holds anything else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SiteError(f"`{folder}` is not empty and was not written by `limen book render`; choose another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=".site-", dir=folder.parent))
    try:
        made.chmod(0o755)
        pages = _Site(book, scenarios, exercise, until).write(made)
        (made / MARK).write_text("written by limen book render\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return [folder / page for page in pages]


class Fragments:
    """The same pages without their frame, for a site that has one: the links between them start with `root`."""

    def __init__(
        self, book: Book, scenarios: Sequence[Scenario], exercise: Mapping[str, Exercise], until: date, root: str
    ) -> None:
        frame = DictLoader({"base.html": "{% block content %}{% endblock %}"})
        self._site = _Site(book, scenarios, exercise, until, ChoiceLoader([frame, PackageLoader("limen.publish")]))
        self._root = root

    def pages(self) -> list[str]:
        """The pages there are, as files of the site are called."""
        return self._site.names()

    def get(self, page: str) -> str:
        """The content of one page, as HTML. Raises `KeyError`."""
        return self._site.fragment(page, self._root)


class _Site:
    """All pages of one book."""

    def __init__(
        self, book: Book, scenarios: Sequence[Scenario], exercise: Mapping[str, Exercise], until: date,
        loader: BaseLoader | None = None,
    ) -> None:  # fmt: skip
        self._book = book
        self._scenarios = sorted(scenarios, key=lambda scenario: scenario.scenario)
        self._exercise = exercise
        self._until = until
        links = Links(book)
        self._pages = Environment(
            loader=loader or PackageLoader("limen.publish"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters.update(
            href=links.href, anchor=anchor, reading_anchor=anchor_of_reading, test_text=text_of
        )  # fmt: skip
        self._pages.globals.update(
            book=book,
            parts=PARTS,
            caveat=CAVEAT,
            readings=book.readings,
            profiles=sorted(book.profiles.values(), key=lambda profile: (profile.since or date.min, profile.id)),
            exercise=exercise,
            titles={address: rule.title for address, rule in book.rules.items()},
            left=timeline.LEFT,
        )

    def write(self, folder: Path) -> list[str]:
        (folder / "provisions").mkdir()
        style = Path(__file__).parent / "templates" / "style.css"
        shutil.copyfile(style, folder / "style.css")
        written = []
        for page, template, data in self._all():
            root = "../" if "/" in page else ""
            text = self._pages.get_template(template).render(root=root, here=page, **data)
            (folder / page).write_text(text, encoding="utf-8")
            written.append(page)
        return written

    def names(self) -> list[str]:
        return [*(page for page, _ in PARTS), *(page_of(address) for address in self._book.rules)]

    def fragment(self, page: str, root: str) -> str:
        """The content of one page, its links led from `root`. Raises `KeyError`."""
        rules = {page_of(address): rule for address, rule in self._book.rules.items()}
        if page in rules:
            template, data = "provision.html", self._provision(rules[page])
        else:
            template, data = self._parts()[page]
        return self._pages.get_template(template).render(root=root, here=page, **data)

    def _parts(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """The pages that belong to all provisions."""
        return {page: (template, data) for page, template, data in self._all() if not page.startswith("provisions/")}

    def _all(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        yield "index.html", "index.html", self._index()
        for rule in self._book.rules.values():
            yield page_of(rule.address), "provision.html", self._provision(rule)
        yield "readings.html", "readings.html", {"contested": self._contested()}
        yield "profiles.html", "profiles.html", {}
        yield "glossary.html", "glossary.html", self._glossary()
        yield "timeline.html", "timeline.html", self._timeline()
        yield "scenarios.html", "scenarios.html", {"scenarios": self._scenarios}
        yield "untested.html", "untested.html", self._untested()

    def _index(self) -> dict[str, Any]:
        kinds: dict[str, list[Rule]] = {}
        for rule in self._book.rules.values():
            kinds.setdefault(KINDS[type(rule)], []).append(rule)
        counts = {
            address: {"readings": len(self._readings_used(rule)), "scenarios": len(self._scenarios_of(address))}
            for address, rule in self._book.rules.items()
        }
        return {"kinds": [(HEADINGS[kind], kinds[kind]) for kind in HEADINGS if kind in kinds], "counts": counts}

    def _provision(self, rule: Rule) -> dict[str, Any]:
        here = readings_of(rule.address, dict(self._book.readings))
        elsewhere = [r for r in self._readings_used(rule) if r.address not in {one.address for one in here}]
        bars = [bar for bar in self._book.bars if rule.address in bar.overrides]
        return {
            "rule": rule,
            "kind": KINDS[type(rule)],
            "bars": bars,
            "duties": list(self._duties(rule)),
            "readings_here": here,
            "readings_elsewhere": elsewhere,
            "scenarios_here": self._scenarios_of(rule.address),
            "untried": self._untried(rule),
            "location": self._book.locations.get(rule.address, ("", 0)),
        }

    def _duties(self, rule: Rule) -> Iterator[tuple[Rule, Sequence[Duty]]]:
        """The duties a provision brings, by the provision that says them."""
        if isinstance(rule, (Gateway, DutyRule)) and rule.duties:
            yield rule, rule.duties
        if isinstance(rule, Gateway):
            for other in self._book.duty_rules:
                if rule.address in other.attaches_to:
                    yield other, other.duties

    def _readings_used(self, rule: Rule) -> list[Reading]:
        """The readings that some node of a rule turns on."""
        used = {node.reading: None for node in _nodes(rule) if node.reading is not None}
        own = readings_of(rule.address, dict(self._book.readings))
        return [
            *own,
            *(self._book.readings[a] for a in used if a in self._book.readings and not _owned(a, rule.address)),
        ]

    def _scenarios_of(self, address: str) -> list[Scenario]:
        return [s for s in self._scenarios if any(p == address or p.startswith((f"{address}#", f"{address}/"))
                                                  for p in s.provisions)]  # fmt: skip

    def _untried(self, rule: Rule) -> list[tuple[Node, tuple[str, ...]]]:
        """The parts of a rule that scenarios have not shown in every state, each with what is missing."""
        return [
            (node, self._exercise[node.address].missing)
            for node in _nodes(rule)
            if node.address in self._exercise and self._exercise[node.address].missing
        ]

    def _untested(self) -> dict[str, Any]:
        by_rule = [(rule, some) for rule in self._book.rules.values() if (some := self._untried(rule))]
        nodes = [node for rule in self._book.rules.values() for node in _nodes(rule) if node.address in self._exercise]
        complete = sum(not self._exercise[node.address].missing for node in nodes)
        return {"untested": by_rule, "total": len(nodes), "complete": complete}

    def _contested(self) -> set[str]:
        """The readings on which profiles differ."""
        return {
            address
            for address in self._book.readings
            if len({profile.chooses[address] for profile in self._book.profiles.values()}) > 1
        }

    def _glossary(self) -> dict[str, Any]:
        vocabulary = self._book.vocabulary
        case = [fact for fact in vocabulary.facts.values() if not fact.per_item]
        item = [fact for fact in vocabulary.facts.values() if fact.per_item]
        return {
            "definitions": list(vocabulary.definitions.values()),
            "parameters": vocabulary.parameters,
            "facts": [("Facts of a case", case), ("Facts of an item", item)],
        }

    def _timeline(self) -> dict[str, Any]:
        pictures = [timeline.statute_picture(self._book, self._until), timeline.recent_picture(self._book, self._until)]
        return {"pictures": pictures, "events": events(self._book)}


def _owned(reading: str, rule: str) -> bool:
    return reading.rpartition("/")[0] == rule


def _nodes(rule: Rule) -> Iterable[Node]:
    """Every node that stands in a rule itself."""
    match rule:
        case Prohibition():
            tops: tuple[Node, ...] = (rule.applies_when, rule.forbids)
        case Gateway():
            tops = (*rule.elements, *rule.releases)
        case Bar():
            tops = rule.conditions
        case _:
            tops = ()
    return [node for top in tops for node in top.walk()]
