"""What the pages of the book show: the pages that are published, with what is tried, used and expired beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from limen.law.book import Book
from limen.law.english import English
from limen.law.lint import Finding, lint_book
from limen.law.node import Node
from limen.law.places import shipped_rules
from limen.law.rules import Bar, Gateway, Prohibition
from limen.law.tree import facts_in
from limen.publish.links import Links
from limen.publish.site import Fragments
from limen.scenario.exercise import Exercise, exercise
from limen.scenario.model import Scenario
from limen.scenario.run import Matcher, ScenarioRunner

ROOT = "/book/"


@dataclass(frozen=True, slots=True)
class Uses:
    """What leads to a provision, and what it reads: addresses with their titles, and facts with their questions."""

    bars: tuple[tuple[str, str], ...]
    stops: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """How much of a provision scenarios have tried: outcomes shown, of three for each part."""

    shown: int
    total: int
    parts: int
    whole: int


class Shelf:
    """The book as pages. What scenarios have tried is found out in the background, once; until then it is not shown."""

    def __init__(
        self,
        book: Book,
        scenarios: Sequence[Scenario],
        match: Matcher | None,
        until: date,
        rules: Path | None = None,
    ) -> None:
        self.book = book
        self.links = Links(book)
        self._match = match
        self._until = until
        self._rules = rules
        self._lock = threading.Lock()
        self._started = False
        self._tried: Mapping[str, Exercise] | None = None
        self._fragments: Fragments | None = None
        self._findings: list[Finding] | None = None
        self.scenarios = scenarios
        self._english = English(book.vocabulary, book.readings)

    @property
    def tried(self) -> Mapping[str, Exercise] | None:
        """What scenarios have tried of each node; `None` while it is being found out."""
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._find_out, daemon=True, name="coverage of the book").start()
            return self._tried

    def _find_out(self) -> None:
        found = exercise(self.book, self.scenarios, ScenarioRunner(self.book, self._match))
        with self._lock:
            self._tried = found
            self._fragments = None

    def wait(self) -> None:
        """Until what scenarios have tried is known; for tests."""
        self._find_out()

    def page(self, name: str) -> str:
        """The content of a page, as HTML. Raises `KeyError`."""
        tried = self.tried or {}
        with self._lock:
            if self._fragments is None:
                told = [one for one in self.scenarios if one.scenario == one.family]
                self._fragments = Fragments(self.book, told, tried, self._until, ROOT)
            fragments = self._fragments
        return fragments.get(name)

    def place_of(self, address: str) -> str:
        """Where an address is on the pages."""
        return self.links.href(address, ROOT)

    def badge(self, rule: str) -> Badge | None:
        """How much of a provision scenarios have tried; `None` while that is not known, or where there is nothing."""
        if self._tried is None:
            return None
        nodes = [node for node in _nodes(self.book, rule) if node.address in self._tried]
        if not nodes:
            return None
        shown = sum(3 - len(self._tried[node.address].missing) for node in nodes)
        whole = sum(not self._tried[node.address].missing for node in nodes)
        return Badge(shown, 3 * len(nodes), len(nodes), whole)

    def warnings(self, rule: str) -> list[Finding]:
        """What lints say about a provision: an expired citation, an element nobody tried, and so on."""
        return [one for one in self.findings() if one.address.partition("#")[0].partition("/")[0] == rule]

    def findings(self) -> list[Finding]:
        """Everything that lints say about the book."""
        with self._lock:
            found = self._findings
        if found is None:
            found = lint_book(self.book, self._rules or shipped_rules())
            with self._lock:
                self._findings = found
        return found

    def uses(self, address: str) -> Uses:
        """What a provision is used by, and what it uses."""
        book = self.book
        rule = book.rules[address]
        read = {name for node in _nodes(book, address) if node.test is not None for name in facts_in(node.test)}
        used = {node.reading for node in _nodes(book, address) if node.reading is not None}
        for name in tuple(read & set(book.vocabulary.definitions)):
            for node in book.vocabulary.definitions[name].meaning.walk():
                if node.test is not None:
                    read |= facts_in(node.test)
        return Uses(
            bars=tuple((bar.address, bar.title) for bar in book.bars if address in bar.overrides),
            stops=tuple((a, book.rules[a].title) for a in (rule.overrides if isinstance(rule, Bar) else ())),
            duties=tuple((duty.address, duty.title) for duty in book.duty_rules if address in duty.attaches_to),
            readings=tuple((r, book.readings[r].words) for r in sorted(used) if r in book.readings),
            facts=tuple((n, book.vocabulary.facts[n].ask) for n in sorted(read) if n in book.vocabulary.facts),
        )  # fmt: skip

    def sentences(self, address: str) -> Iterator[tuple[str, str]]:
        """Each element, ground or condition of a provision as one plain sentence, with its address."""
        for node in _tops(self.book, address):
            yield node.address, self._english.sentence(node)


def _tops(book: Book, address: str) -> tuple[Node, ...]:
    match book.rules[address]:
        case Prohibition() as rule:
            return (rule.applies_when, rule.forbids)
        case Gateway() as rule:
            return (*rule.elements, *rule.releases)
        case Bar() as rule:
            return rule.conditions
    return ()


def _nodes(book: Book, address: str) -> Iterator[Node]:
    for top in _tops(book, address):
        yield from top.walk()
