"""The wording that many records share, kept once.

A decision carries its reasons in full: address, citation, label, sentence. Under one book they are the same words again
and again, and most of what a decision weighs. So a record holds, in place of each, the SHA-256 of its wording (half of
it, 128 bits), and the wording lies once in a table beside. The record's own hash covers those hashes: a wording that
was changed no longer has the name under which it is known, and one that was removed is missed.

In the text of a body such a list stands as `{"=":[hash, ...]}`; the `items` of its objects, which are a request's own,
stay in the record (`items`, or `items_of_all` where all have the same).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from limen.canonical import encoder
from limen.ledger.store import Store

SHARED_FIELDS = frozenset({"reasons", "elsewhere", "missing", "hinges", "duties"})
"""Lists of objects with these names are kept by wording, wherever they stand in a body."""

SIGN = "="
SIGN_IN_JSON = '"=":'
_CONTAINERS = frozenset({tuple, list, dict})
_OWN = "items"
_ALIKE = "items_of_all"
_REMEMBERED = 20_000


def name_of(text: str) -> str:
    """The name under which a wording is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Texts:
    """Writes bodies with shared wording, and reads them back in full. Not for use by two threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Names of wordings that are stored or fresh: by the value in memory, and by what it says.
        self._names: dict[int, tuple[object, str, object]] = {}
        self._names_by_value: dict[object, str] = {}
        # Whole lists, by the values in memory: those values, their names, and what each keeps of its own.
        self._joined: dict[tuple[int, ...], tuple[object, str, str]] = {}
        self._lists: list[str] = []
        self._read: dict[str, Any] = {}
        self.fresh: dict[str, str] = {}
        """Wordings not yet stored, by name."""
        self._encode = encoder(self._plain)

    # Writing.

    def encode(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body`, with models written by their fields and each shared list by a number.

        `fill` puts the names in; until then the text holds only what is this record's own. Raises TypeError or
        ValueError for what JSON cannot say.
        """
        self._lists.clear()
        text = self._encode({name: self._value(name, value) for name, value in body.items()})
        if text.count(SIGN_IN_JSON) != len(self._lists):
            raise ValueError("a body may not use the sign of shared wording")
        return text

    def fill(self, text: str) -> str:
        """The text that `encode` gave last, with the names of the shared wordings in place of numbers."""
        if not self._lists:
            return text
        first, *rest = text.split(SIGN_IN_JSON)
        filled = [first]
        for piece in rest:
            end = min(at for at in (piece.find(","), piece.find("}")) if at >= 0)
            filled.append(f'["{self._lists[int(piece[:end])]}"]{piece[end:]}')
        return SIGN_IN_JSON.join(filled)

    def encode_in_full(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body` with nothing shared."""
        self._lists.clear()
        text = _encode_in_full(body)
        if SIGN_IN_JSON in text:
            raise ValueError("a body may not use the sign of shared wording")
        return text

    def write(self) -> None:
        """Store the fresh wordings, inside a writer's turn."""
        if self.fresh:
            self._store.run_many(self._store.sql.add_text, list(self.fresh.items()))
            self.fresh.clear()

    def withdraw(self, names: Iterable[str]) -> None:
        """Do not store these fresh wordings after all."""
        for name in names:
            del self.fresh[name]
        self._forget_names()

    def forget_memory(self) -> None:
        """After a turn that came to nothing: what it stored is not stored."""
        self._forget_names()
        self.fresh.clear()

    def _forget_names(self) -> None:
        self._names.clear()
        self._names_by_value.clear()
        self._joined.clear()

    def names_of(self, values: Sequence[Any]) -> tuple[str, str]:
        """A shared list as JSON: the text with the names, and without its end whatever its objects keep of their own.

        Raises TypeError for a list that is not shared.
        """
        key = tuple(map(id, values))
        known = self._joined.get(key)
        if known is None:
            self._lists.clear()
            shared = self._shared(values)
            if type(shared) is not dict:
                raise TypeError
            names = self._lists[shared.pop(SIGN)]
            own = "".join(f",{_encode_in_full(name)}:{_encode_in_full(items)}" for name, items in shared.items())
            # The values are kept with their names, so that no others can take their places in memory.
            known = (values, f'{{{SIGN_IN_JSON}["{names}"]', own)
            if not own and all(map(_is_model, values)):
                if len(self._joined) >= _REMEMBERED:
                    self._joined.clear()
                self._joined[key] = known
        return known[1], known[2]

    def _plain(self, value: object) -> object:
        if isinstance(value, datetime | date):
            return when(value)
        if not _is_model(value):
            raise TypeError
        return {
            name: self._value(name, child) if type(child) in _CONTAINERS else child
            for name, child in value.__dict__.items()
        }

    def _value(self, name: str, value: Any) -> Any:
        kind = type(value)
        if kind is tuple or kind is list:
            if name in SHARED_FIELDS:
                return self._shared(value)
            return [self._value("", child) for child in value] if value and type(value[0]) is dict else value
        if kind is dict:
            return {
                key: self._value(key, child) if type(child) in _CONTAINERS else child for key, child in value.items()
            }
        return value

    def _shared(self, values: Sequence[Any]) -> Any:
        if not values:
            return []
        names: list[str] = []
        own: list[Any] = []
        known_by_id = self._names
        for value in values:
            known = known_by_id.get(id(value))
            if known is not None and known[0] is value:
                names.append(known[1])
                if known[2] is not None:
                    own.append(known[2])
                continue
            fields = value if type(value) is dict else value.__dict__ if _is_model(value) else None
            if fields is None:
                return values
            names.append(self._name(value, fields))
            if _OWN in fields:
                own.append(fields[_OWN])
        if own and len(own) != len(names):
            return values
        self._lists.append('","'.join(names))
        shared: dict[str, Any] = {SIGN: len(self._lists) - 1}
        if own:
            alike = all(items == own[0] for items in own)
            shared[_ALIKE if alike else _OWN] = own[0] if alike else own
        return shared

    def _name(self, value: object, fields: Mapping[str, Any]) -> str:
        key: object = (type(value), *fields.values())
        try:
            name = self._names_by_value.get(key)
        except TypeError:
            name, key = None, None
        if name is None:
            text = _encode_in_full({field: said for field, said in fields.items() if field != _OWN})
            name = name_of(text)
            self.fresh[name] = text
            if len(self._names_by_value) >= _REMEMBERED:
                self._names_by_value.clear()
            if key is not None and type(value) is not dict:
                self._names_by_value[key] = name
        if type(value) is not dict:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            # The value is kept with its name, so that no other can take its place in memory.
            self._names[id(value)] = (value, name, fields.get(_OWN))
        return name

    # Reading.

    def expand(self, value: Any) -> Any:
        """A parsed body in full. Raises ValueError if a wording is missing."""
        if isinstance(value, dict):
            if SIGN in value:
                return self._expanded(value)
            return {name: self.expand(child) for name, child in value.items()}
        if isinstance(value, list):
            return [self.expand(child) for child in value]
        return value

    def _expanded(self, shared: Mapping[str, Any]) -> list[Any]:
        said = [dict(self.says(name)) for name in shared[SIGN]]
        if _ALIKE in shared:
            for one in said:
                one[_OWN] = shared[_ALIKE]
        elif _OWN in shared:
            for one, items in zip(said, shared[_OWN], strict=True):
                one[_OWN] = items
        return said

    def says(self, name: str) -> Mapping[str, Any]:
        """The wording kept under `name`. Raises ValueError if it is missing or was changed."""
        found = self._read.get(name)
        if found is None:
            rows = self._store.run(self._store.sql.one_text, (name,))
            if not rows or not isinstance(rows[0][0], str) or name_of(rows[0][0]) != name:
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


def _is_model(value: object) -> bool:
    return hasattr(value, "model_dump_json")


def when(value: date) -> str:
    """A day or a moment as records have it (ISO 8601)."""
    text = value.isoformat()
    if not isinstance(value, datetime):
        return text
    return f"{text[:-6]}Z" if value.tzinfo is UTC else text.replace("+00:00", "Z")


def _plain_in_full(value: object) -> object:
    if isinstance(value, datetime | date):
        return when(value)
    if not _is_model(value):
        raise TypeError
    return dict(value.__dict__)


_encode_in_full = encoder(_plain_in_full)
