"""The facts of a case and where they came from, as a ledger keeps them: by their places in a list that is kept once.

Which facts a vocabulary has, and the source of each, is one wording (`texts.py`): `{FACT: SOURCE, ...}`. A record then
says which of them are known and what they are, and which of them are from elsewhere than their source:

    {"=": NAME, "has": PLACES, "values": [...]}           the facts of the case, or of an item
    {"=": NAME, "but": {ORIGIN: PLACES}, "has": PLACES}   where those of the case came from

`listed.py` says what that means. Every fact has few values, so each is written once and found again. Facts that the
vocabulary calls sensitive are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from json.encoder import encode_basestring
from operator import attrgetter, getitem, itemgetter
from typing import Any

from limen.canonical import encode
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.ledger.listed import BUT, HAS, SIGN, VALUES, places
from limen.ledger.shared import Written, name_of
from limen.request.characterise import Characterisation, Origins

_SMALL = 1000
"""Numbers below this are counts and days, and recur."""

_REMEMBERED = 1000
"""So many sets of facts known together, and of their origins, are remembered: a form that many send gives a few."""


class FactText:
    """Writes the facts of one vocabulary. Safe to share between threads.

    Of any case it holds only which facts were known together and how each came to be known, and values that the
    vocabulary lists itself. The facts must be those of a characterisation: each of the kind that its fact has.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._told = {name: fact for name, fact in vocabulary.facts.items() if not fact.sensitive}
        self._listed = _Listed(self._told, {})

    def write(self, seen: Characterisation) -> tuple[Written, Written]:
        """The facts as `{"case": {...}, "items": {ID: {...}}}`, and the origin of those of the case.

        Not the vocabulary's own words are the names of the items, the numbers and the days; of the origins nothing is.
        """
        origin, facts = seen.origin, seen.facts
        listed = self._listed
        if origin.__class__ is Origins and listed.sources is not origin.sources:
            listed = self._listed = _Listed(self._told, origin.sources)
        shape = listed.shape(facts.facts)
        case, own = self._level(shape, facts.facts)
        items = []
        for one in facts.items if len(facts.items) < 2 else sorted(facts.items, key=attrgetter("id")):
            name = encode_basestring(one.id)
            text, left = self._level(listed.shape(one.facts), one.facts)
            items.append(f"{name}:{text}")
            own += f"\n{name} {left}"
        if origin.__class__ is Origins:
            came = listed.origin(shape, origin.special)
        else:
            came = encode({name: said for name, said in origin.items() if name in self._told})
        text = f'{{"case":{case},"items":{{{",".join(items)}}}}}'
        return Written(text, own, listed.wordings), Written(came, "", listed.wordings)

    def plainly(self, seen: Characterisation) -> dict[str, Any]:
        """The same two as JSON values under `facts` and `origin`: what a reader of the record gets."""
        level = self._level_plainly
        return {
            "facts": {"case": level(seen.facts.facts), "items": {one.id: level(one.facts) for one in seen.facts.items}},
            "origin": {name: origin for name, origin in seen.origin.items() if name in self._told},
        }

    def _level(self, shape: _Shape, facts: Mapping[str, FactValue]) -> tuple[str, str]:
        """The text of some facts, and that of the numbers and days among them."""
        try:
            texts = list(map(getitem, shape.tables, shape.values(facts)))
        except (KeyError, TypeError):
            # A value that the vocabulary does not know: whoever made the facts did not check them.
            text = encode(self._level_plainly(facts))
            return text, text
        return f"{shape.begun}{','.join(texts)}]}}", " ".join([texts[place] for place in shape.open])

    def _level_plainly(self, facts: Mapping[str, FactValue]) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in facts.items()
            if name in self._told
        }


class _Listed:
    """The facts of a vocabulary with their sources, as a wording; and the texts that speak of it."""

    def __init__(self, told: Mapping[str, Fact], sources: Mapping[str, str]) -> None:
        self.sources = sources
        names = sorted(told)
        text = encode({name: sources.get(name) for name in names})
        self._name = name_of(text)
        self.wordings = ((self._name, text),)
        self._places = {name: place for place, name in enumerate(names)}
        self._tables = _Tables(told)
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._origins: dict[tuple[object, ...], str] = {}

    def shape(self, facts: Mapping[str, Any]) -> _Shape:
        """What the text of facts of these names, in the order in which they were found, is made with."""
        key = tuple(facts)
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _REMEMBERED:
                self._shapes.clear()
            names = sorted(filter(self._places.__contains__, key))
            begun = f'{{"{SIGN}":"{self._name}","{HAS}":"{self._places_of(names)}","{VALUES}":['
            shape = self._shapes[key] = _Shape(names, begun, self._tables)
        return shape

    def origin(self, shape: _Shape, special: Mapping[str, str]) -> str:
        """The origins of facts of this shape, of which `special` are not from their own source."""
        key = (shape, *special, *special.values())
        text = self._origins.get(key)
        if text is None:
            elsewhere: dict[str, list[str]] = {}
            for name in shape.names:
                if name in special:
                    elsewhere.setdefault(special[name], []).append(name)
            but = {BUT: {origin: self._places_of(names) for origin, names in elsewhere.items()}} if elsewhere else {}
            text = encode({SIGN: self._name, HAS: self._places_of(shape.names), **but})
            if len(self._origins) >= _REMEMBERED:
                self._origins.clear()
            self._origins[key] = text
        return text

    def _places_of(self, names: Iterable[str]) -> str:
        return places(map(self._places.__getitem__, names))


class _Shape:
    """Which facts are known together: their names sorted, how their text begins, the tables of what their values read,
    where the open ones are among them."""

    __slots__ = ("begun", "names", "open", "tables", "values")

    def __init__(self, names: list[str], begun: str, tables: _Tables) -> None:
        self.names = names
        self.begun = begun
        self.tables = [tables[name] for name in names]
        self.open = [place for place, table in enumerate(self.tables) if isinstance(table, _Open)]
        self.values: Callable[[Mapping[str, Any]], Iterable[Any]] = (
            itemgetter(*names) if len(names) > 1 else lambda facts: [facts[name] for name in names]
        )


class _Tables(dict[str, dict[Any, str]]):
    """For each fact the text of each of its values, made when the fact is first met."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> dict[Any, str]:
        fact = self._facts[name]
        table: dict[Any, str]
        if fact.type == "bool":
            table = {True: "true", False: "false"}
        elif fact.type == "enum":
            table = {value: encode(value) for value in fact.values}
        else:
            table = _Open()
        return self.setdefault(name, table)


class _Open(dict[Any, str]):
    """The text of a value there are too many of to list; only small numbers are remembered."""

    def __missing__(self, value: object) -> str:
        if type(value) is int:
            text = str(value)
            if 0 <= value < _SMALL:
                self[value] = text
            return text
        if type(value) is date:
            return f'"{value.isoformat()}"'
        raise TypeError
