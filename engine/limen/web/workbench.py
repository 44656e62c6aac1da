"""What the pages and the API work with: book, registry, keys and ledger, opened once for one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.crossref.lazy import LazyRegistry
from limen.desk import Desk, Handled
from limen.home import faults, keys, ledger_place
from limen.law.problem import nearest
from limen.web import metrics
from limen.web.errors import Problem
from limen.web.settings import Settings

if TYPE_CHECKING:
    from limen.analyse.bench import Bench
    from limen.law import Book
    from limen.law.vocabulary import FactValue
    from limen.ledger import Ledger
    from limen.request import Match, Request, Subject
    from limen.request.batch import BatchContext


class Workbench:
    """The book, the desk and the ledger of one server process. Safe to share between threads.

    Decisions go through `limen.desk`, as those of the command do: matched, decided with two keys, and logged before
    anybody sees them. What only asks `what if` uses `book` and records nothing.
    """

    def __init__(self, settings: Settings) -> None:
        """Open everything. Raises each room's own errors, and then nothing is open."""
        self.settings = settings
        self._stack = ExitStack()
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise

    def _open(self) -> None:
        from limen.decide.reproduction import FaultFolder
        from limen.law import load_book
        from limen.ledger import open_ledger

        second_key = None
        if self.settings.second_key:
            from limen.decide.second_key import SecondKey

            second_key = self._stack.enter_context(SecondKey())
            second_key.start()
        self.book: Book = load_book(Path(self.settings.rules)) if self.settings.rules else load_book()
        self.ledger: Ledger = self._stack.enter_context(open_ledger(ledger_place(self.settings.ledger), keys()))
        self.registry = SharedRegistry(self.settings.registry)
        self.second_key = second_key
        self.desk = Desk(
            self.book,
            registry=self.registry,
            ledger=self.ledger,
            second_key=second_key,
            write_fault=FaultFolder(faults()),
        )

    def decide(
        self,
        request: Request,
        *,
        profile: str | None = None,
        as_of: date | None = None,
        known_at: date | None = None,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue] | None = None,
    ) -> Handled:
        """Decide, log and count one request; see `Desk.handle`. `profile` is one of the book's, or `None` for all."""
        handled = self.desk.handle(request, profile=profile, as_of=as_of, known_at=known_at, batch=batch, stated=stated)
        metrics.decided(handled.decision)
        return handled

    def asking(self, profile: str | None, as_of: date, known_at: date | None = None) -> Bench:
        """The editions and evaluators that a question is asked of; those last used are kept. Raises `EditionError`."""
        return self._asking(profile, as_of, known_at)

    @cached_property
    def _asking(self) -> Callable[[str | None, date, date | None], Bench]:
        from limen.analyse.bench import Bench

        return lru_cache(maxsize=16)(partial(Bench.of, self.book))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each rule, by its address."""
        return {address: rule.title for address, rule in self.book.rules.items()}

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of the profiles that can be asked."""
        return tuple(self.book.profiles)

    def profile(self, name: str | None) -> str | None:
        """A profile of the book by its name, or `None` for all of them. Raises `Problem`."""
        if name is None or name == "all":
            return None
        if name not in self.book.profiles:
            near = nearest(name, self.profiles)
            hint = f"did you mean `{near}`? " if near else ""
            there = f"{hint}there are {', '.join(self.profiles)}, or `all`"
            raise Problem("no-such-profile", 422, "no such profile", there)
        return name

    def close(self) -> None:
        """End the second key's process and let the ledger go."""
        self._stack.close()


class SharedRegistry:
    """A registry that several threads ask, one at a time."""

    def __init__(self, path: str | None) -> None:
        self._registry = LazyRegistry(path)
        self._lock = threading.Lock()

    def match(self, subject: Subject) -> Match:
        """Who `subject` is in the registry. Raises the registry's own error if it cannot be opened."""
        with self._lock:
            return self._registry.match(subject)


def of(scope: Any) -> Workbench:
    """The workbench behind a request (or anything with an `app`)."""
    bench: Workbench = scope.app.state.bench
    return bench
