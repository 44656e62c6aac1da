"""What a rule book has to satisfy as a whole, once every file is in order by itself."""

from __future__ import annotations

from collections.abc import Callable

from limen.law.book import Book
from limen.law.check.collisions import check_collisions
from limen.law.check.cycles import check_cycles
from limen.law.check.dates import check_dates
from limen.law.check.items import check_elements
from limen.law.check.positions import placed
from limen.law.check.redacted import check_redacted
from limen.law.check.references import check_references
from limen.law.check.report import Report
from limen.law.check.silence import check_silence


def check_whole(book: Book, report: Report, is_lost: Callable[[str], bool], complete: bool) -> None:
    """Notes everything wrong with `book` as a whole.

    `complete` is false when part of the book could not be read (`is_lost` says which); then only references are
    checked, since every other check would blame what is left for what is not there. The later checks follow
    references to their end, so they only run once every reference leads somewhere.
    """
    sound = check_references(book, report, is_lost)
    if not complete:
        return
    check_collisions(book, report)
    if not book.prohibitions and book.rules:
        first = next(iter(book.rules))
        report("no-prohibition", first, "the book has no general rule, so nothing would be protected",
               mend="add a rule of kind `prohibition`")  # fmt: skip
    if sound and check_cycles(book, report):
        check_elements(book, report)
        positions = placed(book)
        check_silence(book, positions, report)
        check_redacted(book, positions, report)
        check_dates(book, positions, report)
