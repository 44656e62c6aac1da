"""A report as a table: shown in a terminal, written as CSV, or put on a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

_WIDEST = 44
"""No column of the terminal form is wider; what does not fit is cut with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Plot:
    """How to draw a table: bars of column `y` over column `x`, one colour for each value of `colour`."""

    x: str
    y: str
    colour: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns, with the source that asks for them and what a reader has to know."""

    name: str
    title: str
    source: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    plots: tuple[Plot, ...] = ()

    def lines(self) -> Iterator[str]:
        """The table for a terminal: title, columns one under another, notes."""
        yield self.title
        yield self.source
        yield ""
        shown = [tuple(_fitting(str(value)) for value in row) for row in (self.columns, *self.rows)]
        widths = [max(len(row[place]) for row in shown) for place in range(len(self.columns))]
        numbers = self.are_numbers()
        for at, row in enumerate(shown):
            cells = (
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, numbers, strict=True)
            )
            yield "  ".join(cells).rstrip()
            if at == 0:
                yield "  ".join("-" * width for width in widths)
        if not self.rows:
            yield "(nothing)"
        if self.notes:
            yield ""
            yield from self.notes

    def are_numbers(self) -> list[bool]:
        """For each column, whether it holds numbers."""
        return [
            bool(self.rows) and all(isinstance(row[place], int) for row in self.rows)
            for place in range(len(self.columns))
        ]

    def csv(self) -> str:
        """The table as CSV with a header line. A cell that a spreadsheet would run as a formula is quoted."""
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(self.columns)
        writer.writerows([_inert(value) for value in row] for row in self.rows)
        return file.getvalue()


def _fitting(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _inert(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
