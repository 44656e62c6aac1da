"""What a lint finds: nothing wrong with the book, but something its author should look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from limen.law.book import Book

Weight = Literal["warning", "note"]
"""A `warning` should be mended or argued; a `note` is there to be known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, at one address. `line` counts from 1; `mend` is one sentence on what to do."""

    file: str
    line: int
    lint: str
    address: str
    message: str
    mend: str
    weight: Weight = "warning"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message} [{self.lint}]\n  at: {self.address}\n  mend: {self.mend}"


@dataclass(frozen=True, slots=True)
class Context:
    """What lints look at. `exercised` are the addresses that some scenario has exercised, or `None` if not known."""

    book: Book
    folder: Path
    exercised: frozenset[str] | None = None

    def finding(self, lint: str, address: str, message: str, mend: str, weight: Weight = "warning") -> Finding:
        """A finding at the place where `address` stands."""
        file, line = self.book.locations.get(address, ("", 0))
        return Finding(file, line, lint, address, message, mend, weight)


Rule = Callable[[Context], Iterator[Finding]]
