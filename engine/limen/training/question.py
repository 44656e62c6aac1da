"""What is put to a trainee: words, documents, and the choices of each step. Nothing in it says which choice is right.

Choices are drawn from the provisions that the case is about, the right ones among others, in an order that depends only
on the paper's seed. This is all that a trainee's browser or terminal is given before an answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.rules import Duty
from limen.law.tree import facts_in
from limen.training.cases import TrainingCase
from limen.training.documents import Document, documents, item_name, said
from limen.training.key import Key

Choice = TypeVar("Choice")
Sort = Literal["gateway", "point", "bar", "reading"]

MOST_RIGHT: Final = 5
"""Right choices of one sort that are offered; the others are wrong."""
CHOICES: Final = 8
"""Choices of one sort for one provision, as far as there are so many: the number tells nothing."""
MOST_GROUNDS: Final = 3
"""Grounds that may be marked for one item."""
SORTS: Final[Mapping[str, tuple[Sort, ...]]] = {
    "release": ("gateway",), "withhold": ("point", "bar"), "more_needed": ("point", "bar"),
    "readings_differ": ("reading",),
}  # fmt: skip
"""What can carry each verdict: what opens, what stands in the way or is not known, or words that are read apart."""


@dataclass(frozen=True, slots=True)
class GroundChoice:
    """A point that a verdict may rest on. `provision` is the title it is listed under."""

    address: str
    label: str
    citation: str
    provision: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """A fact that may be asked for, or a duty that may follow; `name` is the fact's name or the duty's address."""

    name: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item asked for."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """One question as a trainee sees it."""

    id: str
    title: str
    role: str
    story: str
    day: str
    documents: tuple[Document, ...]
    items: tuple[AskedItem, ...]
    grounds: tuple[GroundChoice, ...]
    missing: tuple[NamedChoice, ...]
    duties: tuple[NamedChoice, ...]

    def grounds_for(self, answer: str) -> tuple[GroundChoice, ...]:
        """The grounds that can carry a verdict."""
        return tuple(choice for choice in self.grounds if choice.sort in SORTS[answer])


def put_question(book: Book, edition: Edition, id: str, case: TrainingCase, key: Key, seed: str) -> PutQuestion:
    """The question as it is put on the paper with this `seed`. `edition` is one the case is decided under."""
    from limen.law.english import day

    dice = random.Random(f"{seed}/{id}")
    gateways = _gateways(book, edition, case, key, dice)
    return PutQuestion(
        id=id,
        title=case.title,
        role=case.role,
        story=case.story,
        day=day(case.as_of),
        documents=documents(book, case),
        items=tuple(_items(book, case)),
        grounds=tuple(_grounds(book, edition, gateways, key, dice)),
        missing=tuple(_missing(book, edition, gateways, case, key, dice)),
        duties=tuple(_duties(edition, gateways, key, dice)),
    )


def _items(book: Book, case: TrainingCase) -> Iterator[AskedItem]:
    for item in case.facts.items:
        kind = item.facts.get("item.kind")
        words = said(book.vocabulary.facts["item.kind"], kind) if kind is not None else ""
        yield AskedItem(item.id, item_name(item.id), words)


def _gateways(book: Book, edition: Edition, case: TrainingCase, key: Key, dice: random.Random) -> list[int]:
    """The gateways the question is about, as their numbers in the edition: those that answer, those named, one more."""
    numbers = {gateway.rule.address: number for number, gateway in enumerate(edition.gateways)}
    named = [provision.partition("#")[0].partition("/")[0] for provision in case.provisions]
    wanted = dict.fromkeys([*(item.gateway for item in key.items if item.gateway), *named])
    found = [numbers[address] for address in wanted if address in numbers][:3]
    others = [number for number in numbers.values() if number not in found]
    near = sorted(others, key=lambda number: min((abs(number - one) for one in found), default=0))[:4]
    for _ in range(max(1, 2 - len(found))):
        if near:
            found.append(near.pop(dice.randrange(len(near))))
    return sorted(found)


def _grounds(
    book: Book, edition: Edition, gateways: Sequence[int], key: Key, dice: random.Random
) -> Iterator[GroundChoice]:
    right = frozenset().union(
        *(item.grounds for item in key.items), *(view.grounds[i.item] for view in key.views.values() for i in key.items)
    )
    bars: dict[int, None] = {}
    for number in gateways:
        gateway = edition.gateways[number]
        rule = gateway.rule
        yield GroundChoice(
            rule.address, f"{rule.title}: everything it asks for is there", rule.cite.text, rule.title, "gateway"
        )  # fmt: skip
        points = [edition.case_points[i] for i in gateway.elements] + [edition.item_points[i] for i in gateway.grounds]
        for point in _mixed(points, lambda point: point.address in right, dice):
            cite = point.node.cite or rule.cite
            yield GroundChoice(point.address, point.node.label or point.node.id, cite.text, rule.title, "point")
        bars |= dict.fromkeys(gateway.bars)
    for index in _mixed(list(bars), lambda index: edition.bars[index].rule.address in right, dice, size=5):
        bar = edition.bars[index].rule
        yield GroundChoice(bar.address, bar.title, bar.cite.text, "Bars", "bar")
    heads = tuple(edition.gateways[number].rule.address for number in gateways)
    near = [one for one in book.readings.values() if one.address in right or one.address.startswith(heads)]
    far = [one for one in book.readings.values() if one not in near]
    for reading in _mixed([*near, *dice.sample(far, min(3, len(far)))], lambda one: one.address in right, dice):
        label = f"the words “{reading.words}”"
        yield GroundChoice(reading.address, label, reading.question, "Words that are read in several ways", "reading")


def _missing(
    book: Book, edition: Edition, gateways: Sequence[int], case: TrainingCase, key: Key, dice: random.Random
) -> Iterator[NamedChoice]:
    right = {one.fact for one in key.missing}
    right |= frozenset().union(*(view.missing for view in key.views.values()))
    read: dict[str, None] = {}
    for number in gateways[:2]:
        for index in edition.gateways[number].elements:
            read |= dict.fromkeys(sorted(facts_in(edition.case_points[index].expr)))
    names = [name for name in dict.fromkeys([*sorted(right), *read]) if _can_be_asked(edition, name)]
    for name in _mixed(names, lambda name: name in right, dice):
        yield NamedChoice(name, book.vocabulary.facts[name].ask)


def _can_be_asked(edition: Edition, name: str) -> bool:
    return name in edition.facts and not name.startswith(("batch.", "item."))


def _duties(edition: Edition, gateways: Sequence[int], key: Key, dice: random.Random) -> Iterator[NamedChoice]:
    """Duties that come with a release, and some that do not; where nothing is released none of them is right."""
    right = {duty.address for duty in key.duties}
    right |= frozenset().union(*(view.duties for view in key.views.values()))
    all_duties: dict[str, Duty] = {}
    for gateway in edition.gateways:
        all_duties |= {duty.address: duty for duty in gateway.duties}
    near = [duty for number in gateways for duty in edition.gateways[number].duties]
    chosen: dict[str, Duty] = {}
    own = [duty for duty in near if duty.address in right]
    first = _of_the_gateway(own, edition, gateways)
    for duty in [*first[:2], *dice.sample(own, min(3, len(own)))][:3]:
        chosen[duty.address] = duty
    wrong = [duty for duty in all_duties.values() if duty.address not in right and "record_request" not in duty.id]
    for duty in dice.sample(wrong, min(6 - len(chosen), len(wrong))):
        chosen[duty.address] = duty
    listed = list(chosen.values())
    dice.shuffle(listed)
    for duty in listed:
        yield NamedChoice(duty.address, duty.duty, f"{duty.who[:1].upper()}{duty.who[1:]}, {duty.cite.text}")


def _of_the_gateway(duties: Iterable[Duty], edition: Edition, gateways: Sequence[int]) -> list[Duty]:
    heads = tuple(f"{edition.gateways[number].rule.address}#" for number in gateways)
    return [duty for duty in duties if duty.address.startswith(heads)]


def _mixed(
    choices: Sequence[Choice], is_right: Callable[[Choice], bool], dice: random.Random, size: int = CHOICES
) -> list[Choice]:
    """`size` of `choices`, the right ones among others, in the order they were in."""
    right = [one for one in choices if is_right(one)]
    wrong = [one for one in choices if not is_right(one)]
    kept = dice.sample(right, min(MOST_RIGHT, size - 1, len(right)))
    kept += dice.sample(wrong, min(size - len(kept), len(wrong)))
    return [one for one in choices if one in kept]
