"""Facts are strictly typed: nothing is converted, and every wrong statement is named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.strategies import SMALL_BOOK, as_raw_files

from limen.law.facts import CaseFacts, FactError, ItemFacts, check_facts, read_value
from limen.law.load.loader import load_files

VOCABULARY = load_files(as_raw_files(SMALL_BOOK)).vocabulary
DAY = date(2025, 4, 7)


def test_well_typed_facts_are_kept_as_they_are() -> None:
    case = {"request.in_writing": True, "requester.office": "head", "matter.days": 3, "request.made_on": DAY}
    assert check_facts(VOCABULARY, case, {"a": {"item.kind": "name"}}) == CaseFacts(
        case, (ItemFacts("a", {"item.kind": "name"}),)
    )


def test_unknown_is_left_out() -> None:
    assert check_facts(VOCABULARY, {"request.in_writing": None}, {}) == CaseFacts({}, ())


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("request.in_writing", 1),
        ("request.in_writing", "true"),
        ("requester.office", "Head"),
        ("requester.office", True),
        ("matter.days", True),
        ("matter.days", 3.0),
        ("matter.days", "3"),
        ("matter.days", 1001),
        ("request.made_on", "2025-04-07"),
        ("request.made_on", datetime(2025, 4, 7, 12)),
    ],
)
def test_nothing_is_converted(fact: str, value: Any) -> None:
    with pytest.raises(FactError) as caught:
        check_facts(VOCABULARY, {fact: value}, {})
    assert [problem.fact for problem in caught.value.problems] == [fact]


def test_every_problem_is_told_at_once_with_the_nearest_name() -> None:
    with pytest.raises(FactError) as caught:
        check_facts(
            VOCABULARY,
            {"request.in_writting": True, "requester.office": "haed", "item.kind": "name"},
            {"a": {"matter.days": 3, "item.filed": "no"}},
        )
    found = [(problem.fact, problem.item, problem.nearest) for problem in caught.value.problems]
    assert found == [
        ("request.in_writting", None, "request.in_writing"),
        ("requester.office", None, "head"),
        ("item.kind", None, None),
        ("matter.days", "a", None),
        ("item.filed", "a", None),
    ]
    assert "`item.filed` is true or false" in str(caught.value)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("request.in_writing", "true", True),
        ("request.in_writing", " false ", False),
        ("requester.office", "head", "head"),
        ("matter.days", "-12", -12),
        ("request.made_on", "2025-04-07", DAY),
        ("request.made_on", "unknown", None),
    ],
)
def test_a_value_can_be_read_from_text(fact: str, text: str, value: Any) -> None:
    assert read_value(VOCABULARY.facts[fact], text) == value


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("request.in_writing", "yes"),
        ("requester.office", "boss"),
        ("matter.days", "1_0"),
        ("matter.days", "٣"),
        ("matter.days", "9" * 30),
        ("request.made_on", "7 April 2025"),
        ("request.made_on", "2025-02-30"),
    ],
)
def test_text_that_is_no_value_is_refused(fact: str, text: str) -> None:
    with pytest.raises(FactError):
        read_value(VOCABULARY.facts[fact], text)
