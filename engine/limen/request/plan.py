"""The plan by which requests are read for one vocabulary: made once, so that reading one is a walk over short lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from limen.law.facts import bounds
from limen.law.problem import nearest
from limen.law.vocabulary import Fact, FactValue, Vocabulary
from limen.request.derivation import BLANK, Derivation, Derived, Written
from limen.request.derivations import DERIVATIONS
from limen.request.model import Recipient
from limen.request.paths import PathError, Place, reader_for

SILENCE = "silence"
"""The origin of a fact that the vocabulary reads out of a document that does not say it."""


class ItemRead(NamedTuple):
    """What was read of one item: its id, its facts, the origin of some of them, and what its author states outright."""

    id: str
    facts: dict[str, FactValue]
    special: dict[str, str]
    stated: Mapping[str, FactValue]


Notes = tuple[dict[str, FactValue], dict[str, str]]
"""Facts, and the origin of those that are not from their vocabulary's source."""

Reading = tuple[dict[str, FactValue], dict[str, str], list[ItemRead]]
"""The facts of a case, the origin of those that are not from their vocabulary's source, and the items."""

kind_of_recipient: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(
    *(name for name in Recipient.model_fields if name not in Recipient.personal)
)
"""Everything that is said of a recipient but who it is."""


class SourceError(Exception):
    """A vocabulary whose `source` does not fit the request. `problems` has one sentence for each fact."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("the vocabulary does not fit the request:", *problems)))

    def __reduce__(self) -> tuple[type[SourceError], tuple[tuple[str, ...]]]:
        return (SourceError, (self.problems,))


@dataclass(slots=True)
class SectionPlan:
    """The facts read straight from the fields of one section, as (fact, field, what is accepted, silence).

    `words` accept the members of a set (yes and no are words here), `days` what is a day; `silences` is what it means
    where there is nothing.
    """

    words: list[tuple[str, str, frozenset[object], FactValue | None]] = field(default_factory=list)
    days: list[tuple[str, str, FactValue | None]] = field(default_factory=list)
    silences: dict[str, FactValue] = field(default_factory=dict)


class Look(NamedTuple):
    """A fact that takes more than one look: how it is read, the part whose silence a blank is, where its path leads.

    `written` is how a derivation is read where reading is written out.
    """

    fact: Fact
    part: str | None
    read: Callable[..., Derived]
    place: Place | None = None
    written: Written | None = None


@dataclass(slots=True)
class Plan:
    """How one level (the case, or an item) is read.

    `sections` by name (`None`: the request or the item itself); `others` the facts that take more than one look;
    `recipients` those that depend on nothing but what kind of recipients there are; `sources` where each fact comes
    from, in words.
    """

    sections: dict[str | None, SectionPlan] = field(default_factory=dict)
    others: list[Look] = field(default_factory=list)
    recipients: list[tuple[Fact, Callable[..., Derived]]] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


def make_plans(vocabulary: Vocabulary) -> tuple[Plan, Plan]:
    """The plans for the case and for an item. Raises `SourceError` with every source that does not fit."""
    case, item = Plan(), Plan()
    problems: list[str] = []
    for fact in vocabulary.facts.values():
        try:
            _add(item if fact.per_item else case, fact)
        except PathError as problem:
            problems.append(f"`{fact.name}`: {problem}")
    if problems:
        raise SourceError(tuple(problems))
    return case, item


def _add(plan: Plan, fact: Fact) -> None:
    source = fact.source
    if source is None:
        return
    if source.derive is not None:
        derivation = _derivation(fact, source.derive)
        plan.sources[fact.name] = f"derivation {source.derive}"
        if derivation.of_recipients is not None:
            plan.recipients.append((fact, derivation.of_recipients))
        else:
            read = derivation.of_item or derivation.of_case or _never
            plan.others.append(Look(fact, derivation.part, read, written=derivation.written))
        return
    place, look = reader_for(fact, source)
    plan.sources[fact.name] = f"path {source.path}"
    if source.aggregate == "value" and source.equals is None and _add_direct(plan, fact, place):
        return
    if fact.per_item:
        plan.others.append(Look(fact, place.part, lambda given, item: look(item), place))
    elif place.steps[0] == "recipients" and not place.shape.personal:
        plan.recipients.append((fact, lambda recipients, asking: look(_Only(recipients))))
    else:
        plan.others.append(Look(fact, place.part, lambda given: look(given.request), place))


def _add_direct(plan: Plan, fact: Fact, place: Place) -> bool:
    """Plan a fact that is the value of one field of a section, if it is one."""
    if len(place.steps) > (1 if fact.per_item else 2):
        return False
    section = plan.sections.setdefault(place.steps[0] if len(place.steps) == 2 else None, SectionPlan())
    if fact.type == "enum":
        section.words.append((fact.name, place.steps[-1], frozenset(fact.values), fact.silence))
    elif fact.type == "bool" and place.shape.answer:
        section.words.append((fact.name, place.steps[-1], frozenset({True, False}), fact.silence))
    elif fact.type == "date" and place.shape.day:
        section.days.append((fact.name, place.steps[-1], fact.silence))
    else:
        return False
    if fact.silence is not None:
        section.silences[fact.name] = fact.silence
    return True


def _derivation(fact: Fact, name: str) -> Derivation:
    known = DERIVATIONS.get(name)
    if known is None:
        close = nearest(name, DERIVATIONS)
        there = "" if close is None else f"; did you mean `{close}`?"
        raise PathError(f"there is no derivation `{name}`{there}")
    if (known.of_item is not None) is not fact.per_item:
        raise PathError(f"the derivation `{name}` is about {'a case' if fact.per_item else 'an item'}")
    if known.type != fact.type:
        raise PathError(f"the derivation `{name}` gives {known.type}, and the fact is {fact.type}")
    if extra := set(known.values) - set(fact.values):
        raise PathError(f"the derivation `{name}` may give `{min(extra)}`, which the fact does not know")
    return known


class _Only:
    """A request of which nothing but the recipients can be seen."""

    __slots__ = ("recipients",)

    def __init__(self, recipients: tuple[Recipient, ...]) -> None:
        self.recipients = recipients


def _never(*_: object) -> Derived:
    return None


def accepts(fact: Fact, value: object) -> bool:
    """Whether a value read is one that the fact may have; a number out of its bounds is not known."""
    match fact.type:
        case "bool":
            return value is True or value is False
        case "enum":
            return isinstance(value, str) and value in fact.values
        case "int":
            low, high = bounds(fact)
            return type(value) is int and low <= value <= high
        case "date":
            return type(value) is date


def keep(fact: Fact, value: Derived, facts: dict[str, FactValue], special: dict[str, str]) -> None:
    """Keep a value read; a blank becomes what its silence means, if it means anything."""
    if value is None:
        return
    if value is BLANK:
        if fact.silence is not None:
            facts[fact.name] = fact.silence
            special[fact.name] = SILENCE
    elif accepts(fact, value):
        facts[fact.name] = value
