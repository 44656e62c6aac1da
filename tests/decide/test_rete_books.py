"""On whole books, made up and shipped, all three evaluators say the same of every point, bar, gateway and item."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limen.decide import reference
from limen.decide.compiled import compile_edition
from limen.decide.second_key import SecondKey, SecondKeyFault
from limen.law import check_facts, load_book, make_edition
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, FactError, ItemFacts
from sizes import tries
from strategies import case_facts, editions, ill_typed_facts

DAYS = (date(2025, 6, 1), date(2025, 8, 7), date(2026, 3, 1))


@cache
def shipped(profile: str, day: date) -> Edition:
    return make_edition(load_book(), profile, day)


@pytest.fixture(scope="module")
def key():
    with SecondKey(deadline=30) as key:
        yield key


@settings(max_examples=tries(60))
@given(st.data())
def test_on_any_small_book(key: SecondKey, data: st.DataObject) -> None:
    edition = data.draw(editions())
    case = data.draw(case_facts(edition))
    right = reference.find(edition, case)
    assert compile_edition(edition).find(case) == right
    assert key.find(edition, case) == right


@settings(max_examples=tries(60))
@given(st.data())
def test_on_the_shipped_book_under_any_profile(key: SecondKey, data: st.DataObject) -> None:
    profile = data.draw(st.sampled_from(sorted(load_book().profiles)))
    edition = shipped(profile, data.draw(st.sampled_from(DAYS)))
    case = data.draw(case_facts(edition))
    assert key.find(edition, case) == reference.find(edition, case)


@settings(max_examples=tries(40))
@given(st.data())
def test_an_ill_typed_case_reaches_no_key_and_would_get_no_answer_from_this_one(
    key: SecondKey, data: st.DataObject
) -> None:
    """It is refused before; and if it were not, the second key answers the same as the reference or not at all."""
    edition = data.draw(editions())
    case, items = data.draw(ill_typed_facts(edition))
    with pytest.raises(FactError):
        check_facts(vocabulary_of(edition), case, items)
    raw = CaseFacts(case, tuple(ItemFacts(name, facts) for name, facts in items.items()))
    try:
        found = key.find(edition, raw)
    except SecondKeyFault as fault:
        assert fault.kind == "error"
    else:
        assert found == reference.find(edition, raw)


def vocabulary_of(edition: Edition) -> Any:
    from limen.law.vocabulary import Vocabulary

    return Vocabulary(edition.facts, {}, {})
