"""What is wrong with a rule book, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place of a rule book.

    `file` is relative to the folder loaded; `line` and `column` count from 1 (0 where there is none, as for a
    folder). `code` is the name of its page under `docs/errors/`. `nearest` is the valid name closest to what was
    written, `mend` one sentence on what to do.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    address: str | None = None
    nearest: str | None = None
    mend: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{where}: {self.message} [{self.code}]"]
        if self.address is not None:
            lines.append(f"  at: {self.address}")
        if self.nearest is not None:
            lines.append(f"  did you mean: `{self.nearest}`")
        if self.mend is not None:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by file, line and column, each problem once."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.code, p.message, p.address or "")))


class BookError(Exception):
    """A rule book that cannot be used. `problems` holds every problem found, sorted by file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        count = len(self.problems)
        head = "the rule book has 1 problem" if count == 1 else f"the rule book has {count} problems"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[BookError], tuple[tuple[Problem, ...]]]:
        return (BookError, (self.problems,))


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name closest to `name`, or `None` if none is close.

    >>> nearest("requestor.office", ["requester.office", "matter.stage"])
    'requester.office'
    """
    from difflib import get_close_matches  # only needed once something is wrong

    names: Sequence[str] = sorted(set(valid))
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    return close[0] if close else None
