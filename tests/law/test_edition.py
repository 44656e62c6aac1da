"""Editions: the book as one profile reads it on one day, with nothing left open."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import CITE, DAYS, SMALL_BOOK, as_raw_files, books, case_facts, editions

from limen.decide.reference import find, trace
from limen.law.book import Book
from limen.law.edition import Edition, Point
from limen.law.load.loader import load_files
from limen.law.making import EditionError, make_edition
from limen.law.profiles import usable_profiles
from limen.law.tree import BoolFact, Compare, Defined, Member, Number, Parameter, walk
from sizes import tries

LATER = date(2026, 2, 24)
EARLIER = date(2025, 4, 7)


def book(change: Any = None) -> Book:
    documents = copy.deepcopy(SMALL_BOOK)
    if change is not None:
        change(documents)
    return load_files(as_raw_files(documents))


def point(edition: Edition, address: str) -> Point:
    (found,) = [point for point in (*edition.case_points, *edition.item_points) if point.address == address]
    return found


def test_a_reading_becomes_the_alternative_chosen() -> None:
    edition = make_edition(book(), "first", LATER)
    engaged = point(edition, "law.gate_0#engaged")
    assert engaged.expr == Member("requester.office", ("head",))
    assert [child.address for child in engaged.node.children] == ["law.gate_0/engaged:narrow"]
    assert edition.choices == {"law.gate_0/engaged": "narrow"}


def test_a_test_that_only_names_a_definition_has_its_node_for_the_trace() -> None:
    proper = point(make_edition(book(), "first", LATER), "law.gate_0#proper")
    assert proper.expr == BoolFact("request.in_writing")
    assert [child.address for child in proper.node.children] == ["law#request.proper"]


def test_a_parameter_becomes_its_value_on_the_day_and_keeps_its_name() -> None:
    def two_values(documents: dict[str, Any]) -> None:
        documents["vocabulary.yaml"]["parameters"]["clock"] = [
            {"value": 60, "until": EARLIER, "cite": CITE},
            {"value": 90, "from": LATER, "cite": CITE},
        ]

    two = book(two_values)
    old = Compare(Number("matter.days"), ">", 60, parameter="clock")
    assert point(make_edition(two, "first", date(2020, 1, 1)), "law.bar_0#old").expr == old
    new = Compare(Number("matter.days"), ">", 90, parameter="clock")
    assert point(make_edition(two, "first", LATER), "law.bar_0#old").expr == new


def test_between_two_values_of_a_parameter_nobody_knows() -> None:
    """A clock that the law does not give on that day is not known; it is neither run out nor still running."""

    def gap(documents: dict[str, Any]) -> None:
        documents["vocabulary.yaml"]["parameters"]["clock"] = [{"value": 60, "until": EARLIER, "cite": CITE}]

    edition = make_edition(book(gap), "first", LATER)
    facts = {"request.in_writing": True, "requester.office": "head", "matter.days": 1}
    from limen.law.facts import CaseFacts, ItemFacts

    findings = find(edition, CaseFacts(facts, (ItemFacts("a", {"item.kind": "name"}),)))
    assert findings.items[0].bars == (None,)
    assert findings.items[0].verdict == "open"


def test_what_is_not_in_force_is_gone_and_not_false() -> None:
    def dated(documents: dict[str, Any]) -> None:
        documents["gate_0.yaml"]["elements"].append(
            {"id": "open", "label": "open", "test": "matter.open", "in_force": {"from": LATER, "by": "an Act"}}
        )

    both = book(dated)
    before, after = make_edition(both, "first", EARLIER), make_edition(both, "first", LATER)
    assert [p.address for p in before.case_points] == ["law.gate_0#proper", "law.gate_0#engaged"]
    assert [p.address for p in after.case_points][-1] == "law.gate_0#open"
    assert before.digest != after.digest


def test_a_group_that_loses_every_child_goes_with_them() -> None:
    def dated(documents: dict[str, Any]) -> None:
        part = {"id": "open", "label": "open", "test": "matter.open", "in_force": {"from": LATER, "by": "an Act"}}
        documents["gate_0.yaml"]["elements"].append({"id": "group", "label": "a group", "any": [part]})

    edition = make_edition(book(dated), "first", EARLIER)
    assert "law.gate_0#group" not in {p.address for p in edition.case_points}


def test_bars_come_after_the_bars_that_override_them() -> None:
    def lifted(documents: dict[str, Any]) -> None:
        for number, over in ((1, "law.bar_0"), (2, "law.bar_1")):
            documents[f"bar_{number}.yaml"] = {
                **SMALL_BOOK["bar_0.yaml"], "rule": f"law.bar_{number}", "overrides": [over],
            }  # fmt: skip

    edition = make_edition(book(lifted), "first", LATER)
    assert [bar.rule.address for bar in edition.bars] == ["law.bar_2", "law.bar_1", "law.bar_0"]
    assert [bar.barred_by for bar in edition.bars] == [(), (0,), (1,)]
    assert edition.gateways[0].bars == (2,)


def test_duties_of_a_gateway_come_with_those_that_attach_to_it() -> None:
    def duties(documents: dict[str, Any]) -> None:
        duty = {"id": "record", "who": "the Secretary", "when": "on_release", "duty": "Keep a record.", "cite": "(p)"}
        documents["gate_0.yaml"]["duties"] = [duty]
        documents["duty.yaml"] = {
            "kind": "duty", "rule": "law.duties", "title": "Safeguards", "cite": CITE, "attaches_to": ["law.gate_0"],
            "duties": [duty, {**duty, "id": "later", "in_force": {"from": LATER, "by": "an Act"}}],
        }  # fmt: skip

    both = book(duties)
    addresses = [duty.address for duty in make_edition(both, "first", EARLIER).gateways[0].duties]
    assert addresses == ["law.gate_0#record", "law.duties#record"]
    assert len(make_edition(both, "first", LATER).gateways[0].duties) == 3


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(EditionError) as caught:
        make_edition(book(), "frist", LATER)
    assert caught.value.nearest == "first"
    assert "the book has no profile `frist`" in str(caught.value)


def dated_choices(documents: dict[str, Any]) -> None:
    documents["first.yaml"]["from"] = EARLIER
    narrow = documents["gate_0.yaml"]["readings"][0]["alternatives"][0]
    narrow["in_force"] = {"from": LATER, "by": "an invented opinion"}


@pytest.mark.parametrize(
    ("known_at", "message"),
    [
        (date(2025, 4, 6), "the profile `first` did not exist on 2025-04-06"),
        (EARLIER, "the reading `law.gate_0/engaged:narrow` did not exist on 2025-04-07"),
    ],
)
def test_nothing_is_used_before_it_was_known(known_at: date, message: str) -> None:
    dated = book(dated_choices)
    with pytest.raises(EditionError, match=message):
        make_edition(dated, "first", EARLIER, known_at)
    assert usable_profiles(dated, known_at) == ()
    assert [profile.id for profile in usable_profiles(dated, LATER)] == ["first"]
    assert [profile.id for profile in usable_profiles(dated, None)] == ["first"]


def test_an_alternative_held_later_may_be_asked_about_an_earlier_day() -> None:
    """`as_of` asks for the law of a day, `known_at` for what people had read by then."""
    edition = make_edition(book(dated_choices), "first", as_of=EARLIER, known_at=LATER)
    assert point(edition, "law.gate_0#engaged").expr == Member("requester.office", ("head",))


@settings(max_examples=tries(40), deadline=None)
@given(editions())
def test_nothing_open_is_left_in_an_edition(edition: Edition) -> None:
    for each in (*edition.case_points, *edition.item_points):
        for expr in (each.expr, *(node.test for node in each.node.walk() if node.test is not None)):
            for part in walk(expr):
                assert not isinstance(part, Defined)
                assert not (isinstance(part, Compare) and isinstance(part.value, Parameter))


@settings(max_examples=tries(40), deadline=None)
@given(st.data(), editions())
def test_the_closed_expression_says_what_the_nodes_say(data: st.DataObject, edition: Edition) -> None:
    facts = data.draw(case_facts(edition))
    whole, findings = trace(edition, facts), find(edition, facts)
    assert tuple(node.result for node in whole.case) == findings.case
    for traced, found in zip(whole.items, findings.items, strict=True):
        assert tuple(node.result for node in traced.points) == found.points


@settings(max_examples=tries(15), deadline=None)
@given(books(), st.sampled_from(DAYS))
def test_making_an_edition_twice_gives_the_same(made: Book, day: date) -> None:
    assert make_edition(made, "first", day) == make_edition(made, "first", day)
