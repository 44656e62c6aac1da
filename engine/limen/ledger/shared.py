"""What many records have in common, and how it is said as text.

A decision carries its reasons in full, and who decided under what: under one book they are the same words again and
again, and most of what a decision weighs. Such a part is a wording, which a ledger keeps once (`texts.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from limen.canonical import encoder
from limen.ledger.listed import SIGN

SHARED_FIELDS = frozenset({"reasons", "elsewhere", "missing", "hinges", "duties"})
"""Lists of objects with these names are kept by wording, wherever they stand in a body."""

REQUEST_DIGEST = "request_digest"
DIGEST_IN_JSON = f'"{REQUEST_DIGEST}":"'
SIGN_IN_JSON = f'"{SIGN}":'
"""What the text of a body has where it names a request, and where it is kept by wording."""

OWN = "items"
ALIKE = "items_of_all"
"""What a shared list keeps of its own: the `items` of each of its objects, or what they are in all of them."""

_STEADY = frozenset({
    "as_of", "basis", "book_digest", "book_name", "book_version", "caveat", "disposition", "effect", "engine",
    "known_at", "profile", "schema_version", "second_key",
})  # fmt: skip
"""Fields that hardly differ from one decision to the next: what they say together is a wording."""

_MOSTLY_EMPTY = frozenset({"duties", "fault", "hinges", "missing", "profiles"})
"""Fields that are part of the wording where all of them are empty."""

_LISTS = (tuple, list)
_FEW = 5
"""An object with fewer steady fields is written with all of them."""

STEADY_KINDS = frozenset({str, int, date, type(None)})
"""What a steady field may hold; with anything else the object is written with all its fields."""


class Written(NamedTuple):
    """A value of a body that is canonical JSON text of an object already.

    `own` is every part of it that is not one of the tool's own words, and so has to be looked through. `wordings` are
    name and text of what it refers to by name.
    """

    text: str
    own: str
    wordings: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "Written()"


def steady_fields(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of an object with these fields the steady and the mostly empty ones, by name; nothing if there are too few."""
    steady = tuple(sorted(_STEADY.intersection(names)))
    return (steady, tuple(sorted(_MOSTLY_EMPTY.intersection(names)))) if len(steady) >= _FEW else ((), ())


def name_of(text: str) -> str:
    """The name under which a wording is kept: half of its SHA-256, 128 bits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def all_empty(values: Iterable[object]) -> bool:
    """Whether each is nothing, or a list without anything in it."""
    return all(value is None or (value.__class__ in _LISTS and not value) for value in values)


def is_model(value: object) -> bool:
    """Whether it is a pydantic model, without importing pydantic to ask."""
    return hasattr(value, "model_dump_json")


def when(value: date) -> str:
    """A day or a moment as records have it (ISO 8601)."""
    text = value.isoformat()
    if not isinstance(value, datetime):
        return text
    return f"{text[:-6]}Z" if value.tzinfo is UTC else text.replace("+00:00", "Z")


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return when(value)
    if not is_model(value):
        raise TypeError
    return dict(value.__dict__)


encode_in_full = encoder(_plain)
"""Canonical JSON of a value, models by their fields, with nothing shared."""
