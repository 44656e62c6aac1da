"""Hypothesis strategies for whole rule books, editions and cases: small, readable, and as the real loader makes them.

    @given(st.data(), editions())
    def test_...(data, edition):
        facts = data.draw(case_facts(edition))

Every book has a vocabulary of bool, enum, int and date facts, a definition or two, a parameter, readings with two
alternatives, gateways, bars and bars on bars. `book_files` gives the files themselves, for tests of the loader.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from limen.law.edition import Edition
from limen.law.facts import CaseFacts, check_facts
from limen.law.making import make_edition
from limen.law.vocabulary import Fact, FactValue
from limen.testing.made_books import (
    CASE_FACTS,
    CITE,
    DAYS,
    DOCUMENT,
    ITEM_FACTS,
    NUMBERS,
    as_raw_files,
    book_files,
    books,
    expression_texts,
    write_book,
)

SMALL_BOOK: dict[str, dict[str, Any]] = {
    "book.yaml": {"kind": "book", "book": "small", "version": "1", "title": "A small book"},
    "vocabulary.yaml": {
        "kind": "vocabulary",
        "vocabulary": "law",
        "facts": CASE_FACTS,
        "item_facts": ITEM_FACTS,
        "definitions": {"request.proper": {"label": "a proper request", "test": "request.in_writing"}},
        "parameters": {"clock": [{"value": 90, "cite": CITE}]},
    },
    "a.yaml": {
        "kind": "prohibition",
        "rule": "law.general",
        "title": "Returns are confidential",
        "cite": CITE,
        "applies_when": {"test": "true"},
        "forbids": {"test": "true"},
        "says": "Nobody may disclose them except as authorised.",
    },
    "gate_0.yaml": {
        "kind": "gateway",
        "rule": "law.gate_0",
        "title": "On request",
        "cite": CITE,
        "effect": "must",
        "elements": [
            {"id": "proper", "label": "a proper request", "cite": "(A)", "test": "request.proper"},
            {"id": "engaged", "label": "an engaged official", "cite": "(A)", "reading": "engaged"},
        ],
        "releases": [{"id": "name", "label": "the name", "test": "item.kind == 'name'"}],
        "withheld_because": "Only the name goes out.",
        "readings": [
            {
                "id": "engaged",
                "words": "personally and directly engaged",
                "question": "How narrow are the words?",
                "status": "contested",
                "alternatives": [
                    {
                        "id": "narrow",
                        "label": "works it",
                        "test": "requester.office == 'head'",
                        "authority": [DOCUMENT],
                    },
                    {
                        "id": "broad",
                        "label": "is named",
                        "test": "requester.office != 'clerk'",
                        "authority": [DOCUMENT],
                    },
                ],
            }
        ],
    },
    "bar_0.yaml": {
        "kind": "bar",
        "rule": "law.bar_0",
        "title": "An informant",
        "cite": CITE,
        "overrides": ["law.gate_0"],
        "any": [{"id": "old", "label": "an old matter", "test": "matter.days > param.clock"}],
        "if_true": "The matter is too old.",
        "if_unknown": "Find out how old the matter is.",
    },
    "first.yaml": {
        "kind": "profile",
        "profile": "first",
        "title": "The first profile",
        "held_by": "nobody",
        "summary": "Invented.",
        "authority": [DOCUMENT],
        "chooses": {"law.gate_0/engaged": "narrow"},
    },
}
"""A book for tests that need one they can read: one gateway, one reading, one bar, one profile."""


@st.composite
def editions(draw: st.DrawFn, max_gateways: int = 3) -> Edition:
    """A small book as one of its profiles reads it on one day."""
    return make_edition(
        draw(books(max_gateways)), draw(st.sampled_from(["first", "second"])), draw(st.sampled_from(DAYS))
    )


def fact_values(fact: Fact) -> st.SearchStrategy[FactValue]:
    """The values that a case may state of `fact`, mostly those near the bounds that tests name."""
    match fact.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(fact.values)
        case "int":
            low = -1000 if fact.minimum is None else fact.minimum
            high = 1000 if fact.maximum is None else fact.maximum
            near = [number for number in NUMBERS if low <= number <= high]
            return st.one_of(*([st.sampled_from(near)] if near else []), st.integers(low, high))
        case "date":
            return st.one_of(st.sampled_from(DAYS), st.dates(date(1990, 1, 1), date(2030, 12, 31)))


def _stated(facts: Mapping[str, Fact], per_item: bool) -> st.SearchStrategy[dict[str, FactValue]]:
    return st.fixed_dictionaries(
        {}, optional={name: fact_values(fact) for name, fact in facts.items() if fact.per_item is per_item}
    )


def case_facts(edition: Edition, max_items: int = 3) -> st.SearchStrategy[CaseFacts]:
    """Well-typed cases of one to `max_items` items; any fact may be missing."""
    return st.builds(
        lambda case, items: CaseFacts(case, items),
        _stated(edition.facts, per_item=False),
        st.lists(_stated(edition.facts, per_item=True), min_size=1, max_size=max_items).map(_numbered),
    )


def _numbered(items: list[dict[str, FactValue]]) -> Any:
    from limen.law.facts import ItemFacts

    return tuple(ItemFacts(f"item-{number}", facts) for number, facts in enumerate(items, start=1))


Statements = tuple[dict[str, Any], dict[str, dict[str, Any]]]


@st.composite
def ill_typed_facts(draw: st.DrawFn, edition: Edition) -> Statements:
    """What somebody might state and `check_facts` has to refuse: (case, items), one statement of them wrong."""
    case = dict(draw(_stated(edition.facts, per_item=False)))
    items = {"item-1": dict(draw(_stated(edition.facts, per_item=True)))}
    fact = draw(st.sampled_from([*edition.facts.values()]))
    wrong: dict[str, list[Any]] = {
        "bool": ["true", 1, 0, "", "yes", date(2025, 4, 7)],
        "enum": ["", "Head", "no such value", True, 3, date(2025, 4, 7)],
        "int": ["90", 90.0, True, 10**12, float("nan"), date(2025, 4, 7)],
        "date": ["2025-04-07", 20250407, True],
    }
    place, other = (items["item-1"], case) if fact.per_item else (case, items["item-1"])
    match draw(st.sampled_from(["value", "name", "place"])):
        case "value":
            place[fact.name] = draw(st.sampled_from(wrong[fact.type]))
        case "name":
            place[f"{fact.name}s"] = draw(fact_values(fact))
        case "place":
            other[fact.name] = draw(fact_values(fact))
    return case, items


__all__ = [
    "CITE",
    "DAYS",
    "SMALL_BOOK",
    "as_raw_files",
    "book_files",
    "books",
    "case_facts",
    "check_facts",
    "editions",
    "expression_texts",
    "fact_values",
    "ill_typed_facts",
    "write_book",
]
