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
from limen.decide.reference import find
from limen.law import make_edition
from limen.law.book import Book
from limen.law.closing import Closing
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.rules import Profile
from limen.law.tree import Expr

MOST_MEANINGS = 4096
"""Closed meanings of alternatives kept at the most, over all editions."""


class Evaluator(Protocol):
    """Anything that finds the truth of every point of one edition."""

    def find(self, facts: CaseFacts) -> Findings:
        """The findings for `facts`."""


MakeEvaluator = Callable[[Edition], Evaluator]


class Interpreted(NamedTuple):
    """The reference interpreter as an evaluator: right at once, where compiling would not pay."""

    edition: Edition

    def find(self, facts: CaseFacts) -> Findings:
        """The findings for `facts`."""
        return find(self.edition, facts)


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
        self._meanings: dict[tuple[str, str, str], Expr] = {}
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
        """The edition of `profile` with some readings chosen otherwise: `changes` maps reading to alternative.

        It is interpreted, not compiled: most are asked once.
        """
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

        return self._seat((profile, day, known_at, changed), make, Interpreted)

    def meaning(self, edition: Edition, reading: str, alternative: str) -> Expr:
        """What the words of `reading` mean under `alternative`, all other readings being as in `edition`."""
        key = (edition.digest, reading, alternative)
        with self._lock:
            found = self._meanings.get(key)
        if found is None:
            choices = {**edition.choices, reading: alternative}
            closing = Closing(self.book.vocabulary, self.book.readings, choices, edition.as_of)
            found = closing.reading(reading)
            with self._lock:
                if len(self._meanings) >= MOST_MEANINGS:
                    self._meanings.clear()
                self._meanings[key] = found
        return found

    def _seat(
        self, key: tuple[object, ...], make: Callable[[], Edition], make_evaluator: MakeEvaluator | None = None
    ) -> Seat:
        with self._lock:
            seat = self._seats.get(key)
            if seat is not None:
                self._seats.move_to_end(key)
                return seat
        edition = make()
        seat = Seat(edition, (make_evaluator or self._make_evaluator)(edition), Reasoner(edition))
        with self._lock:
            self._seats[key] = seat
            while len(self._seats) > self._limit:
                self._seats.popitem(last=False)
        return seat
