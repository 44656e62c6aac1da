"""From a request to facts: the only place where what an agency wrote is turned into what the rules speak about.

Every fact has one origin: the path or the derivation that its vocabulary names, the silence that it declares, or the
author, who stated it outright. What none of them gives is not known, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from limen.law.facts import CaseFacts, known_facts
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.batch import BatchContext
from limen.request.derivation import BLANK, Derived, Given
from limen.request.match import Match
from limen.request.model import Item, Request
from limen.request.plan import (
    SILENCE,
    ItemRead,
    Notes,
    Reading,
    SectionPlan,
    SourceError,
    accepts,
    kind_of_recipient,
    make_plans,
)
from limen.request.stating import Stating

if TYPE_CHECKING:
    from limen.request.compiled_reader import Read

__all__ = ["Characterisation", "Characteriser", "Origins", "SourceError", "characterise"]

MAX_KINDS = 4096
"""Kinds of recipients remembered at a time; a batch has a handful."""

PLAIN = 8
"""So many requests are read by walking the plan; from then on it pays to have it written out."""


class Origins(Mapping[str, str]):
    """Where each fact came from: `path P`, `derivation D`, `silence` or `stated`."""

    __slots__ = ("facts", "sources", "special")

    def __init__(self, facts: Mapping[str, FactValue], sources: Mapping[str, str], special: Mapping[str, str]) -> None:
        self.facts, self.sources, self.special = facts, sources, special

    def __getitem__(self, fact: str) -> str:
        if fact not in self.facts:
            raise KeyError(fact)
        return self.special.get(fact) or self.sources[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class Characterisation:
    """The facts of a case, and the origin of each; `item_origin` by item id."""

    facts: CaseFacts
    origin: Mapping[str, str]
    item_origin: Mapping[str, Mapping[str, str]]


class Characteriser:
    """Turns requests into the facts of one vocabulary. Thread safe and picklable; it keeps nothing about anybody.

    Raises `SourceError` when a `source` of the vocabulary does not fit the request.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._case, self._item = make_plans(vocabulary)
        self._of_recipients: dict[tuple[Any, ...], Notes] = {}
        self._stating = Stating(vocabulary)
        self._asked = 0
        self._written: Read | None = None

    def __reduce__(self) -> tuple[type[Characteriser], tuple[Vocabulary]]:
        """Facts are all that characterising needs of a vocabulary."""
        facts = {
            name: replace(fact, labels=None if fact.labels is None else dict(fact.labels))
            for name, fact in self.vocabulary.facts.items()
        }
        return (Characteriser, (Vocabulary(facts, {}, {}),))

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
        facts, special, items = self._read(Given(request, match, batch, as_of), stated)
        return Characterisation(
            known_facts(facts, [item[:2] for item in items]),
            Origins(facts, self._case.sources, special),
            {item.id: Origins(item.facts, self._item.sources, item.special) for item in items},
        )

    def facts(
        self,
        request: Request,
        match: Match | None = None,
        *,
        as_of: date,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue | None] | None = None,
    ) -> CaseFacts:
        """The facts that `characterise` gives, where nobody asks for their origin."""
        facts, _, items = self._read(Given(request, match, batch, as_of), stated)
        return known_facts(facts, [item[:2] for item in items])

    def _read(self, given: Given, stated: Mapping[str, FactValue | None] | None) -> Reading:
        read = self._written
        reading = self._until_it_pays(given) if read is None else read(given)
        said = given.request.facts
        self._stating.lay({**said, **stated} if stated else said, reading)
        return reading

    def _until_it_pays(self, given: Given) -> Reading:
        """Read plainly at first; then have it written out."""
        if self._asked < PLAIN:
            # Threads that meet here may count one short, or write it twice: what they write is equal.
            self._asked += 1
            return self.read_plainly(given)
        from limen.request.compiled_reader import make_read

        self._written = make_read(self._case, self._item, self._recipients)
        return self._written(given)

    def read_plainly(self, given: Given) -> Reading:
        """What is read of a request, without what is stated outright: slow, and what the written form must equal."""
        request = given.request
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        top = request.__dict__
        for part, section in self._case.sections.items():
            holder = request if part is None else top[part]
            if holder is None:
                if request.nothing_else is True:
                    facts.update(section.silences)
                    special.update(dict.fromkeys(section.silences, SILENCE))
            elif holder.__class__ is not str:
                _read(section, holder.__dict__, facts, special)
        about_recipients, silent = self._recipients(request)
        facts.update(about_recipients)
        special.update(silent)
        for fact, part, read, _ in self._case.others:
            there = part is None or _is_there(part, given)
            if there is not None:
                _keep(fact, read(given) if there else BLANK, facts, special)
        items = [ItemRead(item.id, *self._read_item(given, item), item.facts) for item in request.items]
        return facts, special, items

    def _recipients(self, request: Request) -> Notes:
        """What can be said of the recipients, from memory where recipients of the same kinds were seen before."""
        asking = request.requester.agency
        kinds = (asking, *[kind_of_recipient(recipient.__dict__) for recipient in request.recipients])
        known = self._of_recipients.get(kinds)
        if known is None:
            known = ({}, {})
            for fact, read in self._case.recipients:
                _keep(fact, read(request.recipients, asking), *known)
            if len(self._of_recipients) >= MAX_KINDS:
                self._of_recipients.clear()
            self._of_recipients[kinds] = known
        return known

    def _read_item(self, given: Given, item: Item) -> Notes:
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        for section in self._item.sections.values():
            _read(section, item.__dict__, facts, special)
        for fact, part, read, _ in self._item.others:
            there = part is None or _is_there(part, given)
            if there is not None:
                _keep(fact, read(given, item) if there else BLANK, facts, special)
        return facts, special


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


def _read(
    section: SectionPlan, values: Mapping[str, Any], facts: dict[str, FactValue], special: dict[str, str]
) -> None:
    for name, place, accepted, silence in section.words:
        value = values[place]
        if value is None:
            if silence is not None:
                facts[name] = silence
                special[name] = SILENCE
        elif isinstance(value, bool | str) and value in accepted:
            facts[name] = value
    for name, place, silence in section.days:
        value = values[place]
        if value is None:
            if silence is not None:
                facts[name] = silence
                special[name] = SILENCE
        elif value.__class__ is date:
            facts[name] = value


def _keep(fact: Fact, value: Derived, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    """Keep a value read; a blank becomes what its silence means, if it means anything."""
    if value is None:
        return
    if value is BLANK:
        if fact.silence is not None:
            facts[fact.name] = fact.silence
            special[fact.name] = SILENCE
    elif accepts(fact, value):
        facts[fact.name] = value


def _is_there(part: str, given: Given) -> bool | None:
    """Whether the document that a part of the request is, is in front of us; `None` if that is not known.

    `False` only where the request says that there is nothing but what it holds.
    """
    if part == "match":
        return True if given.match is not None else None
    if part == "batch":
        return True if given.batch is not None else None
    section = given.request.__dict__[part]
    if section is None:
        return False if given.request.nothing_else is True else None
    return None if section.__class__ is str else True
