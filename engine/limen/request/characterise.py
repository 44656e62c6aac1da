"""From a request to facts: the only place where what an agency wrote is turned into what the rules speak about.

Every fact has one origin: the path or the derivation that its vocabulary names, the silence that it declares, or the
author, who stated it outright. What none of them gives is not known, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from limen.law.facts import CaseFacts, ItemFacts, check_facts
from limen.law.problem import nearest
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.batch import BatchContext
from limen.request.derivation import BLANK, Derived, Given
from limen.request.derivations import DERIVATIONS
from limen.request.match import Match
from limen.request.model import Item, Request
from limen.request.paths import PathError, reader_for

UNKNOWN = "unknown"
SILENCE = "silence"
STATED = "stated"


class SourceError(Exception):
    """A vocabulary whose `source` does not fit the request. `problems` has one sentence for each fact."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("the vocabulary does not fit the request:", *problems)))


class Origins(Mapping[str, str]):
    """Where each fact came from: `path P`, `derivation D`, `silence` or `stated`."""

    __slots__ = ("_facts", "_sources", "_special")

    def __init__(self, facts: Mapping[str, FactValue], sources: Mapping[str, str], special: Mapping[str, str]) -> None:
        self._facts, self._sources, self._special = facts, sources, special

    def __getitem__(self, fact: str) -> str:
        if fact not in self._facts:
            raise KeyError(fact)
        return self._special.get(fact) or self._sources[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


@dataclass(frozen=True, slots=True)
class Characterisation:
    """The facts of a case, and the origin of each; `item_origin` by item id."""

    facts: CaseFacts
    origin: Mapping[str, str]
    item_origin: Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class _Section:
    """The facts read straight from the fields of one section: (fact, field, values accepted, silence)."""

    words: list[tuple[str, str, frozenset[object], FactValue | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """How one level (the case, or an item) is read. Made once for a vocabulary."""

    sections: dict[str | None, _Section] = field(default_factory=dict)
    others: list[tuple[Fact, str | None, Callable[..., Derived]]] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


class Characteriser:
    """Turns requests into the facts of one vocabulary. Thread safe and picklable; it keeps nothing between requests.

    Raises `SourceError` when a `source` of the vocabulary does not fit the request.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        problems: list[str] = []
        self._case, self._item = _Plan(), _Plan()
        for fact in vocabulary.facts.values():
            try:
                _add(self._item if fact.per_item else self._case, fact)
            except PathError as problem:
                problems.append(f"`{fact.name}`: {problem}")
        if problems:
            raise SourceError(tuple(problems))

    def __reduce__(self) -> tuple[type[Characteriser], tuple[Vocabulary]]:
        return (Characteriser, (self.vocabulary,))

    def characterise(
        self,
        request: Request,
        match: Match | None = None,
        *,
        as_of: date,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue | None] | None = None,
    ) -> Characterisation:
        """The facts that `request` gives, with what cross-reference and the batch add.

        `stated` facts, then those the request states, win over everything read; `unknown` (or `None`) takes a fact
        away. Raises `limen.law.FactError` when a stated fact is not in the vocabulary or its value does not fit.
        """
        given = Given(request, match, batch, as_of)
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        top = request.__dict__
        for part, section in self._case.sections.items():
            holder = request if part is None else top[part]
            if holder is not None and holder.__class__ is not str:
                _read(section, holder, facts, special)
        for fact, part, read in self._case.others:
            value = read(given)
            if value is BLANK:
                if fact.silence is not None and _is_there(part, given):
                    facts[fact.name] = fact.silence
                    special[fact.name] = SILENCE
            elif value is not None and _fits(fact, value):
                facts[fact.name] = value
        items = [self._read_item(given, item) for item in request.items]
        if stated or request.facts or any(item.facts for item in request.items):
            self._state(request, stated or {}, facts, special, items)
        return Characterisation(
            CaseFacts(facts, tuple([ItemFacts(id, found) for id, found, _ in items])),
            Origins(facts, self._case.sources, special),
            {id: Origins(found, self._item.sources, own) for id, found, own in items},
        )

    def _read_item(self, given: Given, item: Item) -> tuple[str, dict[str, FactValue], dict[str, str]]:
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        for section in self._item.sections.values():
            _read(section, item, facts, special)
        for fact, part, read in self._item.others:
            value = read(given, item)
            if value is BLANK:
                if fact.silence is not None and _is_there(part, given):
                    facts[fact.name] = fact.silence
                    special[fact.name] = SILENCE
            elif value is not None and _fits(fact, value):
                facts[fact.name] = value
        return item.id, facts, special

    def _state(
        self,
        request: Request,
        stated: Mapping[str, FactValue | None],
        facts: dict[str, FactValue],
        special: dict[str, str],
        items: list[tuple[str, dict[str, FactValue], dict[str, str]]],
    ) -> None:
        """Let what the author states win over what was read, once it is checked."""
        of_case = _with_none({**request.facts, **stated})
        of_items = {item.id: _with_none(item.facts) for item in request.items}
        check_facts(self.vocabulary, of_case, of_items)
        _overlay(of_case, facts, special)
        for id, found, own in items:
            _overlay(of_items[id], found, own)


def characterise(
    request: Request,
    match: Match | None,
    vocabulary: Vocabulary,
    as_of: date,
    batch: BatchContext | None = None,
    stated: Mapping[str, FactValue | None] | None = None,
) -> Characterisation:
    """The facts of one request; for many, make a `Characteriser` once. See `Characteriser.characterise`."""
    return Characteriser(vocabulary).characterise(request, match, as_of=as_of, batch=batch, stated=stated)


def _add(plan: _Plan, fact: Fact) -> None:
    source = fact.source
    if source is None:
        return
    if source.derive is not None:
        plan.others.append((fact, *_derivation(fact, source.derive)))
        plan.sources[fact.name] = f"derivation {source.derive}"
        return
    place, read = reader_for(fact, source)
    plan.sources[fact.name] = f"path {source.path}"
    in_part = place.steps[:-1] == (() if place.part is None else (place.part,))
    in_core = len(place.steps) == 2 and place.part is None and not fact.per_item
    plain = source.aggregate == "value" and source.equals is None
    if plain and (in_part or in_core) and (fact.type == "enum" or (fact.type == "bool" and place.shape.answer)):
        accepted: frozenset[object] = frozenset(fact.values) if fact.type == "enum" else frozenset({True, False})
        section = plan.sections.setdefault(place.steps[0] if len(place.steps) == 2 else None, _Section())
        section.words.append((fact.name, place.steps[-1], accepted, fact.silence))
    elif fact.per_item:
        plan.others.append((fact, place.part, lambda given, item: read(item)))
    else:
        plan.others.append((fact, place.part, lambda given: read(given.request)))


def _derivation(fact: Fact, name: str) -> tuple[str | None, Callable[..., Derived]]:
    known = DERIVATIONS.get(name)
    if known is None:
        close = nearest(name, DERIVATIONS)
        there = "" if close is None else f"; did you mean `{close}`?"
        raise PathError(f"there is no derivation `{name}`{there}")
    function = known.of_item if fact.per_item else known.of_case
    if function is None:
        raise PathError(f"the derivation `{name}` is about {'a case' if fact.per_item else 'an item'}")
    if known.type != fact.type:
        raise PathError(f"the derivation `{name}` gives {known.type}, and the fact is {fact.type}")
    if extra := set(known.values) - set(fact.values):
        raise PathError(f"the derivation `{name}` may give `{min(extra)}`, which the fact does not know")
    return known.part, function


def _read(section: _Section, holder: Any, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    values = holder.__dict__
    for name, place, accepted, silence in section.words:
        value = values[place]
        if value is None:
            if silence is not None:
                facts[name] = silence
                special[name] = SILENCE
        elif value in accepted:
            facts[name] = value


def _is_there(part: str | None, given: Given) -> bool:
    """Whether the document that a silence would be the silence of is in front of us."""
    if part is None:
        return True
    if part == "match":
        return given.match is not None
    if part == "batch":
        return given.batch is not None
    section = getattr(given.request, part)
    return section is not None and section != UNKNOWN


def _fits(fact: Fact, value: object) -> bool:
    """Whether a value read is one that the fact may have; a number out of its bounds is not known."""
    if fact.type == "enum":
        return value in fact.values
    if fact.type == "int":
        low, high = fact.minimum, fact.maximum
        return isinstance(value, int) and (low is None or value >= low) and (high is None or value <= high)
    return True


def _with_none(said: Mapping[str, FactValue | None]) -> dict[str, FactValue | None]:
    """What was said, with `None` for what was said to be unknown."""
    return {name: None if value == UNKNOWN else value for name, value in said.items()}


def _overlay(said: Mapping[str, FactValue | None], facts: dict[str, FactValue], special: dict[str, str]) -> None:
    for name, value in said.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
            special[name] = STATED
