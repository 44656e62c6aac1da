"""A cache of loaded rule books, so that a command does not check again what has not changed.

A book is kept under the digest of the bytes of its files together with everything that shaped it: the engine's
version, the Python that runs it and the code of this package. Only a book without problems is kept. A file that is
damaged, foreign or unreadable is as if it were not there, and is written anew (`limen.law.kept`).
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from limen import __version__
from limen.law import kept
from limen.law.book import Book
from limen.law.load.files import RawFile

MAX_KEPT = 16
"""Books kept; the least recently written go first."""


def cache_key(files: Iterable[RawFile]) -> str:
    """The name under which a book made of `files` is kept."""
    hasher = hashlib.sha256(f"{__version__} {sys.version} {pickle.HIGHEST_PROTOCOL}\n".encode())
    for name, size, changed in _own_code():
        hasher.update(f"{name} {size} {changed}\n".encode())
    for file in files:
        hasher.update(f"{file.name}\0{len(file.content)}\0".encode())
        hasher.update(file.content)
    return hasher.hexdigest()


def _own_code() -> list[tuple[str, int, int]]:
    """What tells one state of this package's code from another, without reading it."""
    return sorted(_modules(str(Path(__file__).parent), ""))


def _modules(folder: str, inside: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found = entry.stat()
                yield inside + entry.name, found.st_size, found.st_mtime_ns
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _modules(entry.path, f"{inside}{entry.name}/")


def cached(key: str) -> Book | None:
    """The book kept under `key`, or `None`."""
    body = kept.read_kept(f"book-{key}")
    if body is None:
        return None
    try:
        book = _Unpickler(io.BytesIO(body)).load()
    except Exception:  # whatever a foreign file makes of itself, it is not a book
        return None
    return book if isinstance(book, Book) else None


def keep(key: str, book: Book) -> None:
    """Keeps `book` under `key`: whole or not at all. A cache that cannot be written is no error."""
    kept.keep(f"book-{key}", lambda: _pickled(book), at_most=MAX_KEPT)


def _pickled(book: Book) -> bytes:
    """`book` as calls of its classes, which load in half the time of pickle's own way with frozen values."""
    stream = io.BytesIO()
    pickler = _Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dump(book)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if not is_dataclass(kind):
            return NotImplemented
        names = [field.name for field in fields(kind)]
        found = attrgetter(*names)(value)
        return kind, found if len(names) > 1 else (found,)


class _Unpickler(pickle.Unpickler):
    """Makes days and the value types of this package, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name == "date":
            return super().find_class(module, name)
        if module.startswith("limen.law."):
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"`{module}.{name}` has no place in a rule book")
