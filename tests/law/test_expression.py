"""The test language: what it accepts, what it refuses and where, and that printing and parsing are inverse."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limen.law.expression import ExpressionError, parse, text_of
from limen.law.scope import Scope
from limen.law.tree import (
    COMPARISONS,
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact
from sizes import tries


def fact(name: str, kind: str, *values: str) -> Fact:
    return Fact(name=name, type=kind, ask=f"{name}?", source=None, values=values)  # type: ignore[arg-type]


FACTS = {
    each.name: each
    for each in (
        fact("request.in_writing", "bool"),
        fact("requester.office", "enum", "clerk", "head", "inspector"),
        fact("matter.days", "int"),
        fact("order.final_on", "date"),
        fact("request.made_on", "date"),
    )
}
SCOPE = Scope(FACTS, frozenset({"request.proper"}), {"clock": "int", "start": "date"})


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("request.in_writing", BoolFact("request.in_writing")),
        ("request.proper", Defined("request.proper")),
        ("true", Literal(True)),
        ("False", Literal(False)),
        ("requester.office == 'head'", Member("requester.office", ("head",))),
        ("requester.office != 'head'", Not(Member("requester.office", ("head",)))),
        ("requester.office in ['inspector', 'head']", Member("requester.office", ("head", "inspector"))),
        ("requester.office not in ('head',)", Not(Member("requester.office", ("head",)))),
        ("matter.days >= -3", Compare(Number("matter.days"), ">=", -3)),
        ("matter.days < param.clock", Compare(Number("matter.days"), "<", Parameter("clock"))),
        ("request.made_on == date('2025-04-07')", Compare(Number("request.made_on"), "==", date(2025, 4, 7))),
        ("request.made_on > param.start", Compare(Number("request.made_on"), ">", Parameter("start"))),
        (
            "days_between(order.final_on, request.made_on) > 90",
            Compare(DaysBetween("order.final_on", "request.made_on"), ">", 90),
        ),
        ("known(matter.days)", Known("matter.days")),
        (
            "not (request.in_writing or request.proper) and true",
            All((Not(AnyOf((BoolFact("request.in_writing"), Defined("request.proper")))), Literal(True))),
        ),
        (
            "  request.in_writing\n  and\n  request.proper",
            All((BoolFact("request.in_writing"), Defined("request.proper"))),
        ),
    ],
)
def test_a_test_is_read_as_its_tree(text: str, tree: Expr) -> None:
    assert parse(text, SCOPE) == tree


@pytest.mark.parametrize(
    ("text", "code", "column", "nearest"),
    [
        ("", "test-syntax", 1, None),
        ("request.in_writing and", "test-syntax", 22, None),
        ("a) or (b", "test-syntax", 2, None),
        ("request.in_writing # yes", "test-syntax", 20, None),
        ("request.in_wrıting", "test-syntax", 14, None),
        ("request.in_writting", "unknown-name", 1, "request.in_writing"),
        ("true and request.propper", "unknown-name", 10, "request.proper"),
        ("requester.office == 'haed'", "unknown-value", 21, "head"),
        ("requester.office in ['head', 'cleric']", "unknown-value", 30, "clerk"),
        ("matter.days > param.clok", "unknown-name", 15, "param.clock"),
        ("requester.office", "test-type", 1, None),
        ("matter.days", "test-type", 1, None),
        ("requester.office < 'head'", "test-type", 1, None),
        ("requester.office in 'head'", "test-type", 21, None),
        ("requester.office == head", "test-type", 21, None),
        ("request.in_writing == true", "test-type", 1, None),
        ("matter.days > '90'", "test-type", 15, None),
        ("matter.days > date('2025-04-07')", "test-type", 15, None),
        ("matter.days > 9999999999", "test-type", 15, None),
        ("matter.days in [1]", "test-type", 1, None),
        ("request.made_on > 90", "test-type", 19, None),
        ("request.made_on > order.final_on", "test-type", 19, None),
        ("request.made_on > date('2025-02-30')", "test-type", 19, None),
        ("days_between(matter.days, request.made_on) > 1", "test-type", 14, None),
        ("matter.days > param.start", "test-type", 15, None),
        ("known(request.proper)", "test-type", 7, None),
        ("90 < matter.days", "test-construct", 1, None),
        ("1 < matter.days < 3", "test-construct", 1, None),
        ("known()", "test-construct", 1, None),
        ("days_between(order.final_on, request.made_on)", "test-construct", 1, None),
        ("requester.office in ['head', 'head']", "test-construct", 21, None),
        ("__import__('os')", "test-construct", 1, None),
        ("(lambda: request.in_writing)()", "test-construct", 1, None),
        ("request.in_writing if true else false", "test-construct", 1, None),
        ("matter.days + 1 > 3", "test-construct", 1, None),
        ("request['in_writing']", "test-construct", 1, None),
        ("not " * 200 + "true", "test-syntax", None, None),
        ("(" * 150 + "true" + ")" * 150, None, None, None),
        ("(" * 300 + "true" + ")" * 300, "test-syntax", None, None),
        ("true and " * 500 + "true", "test-syntax", 1, None),
    ],
)
def test_what_is_no_test_is_refused_where_it_goes_wrong(
    text: str, code: str | None, column: int | None, nearest: str | None
) -> None:
    if code is None:
        parse(text, SCOPE)
        return
    with pytest.raises(ExpressionError) as caught:
        parse(text, SCOPE)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert column is None or fault.column == column
    assert fault.nearest == nearest
    assert not fault.message.endswith(".")
    assert fault.message[0].islower() or fault.message[0] in "`'"


def test_every_fault_of_a_test_is_found_at_once() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("request.in_writting and (matter.days > '1' or requester.office == 'boss')", SCOPE)
    assert [fault.code for fault in caught.value.faults] == ["unknown-name", "test-type", "unknown-value"]


def parsed_trees() -> st.SearchStrategy[Expr]:
    """Every tree that parsing can give: groups have two parts or more."""
    values = st.sets(st.sampled_from(FACTS["requester.office"].values), min_size=1).map(lambda v: tuple(sorted(v)))
    op = st.sampled_from(COMPARISONS)
    days = st.sampled_from(["order.final_on", "request.made_on"])
    counts = st.one_of(st.integers(-(10**9), 10**9), st.just(Parameter("clock")))
    dates = st.one_of(st.dates(), st.just(Parameter("start")))
    atoms = st.one_of(
        st.builds(Literal, st.booleans()),
        st.just(BoolFact("request.in_writing")),
        st.just(Defined("request.proper")),
        st.builds(Member, st.just("requester.office"), values),
        st.builds(Compare, st.just(Number("matter.days")), op, counts),
        st.builds(Compare, st.builds(Number, days), op, dates),
        st.builds(Compare, st.builds(DaysBetween, days, days), op, counts),
        st.builds(Known, st.sampled_from(sorted(FACTS))),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        ),
        max_leaves=12,
    )


@settings(max_examples=tries(400), deadline=None)
@given(parsed_trees())
def test_printing_and_parsing_are_inverse(tree: Expr) -> None:
    text = text_of(tree)
    assert parse(text, SCOPE) == tree
    assert text_of(parse(text, SCOPE)) == text


@settings(max_examples=tries(400), deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="()[]'\"=<>!,. notandrif0129_-param\\#\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text, SCOPE)
    except ExpressionError as error:
        assert error.faults
    else:
        assert parse(text_of(tree), SCOPE) == tree


class _Slow:
    """Garbage that takes its time, so that another thread gets its turn while a tree is made."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


def test_threads_that_read_tests_do_not_disturb_each_other() -> None:
    """Python up to 3.12 fails with `SystemError` when two threads make trees at once."""

    def read(number: int) -> Expr:
        for _ in range(5):
            _Slow()
        return parse(" or ".join(["(request.in_writing and not request.proper)"] * 12), SCOPE)

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(20)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(read, range(200)))) == 1
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
