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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from json.encoder import encode_basestring
from operator import or_
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from limen.canonical import encode
from limen.ledger.account import pseudonyms_in
from limen.ledger.texts import SHARED_FIELDS, SIGN_IN_JSON, Texts, when

REQUEST_DIGEST = "request_digest"
DIGEST_IN_JSON = f'"{REQUEST_DIGEST}":"'
_BOOK_DIGEST = re.compile(r"[0-9a-f]{64}")
HIDDEN = "\0"
"""Stands in a text for a part that need not be looked through; JSON never holds it."""

_WORDS = {None: "null", True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Written:
    """A value of a body that is canonical JSON text already: `text` must be what `encode` gives for the value.

    `own` is every part of it that is not one of the tool's own words, and so has to be looked through.
    """

    text: str = field(repr=False)
    own: str = field(repr=False)


class Unwritten(Exception):
    """Inside the ledger only: this body is not one that can be written quickly."""


PLAIN = 8
"""So many bodies are written the careful way; from then on it pays to have it written out."""

Commit = Callable[[str, str], str]


class QuickWriter:
    """Writes one body after another. Not for use by two threads at once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._asked = 0
        self._models: dict[type, Callable[[Mapping[str, Any]], str]] = {}
        self._hidden: list[str] = []
        self._commit: Commit = lambda part, value: ""

    def write(self, body: Mapping[str, Any], commit: Commit, account: Mapping[str, Any] | None) -> tuple[str, str]:
        """The text of `body`, and what of it has to be looked through.

        `commit` gives the commitment to a digest of the request; `account` is the one made of the request, which stands
        in the body as its `request`. Raises `Unwritten`, or whatever else, for a body to be written the careful way.
        """
        self._asked += 1
        if self._asked <= PLAIN or not body:
            raise Unwritten
        self._hidden, self._commit = [], commit
        own: list[str] = []
        texts: list[str] = []
        for name in sorted(body):
            value = body[name]
            if value.__class__ is Written:
                text = self._hide(value.text)
                own.append(value.own)
            elif account is not None and value is account:
                text = self._hide(encode(account))
                own.append(_without_pseudonyms(self._hidden[-1], account))
            else:
                text = self._model(value)
            texts.append(f"{encode_basestring(name)}:{text}")
        outer = f"{{{','.join(texts)}}}"
        shown = "\n".join((outer, *own))
        if SIGN_IN_JSON in shown or DIGEST_IN_JSON in shown:
            raise Unwritten
        first, *rest = outer.split(HIDDEN)
        return first + "".join([part for pair in zip(self._hidden, rest, strict=True) for part in pair]), shown

    def _hide(self, text: str) -> str:
        """A mark in place of a text that need not be looked through."""
        self._hidden.append(text)
        return HIDDEN

    def _model(self, model: Any) -> str:
        """A model, by its fields in alphabetical order."""
        write = self._models.get(model.__class__)
        if write is None:
            write = self._models[model.__class__] = self._write_out(model.__class__)
        return write(model.__dict__)

    def _write_out(self, kind: Any) -> Callable[[Mapping[str, Any]], str]:
        """The function that writes models of one kind. Names of fields appear in it as quoted text only."""
        pieces = []
        for name in sorted(kind.model_fields):
            value = f"said[{name!r}]"
            sort = _sort(name, kind.model_fields[name].annotation)
            written = {
                "digest": f"digest({value})",
                "text": f"escaped({value})",
                "text or nothing": f"'null' if (value := {value}) is None else escaped(value)",
                "list": f"'[]' if (value := {value}) is EMPTY else any_({name!r}, value)",
                "any": f"any_({name!r}, {value})",
            }[sort]
            pieces.append(f"{encode_basestring(name) + ':'!r}, {written}")
        source = [
            "def write(said):",
            f"    if len(said) != {len(pieces)}: raise Unwritten",
            "    return ''.join(('{', " + ", ',', ".join(pieces) + ", '}'))",
        ]
        namespace: dict[str, Any] = {
            "escaped": encode_basestring,
            "any_": self._any,
            "digest": self._digest,
            "EMPTY": (),
            "Unwritten": Unwritten,
        }
        exec(compile("\n".join(source), f"<record of {kind.__name__}>", "exec"), namespace)
        return namespace["write"]  # type: ignore[no-any-return]

    def _digest(self, digest: str) -> str:
        """The commitment in place of a digest of the request."""
        if not digest.isalnum():
            raise Unwritten
        return self._hide(f'"{self._commit("request", digest)}"')

    def _any(self, name: str, value: Any) -> str:
        """A value of whatever kind, under the name it has."""
        kind = value.__class__
        if value is None or kind is bool:
            return _WORDS[value]
        if kind is str:
            hidden = name == "book_digest" and _BOOK_DIGEST.fullmatch(value)
            return self._hide(f'"{value}"') if hidden else encode_basestring(value)
        if kind is tuple or kind is list:
            return self._list(name, value)
        if kind is int:
            return str(value)
        if kind is date:
            return f'"{when(value)}"'
        if kind is datetime:
            text = f'"{when(value)}"'
            return self._hide(text) if name == "decided_at" else text
        if kind is dict and all(said.__class__ is str for said in value.values()):
            return encode(value)
        return self._model(value)

    def _list(self, name: str, values: Any) -> str:
        if not values:
            return "[]"
        if name in SHARED_FIELDS:
            names, own = self.texts.names_of(values)
            return self._hide(f'{{"=":["{names}"]') + own + "}"
        if values[0].__class__ is str:
            return encode(values)
        return f"[{','.join(map(self._model, values))}]"


def _without_pseudonyms(text: str, account: Mapping[str, Any]) -> str:
    for pseudonym in pseudonyms_in(account):
        text = text.replace(pseudonym, "")
    return text


def _sort(name: str, annotation: Any) -> str:
    """How a field of this annotation is written: as text, as text or nothing, or by looking at its value."""
    if name == REQUEST_DIGEST:
        return "digest"
    if get_origin(annotation) is tuple:
        return "list"
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    text = [
        part is str or (get_origin(part) is Literal and all(type(w) is str for w in get_args(part))) for part in parts
    ]
    if name == "book_digest":
        return "any"
    if all(text):
        return "text"
    nothing = [part is type(None) for part in parts]
    return "text or nothing" if all(map(or_, text, nothing)) else "any"
