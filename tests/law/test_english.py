"""Rules in plain English."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from tests.strategies import SMALL_BOOK, as_raw_files, editions

from limen.law.edition import Edition
from limen.law.english import English, day, listed
from limen.law.expression import parse
from limen.law.load.loader import load_files
from limen.law.scope import scope_of
from limen.law.vocabulary import Vocabulary
from sizes import tries

SAYING = {
    "request.in_writing": "the request is in writing",
    "requester.office": "the signer's office",
    "matter.days": "the age of the matter in days",
}


def english() -> tuple[English, Vocabulary]:
    facts = {name: dict(fact) for name, fact in SMALL_BOOK["vocabulary.yaml"]["facts"].items()}
    for name, says in SAYING.items():
        facts[name]["says"] = says
    facts["requester.office"]["labels"] = {"head": "head of the agency"}
    book = load_files(
        as_raw_files({**SMALL_BOOK, "vocabulary.yaml": {**SMALL_BOOK["vocabulary.yaml"], "facts": facts}})
    )
    return English(book.vocabulary, book.readings), book.vocabulary


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("request.in_writing", "The request is in writing."),
        ("not request.in_writing", "It is not so that the request is in writing."),
        ("matter.open", 'The answer to "Is the matter open?" is yes.'),
        ("not matter.open", 'The answer to "Is the matter open?" is no.'),
        ("requester.office in ['head', 'clerk']", "The signer's office is clerk or head of the agency."),
        ("requester.office != 'head'", "The signer's office is not head of the agency."),
        ("matter.days >= 90", "The age of the matter in days is at least 90."),
        ("matter.days < param.clock", "The age of the matter in days is less than the value of `clock`."),
        ("request.made_on < date('2025-04-07')", '"When was the request made?" is before 7 April 2025.'),
        (
            "days_between(order.final_on, request.made_on) > 90",
            'From "When did the order become final?" to "When was the request made?" it is more than 90 days.',
        ),
        ("known(request.in_writing)", "It is known whether the request is in writing."),
        ("request.proper", "A proper request."),
        (
            "request.in_writing and (matter.open or request.proper)",
            'The request is in writing and (the answer to "Is the matter open?" is yes or a proper request).',
        ),
    ],
)
def test_a_test_as_a_sentence(test: str, sentence: str) -> None:
    words, vocabulary = english()
    assert words.sentence(parse(test, scope_of(vocabulary))) == sentence


def test_a_node_says_its_label_and_what_it_means() -> None:
    book = load_files(as_raw_files(SMALL_BOOK))
    proper, engaged = book.gateways[0].elements
    words = English(book.vocabulary, book.readings)
    assert words.sentence(proper) == "A proper request."
    assert words.sentence(engaged) == (
        'An engaged official, that is: the words "personally and directly engaged" in one of their senses: '
        "works it or is named."
    )


def test_lists_and_days_are_spoken() -> None:
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert listed(["a, b", "c"], "or") == "a, b; or c"
    assert listed([], "or") == ""
    assert day(date(2025, 4, 7)) == "7 April 2025"


@settings(max_examples=tries(25), deadline=None)
@given(editions())
def test_every_rule_of_every_book_can_be_said(edition: Edition) -> None:
    words = English(Vocabulary(edition.facts, {}, {}))
    for point in (*edition.case_points, *edition.item_points):
        for said in (words.sentence(point.node), words.sentence(point.expr)):
            assert said.endswith(".")
            assert "None" not in said
            assert len(said) > 5
