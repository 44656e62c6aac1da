"""The workroom: books, deciders and benches that questions about cases need, made once and shared by all pages.

Everything the pages say of a case is asked here: of the decider, of the bench, of the hinges. Nothing is recorded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

from limen.analyse.bench import Bench
from limen.analyse.hinges import Hinges
from limen.decide.decider import Decider, Key
from limen.decide.decision import Decision
from limen.law import EditionError
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.scenario.load import find_scenarios
from limen.scenario.model import Scenario
from limen.scenario.run import Matcher
from limen.web.pages.drafts import Drafts
from limen.web.pages.state import CaseState

Made = TypeVar("Made")
MOST_KEPT = 24


class Workroom:
    """What one server process works cases with. Safe to share between threads."""

    def __init__(
        self,
        book: Book,
        drafts: Drafts,
        *,
        rules: Path | None = None,
        match: Matcher | None = None,
        second_key: Key | None = None,
    ) -> None:
        self.base = book
        self.drafts = drafts
        self.rules = rules
        self.match = match
        self._second_key = second_key
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()
        self._ones: dict[str, object] = {}
        self._making = threading.RLock()
        self._prepares = threading.Lock()

    def book(self, draft: str | None) -> Book:
        """The book, or what a draft makes of it. Raises `DraftError`, `OverlayError` and `BookError`."""
        if draft is None:
            return self.base
        found = self.drafts.get(draft)
        return self.kept(("book", draft, found.digest), lambda: self.drafts.book_with(found))

    def decide(self, state: CaseState, *, profile: str | bool | None = True, second_key: bool = False) -> Decision:
        """The decision on a case; `profile` other than `True` asks it under another one (`None`: all).

        Raises `EditionError` for a profile or a day the book does not have.
        """
        book = self.book(state.draft)
        asked = state.profile if profile is True else cast("str | None", profile)
        key = self._second_key if second_key else None
        decider = self.kept(
            ("decider", book.digest, asked, state.known_at, key is not None),
            lambda: Decider(book, profile=asked, known_at=state.known_at, second_key=key),
        )
        return decider.decide(state.facts, state.as_of, request_id=state.title)

    def bench(self, state: CaseState) -> Bench:
        """The editions a case is asked under. Raises `EditionError`."""
        book = self.book(state.draft)
        # Days between which the law does not change share one bench.
        days = self.kept(("days", book.digest), lambda: change_days(book))
        day = unchanged_since(days, state.as_of)
        return self.kept(
            ("bench", book.digest, state.profile, day, state.known_at),
            lambda: Bench.of(book, state.profile, day, state.known_at),
        )

    def prepare(self, state: CaseState) -> None:
        """Make in the background what the first question about such a case needs, so that it does not wait for it."""

        def make() -> None:
            with self._prepares, suppress(EditionError):
                self.decide(state)
                _ = self.bench(state).pair

        if not self._prepares.locked():  # one at a time is enough: it is only a comfort
            threading.Thread(target=make, daemon=True, name="formulas of a day").start()

    def hinges(self, book: Book, as_of: date) -> Hinges:
        """All readings of a day. Raises `EditionError`."""
        return self.kept(("hinges", book.digest, as_of), lambda: Hinges(book, as_of))

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every shipped scenario with its variants. Reading them takes a second."""
        return self.once("scenarios", lambda: tuple(scenario for _, scenario in find_scenarios()))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What there is one of in a process: made at the first call, by one thread, and never let go."""
        with self._making:
            if name not in self._ones:
                self._ones[name] = make()
            return cast(Made, self._ones[name])

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for `key`, made now if need be; the least recently used go first."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Made, self._kept[key])
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made
