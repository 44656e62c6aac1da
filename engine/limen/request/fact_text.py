"""The facts of a case and where they came from, as canonical JSON text: what a ledger keeps of a characterisation.

Every fact has few values and few origins, so each pair of name and value is written once and found again by its value.
Facts that the vocabulary calls sensitive are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from limen.canonical import encode
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.characterise import Characterisation, Origins

_SMALL = 1000
"""Numbers below this are counts and days, and recur."""


class FactTexts(NamedTuple):
    """`facts` as `{"case": {...}, "items": {ID: {...}}}`, and `origin` as `{FACT: ORIGIN}` for those of the case.

    `own` is what of the facts is not the vocabulary's own words: the names of the items, the numbers and the days. Of
    the origins nothing is.
    """

    facts: str
    own: str
    origin: str


class FactText:
    """Writes the facts of one vocabulary. Holds nothing about any case but values that the vocabulary lists itself.

    The facts must be those of a characterisation: each of the kind that its fact has.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._told = {name: fact for name, fact in vocabulary.facts.items() if not fact.sensitive}
        self._all_told = len(self._told) == len(vocabulary.facts)
        self._open = [name for name, fact in sorted(self._told.items()) if fact.type in ("int", "date")]
        self._pairs = _Tables(self._told)
        self._sources: Mapping[str, str] | None = None
        self._by_source: dict[str, str] = {}
        self._specials: dict[tuple[str, str], str] = {}

    def write(self, seen: Characterisation) -> FactTexts:
        """The facts and their origins as text, each sorted by name."""
        facts = seen.facts.facts
        present = self._present(facts)
        case, left = self._level(present, facts)
        items, own = [], [left]
        for id, said in sorted([(one.id, one.facts) for one in seen.facts.items], key=itemgetter(0)):
            name = encode(id)
            text, left = self._level(self._present(said), said)
            items.append(f"{name}:{text}")
            own.append(name + left)
        whole = f'{{"case":{case},"items":{{{",".join(items)}}}}}'
        return FactTexts(whole, "\n".join(own), self._origin(present, seen.origin))

    def _origin(self, present: list[str], said: Mapping[str, str]) -> str:
        if not isinstance(said, Origins):
            return encode({name: origin for name, origin in said.items() if name in self._told})
        if self._sources is not said.sources:
            self._by_source = {name: _pair(name, said.sources[name]) for name in self._told if name in said.sources}
            self._sources = said.sources
        pairs = dict(zip(present, map(self._by_source.get, present), strict=True))
        for name, origin in said.special.items():
            if name in pairs:
                pairs[name] = self._special(name, origin)
        return f"{{{','.join(pairs.values())}}}"  # type: ignore[arg-type]

    def _special(self, name: str, origin: str) -> str:
        text = self._specials.get((name, origin))
        if text is None:
            text = self._specials[name, origin] = _pair(name, origin)
        return text

    def plainly(self, seen: Characterisation) -> dict[str, Any]:
        """The same two as JSON values under `facts` and `origin`: slow, and what the texts must equal."""
        level = self._level_plainly
        return {
            "facts": {"case": level(seen.facts.facts), "items": {one.id: level(one.facts) for one in seen.facts.items}},
            "origin": {name: origin for name, origin in seen.origin.items() if name in self._told},
        }

    def _present(self, facts: Mapping[str, Any]) -> list[str]:
        """The names that are in `facts` and may be told, sorted."""
        return sorted(facts) if self._all_told else sorted(filter(self._told.__contains__, facts))

    def _level(self, present: list[str], facts: Mapping[str, FactValue]) -> tuple[str, str]:
        """The text of some facts, and that of the numbers and days among them."""
        pairs = self._pairs
        try:
            text = f"{{{','.join([pairs[name][facts[name]] for name in present])}}}"
            return text, " ".join([pairs[name][facts[name]] for name in self._open if name in facts])
        except (KeyError, TypeError):
            # A value that the vocabulary does not know: whoever made the facts did not check them.
            text = encode(self._level_plainly(facts))
            return text, text

    def _level_plainly(self, facts: Mapping[str, FactValue]) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in facts.items()
            if name in self._told
        }


def _pair(name: str, value: object) -> str:
    return f"{encode(name)}:{encode(value)}"


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
