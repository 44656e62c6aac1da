"""The days on which a book changes: between two of them its law stays the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from limen.law.book import Book
from limen.law.period import Period
from limen.law.rules import DutyRule, Gateway


def change_days(book: Book) -> tuple[date, ...]:
    """Every day on which something in `book` comes into force or goes out of it, earliest first."""
    return tuple(sorted({day for period in _periods(book) for day in period.boundaries()}))


def unchanged_since(days: Sequence[date], day: date) -> date:
    """The last of `days` (sorted) up to `day`, or `day` itself before the first: the law of both days is the same."""
    at = bisect_right(days, day)
    return days[at - 1] if at else day


def _periods(book: Book) -> Iterator[Period]:
    for rule in book.rules.values():
        yield rule.in_force
        if isinstance(rule, (Gateway, DutyRule)):
            for duty in rule.duties:
                yield duty.in_force
    for node in book.nodes():
        yield node.in_force
    for values in book.vocabulary.parameters.values():
        for value in values:
            yield value.in_force
