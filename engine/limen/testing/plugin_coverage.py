"""The report of `--limen-coverage`: for each provision, how often the cases of a test run found it met or not.

Counted are the cases of scenario files, those that `limen.testing` puts to a system, and whatever else a test decides
through the oracle of the kit.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from limen.law.facts import CaseFacts
from limen.law.truth import Truth
from limen.testing.oracle import Oracle, watchers

_COLUMNS: tuple[tuple[Truth, str], ...] = ((True, "met"), (False, "not met"), (None, "not known"))
MOST_CASES = 20_000
"""Different cases counted for one edition; after these a run has seen what it will see."""


class Coverage:
    """Notes each different case that is decided, and says at the end what it tried."""

    def __init__(self, config: pytest.Config) -> None:
        self._only = config.getoption("--limen-profile")
        self._config = config
        self._cases: dict[tuple[str, date, tuple[str, ...]], tuple[Oracle, set[Any]]] = {}
        watchers.append(self.note)

    def note(self, oracle: Oracle, stated: Any) -> None:
        """One case was decided."""
        if self._only is not None and oracle.edition.profile != self._only:
            return
        key = (oracle.edition.profile, oracle.edition.as_of, oracle.under)
        _, seen = self._cases.setdefault(key, (oracle, set()))
        if len(seen) < MOST_CASES:
            seen.add(frozenset(stated.items()))

    def note_case(self, profile: str, day: date, facts: CaseFacts) -> None:
        """A scenario was decided under a profile on a day."""
        from limen.testing.plugin import book_of

        book = book_of(self._config)
        if profile not in book.profiles:
            return
        key = (profile, day, ())
        oracle = self._cases[key][0] if key in self._cases else Oracle(book, profile, day)
        for item in facts.items:
            self.note(oracle, {**facts.facts, **item.facts})

    def pytest_unconfigure(self) -> None:
        """Stop listening."""
        if self.note in watchers:
            watchers.remove(self.note)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the table: a row for each provision that some edition has."""
        from limen.decide.reference import truth

        counts: dict[str, Counter[Truth]] = {}
        for oracle, seen in self._cases.values():
            for place in oracle.places.values():
                of_place = counts.setdefault(place.address, Counter())
                of_place.update(truth(place.expr, dict(case)) for case in seen)
        out = terminalreporter
        out.section("limen: provisions tried")
        if not counts:
            out.line("no case was decided")
            return
        width = max(map(len, counts))
        out.line(f"{'provision':{width}}  " + "".join(f"{words:>11}" for _, words in _COLUMNS))
        for address, found in counts.items():
            out.line(f"{address:{width}}  " + "".join(f"{found[value] or '-':>11}" for value, _ in _COLUMNS))
        whole = sum(all(found[value] for value in (True, False)) for found in counts.values())
        out.line(f"{whole} of {len(counts)} provisions were found both met and not met")


def note_case(config: pytest.Config, profile: str, day: date, facts: CaseFacts) -> None:
    """Note a decided case, if the report was asked for."""
    coverage = config.pluginmanager.get_plugin("limen-coverage")
    if isinstance(coverage, Coverage):
        coverage.note_case(profile, day, facts)
