"""The editions of one book, each made, compiled and explained once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from limen.decide.findings import Findings
from limen.decide.opinion import Opinion
from limen.decide.reasons import Reasoner
from limen.law import make_edition
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.rules import Profile


class Evaluator(Protocol):
    """Anything that finds the truth of every point of one edition."""

    def find(self, facts: CaseFacts) -> Findings:
        """The findings for `facts`."""


MakeEvaluator = Callable[[Edition], Evaluator]


class Seat(NamedTuple):
    """An edition with what is needed to answer under it."""

    edition: Edition
    evaluator: Evaluator
    reasoner: Reasoner

    def opinion(self, facts: CaseFacts) -> Opinion:
        """What this edition answers for `facts`."""
        return Opinion(self.edition, self.evaluator.find(facts))


class Editions:
    """Editions of `book`, the `limit` most recently used kept. Safe to share between threads; pickles as its book."""

    def __init__(self, book: Book, make_evaluator: MakeEvaluator, limit: int = 256) -> None:
        self.book = book
        self._make_evaluator = make_evaluator
        self._limit = limit
        self._days = change_days(book)
        self._seats: OrderedDict[tuple[object, ...], Seat] = OrderedDict()
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Editions], tuple[Book, MakeEvaluator, int]]:
        return (Editions, (self.book, self._make_evaluator, self._limit))

    def of(self, profile: str, as_of: date, known_at: date | None = None) -> Seat:
        """The edition of `profile` on `as_of`. Raises `EditionError` where the book has none.

        Days between which the book does not change share one edition, dated from the first of them.
        """
        day = unchanged_since(self._days, as_of)
        return self._seat((profile, day, known_at), lambda: make_edition(self.book, profile, day, known_at))

    def with_choices(self, profile: str, changes: Mapping[str, str], as_of: date, known_at: date | None) -> Seat:
        """The edition of `profile` with some readings chosen otherwise: `changes` maps reading to alternative."""
        changed = tuple(sorted(changes.items()))
        day = unchanged_since(self._days, as_of)

        def make() -> Edition:
            base = self.book.profiles[profile]
            mixed = Profile(
                id=f"{profile} with {', '.join(f'{reading}:{choice}' for reading, choice in changed)}",
                title=base.title,
                held_by="nobody: a mixture made to see what the answer turns on",
                since=base.since,
                chooses={**base.chooses, **changes},
                authorities=(),
            )
            return make_edition(self.book, mixed, day, known_at)

        return self._seat((profile, day, known_at, changed), make)

    def _seat(self, key: tuple[object, ...], make: Callable[[], Edition]) -> Seat:
        with self._lock:
            seat = self._seats.get(key)
            if seat is not None:
                self._seats.move_to_end(key)
                return seat
        edition = make()
        seat = Seat(edition, self._make_evaluator(edition), Reasoner(edition))
        with self._lock:
            self._seats[key] = seat
            while len(self._seats) > self._limit:
                self._seats.popitem(last=False)
        return seat
