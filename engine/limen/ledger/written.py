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
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from limen.canonical import encode
from limen.ledger.account import HIDDEN
from limen.ledger.texts import SHARED_FIELDS, SIGN, SIGN_IN_JSON, Texts, when

REQUEST_DIGEST = "request_digest"
DIGEST_IN_JSON = f'"{REQUEST_DIGEST}":"'
_BOOK_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNS = frozenset({SIGN, REQUEST_DIGEST})
"""Names that mean something to the ledger, and so are not for what others wrote."""

_WORDS = {None: "null", True: "true", False: "false"}


class Written(NamedTuple):
    """A value of a body that is canonical JSON text already: `text` must be what `encode` gives for the value.

    `own` is every part of it that is not one of the tool's own words, and so has to be looked through.
    """

    text: str
    own: str

    def __repr__(self) -> str:
        return "Written()"


class Unwritten(Exception):
    """Inside the ledger only: this body is not one that can be written quickly."""


PLAIN = 8
"""So many bodies are written the careful way; from then on it pays to have it written out."""

STEADY = frozenset({
    "basis", "book_name", "book_version", "caveat", "disposition", "effect", "engine", "profile", "schema_version",
    "second_key",
})  # fmt: skip
"""Fields that hardly differ from one decision to the next: what they read, all together, is remembered."""

_REMEMBERED = 200
"""So many different texts of the steady fields are remembered."""

Commit = Callable[[str, str], str]
Write = Callable[[Mapping[str, Any]], str]
Between = tuple[str, ...]
"""The text before, between and behind those fields of a model that are written anew."""


class QuickWriter:
    """Writes one body after another. Not for use by two threads at once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._asked = 0
        self._models: dict[type, Write] = {}
        self._hidden: list[str] = []
        self._commit: Commit = lambda part, value: ""
        self._book_digest = ""
        self._second: tuple[tuple[int, ...], str] = ((), "")
        self._steady: dict[object, Between] = {}
        self._fresh: dict[object, Between] = {}

    def write(
        self, body: Mapping[str, Any], commit: Commit, account: tuple[str, list[str]] | None = None
    ) -> tuple[str, str]:
        """The text of `body`, and what of it has to be looked through.

        `commit` gives the commitment to a digest of the request; `account` is what `account_text` makes of the request,
        and stands in the body as its `request`. Raises `Unwritten`, or whatever else, for a body to be written the
        careful way.
        """
        self._asked += 1
        if self._asked <= PLAIN or not body or isinstance(body, str):
            raise Unwritten
        hidden = self._hidden
        hidden.clear()
        self._fresh.clear()
        self._commit = commit
        own: list[str] = []
        texts: list[str] = []
        for name, begun in _named(tuple(body), account is not None):
            if account is not None and name == "request":
                text, pseudonyms = account
                hidden += pseudonyms
            elif (value := body[name]).__class__ is Written:
                hidden.append(value.text)
                own.append(value.own)
                text = HIDDEN
            else:
                text = self._model(value)
            texts.append(begun + text)
        owned = "\n".join(own)
        if SIGN_IN_JSON in owned or DIGEST_IN_JSON in owned:
            raise Unwritten
        outer = f"{{{','.join(texts)}}}"
        shown = f"{outer}\n{owned}"
        pieces = [""] * (2 * len(hidden) + 1)
        # There is one part more than there are marks: a slice takes no other number.
        pieces[::2] = outer.split(HIDDEN)
        pieces[1::2] = hidden
        return "".join(pieces), shown

    def keep(self) -> None:
        """Remember what was new in the text written last, now that it was found to hold nothing of its subject."""
        if self._fresh:
            if len(self._steady) >= _REMEMBERED:
                self._steady.clear()
            self._steady.update(self._fresh)
            self._fresh.clear()

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

    def _write_out(self, kind: Any) -> Write:
        """The function that writes models of one kind. Names of fields appear in it as quoted text only."""
        sorts = {name: _sort(name, kind.model_fields[name].annotation) for name in sorted(kind.model_fields)}
        steady = [name for name in sorts if name in STEADY and sorts[name] in ("text", "text or nothing", "number")]
        if len(steady) < 3:  # What one or two fields read is found sooner than it is remembered.
            steady = []
        anew = [name for name in sorts if name not in steady]
        source = ["def write(said):", f"    if len(said) != {len(sorts)}: raise Unwritten"]
        # True and 1 are one value to a dictionary, and not one text.
        source += [
            f"    if said[{name!r}].__class__ is not int: raise Unwritten" for name in steady if sorts[name] == "number"
        ]
        if steady:
            source.append("    key = steady(said)")
            source.append("    between = known.get(key) or anew(key)")
        pieces = []
        for place, name in enumerate(anew):
            pieces += [f"between[{place}]", _WRITTEN[sorts[name]].format(value=f"said[{name!r}]", name=repr(name))]
        source.append(f"    return ''.join(({', '.join(pieces)}, between[{len(anew)}]))")

        def between(values: tuple[object, ...]) -> Between:
            """The pieces for these values of the steady fields; kept when the record has been looked through."""
            made = self._fresh[values] = _between(sorts, dict(zip(steady, map(_steady_text, values), strict=True)))
            return made

        namespace: dict[str, Any] = {
            "escaped": encode_basestring,
            "any_": self._any,
            "shared": self._shared,
            "day": _day,
            "clock": self._clock,
            "book": self._book,
            "digest": self._digest,
            "EMPTY": (),
            "Unwritten": Unwritten,
            "known": self._steady,
            "anew": between,
            "between": _between(sorts, {}),
            **({"steady": itemgetter(*steady)} if steady else {}),
        }
        exec(compile("\n".join(source), f"<record of {kind.__name__}>", "exec"), namespace)
        return namespace["write"]  # type: ignore[no-any-return]

    def _book(self, digest: object) -> str:
        """The digest of the book: nobody's name."""
        if digest is not self._book_digest:
            if digest.__class__ is not str or not _BOOK_DIGEST.fullmatch(digest):
                return self._any("", digest)
            self._book_digest = digest
        return self._hide(f'"{self._book_digest}"')

    def _clock(self, moment: object) -> str:
        """When it was decided: the clock's word, and nobody's. Many are decided within one second."""
        if moment.__class__ is not datetime:
            raise Unwritten
        if moment.tzinfo is not UTC or not moment.microsecond:
            return self._hide(f'"{when(moment)}"')
        second = (moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.year)
        if second != self._second[0]:
            self._second = (second, when(moment)[:-8])
        return self._hide(f'"{self._second[1]}.{moment.microsecond:06d}Z"')

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
            return encode_basestring(value)
        if kind is tuple or kind is list:
            return self._list(name, value)
        if kind is int:
            return str(value)
        if kind is date or kind is datetime:
            return f'"{when(value)}"'
        if kind is dict and all(said.__class__ is str for said in value.values()) and value.keys().isdisjoint(_SIGNS):
            return encode(value)
        return self._model(value)

    def _list(self, name: str, values: Any) -> str:
        if name in SHARED_FIELDS:
            return self._shared(values)
        if not values:
            return "[]"
        if all(value.__class__ is str for value in values):
            return f"[{','.join(map(encode_basestring, values))}]"
        return f"[{','.join(map(self._model, values))}]"

    def _shared(self, values: Any) -> str:
        """A list of which the ledger keeps every wording once."""
        if values.__class__ is not tuple and values.__class__ is not list:
            raise Unwritten
        if not values:
            return "[]"
        names, own = self.texts.names_of(values)
        if own and (SIGN_IN_JSON in own or DIGEST_IN_JSON in own):
            raise Unwritten
        self._hidden.append(names)
        return f"{HIDDEN}{own}}}"


_WRITTEN = {
    "digest": "digest({value})",
    "book": "book({value})",
    "clock": "clock({value})",
    "text": "escaped({value})",
    "text or nothing": "'null' if (value := {value}) is None else escaped(value)",
    "day": "'null' if (value := {value}) is None else day(value)",
    "shared": "'[]' if (value := {value}) is EMPTY else shared(value)",
    "list": "'[]' if (value := {value}) is EMPTY else any_({name}, value)",
    "any": "'null' if (value := {value}) is None else any_({name}, value)",
    "number": "any_({name}, {value})",
}
"""How a field of each sort is written, as Python."""


def _sort(name: str, annotation: Any) -> str:
    """How a field of this name and annotation is written."""
    named = {REQUEST_DIGEST: "digest", "book_digest": "book", "decided_at": "clock"}.get(name)
    if named is not None:
        return named
    if get_origin(annotation) is tuple:
        return "shared" if name in SHARED_FIELDS else "list"
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
def _named(names: tuple[str, ...], with_request: bool) -> list[tuple[str, str]]:
    """The names of a body's values in order, each with the text before its value."""
    if not _SIGNS.isdisjoint(names):
        raise Unwritten
    return [(name, f"{encode_basestring(name)}:") for name in sorted({*names, "request"} if with_request else names)]


def _between(sorts: Iterable[str], steady: Mapping[str, str]) -> Between:
    """The pieces of a model with fields of these names, of which the `steady` ones read so."""
    pieces = []
    text = "{"
    for place, name in enumerate(sorts):
        text += f"{',' if place else ''}{encode_basestring(name)}:"
        if name in steady:
            text += steady[name]
        else:
            pieces.append(text)
            text = ""
    return (*pieces, f"{text}}}")


def _steady_text(value: Any) -> str:
    if value is None:
        return "null"
    return str(value) if value.__class__ is int else encode_basestring(value)


def _day(value: object) -> str:
    if value.__class__ is not date:
        raise Unwritten
    return f'"{when(value)}"'
