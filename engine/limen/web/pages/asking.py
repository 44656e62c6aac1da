"""What the pages What if, Compare and Readings show: questions put to the analysis, laid out for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from limen.analyse.compare import MOST_COLUMNS, Column, Comparison, compare
from limen.analyse.hinges import ItemHinges
from limen.analyse.whatif import Change, Flip, Flips, whatif
from limen.decide.decision import Decision
from limen.exports.words import HANDS, value_words
from limen.law.book import Book
from limen.law.vocabulary import Fact
from limen.web.pages.state import CaseState, answered
from limen.web.pages.workroom import Workroom

WHATIF_SECONDS, LONGER, HINGE_SECONDS = 1.8, 10.0, 0.9
"""How long it is looked for sets of facts, for more of them, and for combinations of readings."""
MOST_FLIPS = 40


@dataclass(frozen=True, slots=True)
class FlipView:
    """One minimal set of changes in words, and the case as it would then be."""

    flip: Flip
    changes: tuple[tuple[str, str, str, str], ...]
    tried: CaseState


@dataclass(frozen=True, slots=True)
class ItemFlips:
    """Every set found for one item, those in the hands of whoever asks apart."""

    flips: Flips
    in_hand: tuple[FlipView, ...]
    others: tuple[FlipView, ...]


def flips_of(room: Workroom, state: CaseState, seconds: float = WHATIF_SECONDS) -> tuple[Flips, ...]:
    """Every minimal set for every item, pinned facts left as they are."""
    bench = room.bench(state)
    each = seconds / max(1, min(len(state.facts.items), 4))
    key = (
        "whatif", room.book(state.draft).digest, state.profile, state.as_of, state.known_at, state.pinned,
        frozenset(state.facts.facts.items()),
        tuple((one.id, frozenset(one.facts.items())) for one in state.facts.items), each,
    )  # fmt: skip
    return room.kept(
        key,
        lambda: tuple(
            whatif(bench, state.facts, index, state.pinned, each, MOST_FLIPS) for index in range(len(state.facts.items))
        ),
    )


def flip_views(book: Book, state: CaseState, found: Sequence[Flips]) -> list[ItemFlips]:
    """The sets in words."""
    return [
        ItemFlips(
            flips,
            tuple(_flip(book, state, flip) for flip in flips.in_hand),
            tuple(_flip(book, state, flip) for flip in flips.others),
        )
        for flips in found
    ]


def _flip(book: Book, state: CaseState, flip: Flip) -> FlipView:
    tried = state
    words = []
    for change in flip.changes:
        tried = answered(tried, (change.fact, change.item), change.after[0])
        words.append(_change(book.vocabulary.facts[change.fact], change))
    return FlipView(flip, tuple(words), tried)


def _change(fact: Fact, change: Change) -> tuple[str, str, str, str]:
    """The question, what it is now, what it would have to be, and in whose hand that is."""
    after = " or ".join(value_words(fact, value) for value in change.after)
    return fact.ask, value_words(fact, change.before), after, HANDS[change.hand]


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: what makes it differ from the case, and the state it asks."""

    key: str
    title: str
    state: CaseState
    profile: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Columns side by side; `baseline` is the one the others are held to."""

    columns: tuple[Asked, ...]
    comparison: Comparison
    baseline: int


class ColumnError(ValueError):
    """A column that cannot be asked."""


def compared(room: Workroom, state: CaseState, keys: Sequence[str], baseline: int) -> Compared:
    """The case beside itself asked otherwise: `KIND:VALUE` each, the case itself first.

    Without any, the profiles that answer otherwise stand beside it. Raises `ColumnError`, `EditionError`.
    """
    decision = room.decide(state)
    wanted = list(dict.fromkeys(keys))[: MOST_COLUMNS - 1] or _suggested(room, state, decision)
    columns = [Asked("", "this case", state, state.profile or decision.basis)]
    for key in wanted:
        columns.append(_column(room, state, key))
    asked = [
        Column(one.title, room.book(one.state.draft), one.profile, one.state.as_of, one.state.facts) for one in columns
    ]
    return Compared(tuple(columns), compare(asked), min(max(baseline, 0), len(columns) - 1))


def _suggested(room: Workroom, state: CaseState, decision: Decision) -> list[str]:
    """The profiles whose answer is another one, as far as there is room; else snapshots, else the next profile."""
    panel = decision if decision.profiles else room.decide(state, profile=None)
    own = state.profile or decision.basis
    answers = {one.profile: tuple(sorted(one.verdicts.items())) for one in panel.profiles}
    differing: dict[object, str] = {}
    for profile, verdicts in answers.items():
        if verdicts != answers.get(own):
            differing.setdefault(verdicts, f"profile:{profile}")
    found = [*differing.values(), *(f"snapshot:{one.name}" for one in state.snapshots)]
    return found[: MOST_COLUMNS - 1] or [f"profile:{name}" for name in answers if name != own][:1]


def _column(room: Workroom, state: CaseState, key: str) -> Asked:
    kind, _, value = key.partition(":")
    if kind == "profile" and value in room.book(state.draft).profiles:
        other = replace(state, profile=value)
        return Asked(key, value, other, value)
    if kind == "as_of":
        try:
            other = replace(state, as_of=date.fromisoformat(value))
        except ValueError:
            raise ColumnError("a day is written year-month-day") from None
        return Asked(key, f"law of {value}", other, state.profile or room.decide(other).basis)
    if kind == "draft":
        other = replace(state, draft=value or None)
        title = f"draft {value}" if value else "the book as it is"
        return Asked(key, title, other, state.profile or room.decide(other).basis)
    if kind == "snapshot":
        for one in state.snapshots:
            if one.name == value:
                other = replace(
                    state, facts=one.facts, unknown=one.unknown, profile=one.profile, as_of=one.as_of,
                    known_at=one.known_at, draft=one.draft,
                )  # fmt: skip
                return Asked(key, f"snapshot {value}", other, one.profile or room.decide(other).basis)
    raise ColumnError(f"there is no {kind or 'column'} of that name")


def column_choices(room: Workroom, state: CaseState) -> Iterator[tuple[str, str]]:
    """What can be put beside the case."""
    for name in room.book(state.draft).profiles:
        yield f"profile:{name}", f"profile {name}"
    for one in state.snapshots:
        yield f"snapshot:{one.name}", f"snapshot {one.name}"
    if state.draft:
        yield "draft:", "the book as it is"
    for name in room.drafts.names():
        if name != state.draft:
            yield f"draft:{name}", f"draft {name}"


@dataclass(frozen=True, slots=True)
class Read:
    """What each item's answer hinges on, from the choices of one profile."""

    basis: str
    items: tuple[ItemHinges, ...]
    choices: Mapping[str, str]
    panel: Decision


def read_all(room: Workroom, state: CaseState) -> Read:
    """The answer under every combination of readings. Raises `EditionError`."""
    book = room.book(state.draft)
    panel = room.decide(state, profile=None)
    basis = state.profile or panel.basis
    choices = book.profiles[basis].chooses
    hinges = room.hinges(book, state.as_of)
    return Read(basis, hinges.of(state.facts, choices, HINGE_SECONDS), choices, panel)


def sense(book: Book, reading: str, id: str) -> str:
    """What an alternative of a reading says."""
    found = book.readings.get(reading)
    return next((one.label for one in found.alternatives if one.id == id), id) if found is not None else id
