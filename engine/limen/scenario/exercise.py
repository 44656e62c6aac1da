"""What scenarios have tried: for each node of the book, which of them found it met, not met and not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from limen.decide.reference import Stated, trace_node
from limen.law import make_edition, usable_profiles
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.node import Node
from limen.law.rules import Profile
from limen.law.tree import facts_in
from limen.law.truth import Truth
from limen.scenario.model import ALL, Scenario
from limen.scenario.run import ScenarioRunner

OUTCOMES: tuple[tuple[Truth, str], ...] = ((True, "met"), (False, "not met"), (None, "not known"))


@dataclass(slots=True)
class Exercise:
    """The scenarios in which one node was met, not met and not known, in the order they were run."""

    met: dict[str, None] = field(default_factory=dict)
    not_met: dict[str, None] = field(default_factory=dict)
    not_known: dict[str, None] = field(default_factory=dict)

    def of(self, result: Truth) -> dict[str, None]:
        """The scenarios in which the node came to `result`."""
        return self.met if result is True else self.not_met if result is False else self.not_known

    @property
    def missing(self) -> tuple[str, ...]:
        """What no scenario has shown yet, in words."""
        return tuple(words for result, words in OUTCOMES if not self.of(result))


def exercise(book: Book, scenarios: Iterable[Scenario], runner: ScenarioRunner) -> Mapping[str, Exercise]:
    """What `scenarios` try of each node of `book`, under the profiles that answer in them, one by one or together, and
    under each reading of which they say what it would change.

    Every node of the book has an entry; one nobody tried has an empty one.
    """
    tried = {node.address: Exercise() for node in book.nodes()}
    editions = _Editions(book, tried)
    for scenario in scenarios:
        facts, day, _ = runner.case(scenario)
        for profile in _answering(book, scenario, runner):
            for points in editions.of(profile, day, scenario):
                points.note(scenario.scenario, facts)
    return tried


def _answering(book: Book, scenario: Scenario, runner: ScenarioRunner) -> Iterator[str]:
    """The profiles that answer in a scenario, those that are asked together included."""
    named = dict.fromkeys(runner.expected_profiles(scenario))
    if ALL in named:
        named |= dict.fromkeys(profile.id for profile in usable_profiles(book, scenario.known_at))
    yield from (name for name in named if name != ALL)


class _Points:
    """The points of one edition, those that speak of the same facts together, traced once for the same values."""

    def __init__(self, edition: Edition, tried: Mapping[str, Exercise]) -> None:
        self._tried = tried
        self._case = _together(point.node for point in edition.case_points)
        self._item = _together(point.node for point in edition.item_points)

    def note(self, scenario: str, facts: CaseFacts) -> None:
        """Note a scenario with these facts for each node, among those in which the node came to what it does."""
        self._note(scenario, self._case, facts.facts)
        for item in facts.items:
            self._note(scenario, self._item, {**facts.facts, **item.facts})

    def _note(self, scenario: str, groups: Sequence[_Group], stated: Stated) -> None:
        for group in groups:
            values = tuple(map(stated.get, group.facts))
            entries = group.seen.get(values)
            if entries is None:
                entries = group.seen[values] = list(self._entries(group.nodes, stated))
            for entry in entries:
                entry[scenario] = None

    def _entries(self, nodes: Iterable[Node], stated: Stated) -> Iterator[dict[str, None]]:
        for node in nodes:
            for one in trace_node(node, stated).walk():
                if one.node.address in self._tried:
                    yield self._tried[one.node.address].of(one.result)


@dataclass(frozen=True, slots=True)
class _Group:
    """Nodes that speak of the same facts, and where a scenario belongs in which these have the same values."""

    facts: tuple[str, ...]
    nodes: list[Node] = field(default_factory=list)
    seen: dict[tuple[object, ...], list[dict[str, None]]] = field(default_factory=dict)


def _together(nodes: Iterable[Node]) -> tuple[_Group, ...]:
    groups: dict[tuple[str, ...], _Group] = {}
    for node in nodes:
        names = _facts(node)
        groups.setdefault(names, _Group(names)).nodes.append(node)
    return tuple(groups.values())


def _facts(node: Node) -> tuple[str, ...]:
    """The facts that a node and what is under it speak of."""
    return tuple(sorted({name for part in node.walk() if part.test is not None for name in facts_in(part.test)}))


class _Editions:
    """The points of a book's editions, each made once for the days on which it is the same."""

    def __init__(self, book: Book, tried: Mapping[str, Exercise]) -> None:
        self._book = book
        self._tried = tried
        self._days = change_days(book)
        self._made: dict[tuple[object, ...], _Points] = {}

    def of(self, profile: str, day: date, scenario: Scenario) -> Iterator[_Points]:
        """Those of a profile, and those with one reading chosen as `scenario` says what it would change."""
        yield self._one(profile, day, scenario.known_at)
        expectation = scenario.expect.get(profile)
        for reading, alternatives in (expectation.under if expectation is not None else {}).items():
            for alternative in alternatives:
                yield self._one(profile, day, None, reading, alternative)

    def _one(self, profile: str, day: date, known_at: date | None, *reading: str) -> _Points:
        key = (profile, unchanged_since(self._days, day), known_at, *reading)
        if key not in self._made:
            asked: str | Profile = profile
            if reading:
                own = self._book.profiles[profile]
                asked = replace(own, chooses={**own.chooses, reading[0]: reading[1]})
            self._made[key] = _Points(make_edition(self._book, asked, day, known_at), self._tried)
        return self._made[key]
