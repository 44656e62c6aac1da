"""The facts of a case and where they came from, as canonical JSON text: what a ledger keeps of a characterisation.

Every fact has few values and few origins, so each pair of name and value is written once and found again by its value.
Facts that the vocabulary calls sensitive are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from json.encoder import encode_basestring
from operator import getitem, itemgetter
from typing import Any, NamedTuple

from limen.canonical import encode
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.characterise import Characterisation, Origins

_SMALL = 1000
"""Numbers below this are counts and days, and recur."""

_REMEMBERED = 1000
"""So many sets of facts known together, and of their origins, are remembered: a form that many send gives a few."""


class FactTexts(NamedTuple):
    """`facts` as `{"case": {...}, "items": {ID: {...}}}`, and `origin` as `{FACT: ORIGIN}` for those of the case.

    `own` is what of the facts is not the vocabulary's own words: the names of the items, the numbers and the days. Of
    the origins nothing is.
    """

    facts: str
    own: str
    origin: str


class FactText:
    """Writes the facts of one vocabulary. Safe to share between threads.

    Of any case it holds only which facts were known together and how each came to be known, and values that the
    vocabulary lists itself. The facts must be those of a characterisation: each of the kind that its fact has.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._told = {name: fact for name, fact in vocabulary.facts.items() if not fact.sensitive}
        self._pairs = _Tables(self._told)
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._origins = _OriginTexts(self._told, {})

    def write(self, seen: Characterisation) -> FactTexts:
        """The facts and their origins as text, each sorted by name."""
        facts = seen.facts.facts
        shape = self._shape(facts)
        case, left = self._level(shape, facts)
        items, own = [], [left]
        for id, said in sorted([(one.id, one.facts) for one in seen.facts.items], key=itemgetter(0)):
            name = encode_basestring(id)
            text, left = self._level(self._shape(said), said)
            items.append(f"{name}:{text}")
            own.append(name + left)
        whole = f'{{"case":{case},"items":{{{",".join(items)}}}}}'
        return FactTexts(whole, "\n".join(own), self._origin(shape, seen.origin))

    def _origin(self, shape: _Shape, said: Mapping[str, str]) -> str:
        if not isinstance(said, Origins):
            return encode({name: origin for name, origin in said.items() if name in self._told})
        origins = self._origins
        if origins.sources is not said.sources:
            origins = self._origins = _OriginTexts(self._told, said.sources)
        return origins.of(shape, said.special)

    def plainly(self, seen: Characterisation) -> dict[str, Any]:
        """The same two as JSON values under `facts` and `origin`: slow, and what the texts must equal."""
        level = self._level_plainly
        return {
            "facts": {"case": level(seen.facts.facts), "items": {one.id: level(one.facts) for one in seen.facts.items}},
            "origin": {name: origin for name, origin in seen.origin.items() if name in self._told},
        }

    def _shape(self, facts: Mapping[str, Any]) -> _Shape:
        """What the text of facts of these names, in the order in which they were found, is made with."""
        key = tuple(facts)
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _REMEMBERED:
                self._shapes.clear()
            shape = self._shapes[key] = _Shape(sorted(filter(self._told.__contains__, key)), self._pairs)
        return shape

    def _level(self, shape: _Shape, facts: Mapping[str, FactValue]) -> tuple[str, str]:
        """The text of some facts, and that of the numbers and days among them."""
        try:
            texts = list(map(getitem, shape.tables, shape.values(facts)))
        except (KeyError, TypeError):
            # A value that the vocabulary does not know: whoever made the facts did not check them.
            text = encode(self._level_plainly(facts))
            return text, text
        return f"{{{','.join(texts)}}}", " ".join([texts[place] for place in shape.open])

    def _level_plainly(self, facts: Mapping[str, FactValue]) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in facts.items()
            if name in self._told
        }


def _pair(name: str, value: object) -> str:
    return f"{encode(name)}:{encode(value)}"


class _Shape:
    """Which facts are known together: their names sorted, the tables of what their values read, where the open ones
    are among them."""

    __slots__ = ("names", "open", "tables", "values")

    def __init__(self, names: list[str], pairs: _Tables) -> None:
        self.names = names
        self.tables = [pairs[name] for name in names]
        self.open = [place for place, table in enumerate(self.tables) if isinstance(table, _Open)]
        self.values: Callable[[Mapping[str, Any]], Iterable[Any]] = (
            itemgetter(*names) if len(names) > 1 else lambda facts: [facts[name] for name in names]
        )


class _OriginTexts:
    """The origins of facts as text, for the sources of one vocabulary."""

    def __init__(self, told: Mapping[str, Fact], sources: Mapping[str, str]) -> None:
        self.sources = sources
        self._by_source = {name: _pair(name, sources[name]) for name in told if name in sources}
        self._known: dict[tuple[object, ...], str] = {}

    def of(self, shape: _Shape, special: Mapping[str, str]) -> str:
        """The text for facts of this shape, of which `special` are not from their own source."""
        key = (shape, *special, *special.values())
        text = self._known.get(key)
        if text is None:
            pairs = dict(zip(shape.names, map(self._by_source.get, shape.names), strict=True))
            pairs.update({name: _pair(name, origin) for name, origin in special.items() if name in pairs})
            text = f"{{{','.join(pairs.values())}}}"  # type: ignore[arg-type]
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = text
        return text


class _Tables(dict[str, dict[Any, str]]):
    """For each fact the text of each of its values, made when the fact is first met."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> dict[Any, str]:
        fact = self._facts[name]
        table: dict[Any, str]
        if fact.type == "bool":
            table = {value: _pair(name, value) for value in (True, False)}
        elif fact.type == "enum":
            table = {value: _pair(name, value) for value in fact.values}
        else:
            table = _Open(f"{encode(name)}:")
        return self.setdefault(name, table)


class _Open(dict[Any, str]):
    """The text of a value there are too many of to list; only small numbers are remembered."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, value: object) -> str:
        if type(value) is int:
            text = f"{self._key}{value}"
            if 0 <= value < _SMALL:
                self[value] = text
            return text
        if type(value) is date:
            return f'{self._key}"{value.isoformat()}"'
        raise TypeError
