"""Books that are made without a file are what the loader makes of their files, varied, and small when shrunk."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from limen.law import BookError
from limen.law.book import Book
from limen.law.digest import book_digest
from limen.law.load.loader import load_files
from limen.law.node import Node
from limen.law.period import ALWAYS
from limen.law.tree import All, BoolFact, Compare, DaysBetween, Expr, Literal, facts_in, walk
from limen.testing import made_books, made_expressions, made_rules
from limen.testing.made_books import FACTS, as_raw_files, book_files, books
from limen.testing.made_files import documents_of
from limen.testing.made_forms import A_TEST, ANOTHER_TEST, Form, made
from sizes import tries

many = settings(max_examples=tries(150), deadline=None, suppress_health_check=list(HealthCheck))


def as_loaded(book: Book) -> Book:
    return load_files(as_raw_files(documents_of(book)))


def is_as_loaded(book: Book) -> bool:
    """Whether the loader accepts the files of `book` and makes that very book of them, everything in its order."""
    try:
        loaded = as_loaded(book)
    except BookError:
        return False
    return (
        (book, book.digest, list(book.nodes())) == (loaded, loaded.digest, list(loaded.nodes()))
        and [list(book.rules), list(book.readings)] == [list(loaded.rules), list(loaded.readings)]
        and list(book.profiles) == list(loaded.profiles)
    )


@many
@given(st.one_of(books(), books(max_gateways=1)))
def test_a_made_book_is_what_the_loader_makes_of_its_files(book: Book) -> None:
    assert is_as_loaded(book)


@settings(many, max_examples=tries(10))
@given(books(max_gateways=12))
def test_a_book_of_many_gateways_has_them_in_the_order_of_its_files(book: Book) -> None:
    assert is_as_loaded(book)


@settings(many, max_examples=tries(20))
@given(book_files())
def test_files_of_made_books_are_accepted_and_make_a_book_with_its_digest(documents: dict[str, Any]) -> None:
    book = load_files(as_raw_files(documents))
    assert book.digest == book_digest(book)
    assert documents_of(book) == documents


def always_dated(choices: Any, place: Any, of: Any, readings: Any, dated: bool) -> Any:
    return NODE(choices, place, of, readings, True)


NODE, BAR = made_rules._node, made_rules.bar
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "an element speaks of an item": (made_rules, "atoms", lambda items, names: made_expressions.atoms(True, names)),
    "nothing is left of a rule on some day": (made_rules, "_node", always_dated),
    "a bar stops itself": (made_books, "bar", lambda c, number, targets, of: BAR(c, number, [f"law.bar_{number}"], of)),
    "a reading is named that is not there": (made_books, "said", lambda address: made(f"{address}0")),
    "a part comes with the text of another": (
        made_rules,
        "_in_force",
        lambda choices: (choices.one_of(made_rules._PERIODS)[0], made(ALWAYS)[1]),
    ),
    "a parameter is not that of the files": (
        made_books,
        "parameters",
        lambda clock: made_rules.parameters(replace(clock, value=7)),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_making_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    assert any(not is_as_loaded(book) for book in drawn(books(), 100))


def test_a_form_refuses_a_part_that_is_not_in_the_whole_once_and_in_its_place() -> None:
    for make in (
        lambda one, other: All((one, one)),
        lambda one, other: All((one, other, one)),
        lambda one, other: All((other, one)),
    ):
        with pytest.raises(ValueError, match="once, in the order given"):
            Form(make, A_TEST, ANOTHER_TEST)
    whole, text = Form(lambda one, other: All((one, other)), A_TEST, ANOTHER_TEST)(
        made(BoolFact("a%s")), made(BoolFact("b"))
    )
    assert (whole, text) == made(All((BoolFact("a%s"), BoolFact("b"))))


def drawn(strategy: st.SearchStrategy[Book], number: int) -> list[Book]:
    found: list[Book] = []

    @settings(max_examples=number, database=None, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(strategy)
    def one(book: Book) -> None:
        found.append(book)

    one()
    return found


def expressions_in(book: Book) -> Iterator[Expr]:
    for node in book.nodes():
        if node.test is not None:
            yield from walk(node.test)


def kinds_of(book: Book) -> Iterator[object]:
    """All that is in a book and may be in it or not, by name."""
    for expr in expressions_in(book):
        yield type(expr)
        yield from (("fact", name) for name in facts_in(expr))
        if isinstance(expr, Compare):
            yield type(expr.term), expr.op, type(expr.value)
    for node in book.nodes():
        yield "node", node.op, len(node.children)
        yield "node in force", *(day is None for day in (node.in_force.start, node.in_force.until))
    yield from (("gateway", gateway.effect, gateway.in_force == ALWAYS) for gateway in book.gateways)
    yield from (("reading", reading.status) for reading in book.readings.values())
    yield from (("chosen", *profile.chooses.values()) for profile in book.profiles.values())
    yield from (("bar on", len(bar.overrides), target[:8]) for bar in book.bars for target in bar.overrides)
    yield "size", len(book.gateways), len(book.bars), len(book.readings)
    yield "general rule", *(book.prohibitions[0].applies_when.test,), book.prohibitions[0].forbids.test
    yield "clock", book.vocabulary.parameters["clock"][-1].value


def test_books_are_varied() -> None:
    """Among three hundred there are hardly two alike, and whatever may be in a book is in some of them."""
    some = drawn(books(), 300)
    assert len({book.digest for book in some}) >= 290
    seen = Counter(kind for book in some for kind in set(kinds_of(book)))
    names = {name for kind in seen if isinstance(kind, tuple) and kind[0] == "fact" for name in kind[1:]}
    assert names == set(FACTS)
    of_ops = {(op, parts) for op in ("all", "any", "none") for parts in (1, 2, 3)} | {("test", 0), ("reading", 0)}
    assert {kind[1:] for kind in seen if isinstance(kind, tuple) and kind[0] == "node"} == of_ops
    expected: dict[str, int] = {
        "node in force": 4, "gateway": 4, "reading": 2, "chosen": 7, "bar on": 4, "general rule": 9, "clock": 7,
    }  # fmt: skip
    for name, number in expected.items():
        assert sum(isinstance(kind, tuple) and kind[0] == name for kind in seen) == number, name
    compared = [kind for kind in seen if isinstance(kind, tuple) and len(kind) == 3 and isinstance(kind[0], type)]
    assert len(compared) == 6 * (3 + 2), (
        "each operator, of a number with a number, a day or a parameter, of a span with a number or a parameter"
    )
    assert sum(isinstance(kind, tuple) and kind[0] == "size" for kind in seen) >= 30, "of the 36 there may be"


def smallest(condition: Any) -> Book:
    quiet = settings(max_examples=2000, database=None, suppress_health_check=list(HealthCheck))
    return find(books(), condition, settings=quiet, random=Random(6103))


def test_a_bar_on_a_bar_shrinks_to_one_gateway_and_two_bars_that_can_be_read() -> None:
    book = smallest(lambda book: any(t.startswith("law.bar_") for bar in book.bars for t in bar.overrides))
    assert list(book.rules) == ["law.general", "law.bar_0", "law.bar_1", "law.gate_0"]
    assert [bar.overrides for bar in book.bars] == [("law.gate_0",), ("law.bar_0",)]
    assert not book.readings
    assert all(node.in_force == ALWAYS and node.op != "none" for node in book.nodes())
    assert sum(1 for _ in book.nodes()) <= 11
    assert all(isinstance(node.test, (Literal, BoolFact)) for node in book.nodes() if node.test is not None)


def test_a_span_of_days_in_a_ground_shrinks_to_a_book_of_little_else() -> None:
    def is_span(expr: Expr) -> bool:
        return isinstance(expr, Compare) and isinstance(expr.term, DaysBetween)

    def measures(node: Node) -> bool:
        return any(is_span(expr) for part in node.walk() if part.test is not None for expr in walk(part.test))

    book = smallest(lambda book: any(measures(ground) for ground in book.gateways[0].releases))
    assert len(book.gateways) == 1 and not book.readings
    assert sum(1 for _ in book.nodes()) <= 12
    assert sum(is_span(expr) for expr in expressions_in(book)) == 1


def test_two_readings_of_one_element_shrink_to_one_gateway() -> None:
    def reads(node: Node) -> int:
        return len({part.reading for part in node.walk()} - {None})

    book = smallest(lambda book: any(reads(node) == 2 for gateway in book.gateways for node in gateway.elements))
    assert list(book.rules) == ["law.general", "law.gate_0"]
    assert sum(1 for _ in book.nodes()) <= 16


def test_nothing_is_loaded_before_somebody_asks_where_something_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(files: object) -> Book:
        raise AssertionError("a draw loads nothing")

    with monkeypatch.context() as patched:
        patched.setattr(made_books, "load_files", refused)
        book = drawn(books(), 3)[-1]
        assert book.nodes() and book.digest in repr(book)
    assert book.locations["law.general"] == ("a.yaml", 2)
    assert dict(book.locations) == as_loaded(book).locations


def test_a_made_book_can_be_copied_sent_and_changed() -> None:
    for book in drawn(books(), 5):
        for other in (pickle.loads(pickle.dumps(book)), copy.deepcopy(book), replace(book, version=book.version)):
            assert other == book == as_loaded(book)
        assert type(pickle.loads(pickle.dumps(book)).locations) is dict
        changed = replace(book, version="2")
        assert changed != book and book_digest(changed) != book.digest


def test_no_two_books_share_what_can_be_changed() -> None:
    one, other = drawn(books(), 2)
    for part in ("rules", "readings", "profiles"):
        assert getattr(one, part) is not getattr(other, part)
    for part in ("facts", "definitions", "parameters"):
        assert getattr(one.vocabulary, part) is not getattr(other.vocabulary, part)
    assert one.profiles["first"].chooses is not other.profiles["first"].chooses
