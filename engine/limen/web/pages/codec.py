"""A state as letters for the address bar, and back: compact, bounded, and with a version of its own.

`1.` and then base64url of deflated JSON. What comes in is somebody's text: it is bounded before and after it is
unpacked, and every name, type and value is checked against the vocabulary before it is a case.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from limen.analyse.bench import Spot
from limen.law.book import Book
from limen.law.facts import CaseFacts, FactError, check_facts, from_json, read_value, value_problem
from limen.law.vocabulary import Vocabulary
from limen.web.pages.state import (
    LONGEST_TITLE,
    MOST_ITEMS,
    MOST_SNAPSHOTS,
    UNKNOWN,
    Answer,
    CaseState,
    Change,
    Snapshot,
    can_be_item,
)

VERSION = "1"
LONGEST = 8_000
"""Characters of an encoded state: an address that every browser and proxy takes."""
MOST_BYTES = 200_000
DIGEST = 16
"""Characters of the book's digest that an address holds."""

Kind = Literal["damaged", "too-long", "newer", "other-book"]


class StateError(Exception):
    """An address that holds no case that can be opened: what is wrong, and how to go on."""

    def __init__(self, kind: Kind, message: str, mend: str) -> None:
        self.kind, self.message, self.mend = kind, message, mend
        super().__init__(f"{message}; {mend}")

    def __reduce__(self) -> tuple[type[StateError], tuple[Kind, str, str]]:
        return (StateError, (self.kind, self.message, self.mend))


def encode(state: CaseState) -> str:
    """The state as it stands in an address. Raises `StateError` where it is too long for one."""
    data = {
        "b": state.book[:DIGEST],
        "t": state.title,
        "g": state.origin,
        **_question(state.facts, state.unknown, state.profile, state.as_of, state.known_at, state.draft),
        "n": sorted(state.pinned),
        "m": _spots(state.mine),
        "x": _spots(state.silent),
        "l": _last(state.last),
        "c": [
            {"t": s.name, **_question(s.facts, s.unknown, s.profile, s.as_of, s.known_at, s.draft)}
            for s in state.snapshots
        ],
    }
    compact = {name: value for name, value in data.items() if value not in (None, "", [], {})}
    text = json.dumps(compact, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    packed = base64.urlsafe_b64encode(zlib.compress(text, 9)).decode("ascii").rstrip("=")
    if len(packed) + 2 > LONGEST:
        raise StateError(
            "too-long", "this case has grown too long for an address", "drop a snapshot, or save it to a file"
        )
    return f"{VERSION}.{packed}"


def decode(text: str, book: Book) -> CaseState:
    """The state in an address, checked against `book`. Raises `StateError` for one that is damaged.

    Whether it was made with this book is for the caller to see (`made_with`): facts it no longer has are an error here.
    """
    data = unpack(text)
    try:
        return _state(data, book)
    except FactError as error:
        if not made_with(data, book):
            raise other_book() from error
        raise StateError(
            "damaged", "the case in this address does not fit the vocabulary", "start it again, or open its file"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged() from error


def unpack(text: str) -> Mapping[str, Any]:
    """The fields of an encoded state, not yet checked. Raises `StateError`."""
    if len(text) > LONGEST:
        raise StateError("too-long", "this address is too long to be a case", "open the file of the case instead")
    version, _, packed = text.partition(".")
    if version.isdecimal() and int(version[:6]) > int(VERSION):
        raise StateError("newer", "this address was made by a newer Limen", "open it there, or start the case again")
    if version != VERSION or not packed.isascii():
        raise damaged()
    try:
        unpacking = zlib.decompressobj()
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        plain = unpacking.decompress(raw, MOST_BYTES)
        if not unpacking.eof or unpacking.unused_data:
            raise damaged()
        data = json.loads(plain)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise damaged() from error
    if not isinstance(data, dict) or not isinstance(data.get("b"), str):
        raise damaged()
    return data


def made_with(data: Mapping[str, Any], book: Book) -> bool:
    """Whether a state was made with this book."""
    return bool(data["b"] == book.digest[:DIGEST])


def moved(text: str, book: Book) -> CaseState:
    """The state of another book, as far as this one has its facts, and as if made with it. Raises `StateError`."""
    data = dict(unpack(text))
    try:
        data["f"], data["i"] = _left(data.get("f", {}), book.vocabulary), [
            [id, _left(stated, book.vocabulary)] for id, stated in data.get("i", [])
        ]  # fmt: skip
        for name in ("u", "m", "x"):
            data[name] = [one for one in data.get(name, []) if one.partition("@")[0] in book.vocabulary.facts]
        data["n"] = [one for one in data.get("n", []) if one in book.vocabulary.facts]
        data["b"] = book.digest[:DIGEST]
        if data.get("p") not in book.profiles:
            data.pop("p", None)
        data.pop("l", None)
        data.pop("c", None)
        return _state(data, book)
    except (FactError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged() from error


def spot_text(spot: Spot) -> str:
    """A spot as a name: `FACT` or `FACT@ITEM`."""
    return spot[0] if spot[1] is None else f"{spot[0]}@{spot[1]}"


def spot_of(text: str) -> Spot:
    """The spot a name stands for."""
    name, at, item = text.partition("@")
    return (name, item if at else None)


def damaged() -> StateError:
    """What an address that was cut or edited raises."""
    return StateError("damaged", "this address is damaged: part of it is missing or changed", "copy it again in full")


def other_book() -> StateError:
    """What an address made with another edition of the book raises where its facts are not all here."""
    return StateError(
        "other-book", "this address was made with another edition of the rule book", "open what is still the same"
    )


def _question(
    facts: CaseFacts,
    unknown: Iterable[Spot],
    profile: str | None,
    as_of: date,
    known_at: date | None,
    draft: str | None,
) -> dict[str, Any]:
    """What is asked: a case, under which law."""
    return {
        "f": {name: _plain(value) for name, value in facts.facts.items()},
        "i": [[item.id, {name: _plain(value) for name, value in item.facts.items()}] for item in facts.items],
        "u": _spots(unknown),
        "p": profile,
        "d": as_of.isoformat(),
        "k": known_at.isoformat() if known_at else None,
        "o": draft,
    }


def _state(data: Mapping[str, Any], book: Book) -> CaseState:
    vocabulary = book.vocabulary
    facts, unknown = _case(data, vocabulary)
    if len(data.get("c", [])) > MOST_SNAPSHOTS:
        raise damaged()
    snapshots = []
    for one in data.get("c", []):
        case, not_known = _case(one, vocabulary)
        snapshots.append(Snapshot(_text(one["t"]), case, not_known, **_asked(one, book)))
    return CaseState(
        book=data["b"],
        facts=facts,
        **_asked(data, book),
        title=_text(data.get("t", "")),
        origin=_text(data.get("g", "")),
        unknown=unknown,
        pinned=frozenset(_known(name, vocabulary) for name in data.get("n", [])),
        mine=_spots_of(data.get("m", []), vocabulary, facts),
        silent=_spots_of(data.get("x", []), vocabulary, facts),
        last=_last_of(data.get("l"), vocabulary),
        snapshots=tuple(snapshots),
    )


def _case(data: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[CaseFacts, frozenset[Spot]]:
    items = {str(id): _values(stated, vocabulary) for id, stated in data.get("i", [])}
    if not 0 < len(items) <= MOST_ITEMS or not all(map(can_be_item, items)):
        raise damaged()
    facts = check_facts(vocabulary, _values(data.get("f", {}), vocabulary), items)
    return facts, _spots_of(data.get("u", []), vocabulary, facts)


def _asked(data: Mapping[str, Any], book: Book) -> dict[str, Any]:
    profile = data.get("p")
    if profile is not None and profile not in book.profiles:
        raise other_book()
    draft = data.get("o")
    return {
        "profile": profile,
        "as_of": date.fromisoformat(data["d"]),
        "known_at": date.fromisoformat(data["k"]) if data.get("k") else None,
        "draft": None if draft is None else _text(draft),
    }


def _values(stated: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The facts of a mapping; days come as text."""
    return {name: from_json(vocabulary.facts.get(name), value) for name, value in stated.items()}


def _plain(value: Answer) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _left(stated: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Those statements that the vocabulary still takes."""
    kept = {}
    for name, value in stated.items():
        fact = vocabulary.facts.get(name)
        if fact is not None:
            try:
                wrong = value_problem(fact, from_json(fact, value))
            except FactError:
                continue
            if wrong is None:
                kept[name] = value
    return kept


def _spots(spots: Iterable[Spot]) -> list[str]:
    return sorted(map(spot_text, spots))


def _spots_of(texts: Iterable[Any], vocabulary: Vocabulary, facts: CaseFacts) -> frozenset[Spot]:
    items = {item.id for item in facts.items}
    spots = frozenset(spot_of(_text(text)) for text in texts)
    for name, item in spots:
        fact = vocabulary.facts[name]
        if fact.per_item != (item is not None) or (item is not None and item not in items):
            raise damaged()
    return spots


def _last(last: Change | None) -> list[Any] | None:
    if last is None:
        return None
    return [last.what, spot_text(last.spot) if last.spot else None, _plain(last.before)]


def _last_of(data: Any, vocabulary: Vocabulary) -> Change | None:
    if data is None:
        return None
    what, where, before = data
    if what == "fact":
        spot = spot_of(_text(where))
        fact = vocabulary.facts[spot[0]]
        if before is not None and before != UNKNOWN:
            before = read_value(fact, str(before).lower() if isinstance(before, bool) else str(before))
        return Change("fact", spot, before)
    if what in ("as_of", "known_at"):
        return Change(what, None, None if before is None else date.fromisoformat(before))
    if what in ("profile", "draft"):
        return Change(what, None, None if before is None else _text(before))
    raise damaged()


def _known(name: Any, vocabulary: Vocabulary) -> str:
    if name not in vocabulary.facts:
        raise damaged()
    return str(name)


def _text(value: Any) -> str:
    """A short text without controls."""
    if not isinstance(value, str) or len(value) > 2 * LONGEST_TITLE or not value.isprintable():
        raise damaged()
    return value
