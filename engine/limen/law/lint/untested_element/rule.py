"""An element, ground, bar or alternative that no scenario ever exercised."""

from __future__ import annotations

from collections.abc import Iterator

from limen.law.book import Book
from limen.law.lint.finding import Context, Finding

NAME = "untested-element"


def find(context: Context) -> Iterator[Finding]:
    """Every point that is not among the exercised ones; nothing if nobody has said which those are."""
    if context.exercised is None:
        return
    for address, what in _points(context.book):
        if address not in context.exercised:
            yield context.finding(NAME, address, f"no scenario ever exercised this {what}",
                                  "write a scenario in which it decides")  # fmt: skip


def _points(book: Book) -> Iterator[tuple[str, str]]:
    for gateway in book.gateways:
        yield from ((node.address, "element") for node in gateway.elements)
        yield from ((node.address, "release ground") for node in gateway.releases)
    for bar in book.bars:
        yield from ((node.address, "ground of a bar") for node in bar.conditions)
    for reading in book.readings.values():
        yield from ((alternative.meaning.address, "alternative") for alternative in reading.alternatives)
