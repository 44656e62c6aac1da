"""The facts of a case as text: what JSON would say of them, and nothing that is sensitive."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from limen.canonical import encode
from limen.law.vocabulary import Vocabulary
from limen.request.fact_text import FactText
from limen.request.read import build_request
from stated import calm, requests

DAY = date(2026, 3, 3)


@calm
@given(requests(), st.booleans())
def test_the_texts_are_those_of_the_values(vocabulary, characteriser, request_, nothing_else):
    asked = request_.model_copy(update={"nothing_else": nothing_else})
    seen = characteriser.characterise(asked, as_of=DAY)
    texts = FactText(vocabulary)
    plainly = texts.plainly(seen)
    for _ in range(2):
        written = texts.write(seen)
        assert (written.facts, written.origin) == (encode(plainly["facts"]), encode(plainly["origin"]))


@calm
@given(st.integers(0, 5000), st.dates(), st.booleans())
def test_numbers_days_and_ids_are_what_is_not_the_vocabularys_own(vocabulary, characteriser, number, day, answer):
    facts = {"batch.requests_with_same_reasons": number, "request.received": day, "request.in_writing": answer}
    asked = build_request({"id": "r", "items": [{"id": "x-1", "kind": "name"}], "facts": facts})
    text, own, _ = FactText(vocabulary).write(characteriser.characterise(asked, as_of=DAY))
    assert json.loads(text)["case"]["request.received"] == day.isoformat()
    assert f":{number}" in own and day.isoformat() in own and "x-1" in own
    assert "in_writing" not in own and "name" not in own


def test_a_sensitive_fact_is_in_neither_text(vocabulary, characteriser):
    hidden = "request.in_writing"
    facts = {**vocabulary.facts, hidden: replace(vocabulary.facts[hidden], sensitive=True)}
    asked = build_request({"id": "r", "requester": {"in_writing": True}, "items": [{"id": "x", "kind": "name"}]})
    seen = characteriser.characterise(asked, as_of=DAY)
    assert hidden in seen.facts.facts and hidden in FactText(vocabulary).write(seen).facts
    assert not any(hidden in text for text in FactText(Vocabulary(facts, {}, {})).write(seen))
