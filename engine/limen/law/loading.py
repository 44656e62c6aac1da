"""Loading a rule book, by folder or the shipped one."""

from __future__ import annotations

from pathlib import Path

from limen.law.book import Book
from limen.law.places import shipped_rules


def load_book(folder: Path | None = None) -> Book:
    """The rule book in `folder`, or the shipped one. Raises `BookError` with every problem found."""
    from limen.law.load.loader import load_folder

    return load_folder(folder if folder is not None else shipped_rules())
