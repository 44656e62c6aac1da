"""Bodies written piece by piece: the quick way to the text of a record, for the bodies that decisions have.

It gives the text that `Texts.encode`, the commitments of `entry` and `Texts.fill` give together, or nothing at all: for
whatever it does not know, and for whatever may hold something of a subject, the careful way is taken. A test holds the
one against the other.

Beside the text it says what of it has to be looked through. What is left out of that holds nothing that was stated: it
was computed here and now from keys and digests (names of wordings, commitments, pseudonyms), is the clock's, or is one
of the vocabulary's own words. A house number or a name can only meet it by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from limen.canonical import encode
from limen.ledger.listed import SIGN
from limen.ledger.shared import (
    DIGEST_IN_JSON,
    REQUEST_DIGEST,
    SHARED_FIELDS,
    SIGN_IN_JSON,
    Written,
    steady_fields,
    when,
)
from limen.ledger.texts import Texts
from limen.written_out import PLAIN

_BOOK_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNS = frozenset({SIGN, REQUEST_DIGEST})
"""Names that mean something to the ledger, and so are not for what others wrote."""

_OURS = frozenset({"decision", "facts", "origin", "request"})
"""What the values of a decision's body are called."""

_WORDS = {None: "null", True: "true", False: "false"}

Commit = Callable[[str, str], str]
Write = Callable[[Mapping[str, Any]], str]


class Unwritten(Exception):
    """Inside the ledger only: this body is not one that can be written quickly."""


class QuickWriter:
    """Writes one body after another. Not for use by two threads at once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._asked = 0
        self._models: dict[type, Write] = {}
        self._own: list[str] = []
        self._commit: Commit = lambda part, value: ""
        self._book_digest = ""

    def write(self, body: Mapping[str, Any], commit: Commit, account: tuple[str, str] | None = None) -> tuple[str, str]:
        """The text of `body`, and what of it has to be looked through.

        `commit` gives the commitment to a digest of the request; `account` is what `account_text` makes of the request,
        and stands in the body as its `request`. Raises `Unwritten`, or whatever else, for a body to be written the
        careful way.
        """
        self._asked += 1
        if self._asked <= PLAIN or not body or isinstance(body, str):
            raise Unwritten
        own = self._own
        own.clear()
        self._commit = commit
        if account is not None:
            body = {**body, "request": Written(*account)}
        texts: list[str] = []
        named, left = _named(tuple(body))
        if left:
            own.append(left)
        for name, begun in named:
            value = body[name]
            if value.__class__ is Written:
                text, left, wordings = value
                own.append(left)
                if wordings:
                    self.texts.add(wordings)
                texts.append(begun + text)
            else:
                texts.append(begun + self._model(value))
        owned = "\n".join(own)
        if SIGN_IN_JSON in owned or DIGEST_IN_JSON in owned:
            raise Unwritten
        return f"{{{','.join(texts)}}}", owned

    def _model(self, model: Any) -> str:
        """A model, by its fields in alphabetical order."""
        write = self._models.get(model.__class__)
        if write is None:
            write = self._models[model.__class__] = self._write_out(model.__class__)
        return write(model.__dict__)

    def _write_out(self, kind: Any) -> Write:
        """The function that writes models of one kind. Names of fields appear in it as quoted text only."""
        sorts = {name: _sort(name, kind.model_fields[name].annotation) for name in sorted(kind.model_fields)}
        names = tuple(kind.model_fields)
        steady, mostly_empty = steady_fields(names)
        namespace: dict[str, Any] = {
            "escaped": encode_basestring,
            "any_": self._any,
            "shared": self._shared,
            "day": self._day,
            "clock": self._clock,
            "book": self._book,
            "digest": self._digest,
            "note": self._own.append,
            "part_of": self._part,
            "models": self._models_of,
            "words": self._words,
            "EMPTY": (),
            "Unwritten": Unwritten,
        }
        source = ["def write(said):", f"    if len(said) != {len(sorts)}: raise Unwritten"]
        if not steady:
            source += _deeper(_lines(sorts, sorts))
        else:
            # True and 1 are one value to a dictionary, and not one text.
            source += [
                f"    if said[{name!r}].__class__ is not int: raise Unwritten"
                for name in steady
                if sorts[name] == "number"
            ]
            empty = [f"((value := said[{name!r}]) is None or value is EMPTY)" for name in mostly_empty]
            source += ["    key = steady(said)", f"    if {' and '.join(empty) or 'True'}:"]
            source.append("        part = of_empty.get(key) or part_of(said)")
            source += _deeper(_deeper(_lines([name for name in sorts if name not in (*steady, *mostly_empty)], sorts)))
            # An empty list that is no tuple: the careful way takes it for what it is.
            source.append(f"    if not ({' or '.join(f'said[{name!r}]' for name in mostly_empty)}): raise Unwritten")
            source.append("    part = of_full.get(key) or part_of(said)")
            source += _deeper(_lines([name for name in sorts if name not in steady], sorts))
            namespace["steady"] = itemgetter(*steady)
            namespace["of_empty"] = self.texts.parts_of(names, all_empty=True)
            namespace["of_full"] = self.texts.parts_of(names, all_empty=False)
        exec(compile("\n".join(source), f"<record of {kind.__name__}>", "exec"), namespace)
        return namespace["write"]  # type: ignore[no-any-return]

    def _part(self, said: Mapping[str, Any]) -> str:
        """The name of what the steady fields say."""
        part = self.texts.part_of(said)
        if part is None:
            raise Unwritten
        return part[0]

    def _book(self, digest: object) -> str:
        """The digest of the book: nobody's name."""
        if digest is not self._book_digest:
            if digest.__class__ is not str or not _BOOK_DIGEST.fullmatch(digest):
                return self._any(digest)
            self._book_digest = digest
        return f'"{self._book_digest}"'

    def _clock(self, moment: object) -> str:
        """When it was decided: the clock's word, and nobody's."""
        if moment.__class__ is not datetime:
            raise Unwritten
        return f'"{moment.isoformat()[:-6]}Z"' if moment.tzinfo is UTC else f'"{when(moment)}"'

    def _digest(self, digest: str) -> str:
        """The commitment in place of a digest of the request."""
        if not digest.isalnum():
            raise Unwritten
        return f'"{self._commit("request", digest)}"'

    def _day(self, value: object) -> str:
        if value.__class__ is not date:
            raise Unwritten
        return self._noted(f'"{when(value)}"')

    def _any(self, value: Any) -> str:
        """A value that is no list, of whatever kind."""
        kind = value.__class__
        if value is None or kind is bool:
            return _WORDS[value]
        if kind is str:
            return self._noted(encode_basestring(value))
        if kind is int:
            return self._noted(str(value))
        if kind is date or kind is datetime:
            return self._noted(f'"{when(value)}"')
        if kind is dict and all(said.__class__ is str for said in value.values()) and value.keys().isdisjoint(_SIGNS):
            return self._noted(encode(value))
        return self._model(value)

    def _models_of(self, values: Any) -> str:
        """A tuple of models."""
        if values.__class__ is not tuple:
            raise Unwritten
        return f"[{','.join([self._model(value) for value in values])}]"

    def _words(self, values: Any) -> str:
        """A tuple of words. What is no word is an error, and the body is written the careful way."""
        if values.__class__ is not tuple:
            raise Unwritten
        return self._noted(f"[{','.join(map(encode_basestring, values))}]")

    def _shared(self, values: Any) -> str:
        """A list of which the ledger keeps every wording once."""
        if values.__class__ is not tuple and values.__class__ is not list:
            raise Unwritten
        if not values:
            return "[]"
        names, own = self.texts.names_of(values)
        return f"{names}{self._noted(own)}}}" if own else f"{names}}}"

    def _noted(self, text: str) -> str:
        """The text, noted to be looked through."""
        self._own.append(text)
        return text


def _lines(names: Iterable[str], sorts: Mapping[str, str]) -> list[str]:
    """What writes these fields of a model after its `part`, if it has one, and notes those that are plain text."""
    names = list(names)
    values = {name: f"v{place}" for place, name in enumerate(names)}
    lines = [f"{values[name]} = {_WRITTEN[sorts[name]].format(value=f'said[{name!r}]')}" for name in names]
    noted = [values[name] for name in names if sorts[name] in ("text", "text or nothing")]
    if noted:
        lines.append("note(f'{" + "}\\n{".join(noted) + "}')")
    pieces = [] if len(names) == len(sorts) else [f'"{SIGN}":"{{part}}"']
    pieces += [f"{encode_basestring(name)}:{{{values[name]}}}" for name in names]
    return [*lines, f"return f{'{{' + ','.join(pieces) + '}}'!r}"]


def _deeper(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


_WRITTEN = {
    "digest": "digest({value})",
    "book": "book({value})",
    "clock": "clock({value})",
    "text": "escaped({value})",
    "text or nothing": "'null' if (value := {value}) is None else escaped(value)",
    "day": "'null' if (value := {value}) is None else day(value)",
    "shared": "'[]' if (value := {value}) is EMPTY else shared(value)",
    "models": "'[]' if (value := {value}) is EMPTY else models(value)",
    "words": "'[]' if (value := {value}) is EMPTY else words(value)",
    "any": "'null' if (value := {value}) is None else any_(value)",
    "number": "any_({value})",
}
"""How a field of each sort is written, as Python."""


def _sort(name: str, annotation: Any) -> str:
    """How a field of this name and annotation is written."""
    named = {REQUEST_DIGEST: "digest", "book_digest": "book", "decided_at": "clock"}.get(name)
    if named is not None:
        return named
    if get_origin(annotation) is tuple:
        return "shared" if name in SHARED_FIELDS else "words" if get_args(annotation)[:1] == (str,) else "models"
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    stated = [part for part in parts if part is not type(None)]
    if all(
        part is str or (get_origin(part) is Literal and all(type(word) is str for word in get_args(part)))
        for part in stated
    ):
        return "text" if stated == list(parts) else "text or nothing"
    if stated == [date]:
        return "day"
    return "number" if parts == (int,) else "any"


@lru_cache(maxsize=16)
def _named(names: tuple[str, ...]) -> tuple[list[tuple[str, str]], str]:
    """The names of a body's values in order, each with the text before its value; and those that others chose."""
    if not _SIGNS.isdisjoint(names):
        raise Unwritten
    chosen = [name for name in names if name not in _OURS]
    return [(name, f"{encode_basestring(name)}:") for name in sorted(names)], encode(chosen) if chosen else ""
