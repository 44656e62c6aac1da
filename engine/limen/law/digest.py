"""The digest of a rule book's content: of what it says, not of white space, comments or file names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from limen.law.book import Book


def book_digest(book: Book) -> str:
    """SHA-256 (hex) of everything `book` says. Two books with the same digest decide every case alike.

    Editions take their own digest from that of their book, so a book that is changed in memory needs a new one:
    `replace(changed, digest=book_digest(changed))`.
    """
    return text_digest(book_text(book))


def book_text(book: Book) -> str:
    """The canonical text of everything `book` says, which its digest is taken from."""
    skipped = ("digest", "locations")
    return content_text({field.name: getattr(book, field.name) for field in fields(book) if field.name not in skipped})


def content_digest(content: Any) -> str:
    """SHA-256 (hex) of a value built of dataclasses, mappings, sequences and plain values; mappings are unordered."""
    return text_digest(content_text(content))


def content_text(content: Any) -> str:
    """The canonical text of such a value: equal for equal values alone. That of a part stands in that of the whole."""
    parts: list[str] = []
    _write(content, parts.append)
    return "".join(parts)


def text_digest(text: str) -> str:
    """SHA-256 (hex) of a canonical text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


_SHAPES: dict[type, tuple[str, tuple[str, ...]]] = {}


def _shape(kind: type) -> tuple[str, tuple[str, ...]]:
    """Name and fields of a dataclass; raises `TypeError` for anything that has no canonical form."""
    found = _SHAPES.get(kind)
    if found is None:
        if not is_dataclass(kind):
            raise TypeError(f"`{kind.__name__}` has no canonical form")
        found = _SHAPES[kind] = kind.__name__, tuple(field.name for field in fields(kind))
    return found


def _write(value: Any, put: Callable[[str], None]) -> None:
    """A text that tells any two different contents apart: every part is named, and text carries its length."""
    kind = type(value)
    if kind is str:
        put(f"{len(value)}:{value};")
    elif value is None or kind is bool or kind is int:
        put(f"{value};")
    elif kind is tuple or kind is list:
        put("[")
        for part in value:
            _write(part, put)
        put("]")
    elif kind is date:
        put(f"d{value.isoformat()};")
    elif isinstance(value, Mapping):
        put("{")
        for key in sorted(value):
            put(f"{len(key)}:{key}=")
            _write(value[key], put)
        put("}")
    else:
        name, names = _shape(kind)
        put(f"{name}(")
        for field in names:
            part = getattr(value, field)
            if part is not None:
                put(f"{field}=")
                _write(part, put)
        put(")")
