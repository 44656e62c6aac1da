"""The twin of a case: the same case with as little changed as changes the answer, shown after the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from limen.law.facts import CaseFacts
from limen.law.vocabulary import FactValue, Vocabulary
from limen.training.cases import Cases, TrainingCase
from limen.training.course import Course, Question
from limen.training.documents import item_name, said
from limen.training.key import Answer, Key, KeyMaker
from limen.training.load import CourseError

FARTHEST = 8
"""Facts that may differ between twins. The registry's side of one change is several facts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that differs, in words; `None` where it is not known."""

    fact: str
    ask: str
    here: str | None
    there: str | None


@dataclass(frozen=True, slots=True)
class ToldTwin:
    """A twin as it is told: what differs, and what it is answered."""

    title: str
    story: str
    differences: tuple[Difference, ...]
    verdicts: tuple[tuple[str, Answer], ...]
    teaches: str


def twin_of(cases: Cases, maker: KeyMaker, course: Course, question: Question, key: Key) -> ToldTwin | None:
    """The twin a course names, or the nearest variant in the same scenario file that is answered otherwise."""
    here = cases.of(question)
    if question.twin is not None:
        there = cases.twin(question, question.twin)
        return _told(cases.book.vocabulary, here, there, maker.key(course, question.id, there))
    if question.scenario is None:
        return None
    near = []
    for scenario in cases.family(here.told):
        try:
            there = cases.told(scenario)
        except CourseError:
            continue
        apart = differences(cases.book.vocabulary, here.facts, there.facts)
        if 0 < len(apart) <= FARTHEST:
            near.append((len(apart), scenario.scenario, there))
    for _, _, there in sorted(near, key=lambda one: one[:2]):
        try:
            other = maker.key(course, question.id, there)
        except CourseError:
            continue
        if {i.item: i.verdict for i in other.items} != {i.item: i.verdict for i in key.items}:
            return _told(cases.book.vocabulary, here, there, other)
    return None


def differences(vocabulary: Vocabulary, here: CaseFacts, there: CaseFacts) -> tuple[Difference, ...]:
    """The facts that two cases state differently."""
    return tuple(_apart(vocabulary, here, there))


def _apart(vocabulary: Vocabulary, here: CaseFacts, there: CaseFacts) -> Iterator[Difference]:
    def words(name: str, value: FactValue | None) -> str | None:
        return None if value is None else said(vocabulary.facts[name], value)

    for name in sorted({*here.facts, *there.facts}):
        one, other = here.facts.get(name), there.facts.get(name)
        if one != other:
            yield Difference(name, vocabulary.facts[name].ask, words(name, one), words(name, other))
    theirs = {item.id: item.facts for item in there.items}
    for item in here.items:
        own = theirs.get(item.id, {})
        for name in sorted({*item.facts, *own}):
            one, other = item.facts.get(name), own.get(name)
            if one != other:
                ask = f"{item_name(item.id)}: {vocabulary.facts[name].ask}"
                yield Difference(name, ask, words(name, one), words(name, other))


def _told(vocabulary: Vocabulary, here: TrainingCase, there: TrainingCase, key: Key) -> ToldTwin:
    return ToldTwin(
        title=there.title,
        story=there.story,
        differences=differences(vocabulary, here.facts, there.facts),
        verdicts=tuple((item_name(item.item), item.verdict) for item in key.items),
        teaches=there.teaches,
    )
