"""The written form of reading says what plain reading says, of every request; never more where something is amiss."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limen.request.characterise import Characteriser
from limen.request.compiled_reader import Read, make_read
from limen.request.derivation import Given
from limen.request.model import Request
from limen.request.plan import Reading
from limen.request.read import build_request
from limen.written_out import PLAIN
from sizes import tries
from stated import BATCHES, MATCHES, WRONG, calm, places, requests, with_value

DAY = date(2026, 3, 3)


@pytest.fixture(scope="module")
def written(characteriser: Characteriser) -> Read:
    return make_read(characteriser.plans)


def plain(reading: Reading) -> tuple[object, ...]:
    """A reading with its facts in their order, which a mapping would not compare."""
    facts, special, items = reading
    return list(facts.items()), special, [(one.id, list(one.facts.items()), *one[2:]) for one in items]


@calm
@given(requests(), st.none() | MATCHES, st.none() | BATCHES)
def test_the_written_form_reads_what_plain_reading_reads(characteriser, written, request_, match, batch):
    for nothing_else in (None, True, False, "unknown"):
        asked = Given(request_.model_copy(update={"nothing_else": nothing_else}), match, batch, DAY)
        assert plain(written(asked)) == plain(characteriser.read_plainly(asked))


@calm
@given(st.data(), requests(), WRONG)
def test_a_value_that_no_field_may_hold_is_never_a_fact_of_the_written_form_alone(
    characteriser, written, data, request_, wrong
):
    found = [place for place, shape in places(request_) if shape.element is None and shape.section is None]
    if not found:
        return
    ill = Given(with_value(request_, data.draw(st.sampled_from(found)), wrong), None, None, DAY)
    try:
        read = written(ill)
    except Exception:
        return  # nothing was read: `Decider.decide_request` makes a fault of it
    assert plain(read) == plain(characteriser.read_plainly(ill))


def test_a_section_that_is_something_else_is_an_error_in_both(characteriser, written):
    whole = build_request({"id": "r", "items": [{"id": "x", "kind": "name"}]})
    broken = Request.model_construct(**{**whole.__dict__, "requester": object()})
    for read in (characteriser.read_plainly, written):
        with pytest.raises(AttributeError):
            read(Given(broken, None, None, DAY))


@settings(calm, max_examples=tries(15))
@given(st.lists(requests(), min_size=PLAIN + 2, max_size=PLAIN + 2))
def test_facts_are_those_of_the_characterisation_before_and_after_it_is_written(vocabulary, drawn):
    characteriser = Characteriser(vocabulary)
    for request in drawn:
        facts = characteriser.facts(copy.deepcopy(request), as_of=DAY)
        assert facts == Characteriser(vocabulary).characterise(request, as_of=DAY).facts
    assert characteriser._facts_written.form is not None
