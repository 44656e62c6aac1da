"""Hypothesis strategies around a rule book: cases, requests, twins, books, registries and timelines.

    from hypothesis import given
    from limen.testing.strategies import facts

    @given(facts(near="usc.26.6103.c#in_time"))
    def test_our_service_minds_the_clock(case): ...

Every strategy takes `book`, `profile`, `as_of` and `under` as `limen.testing.Oracle` does. A case is one of the
directed cases with a few facts changed, so it costs a handful of choices; it shrinks to the first directed case that
fails, with as few changes as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from limen.law.book import Book
from limen.law.vocabulary import FactValue
from limen.testing.as_request import RequestWriter
from limen.testing.case import Case, Stated
from limen.testing.directed import Directed, Opening, Twin
from limen.testing.goals import Statements
from limen.testing.made_books import books
from limen.testing.made_registries import registries
from limen.testing.made_timelines import timelines
from limen.testing.oracle import Oracle

if TYPE_CHECKING:
    from limen.request.model import Request

__all__ = [
    "allowed",
    "books",
    "cases",
    "denied",
    "facts",
    "ill_typed_facts",
    "ill_typed_requests",
    "registries",
    "requests",
    "timelines",
    "twins",
]

AnyBook = Book | Path | str | None
Change = tuple[str, FactValue | None]
MOST_CHANGES = 4


def facts(
    near: str | None = None,
    *,
    book: AnyBook = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
) -> st.SearchStrategy[Case]:
    """Cases of one item, allowed or not; any fact may be missing. With `near`, those that what stands at this address
    decides: met, not met and missing, with each of its numbers and days at, below and above the bound."""
    kit = _kit(book, profile, as_of, under)
    if near is not None:
        return st.sampled_from(kit.near(near))
    return kit.changed(kit.all_cases, lambda case: True)


def allowed(
    *, book: AnyBook = None, profile: str | None = None, as_of: date | None = None, under: Sequence[str] = ()
) -> st.SearchStrategy[Case]:
    """Cases that the book allows; it shrinks to one in which no fact can be left out."""
    kit = _kit(book, profile, as_of, under)
    return kit.changed(kit.allowed_cases, lambda case: kit.oracle.verdict(case) == "allow")


def denied(
    by: str | None = None,
    *,
    book: AnyBook = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
) -> st.SearchStrategy[Case]:
    """Cases that the book denies whatever else is stated. With `by`, those in which what stands at this address is not
    met (for a bar: stands)."""
    kit = _kit(book, profile, as_of, under)
    if by is None:
        return kit.changed(kit.denied_cases, lambda case: kit.oracle.verdict(case) == "deny")
    expr, blocks = kit.oracle.place(by).expr, kit.oracle.place(by).role == "bar"

    def fits(case: Case) -> bool:
        from limen.decide.reference import truth

        return kit.oracle.verdict(case) == "deny" and truth(expr, case.stated) is blocks

    found = tuple(case for case in (*kit.near(by), *kit.denied_cases) if fits(case))
    if not found:
        raise NoSuchCase(f"no case is denied by `{by}` in the edition `{kit.oracle.edition.profile}`")
    return kit.changed(found, fits)


def twins(
    at: str | None = None,
    *,
    book: AnyBook = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
) -> st.SearchStrategy[Twin]:
    """Pairs of cases one fact apart, of which the book allows one; with `at`, those that turn on it."""
    from limen.testing.report import is_under

    found = [twin for twin in _kit(book, profile, as_of, under).twins if at is None or is_under(twin.address, at)]
    if not found:
        raise NoSuchCase(f"no twins turn on `{at}`")
    return st.sampled_from(found)


def requests(
    near: str | None = None,
    *,
    book: AnyBook = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
    most_items: int = 3,
) -> st.SearchStrategy[Request]:
    """Requests as an agency writes them, about nobody: what a case of `cases` states, in the fields it is read from."""
    from limen.request import Request

    write = RequestWriter(_kit(book, profile, as_of, under).oracle.edition.facts, as_text=False).write
    drawn = cases(near, book=book, profile=profile, as_of=as_of, under=under, most_items=most_items)
    return drawn.map(lambda case: Request.model_validate(write(case)))


def cases(
    near: str | None = None,
    *,
    book: AnyBook = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
    most_items: int = 3,
) -> st.SearchStrategy[Case]:
    """Cases that ask for several items at once, as `facts` draws them and with up to `most_items`.

    `Oracle.verdicts(case)` has the verdict on each: what is asked for beside an item never changes the verdict on it.
    It shrinks to one item.
    """
    kit = _kit(book, profile, as_of, under)
    one = facts(near, book=book, profile=profile, as_of=as_of, under=under)
    others = len(kit.items) + 1
    return st.builds(kit.with_more, one, st.integers(0, others ** (most_items - 1) - 1))


def ill_typed_facts(
    *, book: AnyBook = None, profile: str | None = None, as_of: date | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Cases (as mappings) with one statement that the vocabulary has no place for: a wrong type, value, name or level.
    A system has to refuse them, and must not fall over."""
    kit = _kit(book, profile, as_of, ())
    wrong = tuple(kit.ill_typed())
    return st.builds(
        lambda number, which: kit.stated_wrongly(kit.allowed_cases[number], *wrong[which]),
        st.integers(0, len(kit.allowed_cases) - 1),
        st.integers(0, len(wrong) - 1),
    )


def ill_typed_requests(
    *, book: AnyBook = None, profile: str | None = None, as_of: date | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Requests (as mappings) with one thing that no request may say: `limen.request.build_request` refuses each."""
    kit = _kit(book, profile, as_of, ())
    return st.builds(
        lambda case, wrong: {**kit.writer.write(case), wrong[0]: deepcopy(wrong[1])},
        st.sampled_from(kit.allowed_cases),
        st.sampled_from(_NO_REQUEST),
    )


_NO_REQUEST: tuple[tuple[str, Any], ...] = (
    ("items", []),
    *((key, "x") for key in ("signer", "requestor", "item")),
    *(("requester", {"in_writing": answer}) for answer in ("perhaps", 2, 1.0, [True])),
    *(("id", text) for text in ("", " ", None)),
)
"""A key of a request and what it may not hold."""

_WRONG: dict[str, list[Any]] = {
    "bool": ["true", 1, 0, "", "yes", date(2025, 4, 7)],
    "enum": ["", "no such value", True, 3, date(2025, 4, 7)],
    "int": ["90", 90.5, True, 10**12, date(2025, 4, 7)],
    "date": ["soon", 20250407, True],
}


class NoSuchCase(Exception):
    """No case of the kind that was asked for could be made."""


class _Kit:
    """What the strategies of one edition draw from, made once."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.directed = Directed(oracle)
        self._near: dict[str, tuple[Case, ...]] = {}
        self._twins: tuple[Twin, ...] | None = None

    # Each kind of case is made when a strategy first asks for it: refusals alone take seconds for a whole book.
    @cached_property
    def allowed_cases(self) -> tuple[Case, ...]:
        """The allowed cases, those in which no fact can be left out first."""
        return (*self.directed.smallest, *self._opened_cases)

    @cached_property
    def _opened_cases(self) -> tuple[Case, ...]:
        return self._cases_of(self.directed.openings)

    @cached_property
    def _refused_cases(self) -> tuple[Case, ...]:
        return self._cases_of(self.directed.refusals)

    @cached_property
    def denied_cases(self) -> tuple[Case, ...]:
        """The denied cases, some with no fact too many first."""
        whole = (*self._opened_cases, *self._refused_cases)
        small = tuple(self.directed.pruned(case) for case in whole[::7] if self.oracle.verdict(case) == "deny")
        return small + tuple(case for case in self._refused_cases if self.oracle.verdict(case) == "deny")

    @cached_property
    def all_cases(self) -> tuple[Case, ...]:
        """Every case, the emptiest first."""
        cases = (*self.denied_cases, *self._opened_cases, *self._refused_cases)
        return (Case({}, {}), *self.directed.smallest, *cases)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every way of stating one fact otherwise, and of leaving it out."""
        facts = self.oracle.facts_read
        return tuple((name, value) for name in facts for value in (None, *self.directed.values(name, {})))

    def _cases_of(self, openings: Sequence[Opening]) -> tuple[Case, ...]:
        return tuple(self.oracle.case(opening.stated) for opening in openings)

    @cached_property
    def writer(self) -> RequestWriter:
        """Writes cases as requests in a file say them."""
        return RequestWriter(self.oracle.edition.facts)

    @cached_property
    def items(self) -> tuple[Stated, ...]:
        """What is stated of the items of all cases, each once, the shortest first."""
        found = {frozenset(case.item.items()): case.item for case in self.all_cases}
        return tuple(sorted(found.values(), key=len))

    def with_more(self, case: Case, picked: int) -> Case:
        """`case` with the items that the digits of `picked` name asked for beside its own; zero names none."""
        more = []
        while picked:
            picked, digit = divmod(picked, len(self.items) + 1)
            if digit:
                more.append(self.items[digit - 1])
        return Case(case.facts, case.item, tuple(more))

    def ill_typed(self) -> Iterator[tuple[str, str, Any]]:
        """Every wrong statement: of which fact, what is wrong (value, name or level), and the value stated."""
        for fact in self.oracle.facts_read.values():
            right = self.directed.values(fact.name, {})
            yield from ((fact.name, "own", value) for value in _WRONG[fact.type])
            yield from ((fact.name, "renamed", value) for value in right)
            yield from ((fact.name, "other", value) for value in right)

    def stated_wrongly(self, case: Case, name: str, how: str, value: Any) -> dict[str, Any]:
        """`case` as a mapping, with one statement that does not fit."""
        told = case.as_mapping()
        item = next(iter(told["items"].values()))
        own, other = (item, told["facts"]) if self.oracle.facts_read[name].per_item else (told["facts"], item)
        (other if how == "other" else own)[f"{name}s" if how == "renamed" else name] = value
        return told

    def near(self, address: str) -> tuple[Case, ...]:
        if address not in self._near:
            found = sorted(self.directed.near(address), key=lambda case: len(case.stated))
            if not found:
                raise NoSuchCase(f"nothing turns on `{address}` in the edition `{self.oracle.edition.profile}`")
            self._near[address] = tuple(found)
        return self._near[address]

    @property
    def twins(self) -> tuple[Twin, ...]:
        if self._twins is None:
            self._twins = tuple(self.directed.twins())
        return self._twins

    def changed(self, cases: Sequence[Case], fits: Callable[[Case], bool]) -> st.SearchStrategy[Case]:
        """One of `cases` with a few changes, those left out after which it would no longer be one that `fits`."""
        if not cases:
            raise NoSuchCase(f"the edition `{self.oracle.edition.profile}` has no such case")
        # Two choices for a whole case: Hypothesis pays for each. The second holds the changes as digits, zero for none.
        return st.builds(
            lambda number, picked: self._with(cases[number], picked, fits),
            st.integers(0, len(cases) - 1),
            st.integers(0, (len(self.changes) + 1) ** MOST_CHANGES - 1),
        )

    def _with(self, case: Case, picked: int, fits: Callable[[Case], bool]) -> Case:
        while picked:
            picked, digit = divmod(picked, len(self.changes) + 1)
            if not digit:
                continue
            name, value = self.changes[digit - 1]
            stated: Statements = {other: old for other, old in case.stated.items() if other != name}
            tried = self.oracle.case(stated if value is None else {**stated, name: value})
            if fits(tried):
                case = tried
        return case


@lru_cache(maxsize=8)
def _shipped_kit(book: Path | str | None, profile: str | None, as_of: date | None, under: tuple[str, ...]) -> _Kit:
    return _Kit(Oracle(book, profile, as_of, under))


_KITS: dict[tuple[str, str | None, date | None, tuple[str, ...]], _Kit] = {}


def _kit(book: AnyBook, profile: str | None, as_of: date | None, under: Sequence[str]) -> _Kit:
    if not isinstance(book, Book):
        return _shipped_kit(book, profile, as_of, tuple(under))
    key = (book.digest, profile, as_of, tuple(under))
    if key not in _KITS:
        _KITS[key] = _Kit(Oracle(book, profile, as_of, under))
    return _KITS[key]
