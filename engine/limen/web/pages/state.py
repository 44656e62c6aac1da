"""Everything of a case that the address bar holds: nothing about it is kept on the server.

A state is a value. Changing something makes another, which knows what was changed last: so the page can show the answer
before and after from the address alone, and take the change back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from limen.analyse.bench import Spot, get, put
from limen.law.book import Book
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.vocabulary import FactValue

UNKNOWN = "unknown"
"""The answer *I do not know*: no fact, and not the same as nobody having been asked."""

MOST_ITEMS, MOST_SNAPSHOTS, LONGEST_ITEM, LONGEST_NAME, LONGEST_TITLE = 20, 4, 80, 40, 120

Answer = FactValue | None
"""A value, `UNKNOWN`, or `None` where nobody was asked."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed last, and what it was before: a fact (of an item or of the case), or the question asked."""

    what: Literal["fact", "profile", "as_of", "known_at", "draft"]
    spot: Spot | None
    before: Answer


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case as it once stood, under a name."""

    name: str
    facts: CaseFacts
    unknown: frozenset[Spot]
    profile: str | None
    as_of: date
    known_at: date | None
    draft: str | None


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case and how it is asked.

    `book` is the digest of the book it was made with (the draft's effect included). `origin` says what it began from.
    `mine` are the facts stated here; `silent` those that follow from there being no such document. `pinned` facts stay
    as they are when it is asked what would have to change.
    """

    book: str
    facts: CaseFacts
    as_of: date
    profile: str | None = None
    known_at: date | None = None
    draft: str | None = None
    title: str = ""
    origin: str = ""
    unknown: frozenset[Spot] = frozenset()
    pinned: frozenset[str] = frozenset()
    mine: frozenset[Spot] = frozenset()
    silent: frozenset[Spot] = frozenset()
    last: Change | None = None
    snapshots: tuple[Snapshot, ...] = field(default=())

    def answer(self, spot: Spot) -> Answer:
        """What was answered at one spot."""
        value = get(self.facts, spot)
        return UNKNOWN if value is None and spot in self.unknown else value

    def answers(self) -> Mapping[Spot, Answer]:
        """Every answer given, *I do not know* included."""
        found: dict[Spot, Answer] = {(name, None): value for name, value in self.facts.facts.items()}
        for item in self.facts.items:
            found |= {(name, item.id): value for name, value in item.facts.items()}
        return {**found, **dict.fromkeys(self.unknown, UNKNOWN)}


def blank(book: Book, as_of: date, profile: str | None = None) -> CaseState:
    """A case of which nothing is stated but that one thing is asked for."""
    return CaseState(book.digest, CaseFacts({}, (ItemFacts("item-1", {}),)), as_of, profile)


def can_be_item(id: str) -> bool:
    """Whether an item of a case may be called `id`: it stands in addresses, behind an `@`."""
    return 0 < len(id) <= LONGEST_ITEM and "@" not in id and id.isprintable()


def answered(state: CaseState, spot: Spot, answer: Answer) -> CaseState:
    """The state with another answer at one spot."""
    before = state.answer(spot)
    facts = put(state.facts, {spot: None if answer == UNKNOWN else answer})
    unknown = state.unknown - {spot} | ({spot} if answer == UNKNOWN else frozenset())
    mine = state.mine - {spot} | ({spot} if answer is not None else frozenset())
    return replace(
        state, facts=facts, unknown=unknown, mine=mine, silent=state.silent - {spot}, last=Change("fact", spot, before)
    )


def asked(state: CaseState, *, profile: str | None, as_of: date, known_at: date | None, draft: str | None) -> CaseState:
    """The state asked otherwise; where several things change at once, the last of them is what can be taken back."""
    for what, now in (("known_at", known_at), ("draft", draft), ("as_of", as_of), ("profile", profile)):
        before = getattr(state, what)
        if now != before:
            state = replace(state, **{what: now}, last=Change(what, None, before))  # type: ignore[arg-type]
    return state


def before(state: CaseState) -> CaseState | None:
    """The state before the last change; `None` where there was none."""
    last = state.last
    if last is None:
        return None
    if last.what != "fact":
        return replace(state, **{last.what: last.before}, last=None)  # type: ignore[arg-type]
    if last.spot is None or not _has(state.facts, last.spot):
        return None
    earlier = answered(state, last.spot, last.before)
    return replace(earlier, last=None)


def _has(facts: CaseFacts, spot: Spot) -> bool:
    return spot[1] is None or any(item.id == spot[1] for item in facts.items)


def with_item(state: CaseState, kind: str | None) -> CaseState:
    """The state with one more item. Raises `ValueError` where there are too many."""
    if len(state.facts.items) >= MOST_ITEMS:
        raise ValueError(f"a case here has at most {MOST_ITEMS} items; save it and add more in the file")
    taken = {item.id for item in state.facts.items}
    stem = kind.replace("_", "-") if kind else "item"
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    item = ItemFacts(f"{stem}-{number}", {"item.kind": kind} if kind else {})
    mine = state.mine | ({("item.kind", item.id)} if kind else frozenset())
    return replace(state, facts=CaseFacts(state.facts.facts, (*state.facts.items, item)), mine=mine, last=None)


def without_item(state: CaseState, id: str) -> CaseState:
    """The state without one item; the last one stays."""
    left = tuple(item for item in state.facts.items if item.id != id)
    if not left:
        return state

    def kept(spots: frozenset[Spot]) -> frozenset[Spot]:
        return frozenset(spot for spot in spots if spot[1] != id)

    return replace(
        state, facts=CaseFacts(state.facts.facts, left), unknown=kept(state.unknown), mine=kept(state.mine),
        silent=kept(state.silent), last=None,
    )  # fmt: skip


def pinned(state: CaseState, fact: str) -> CaseState:
    """The state with a fact pinned, or no longer."""
    return replace(state, pinned=state.pinned ^ {fact})


def with_snapshot(state: CaseState, name: str) -> CaseState:
    """The state with a snapshot of itself under `name`, in place of another of that name.

    Raises `ValueError` for a name that cannot be one, and where there are too many.
    """
    name = "-".join("".join(one if one.isalnum() else " " for one in name.casefold()).split())[:LONGEST_NAME]
    if not name or not name.isascii():
        raise ValueError("name a snapshot with letters and digits")
    others = tuple(one for one in state.snapshots if one.name != name)
    if len(others) >= MOST_SNAPSHOTS:
        raise ValueError(f"there are {MOST_SNAPSHOTS} snapshots already; drop one first, or save the case to a file")
    made = Snapshot(
        name, state.facts, state.unknown, state.profile, state.as_of, state.known_at, state.draft
    )  # fmt: skip
    return replace(state, snapshots=(*others, made))


def without_snapshot(state: CaseState, name: str) -> CaseState:
    """The state without one snapshot."""
    return replace(state, snapshots=tuple(one for one in state.snapshots if one.name != name))


def at_snapshot(state: CaseState, name: str) -> CaseState:
    """The state as it stood at a snapshot; its snapshots and pins stay. Raises `KeyError`."""
    for one in state.snapshots:
        if one.name == name:
            return replace(
                state, facts=one.facts, unknown=one.unknown, profile=one.profile, as_of=one.as_of,
                known_at=one.known_at, draft=one.draft, last=None,
            )  # fmt: skip
    raise KeyError(name)
