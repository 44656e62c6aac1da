"""What scenarios have tried: for each node of the book, which of them found it met, not met and not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from limen.decide.reference import TraceNode, trace
from limen.law import make_edition
from limen.law.book import Book
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
    """What `scenarios` try of each node of `book`, under the profiles they expect something of.

    Every node of the book has an entry; one nobody tried has an empty one.
    """
    tried = {node.address: Exercise() for node in book.nodes()}
    for scenario in scenarios:
        facts, day, _ = runner.case(scenario)
        for profile in runner.expected_profiles(scenario):
            if profile == ALL:
                continue
            traced = trace(make_edition(book, profile, day, scenario.known_at), facts)
            _note(tried, traced.case, scenario.scenario)
            for item in traced.items:
                _note(tried, item.points, scenario.scenario)
    return tried


def _note(tried: dict[str, Exercise], nodes: Iterable[TraceNode], scenario: str) -> None:
    for top in nodes:
        for node in top.walk():
            entry = tried.get(node.node.address)
            if entry is not None:
                entry.of(node.result)[scenario] = None
