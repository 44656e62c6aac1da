"""Loading a rule book, by folder or the shipped one."""

from __future__ import annotations

from pathlib import Path

from limen.law.book import Book
from limen.law.cache import cache_key, cached, keep
from limen.law.load.files import find_files
from limen.law.places import shipped_rules


def load_book(folder: Path | None = None) -> Book:
    """The rule book in `folder`, or the shipped one, from the cache if nothing has changed.

    Raises `BookError` with every problem found; a book with problems is never kept.
    """
    files, problems = find_files(folder if folder is not None else shipped_rules())
    if not problems:
        key = cache_key(files)
        book = cached(key)
        if book is not None:
            return book
    from limen.law.load.loader import load_files  # a book from the cache needs neither YAML nor pydantic

    book = load_files(files, problems)
    keep(key, book)
    return book
