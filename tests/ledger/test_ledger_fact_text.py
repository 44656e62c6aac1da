"""The facts of a case as a record has them: read back they are what JSON would say of them, and nothing sensitive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.law import load_book
from limen.law.vocabulary import Vocabulary
from limen.ledger.expand import read_back
from limen.ledger.fact_text import FactText
from limen.ledger.listed import expand_listed, places
from limen.ledger.shared import name_of
from limen.request.characterise import Characterisation, Characteriser
from limen.request.read import build_request
from stated import calm, requests

DAY = date(2026, 3, 3)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_book().vocabulary


@pytest.fixture(scope="module")
def characteriser(vocabulary: Vocabulary) -> Characteriser:
    return Characteriser(vocabulary)


def read(texts: FactText, seen: Characterisation) -> dict[str, Any]:
    facts, origin = texts.write(seen)
    assert all(name == name_of(text) for name, text in (*facts.wordings, *origin.wordings))
    return {"facts": read_back(facts), "origin": read_back(origin)}


@calm
@given(requests(), st.booleans())
def test_what_is_read_back_is_what_was_known(vocabulary, characteriser, request_, nothing_else):
    asked = request_.model_copy(update={"nothing_else": nothing_else})
    seen = characteriser.characterise(asked, as_of=DAY)
    texts = FactText(vocabulary)
    for _ in range(2):
        assert read(texts, seen) == texts.plainly(seen)


def test_origins_of_another_kind_are_written_as_they_are(vocabulary, characteriser):
    asked = build_request({"id": "r", "requester": {"in_writing": True}, "items": [{"id": "x", "kind": "name"}]})
    seen = characteriser.characterise(asked, as_of=DAY)
    told = Characterisation(seen.facts, dict(seen.origin) | {"request.in_writing": "a guess"}, seen.item_origin)
    texts = FactText(vocabulary)
    assert read(texts, told) == texts.plainly(told)
    assert read(texts, told)["origin"]["request.in_writing"] == "a guess"


@calm
@given(st.integers(0, 5000), st.dates(), st.booleans())
def test_numbers_days_and_ids_are_what_is_not_the_vocabularys_own(vocabulary, characteriser, number, day, answer):
    facts = {"batch.requests_with_same_reasons": number, "request.received": day, "request.in_writing": answer}
    asked = build_request({"id": "r", "items": [{"id": "x-1", "kind": "name"}], "facts": facts})
    (text, own, _), _ = FactText(vocabulary).write(characteriser.characterise(asked, as_of=DAY))
    assert day.isoformat() in json.loads(text)["case"]["values"]
    assert str(number) in own and day.isoformat() in own and "x-1" in own
    assert "true" not in own and "false" not in own and "name" not in own


def test_a_sensitive_fact_is_in_neither_text(vocabulary, characteriser):
    hidden = "request.in_writing"
    facts = {**vocabulary.facts, hidden: replace(vocabulary.facts[hidden], sensitive=True)}
    asked = build_request({"id": "r", "requester": {"in_writing": True}, "items": [{"id": "x", "kind": "name"}]})
    seen = characteriser.characterise(asked, as_of=DAY)
    whole = read(FactText(vocabulary), seen)
    assert hidden in seen.facts.facts and hidden in whole["facts"]["case"] and hidden in whole["origin"]
    without = FactText(Vocabulary(facts, {}, {}))
    assert hidden not in str(read(without, seen)) and hidden not in str(list(map(tuple, without.write(seen))))


WORDING = {"a": "x", "b": "y", "c": None}


@given(st.lists(st.sampled_from((0, 1, 2)), unique=True))
def test_places_stand_for_names(some):
    names = [name for place, name in enumerate(WORDING) if place in some]
    numbered = dict(zip(names, sorted(some), strict=True))
    assert expand_listed(WORDING, {"has": places(some), "values": sorted(some)}) == numbered
    assert expand_listed(WORDING, {"has": places(some)}) == {name: WORDING[name] for name in names}
    told: Mapping[str, Any] = {"has": "7", "but": {"z": places(some)}}
    assert expand_listed(WORDING, told) == WORDING | dict.fromkeys(names, "z")


@pytest.mark.parametrize(
    "told",
    [
        {"has": "8"},
        {"has": "-1"},
        {"has": "g"},
        {"has": "7", "values": [1]},
        {"has": "7", "but": {"z": "8"}},
        {"has": 7},
    ],
)
def test_places_that_the_wording_does_not_have_are_an_error(told):
    with pytest.raises((ValueError, TypeError)):
        expand_listed(WORDING, told)
