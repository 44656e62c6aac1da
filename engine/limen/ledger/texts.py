"""The wording that many records share, kept once.

In the text of a body a part that is kept by wording names it: half the SHA-256 of its text, under the sign `=`. The
wording lies once in a table beside. The record's own hash covers those names: a wording that was changed no longer has
the name under which it is known, and one that was removed is missed. There are three forms:

    {"=": [NAME, ...]}        a list of objects (reasons). `items` of theirs, which are a request's own, stay in the
                              record: `items`, or `items_of_all` where all have the same
    {"=": NAME, ...}          an object that has the fields of the wording besides its own (a decision)
    {"=": NAME, "has": ...}   an object whose names the wording lists (facts; see `listed.py`)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from limen.canonical import encoder
from limen.ledger.expand import expand, read_back
from limen.ledger.listed import SIGN
from limen.ledger.shared import (
    ALIKE,
    DIGEST_IN_JSON,
    OWN,
    SHARED_FIELDS,
    SIGN_IN_JSON,
    STEADY_KINDS,
    Written,
    all_empty,
    encode_in_full,
    is_model,
    name_of,
    steady_fields,
    when,
)
from limen.ledger.store import Store

_CONTAINERS = frozenset({tuple, list, dict})
_REMEMBERED = 20_000


class Texts:
    """Writes bodies with shared wording, and reads them back in full. Not for use by two threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Names of wordings that are stored or fresh: by the value in memory, and by what it says.
        self._names: dict[int, tuple[object, str, object]] = {}
        self._names_by_value: dict[object, str] = {}
        # Whole lists, by the values in memory: those values, their names, and what each keeps of its own.
        self._joined: dict[tuple[int, ...], tuple[object, str, str]] = {}
        # What steady fields say, of objects with the same fields, without and with the mostly empty ones.
        self._parts: dict[tuple[tuple[str, ...], bool], dict[tuple[Any, ...], str]] = {}
        self._known: set[str] = set()
        self._filled: list[str] = []
        self._read: dict[str, Any] = {}
        self.fresh: dict[str, str] = {}
        """Wordings not yet stored, by name."""
        self._encode = encoder(self._plain)

    # Writing.

    def encode(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body`, with models written by their fields and each shared part by a number.

        `fill` puts in what they stand for; until then the text holds only what is this record's own, but for what was
        `Written` before. Raises TypeError or ValueError for what JSON cannot say.
        """
        self._filled.clear()
        text = self._encode({name: self._value(name, value) for name, value in body.items()})
        if text.count(SIGN_IN_JSON) != len(self._filled):
            raise ValueError("a body may not use the sign of shared wording")
        return text

    def fill(self, text: str) -> str:
        """The text that `encode` gave last, with what is shared in place of numbers."""
        if not self._filled:
            return text
        pieces = text.split(SIGN_IN_JSON)
        filled = [pieces[0]]
        for piece in pieces[1:]:
            end = min(at for at in (piece.find(","), piece.find("}")) if at >= 0)
            shared = self._filled[int(piece[:end])]
            # What was written before is an object, and stands in place of the one that has the sign.
            filled.append(
                f"{shared[1:-1]}{piece[end:]}" if shared[:1] == "{" else f"{SIGN_IN_JSON}{shared}{piece[end:]}"
            )
        return "".join(filled)

    def encode_in_full(self, body: Mapping[str, Any]) -> str:
        """Canonical JSON of `body` with nothing shared."""
        self._filled.clear()
        text = encode_in_full(self.unwritten(body))
        if SIGN_IN_JSON in text:
            raise ValueError("a body may not use the sign of shared wording")
        return text

    def unwritten(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body with every `Written` value read back in full."""
        return {name: read_back(value) if isinstance(value, Written) else value for name, value in body.items()}

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
        for parts in self._parts.values():
            parts.clear()
        self._known.clear()

    def add(self, wordings: Iterable[tuple[str, str]]) -> None:
        """Have these wordings stored, by name and text, if they are not."""
        for name, text in wordings:
            if name not in self._known:
                self._known.add(name)
                self.fresh[name] = text

    def names_of(self, values: Sequence[Any]) -> tuple[str, str]:
        """A shared list as JSON: the text with the names, and without its end whatever its objects keep of their own.

        Raises TypeError for a list that is not shared.
        """
        key = tuple(map(id, values))
        known = self._joined.get(key)
        if known is None:
            self._filled.clear()
            shared = self._shared(values)
            if type(shared) is not dict:
                raise TypeError
            names = self._filled[shared.pop(SIGN)]
            own = "".join(f",{encode_in_full(name)}:{encode_in_full(items)}" for name, items in shared.items())
            # The values are kept with their names, so that no others can take their places in memory.
            known = (values, f"{{{SIGN_IN_JSON}{names}", own)
            if not own and all(map(is_model, values)):
                if len(self._joined) >= _REMEMBERED:
                    self._joined.clear()
                self._joined[key] = known
        return known[1], known[2]

    def parts_of(self, names: tuple[str, ...], *, all_empty: bool) -> dict[tuple[Any, ...], str]:
        """For objects with these fields the names of what their steady fields say, by the values of these."""
        return self._parts.setdefault((names, all_empty), {})

    def part_of(self, fields: Mapping[str, Any]) -> tuple[str, frozenset[str]] | None:
        """The name of what an object's steady fields say, and which these are; `None` for one that has none."""
        names = tuple(fields)
        steady, mostly_empty = steady_fields(names)
        values = tuple([fields[name] for name in steady])
        if not values or not all(type(value) in STEADY_KINDS for value in values):
            return None
        empty = all_empty(fields[name] for name in mostly_empty)
        parts = self.parts_of(names, all_empty=empty)
        named = (*steady, *mostly_empty) if empty else steady
        part = parts.get(values)
        if part is None:
            text = encode_in_full({name: fields[name] for name in named})
            part = name_of(text)
            self.add(((part, text),))
            if len(parts) >= _REMEMBERED:
                parts.clear()
            parts[values] = part
        return part, frozenset(named)

    def _plain(self, value: object) -> object:
        if isinstance(value, datetime | date):
            return when(value)
        if not is_model(value):
            raise TypeError
        return self._object(value.__dict__)

    def _object(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """An object with what it shares by number."""
        part = self.part_of(fields)
        said = {
            name: self._value(name, child) if type(child) in _CONTAINERS else child
            for name, child in fields.items()
            if part is None or name not in part[1]
        }
        return said if part is None else {**self._sign(f'"{part[0]}"'), **said}

    def _sign(self, shared: str) -> dict[str, Any]:
        """Stands for a shared part until `fill`."""
        self._filled.append(shared)
        return {SIGN: len(self._filled) - 1}

    def _value(self, name: str, value: Any) -> Any:
        kind = type(value)
        if kind is tuple or kind is list:
            if name in SHARED_FIELDS:
                return self._shared(value)
            return [self._value("", child) for child in value] if value and type(value[0]) is dict else value
        if kind is dict:
            return self._object(value)
        if kind is Written:
            if SIGN_IN_JSON in value.own or DIGEST_IN_JSON in value.own:
                return self._value(name, read_back(value))
            self.add(value.wordings)
            return self._sign(value.text)
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
            fields = value if type(value) is dict else value.__dict__ if is_model(value) else None
            if fields is None:
                return values
            names.append(self._name(value, fields))
            if OWN in fields:
                own.append(fields[OWN])
        if own and len(own) != len(names):
            return values
        joined = '","'.join(names)
        shared = self._sign(f'["{joined}"]')
        if own:
            alike = all(items == own[0] for items in own)
            shared[ALIKE if alike else OWN] = own[0] if alike else own
        return shared

    def _name(self, value: object, fields: Mapping[str, Any]) -> str:
        key: object = (type(value), *fields.values())
        try:
            name = self._names_by_value.get(key)
        except TypeError:
            name, key = None, None
        if name is None:
            text = encode_in_full({field: said for field, said in fields.items() if field != OWN})
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
            self._names[id(value)] = (value, name, fields.get(OWN))
        return name

    # Reading.

    def expand(self, value: Any) -> Any:
        """A parsed body in full. Raises ValueError if a wording is missing, or a part does not fit its wording."""
        return expand(value, self.says)

    def says(self, name: str) -> Mapping[str, Any]:
        """The wording kept under `name`. Raises ValueError if it is missing or was changed."""
        found = self._read.get(name)
        if found is None:
            rows = self._store.run(self._store.sql.one_text, (name,))
            if not rows or not isinstance(rows[0][0], str) or name_of(rows[0][0]) != name:
                raise ValueError("a wording of the record is missing or was changed")
            found = self._read[name] = json.loads(rows[0][0])
        return found  # type: ignore[no-any-return]
