"""A case in the address bar: exact, bounded, and a clear error for what was cut, edited, or made with another book."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book_cases import book
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.vocabulary import Fact
from limen.web.pages.casefile import open_shipped
from limen.web.pages.codec import LONGEST, StateError, decode, encode, moved
from limen.web.pages.state import (
    UNKNOWN,
    CaseState,
    answered,
    asked,
    at_snapshot,
    before,
    blank,
    pinned,
    with_item,
    with_snapshot,
    without_item,
)

DAY = date(2026, 3, 15)
FACTS = book().vocabulary.facts


def value_of(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "enum":
        return st.sampled_from(fact.values)
    if fact.type == "date":
        return st.dates(date(2000, 1, 1), date(2030, 1, 1))
    return st.integers(fact.minimum or 0, min(fact.maximum or 9999, 9999))


@st.composite
def states(draw: st.DrawFn) -> CaseState:
    state = blank(
        book(), draw(st.dates(date(2017, 1, 1), date(2027, 1, 1))), draw(st.sampled_from([None, *book().profiles]))
    )
    for _ in range(draw(st.integers(0, 12))):
        fact = FACTS[draw(st.sampled_from(sorted(FACTS)))]
        item = draw(st.sampled_from([one.id for one in state.facts.items])) if fact.per_item else None
        answer = draw(st.one_of(value_of(fact), st.just(UNKNOWN), st.none()))
        state = answered(state, (fact.name, item), answer)
        if draw(st.integers(0, 5)) == 0:
            state = with_item(state, None)
        if draw(st.integers(0, 6)) == 0:
            state = pinned(state, fact.name)
        if draw(st.integers(0, 7)) == 0 and len(state.snapshots) < 4:
            state = with_snapshot(state, f"take {len(state.snapshots)}")
    return replace(state, title=draw(st.sampled_from(["", "A letter", "Zwölf § “Fälle”"])), origin="a test")


@given(states())
def test_a_state_comes_back_from_the_address_exactly_as_it_was(state: CaseState) -> None:
    text = encode(state)
    assert replace(decode(text, book()), book=state.book) == state
    assert len(text) <= LONGEST and text.replace("-", "").replace("_", "").replace(".", "").isalnum()


@given(states(), st.data())
def test_an_address_that_was_cut_or_edited_is_never_taken_for_another_case(
    state: CaseState, data: st.DataObject
) -> None:
    text = encode(state)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([text[:at], text[:at] + "!" + text[at + 1 :], text[:at] + text[at + 3 :]]))
    try:
        read = decode(other, book())
    except StateError as error:
        assert error.kind in ("damaged", "newer")
    else:
        assert replace(read, book=state.book) == state, "a letter that carries nothing was changed"


def packed(data: Any, version: str = "1") -> str:
    text = json.dumps(data).encode()
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip('=')}"


MINE = {"b": book().digest[:16], "d": "2026-03-15", "i": [["one", {}]]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "damaged"),
        ("x", "damaged"),
        ("1.", "damaged"),
        ("2.abc", "newer"),
        ("1." + "A" * LONGEST, "too-long"),
        (packed([]), "damaged"),
        (packed({**MINE, "i": []}), "damaged"),
        (packed({**MINE, "d": "yesterday"}), "damaged"),
        (packed({**MINE, "f": {"no.such": True}}), "damaged"),
        (packed({**MINE, "f": {"request.in_writing": "maybe"}}), "damaged"),
        (packed({**MINE, "f": ["request.in_writing"]}), "damaged"),
        (packed({**MINE, "t": "a\u0000b"}), "damaged"),
        (packed({**MINE, "u": ["request.in_writing@one"]}), "damaged"),
        (packed({**MINE, "i": [[str(n), {}] for n in range(21)]}), "damaged"),
        (packed({**MINE, "p": "no-such-profile"}), "other-book"),
        (packed({**MINE, "b": "0" * 16, "f": {"gone.fact": True}}), "other-book"),
        (packed({**MINE, "l": ["fact", "request.in_writing", "maybe"]}), "damaged"),
        (packed({**MINE, "l": ["everything", None, None]}), "damaged"),
    ],
)
def test_what_is_no_case_gets_a_clear_error(text: str, kind: str) -> None:
    with pytest.raises(StateError) as raised:
        decode(text, book())
    assert raised.value.kind == kind and raised.value.mend


def test_a_bomb_of_zeros_is_not_unpacked() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode().rstrip("=")
    with pytest.raises(StateError):
        decode(f"1.{bomb[:LONGEST]}", book())
    small = base64.urlsafe_b64encode(zlib.compress(b" " * 5_000_000, 9)).decode().rstrip("=")
    assert len(small) < LONGEST
    with pytest.raises(StateError):
        decode(f"1.{small}", book())


def test_a_case_of_another_book_can_be_opened_with_what_is_still_the_same() -> None:
    text = packed({**MINE, "b": "0" * 16, "p": "gone", "f": {"gone.fact": True, "request.in_writing": True}})
    state = moved(text, book())
    assert state.facts == CaseFacts({"request.in_writing": True}, (ItemFacts("one", {}),))
    assert state.book == book().digest[:16] and state.profile is None


def test_i_do_not_know_is_an_answer_and_no_fact() -> None:
    spot = ("request.in_writing", None)
    said = answered(blank(book(), DAY), spot, UNKNOWN)
    assert said.answer(spot) == UNKNOWN and "request.in_writing" not in said.facts.facts
    assert blank(book(), DAY).answer(spot) is None, "nobody was asked: another thing"
    assert answered(said, spot, True).unknown == frozenset()


@given(states(), st.data())
def test_the_last_change_can_be_taken_back(state: CaseState, data: st.DataObject) -> None:
    fact = FACTS[data.draw(st.sampled_from(sorted(name for name in FACTS if not FACTS[name].per_item)))]
    spot = (fact.name, None)
    after = answered(state, spot, data.draw(value_of(fact)))
    back = before(decode(encode(after), book()))
    assert back is not None
    assert (back.facts, back.unknown) == (state.facts, state.unknown)


def test_asking_otherwise_can_be_taken_back() -> None:
    state = blank(book(), DAY)
    later = asked(state, profile="ddc-2025-26", as_of=DAY, known_at=None, draft=None)
    back = before(later)
    assert later.profile == "ddc-2025-26" and back is not None and back.profile is None


def test_items_come_and_go_but_one_stays() -> None:
    state = with_item(blank(book(), DAY), "mailing_address")
    assert [item.id for item in state.facts.items] == ["item-1", "mailing-address-1"]
    left = without_item(without_item(state, "item-1"), "mailing-address-1")
    assert [item.id for item in left.facts.items] == ["mailing-address-1"]


def test_a_snapshot_brings_the_case_back() -> None:
    state = with_snapshot(answered(blank(book(), DAY), ("request.in_writing", None), True), "First try!")
    later = answered(state, ("request.in_writing", None), False)
    again = at_snapshot(later, "first-try")
    assert again.facts == state.facts and again.snapshots == later.snapshots


def test_the_textbook_case_fits_an_address_many_times_over() -> None:
    assert len(encode(open_shipped("demo-textbook", book(), None))) < LONGEST / 5
