"""From a request to facts: the only place where what an agency wrote is turned into what the rules speak about.

Every fact has one origin: the path or the derivation that its vocabulary names, the silence that it declares, or the
author, who stated it outright. What none of them gives is not known, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from limen.law.facts import CaseFacts, known_facts
from limen.law.vocabulary import FactValue, Vocabulary
from limen.request.batch import BatchContext
from limen.request.derivation import BLANK, Given
from limen.request.match import Match
from limen.request.model import Item, Request
from limen.request.plan import (
    SILENCE,
    ItemRead,
    Notes,
    Plan,
    Reading,
    SectionPlan,
    SourceError,
    keep,
    make_plans,
)
from limen.request.recipients import Recipients
from limen.request.stating import Stating
from limen.written_out import WrittenOut

if TYPE_CHECKING:
    from limen.request.compiled_reader import Read, ReadFacts

__all__ = ["Characterisation", "Characteriser", "Origins", "SourceError", "characterise"]


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


class Plans(NamedTuple):
    """All by which the requests of one vocabulary are read."""

    case: Plan
    item: Plan
    recipients: Recipients
    stating: Stating


class Characteriser:
    """Turns requests into the facts of one vocabulary. Thread safe and picklable; it keeps nothing about anybody.

    Raises `SourceError` when a `source` of the vocabulary does not fit the request.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        case, item = make_plans(vocabulary)
        self.plans = Plans(case, item, Recipients(case), Stating(vocabulary))
        # At first requests are read by walking the plans; once it pays, that is written out.
        self._written: WrittenOut[Read] = WrittenOut()
        self._facts_written: WrittenOut[ReadFacts] = WrittenOut()

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
            Origins(facts, self.plans.case.sources, special),
            {item.id: Origins(item.facts, self.plans.item.sources, item.special) for item in items},
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
        given = Given(request, match, batch, as_of)
        read = self._facts_written.form or self._facts_written.asked(self._write_facts)
        if read is not None:
            found = read(given, stated)
            if found is not None:
                return found
        facts, _, items = self._read(given, stated)
        return known_facts(facts, [item[:2] for item in items])

    def _read(self, given: Given, stated: Mapping[str, FactValue | None] | None) -> Reading:
        read = self._written.form or self._written.asked(self._write_reading)
        reading = self.read_plainly(given) if read is None else read(given)
        said = given.request.facts
        self.plans.stating.lay({**said, **stated} if stated else said, reading)
        return reading

    def _write_reading(self) -> Read:
        from limen.request.compiled_reader import make_read

        return make_read(self.plans)

    def _write_facts(self) -> ReadFacts:
        from limen.request.compiled_reader import make_read_facts

        return make_read_facts(self.plans)

    def read_plainly(self, given: Given) -> Reading:
        """What is read of a request, without what is stated outright: slow, and what the written form must equal."""
        request = given.request
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        top = request.__dict__
        for part, section in self.plans.case.sections.items():
            holder = request if part is None else top[part]
            if holder is None:
                if request.nothing_else is True:
                    facts.update(section.silences)
                    special.update(dict.fromkeys(section.silences, SILENCE))
            elif holder.__class__ is not str:
                _read(section, holder.__dict__, facts, special)
        about_recipients, silent = self.plans.recipients.look(request)
        facts.update(about_recipients)
        special.update(silent)
        for fact, part, read, *_ in self.plans.case.others:
            there = part is None or _is_there(part, given)
            if there is not None:
                keep(fact, read(given) if there else BLANK, facts, special)
        items = [ItemRead(item.id, *self._read_item(given, item), item.facts) for item in request.items]
        return facts, special, items

    def _read_item(self, given: Given, item: Item) -> Notes:
        facts: dict[str, FactValue] = {}
        special: dict[str, str] = {}
        for section in self.plans.item.sections.values():
            _read(section, item.__dict__, facts, special)
        for fact, part, read, *_ in self.plans.item.others:
            there = part is None or _is_there(part, given)
            if there is not None:
                keep(fact, read(given, item) if there else BLANK, facts, special)
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
