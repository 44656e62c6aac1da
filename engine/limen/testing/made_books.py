"""Whole rule books made at random: small, readable, and equal to what the loader makes of their files.

Every book has a vocabulary of bool, enum, int and date facts, a definition or two, a parameter, readings with two
alternatives, gateways, bars and bars on bars. `books` makes them as the loader would leave them, without a file in
between, which takes a fiftieth of the time; `book_files` gives the files of the same books, for tests of a loader.
`tests/testing/test_made_books.py` shows that the one is what the loader makes of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

from hypothesis import strategies as st

from limen.law.book import Book
from limen.law.digest import book_text, text_digest
from limen.law.load.loader import load_files
from limen.law.rules import Bar
from limen.law.vocabulary import FactValue, Vocabulary
from limen.testing.made_choices import Choices
from limen.testing.made_expressions import (
    CASE_FACTS,
    DAYS,
    DEFINITIONS,
    FACTS,
    ITEM_FACTS,
    NUMBERS,
    atoms,
    expression,
)
from limen.testing.made_files import as_raw_files, documents_of, text_of_test, write_book
from limen.testing.made_forms import Form, Made, gap, said
from limen.testing.made_rules import (
    BAR,
    CITE,
    CLOCKS,
    DOCUMENT,
    GATE,
    GENERAL,
    OF_BAR,
    OF_DEFINITIONS,
    OF_GATEWAY,
    OF_READING,
    bar,
    gateway,
    parameters,
    profile,
    prohibition,
    proper,
    qualifies,
    reading,
    reading_address,
)

__all__ = [
    "CASE_FACTS",
    "CITE",
    "DAYS",
    "DOCUMENT",
    "ITEM_FACTS",
    "NUMBERS",
    "as_raw_files",
    "book_files",
    "books",
    "expression_texts",
    "write_book",
]

_READINGS, _BARS = 2, 3
"""The most there are in a book."""
_PROFILES = ("first", "second")
_NOWHERE: Mapping[str, tuple[str, int]] = {}
_OF_OUTLINE, _OF_SILENCES = 10, 8


@st.composite
def books(draw: st.DrawFn, max_gateways: int = 3) -> Book:
    """A small book, equal to the one that the loader makes of its files. It shrinks to few and plain rules."""
    return _book(draw(_bytes(_size(max_gateways))), max_gateways)


@st.composite
def book_files(draw: st.DrawFn, silence: bool = False, max_gateways: int = 3) -> dict[str, dict[str, Any]]:
    """The documents of a small book by file name.

    With `silence`, facts get silences without regard to what they do, so that the loader may refuse the book.
    """
    size = _size(max_gateways)
    told = draw(_bytes(size + (_OF_SILENCES if silence else 0)))
    book = _book(told[:size], max_gateways)
    return documents_of(_with_silences(book, Choices(told[size:])) if silence else book)


@st.composite
def expression_texts(draw: st.DrawFn, items: bool = False, names: tuple[str, ...] = DEFINITIONS) -> str:
    """The text of a test; with `items` it may speak of the item, and of the definitions `names`."""
    test, _ = expression(Choices(draw(st.binary(max_size=OF_DEFINITIONS))), atoms(items, names))
    return text_of_test(test)


@cache
def _bytes(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


def _size(max_gateways: int) -> int:
    return _OF_OUTLINE + OF_DEFINITIONS + _READINGS * OF_READING + _BARS * OF_BAR + max_gateways * OF_GATEWAY


def _book(told: bytes, max_gateways: int) -> Book:
    """The book that these bytes choose."""
    choices = Choices(told)
    outline, of_definitions = choices.part(_OF_OUTLINE), choices.part(OF_DEFINITIONS)
    of_readings, of_bars = choices.part(_READINGS * OF_READING), choices.part(_BARS * OF_BAR)
    numbers = range(outline.one_of(range(_READINGS + 1)))
    readings = [reading(of_readings.part(OF_READING), number) for number in numbers]
    addresses = [said(reading_address(number)) for number in numbers]
    numbers = range(outline.one_of(range(1, max_gateways + 1)))
    gateways = [gateway(choices.part(OF_GATEWAY), number, addresses) for number in numbers]
    bars: list[Made[Bar]] = []
    for number in range(outline.one_of(range(_BARS + 1))):
        targets = [*(rule.address for rule, _ in gateways), *(rule.address for rule, _ in bars)]
        bars.append(bar(of_bars.part(OF_BAR), number, targets, addresses))
    of_proper = proper(of_definitions)
    parts: list[Made[Any]] = [
        *[profile(outline, id, addresses) for id in _PROFILES],
        *readings,
        *bars,
        *sorted(gateways, key=lambda made: made[0].address),
        prohibition(outline),
        qualifies(of_definitions),
        of_proper,
        outline.one_of(CLOCKS),
    ]
    form = _form(len(readings), len(bars), len(gateways))
    digest, locations = text_digest(form.text(*parts)), _Locations(told, max_gateways)
    return form.make(*[part for part, _ in parts], digest=digest, locations=locations)


@cache
def _form(readings: int, bars: int, gateways: int) -> Form[Book]:
    """A book of so many readings, bars and gateways, its parts in the order of the canonical text."""
    of_readings = [reading_address(number) for number in range(readings)]
    of_bars, of_gateways = ([f"{kind}{n}" for n in range(many)] for kind, many in ((BAR, bars), (GATE, gateways)))
    of_gateways.sort()
    names = (_PROFILES, of_readings, of_bars, of_gateways)

    def make(*parts: Any, digest: str = "", locations: Mapping[str, tuple[str, int]] = _NOWHERE) -> Book:
        given = iter(parts)
        profiles, readings, bars, gateways = [{name: next(given) for name in group} for group in names]
        general, meaning, request, clock = given
        vocabulary = Vocabulary(dict(FACTS), dict(zip(DEFINITIONS, (request, meaning), strict=True)), parameters(clock))
        rules = {GENERAL: general, **bars, **gateways}
        return Book("small", "1", digest, vocabulary, rules, readings, profiles, locations, "A small book")

    parts = [name for group in (*names, (GENERAL, *DEFINITIONS, "clock")) for name in group]
    return Form(make, *[gap(f"\0 {name}") for name in parts], write=book_text)


class _Locations(Mapping[str, tuple[str, int]]):
    """File and line of each address, as the book would be written. They are looked up when first asked for."""

    def __init__(self, told: bytes, max_gateways: int) -> None:
        self._of = told, max_gateways

    @cached_property
    def _found(self) -> Mapping[str, tuple[str, int]]:
        return load_files(as_raw_files(documents_of(_book(*self._of)))).locations

    def __getitem__(self, address: str) -> tuple[str, int]:
        return self._found[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, _Locations) and self._of == other._of) or super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<looked up when asked for>"  # what fails in a book may be the looking up

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self._found),)


def _with_silences(book: Book, choices: Choices) -> Book:
    """`book` with a silence for a fact or two, without regard to what they do. Its digest is that of `book`."""
    facts = dict(book.vocabulary.facts)
    for name in choices.some_of(list(facts), 2):
        fact = facts[name]
        meanings: dict[str, tuple[FactValue, ...]] = {"bool": (False, True), "enum": fact.values, "int": (0,)}
        silence: FactValue | None = choices.one_of((*meanings.get(fact.type, ()), None))
        facts[name] = replace(fact, silence=silence)
    return replace(book, vocabulary=replace(book.vocabulary, facts=facts))
