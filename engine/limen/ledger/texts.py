"""The wording that many records share, kept once.

A decision carries its reasons in full: address, citation, label, sentence. Under one book they are the same words again
and again, and most of what a decision weighs. So a record holds, in place of each, the SHA-256 of its wording (half of
it, 128 bits), and the wording lies once in a table beside. The record's own hash covers those hashes: a wording that
was changed no longer has the name under which it is known, and one that was removed is missed.

In the text of a body such a list stands as `{"=":[hash, ...]}`; `items`, which are a request's own, stay in the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from limen.ledger.store import Store

SHARED_FIELDS = frozenset({"reasons", "elsewhere", "missing", "hinges", "duties"})
"""Lists of objects with these names are kept by wording, wherever they stand in a body."""

SIGN = "="
_OWN = "items"
_REMEMBERED = 50_000


def name_of(text: str) -> str:
    """The name under which a wording is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Texts:
    """Writes bodies with shared wording, and reads them back in full. Not for use by two threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: dict[int, tuple[object, str]] = {}
        self._names_by_value: dict[object, str] = {}
        self._stored: set[str] = set()
        self._read: dict[str, Any] = {}
        self.fresh: dict[str, str] = {}
        """Wordings not yet stored, by name."""
        self._encode = json.JSONEncoder(
            sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=self._plain
        ).encode

    # Writing.

    def encode(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body`, with models written by their fields and shared lists by name.

        Raises TypeError or ValueError for what JSON cannot say.
        """
        if _uses_sign(body):
            raise ValueError("a body may not use the sign of shared wording")
        return self._encode({name: self._value(name, value) for name, value in body.items()})

    def encode_in_full(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body` with nothing shared."""
        return _encode_in_full(body)

    def write(self) -> None:
        """Store the fresh wordings, inside a writer's turn."""
        if self.fresh:
            self._store.run_many(self._store.sql.add_text, list(self.fresh.items()))
            self._stored.update(self.fresh)
            self.fresh.clear()

    def forget_memory(self) -> None:
        """After a turn that came to nothing: what it stored is not stored."""
        self._stored.clear()
        self.fresh.clear()

    def _plain(self, value: object) -> object:
        if isinstance(value, datetime | date):
            return _when(value)
        fields = getattr(value, "__dict__", None)
        if fields is None or not hasattr(value, "model_dump_json"):
            raise TypeError
        return {name: self._value(name, child) for name, child in fields.items()}

    def _value(self, name: str, value: Any) -> Any:
        if name in SHARED_FIELDS:
            if isinstance(value, list | tuple):
                return self._shared(value)
        elif isinstance(value, Mapping):
            return {key: self._value(key, child) for key, child in value.items()}
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            return [self._value("", child) for child in value]
        return value

    def _shared(self, values: Sequence[Any]) -> Any:
        if not values:
            return []
        names, own = [], []
        for value in values:
            if isinstance(value, Mapping):
                fields = value
            elif hasattr(value, "model_dump_json"):
                fields = value.__dict__
            else:
                return values
            names.append(self._name(value, fields))
            if _OWN in fields:
                own.append(fields[_OWN])
        return {SIGN: names, _OWN: own} if own else {SIGN: names}

    def _name(self, value: object, fields: Mapping[str, Any]) -> str:
        known = self._names.get(id(value))
        if known is not None and known[0] is value:
            name = known[1]
            if name in self._stored or name in self.fresh:
                return name
        try:
            key = (type(value), *((k, v) for k, v in fields.items() if k != _OWN))
            name = self._names_by_value.get(key, "")
            if name in self._stored or name in self.fresh:
                return name
        except TypeError:
            key = None
        text = _encode_in_full({k: v for k, v in fields.items() if k != _OWN})
        name = name_of(text)
        if name not in self._stored:
            self.fresh[name] = text
        if len(self._names_by_value) >= _REMEMBERED:
            self._names.clear()
            self._names_by_value.clear()
        if key is not None:
            self._names_by_value[key] = name
        if not isinstance(value, Mapping):
            # The value is kept with its name, so that no other can take its place in memory.
            self._names[id(value)] = (value, name)
        return name

    # Reading.

    def expand(self, value: Any) -> Any:
        """A parsed body in full. Raises ValueError if a wording is missing."""
        if isinstance(value, dict):
            if SIGN in value:
                return self._expanded(value[SIGN], value.get(_OWN))
            return {name: self.expand(child) for name, child in value.items()}
        if isinstance(value, list):
            return [self.expand(child) for child in value]
        return value

    def _expanded(self, names: Sequence[str], own: Sequence[Any] | None) -> list[Any]:
        said = [dict(self.says(name)) for name in names]
        if own is not None:
            for one, items in zip(said, own, strict=True):
                one[_OWN] = items
        return said

    def says(self, name: str) -> Mapping[str, Any]:
        """The wording kept under `name`. Raises ValueError if it is missing or was changed."""
        found = self._read.get(name)
        if found is None:
            rows = self._store.run(self._store.sql.one_text, (name,))
            if not rows or name_of(rows[0][0]) != name:
                raise ValueError("a wording of the record is missing or was changed")
            found = self._read[name] = json.loads(rows[0][0])
        return found  # type: ignore[no-any-return]


def names_in(value: Any) -> Iterable[str]:
    """The names of all shared wordings in a parsed body."""
    if isinstance(value, dict):
        if SIGN in value:
            yield from value[SIGN]
        else:
            for child in value.values():
                yield from names_in(child)
    elif isinstance(value, list):
        for child in value:
            yield from names_in(child)


def _uses_sign(value: object) -> bool:
    if isinstance(value, Mapping):
        return SIGN in value or any(_uses_sign(child) for child in value.values())
    return isinstance(value, list | tuple) and any(_uses_sign(child) for child in value)


def _when(value: date) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value.isoformat()


def _plain_in_full(value: object) -> object:
    if isinstance(value, datetime | date):
        return _when(value)
    if not hasattr(value, "model_dump_json"):
        raise TypeError
    return dict(value.__dict__)


_encode_in_full = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain_in_full
).encode
