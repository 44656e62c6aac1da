"""Strategies give what they promise, shrink to what can be read, and are fast."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from limen.law import FactError, check_facts
from limen.request import Characteriser, Request, RequestError, build_request
from limen.testing import Oracle, casework_machine
from limen.testing import strategies as draw
from limen.testing.as_request import RequestWriter
from limen.testing.case import Case, differing
from limen.testing.directed import Twin
from limen.testing.made_registries import MadeRegistry
from limen.testing.made_timelines import MadeTimeline
from limen.testing.oracle import UnknownAddress
from sizes import tries

UNDER = {"profile": "text-strict", "under": ("usc.26.6103.c",)}
ORACLE = Oracle(**UNDER)


def smallest_of(strategy, condition):
    """The smallest example that Hypothesis finds, the same each time."""
    return find(strategy, condition, settings=settings(max_examples=2000, database=None), random=Random(6103))


few = settings(max_examples=tries(60), deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(draw.facts(**UNDER))
def test_facts_fit_the_vocabulary(case: Case) -> None:
    check_facts(ORACLE.book.vocabulary, case.facts, {"item-1": case.item})


@few
@given(draw.allowed(**UNDER), draw.denied(**UNDER))
def test_allowed_is_allowed_and_denied_is_denied(allowed: Case, denied: Case) -> None:
    assert (ORACLE.verdict(allowed), ORACLE.verdict(denied)) == ("allow", "deny")


@few
@given(draw.twins(**UNDER))
def test_twins_are_one_fact_apart(twin: Twin) -> None:
    assert differing(twin.allowed.stated, twin.refused.stated) == (twin.fact,)
    assert ORACLE.verdict(twin.allowed) == "allow"
    assert ORACLE.verdict(twin.refused) in ("deny", "open")


@pytest.mark.parametrize("verdict", ["allow", "deny", "open"])
def test_near_a_clock_every_verdict_is_drawn(verdict: str) -> None:
    near = draw.facts(near="usc.26.6103.c#in_time/within_days", **UNDER)
    assert ORACLE.verdict(find(near, lambda case: ORACLE.verdict(case) == verdict)) == verdict


def test_near_a_clock_the_day_of_the_bound_and_the_days_beside_it_are_drawn() -> None:
    near = draw.facts(near="usc.26.6103.c#in_time/within_days", **UNDER)
    for days in (119, 120, 121):
        find(near, lambda case, days=days: _passed(case) == days)
    with pytest.raises(NoSuchExample):
        find(near, lambda case: _passed(case) == 118)


def _passed(case: Case) -> int | None:
    signed, received = case.facts.get("consent.signed_on"), case.facts.get("consent.received_on")
    return None if signed is None or received is None else (received - signed).days


def test_a_failing_case_shrinks_to_one_without_a_fact_too_many() -> None:
    case = smallest_of(draw.facts(**UNDER), lambda case: ORACLE.verdict(case) == "allow")
    for name in case.stated:
        assert ORACLE.verdict_of({other: v for other, v in case.stated.items() if other != name}) != "allow"


def test_an_address_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownAddress, match=r"did you mean `usc\.26\.6103\.c#in_time`"):
        draw.facts(near="usc.26.6103.c#in_tim", **UNDER)


@few
@given(draw.requests(**UNDER))
def test_requests_are_requests(request) -> None:
    assert request.items[0].id == "item-1"


@few
@given(st.deferred(lambda: draw.ill_typed_facts(profile="text-strict")))
def test_ill_typed_facts_are_refused(case) -> None:
    with pytest.raises(FactError):
        check_facts(ORACLE.book.vocabulary, case["facts"], case["items"])


@few
@given(st.deferred(lambda: draw.ill_typed_requests(profile="text-strict")))
def test_ill_typed_requests_are_refused(request) -> None:
    with pytest.raises(RequestError):
        build_request(request, "wrong")


@settings(max_examples=tries(15), deadline=None)
@given(draw.registries(max_people=4))
def test_everybody_in_a_made_registry_is_found(made: MadeRegistry) -> None:
    for person in made.people:
        assert made.registry.match(person.subject()).grade != "none"


@few
@given(draw.timelines(duty=None))
def test_timelines_are_judged(made: MadeTimeline) -> None:
    assert all(entry.turns for entry in made.judged())


def test_timelines_are_of_every_length_and_shrink_to_one_event() -> None:
    lengths: set[int] = set()

    @settings(max_examples=200, database=None, deadline=None, derandomize=True)
    @given(draw.timelines(max_events=6))
    def every_length(made: MadeTimeline) -> None:
        lengths.add(sum(event.id.startswith("event-") for event in made.events))

    every_length()
    assert lengths >= {1, 2, 3, 4} and max(lengths) <= 6
    smallest = smallest_of(draw.timelines(), lambda made: any(event.at.year > 2025 for event in made.events))
    assert len(smallest.events) == 1


def test_the_state_machine_finds_casework_that_forgets_everything() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    with pytest.raises(AssertionError, match="the law says"):
        run_state_machine_as_test(
            casework_machine(lambda events, until: {}), settings=settings(few, max_examples=tries(30))
        )


@few
@given(draw.cases(**UNDER))
def test_what_is_asked_for_beside_an_item_does_not_change_its_verdict(case: Case) -> None:
    together = ORACLE.compiled.find(case.as_facts()).items
    assert tuple(item.verdict for item in together) == ORACLE.verdicts(case)
    assert list(case.as_mapping()["items"]) == [f"item-{number}" for number in range(1, len(together) + 1)]


@few
@given(draw.requests(**UNDER))
def test_a_request_with_several_items_comes_to_the_facts_of_its_case(request) -> None:
    assert [item.id for item in request.items] == [f"item-{number}" for number in range(1, len(request.items) + 1)]
    seen = Characteriser(ORACLE.book.vocabulary).characterise(request, None, as_of=ORACLE.edition.as_of, batch=None)
    assert len(seen.facts.items) == len(request.items)


@few
@given(draw.cases(**UNDER))
def test_a_case_written_as_a_request_is_read_as_the_same_case(case: Case) -> None:
    request = build_request(RequestWriter(ORACLE.edition.facts).write(case), "made")
    assert Request.model_validate(RequestWriter(ORACLE.edition.facts, as_text=False).write(case)) == request
    seen = Characteriser(ORACLE.book.vocabulary).characterise(request, None, as_of=ORACLE.edition.as_of, batch=None)
    read = set(ORACLE.facts_read)
    for made, item in zip((case.item, *case.more), seen.facts.items, strict=True):
        assert {n: v for n, v in item.facts.items() if n in read} == {n: v for n, v in made.items() if n in read}


def test_several_items_are_drawn_and_shrink_to_one() -> None:
    differing_verdicts = smallest_of(draw.cases(**UNDER), lambda case: set(ORACLE.verdicts(case)) == {"allow", "open"})
    assert len(differing_verdicts.more) == 1
    assert smallest_of(draw.cases(**UNDER), lambda case: "deny" in ORACLE.verdicts(case)).more == ()
    assert len(smallest_of(draw.requests(most_items=4, **UNDER), lambda request: len(request.items) == 4).items) == 4
