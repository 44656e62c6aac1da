"""The digest of a rule book's content: of what it says, not of white space, comments or file names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from limen.law.book import Book


def book_digest(book: Book) -> str:
    """SHA-256 (hex) of everything `book` says. Two books with the same digest decide every case alike."""
    skipped = ("digest", "locations")
    content = {field.name: getattr(book, field.name) for field in fields(book) if field.name not in skipped}
    return content_digest(content)


def content_digest(content: Any) -> str:
    """SHA-256 (hex) of a value built of dataclasses, mappings, sequences and plain values; mappings are unordered."""
    hasher = hashlib.sha256()
    hasher.update("".join(_canonical(content)).encode("utf-8"))
    return hasher.hexdigest()


def _canonical(value: Any) -> Iterator[str]:
    """A text that tells any two different contents apart: every part is named, and text carries its length."""
    if isinstance(value, str):
        yield f"{len(value)}:{value};"
    elif value is None or isinstance(value, (bool, int)):
        yield f"{value!r};"
    elif isinstance(value, date):
        yield f"d{value.isoformat()};"
    elif isinstance(value, Mapping):
        yield "{"
        for key in sorted(value):
            yield from _canonical(key)
            yield from _canonical(value[key])
        yield "}"
    elif isinstance(value, (tuple, list)):
        yield "["
        for part in value:
            yield from _canonical(part)
        yield "]"
    elif is_dataclass(value):
        yield f"{type(value).__name__}("
        for field in fields(value):
            yield from _canonical(getattr(value, field.name))
        yield ")"
    else:
        raise TypeError(f"`{type(value).__name__}` has no canonical form")
