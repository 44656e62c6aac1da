"""From a request to facts: what is stated wins, order does not matter, and one plan serves every request."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.law.facts import FactError
from limen.request.characterise import Characterisation, Characteriser, characterise
from limen.request.model import Item, Request
from limen.request.read import build_request
from stated import calm, requests

DAY = date(2026, 3, 3)


def of(**fields: object) -> Request:
    return build_request({"id": "r", "items": [{"id": "x", "kind": "name"}], **fields})


def seen(characteriser: Characteriser, **fields: object) -> Characterisation:
    return characteriser.characterise(of(**fields), as_of=DAY)


def test_a_stated_fact_wins_over_what_would_be_read(characteriser):
    found = seen(characteriser, requester={"in_writing": False}, facts={"request.in_writing": True})
    assert found.facts.facts["request.in_writing"] is True
    assert found.origin["request.in_writing"] == "stated"


def test_a_fact_stated_to_be_unknown_is_not_known_even_where_silence_would_speak(characteriser):
    silent = seen(characteriser)
    assert silent.facts.facts["request.address_quality"] == "none"
    unknown = seen(characteriser, facts={"request.address_quality": "unknown"})
    assert "request.address_quality" not in unknown.facts.facts
    assert "request.address_quality" not in unknown.origin


def test_facts_stated_by_the_caller_win_over_those_of_the_request(characteriser):
    request = of(facts={"request.in_writing": True, "matter.kind": "civil"})
    found = characteriser.characterise(request, as_of=DAY, stated={"request.in_writing": None, "matter.kind": "tax"})
    assert "request.in_writing" not in found.facts.facts
    assert found.facts.facts["matter.kind"] == "tax"


def test_facts_of_an_item_are_stated_with_the_item(characteriser):
    items = [{"id": "a", "kind": "name", "facts": {"item.named_in_order": True}}, {"id": "b", "kind": "name"}]
    found = seen(characteriser, items=items)
    assert [item.facts.get("item.named_in_order") for item in found.facts.items] == [True, None]
    assert found.item_origin["a"]["item.named_in_order"] == "stated"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"facts": {"request.in_writting": True}}, "did you mean `request.in_writing`?"),
        ({"facts": {"request.in_writting": "unknown"}}, "did you mean `request.in_writing`?"),
        ({"facts": {"request.in_writing": 1}}, "true or false"),
        ({"facts": {"matter.kind": "crimnal"}}, "did you mean `criminal`?"),
        ({"facts": {"request.received": True}}, "is a date"),
        ({"facts": {"item.kind": "name"}}, "is a fact about an item"),
        ({"facts": {"item.kind": "unknown"}}, "is a fact about an item"),
        ({"items": [{"id": "x", "kind": "name", "facts": {"matter.kind": "tax"}}]}, "is a fact about the whole case"),
    ],
)
def test_stated_facts_are_checked_against_the_vocabulary(characteriser, fields, words):
    with pytest.raises(FactError) as refused:
        seen(characteriser, **fields)
    assert words in str(refused.value)


@calm
@given(st.data(), requests())
def test_the_order_of_recipients_items_and_purposes_does_not_matter(characteriser, data, request_):
    shuffled = request_.model_copy(
        update={
            name: tuple(data.draw(st.permutations(getattr(request_, name))))
            for name in ("recipients", "items", "purposes")
        }
    )
    first = characteriser.characterise(request_, as_of=DAY)
    second = characteriser.characterise(shuffled, as_of=DAY)
    assert first.facts.facts == second.facts.facts
    assert {item.id: item.facts for item in first.facts.items} == {item.id: item.facts for item in second.facts.items}


@calm
@given(st.lists(requests(), min_size=2, max_size=5))
def test_what_one_request_gives_does_not_depend_on_those_before_it(vocabulary, drawn):
    shared = Characteriser(vocabulary)
    for request in drawn:
        shared.characterise(request, as_of=DAY)
    for request in drawn:
        fresh = Characteriser(vocabulary).characterise(request, as_of=DAY)
        assert shared.characterise(request, as_of=DAY).facts == fresh.facts


def test_the_facts_of_one_request_can_be_changed_without_touching_another(characteriser):
    fields = {"requester": {"agency": "dhs"}, "recipients": [{"agency": "dhs_ice"}]}
    first = seen(characteriser, **fields)
    first.facts.facts.clear()
    assert seen(characteriser, **fields).facts.facts["recipient.in_requesting_agency"] is True


def test_a_characteriser_can_be_sent_to_another_process(characteriser):
    request = of(requester={"agency": "dhs", "in_writing": True}, facts={"matter.kind": "civil"})
    again = pickle.loads(pickle.dumps(characteriser))
    assert again.characterise(request, as_of=DAY).facts == characteriser.characterise(request, as_of=DAY).facts


def test_threads_share_a_characteriser(vocabulary):
    shared = Characteriser(vocabulary)
    cases = [of(requester={"agency": agency}, recipients=[{"agency": other}]) for agency in ("dhs", "irs", "fbi")
             for other in ("dhs_ice", "irs", "private", "unknown")]  # fmt: skip
    expected = [Characteriser(vocabulary).characterise(case, as_of=DAY).facts for case in cases]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda case: shared.characterise(case, as_of=DAY).facts, cases * 50))
    assert found == expected * 50


def test_kinds_of_recipients_are_not_remembered_without_bound(vocabulary, monkeypatch):
    monkeypatch.setattr("limen.request.recipients.MAX_KINDS", 3)
    bounded = Characteriser(vocabulary)
    for agency in ("dhs", "irs", "fbi", "dea", "tigta", "treasury", "gao"):
        assert seen(bounded, recipients=[{"agency": agency}]).facts.facts["recipient.all_federal"] is True
        assert len(bounded.plans.recipients.remembered) <= 3


def test_one_request_can_be_characterised_without_a_plan_of_its_own(vocabulary, characteriser):
    request = of(requester={"in_writing": True})
    assert characterise(request, None, vocabulary, DAY).facts == characteriser.characterise(request, as_of=DAY).facts


def test_an_item_keeps_its_own_facts(characteriser):
    items = [{"id": "a", "kind": "mailing_address", "came_from": "taxpayer"}, {"id": "b", "kind": "audit_workpaper"}]
    found = seen(characteriser, items=items).facts.items
    assert [(item.id, item.facts["item.kind"], item.facts.get("item.came_from")) for item in found] == [
        ("a", "mailing_address", "taxpayer"),
        ("b", "audit_workpaper", None),
    ]


def test_an_item_is_a_value(characteriser):
    assert Item(id="a", kind="name") == Item(id="a", kind="name")
