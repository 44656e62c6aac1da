"""The editions of one book, each made, compiled and explained once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from limen.decide.compiled import Compiled
from limen.decide.evaluator import Evaluator, MakeEvaluator
from limen.decide.missing import MissingFinder
from limen.decide.panel import Panel
from limen.decide.reasons import Reasoner
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition
from limen.law.making import make_edition
from limen.written_out import WrittenOut

if TYPE_CHECKING:
    from limen.decide.compiled_request import WeighRequest
    from limen.decide.compiled_weigh import Weigh
    from limen.request.characterise import Characteriser

Made = TypeVar("Made")


class Seat:
    """An edition with what is needed to answer and to explain under it.

    At first it is answered by finding and then looking; once it pays, both are written out in one.
    """

    __slots__ = ("_weigh", "_weigh_request", "edition", "evaluator", "missing", "reasoner")

    def __init__(self, edition: Edition, evaluator: Evaluator) -> None:
        self.edition = edition
        self.evaluator = evaluator
        self.reasoner = Reasoner(edition)
        self.missing = MissingFinder(edition)
        self._weigh: WrittenOut[Weigh] = WrittenOut()
        self._weigh_request: WrittenOut[WeighRequest] = WrittenOut()

    def weigher(self) -> Weigh | None:
        """The written form that weighs cases in one go; `None` while that does not pay, or for a foreign evaluator."""
        return self._weigh.form or self._weigh.asked(self._write_weigh)

    def request_weigher(self, reader: Characteriser) -> WeighRequest | None:
        """The same for requests as `reader` reads them; the facts of one vocabulary are read in one way."""
        return self._weigh_request.form or self._weigh_request.asked(partial(self._write_weigh_request, reader))

    def _write_weigh(self) -> Weigh | None:
        if not isinstance(self.evaluator, Compiled):
            return None
        from limen.decide.compiled_weigh import make_weigh

        return make_weigh(self.reasoner)

    def _write_weigh_request(self, reader: Characteriser) -> WeighRequest | None:
        if not isinstance(self.evaluator, Compiled):
            return None
        from limen.decide.compiled_request import make_weigh_request

        return make_weigh_request(self.reasoner, reader)


class Editions:
    """Editions of `book`, the `limit` most recently used kept. Safe to share between threads; pickles as its book.

    Days between which the book does not change share one edition, dated from the first of them.
    """

    def __init__(self, book: Book, make_evaluator: MakeEvaluator, limit: int = 256) -> None:
        self.book = book
        self._make_evaluator = make_evaluator
        self._limit = limit
        self._days = change_days(book)
        self._made: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = threading.Lock()
        self._seats: dict[tuple[str, date, date | None], Seat] = {}

    def __reduce__(self) -> tuple[type[Editions], tuple[Book, MakeEvaluator, int]]:
        return (Editions, (self.book, self._make_evaluator, self._limit))

    def of(self, profile: str, as_of: date, known_at: date | None = None) -> Seat:
        """The edition of `profile` on `as_of`. Raises `EditionError` where the book has none."""
        asked = (profile, as_of, known_at)
        seat = self._seats.get(asked)
        if seat is None:
            day = unchanged_since(self._days, as_of)
            seat = self._once((profile, day, known_at), lambda: self._seat(profile, day, known_at))
            if len(self._seats) >= self._limit:
                self._seats.clear()
            self._seats[asked] = seat
        return seat

    def panel(self, as_of: date) -> Panel:
        """All readings of `as_of` together. Raises `EditionError` where the book has no law for that day."""
        day = unchanged_since(self._days, as_of)
        return self._once((day,), lambda: Panel(self.book, day, self._make_evaluator))

    def _seat(self, profile: str, day: date, known_at: date | None) -> Seat:
        edition = make_edition(self.book, profile, day, known_at)
        return Seat(edition, self._make_evaluator(edition))

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What was made for `key`, made now if need be. Two threads may both make it; they are equal."""
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
                return cast(Made, found)
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._limit:
                self._made.popitem(last=False)
        return made
