"""A decider that has been asked often reads and weighs a request in one go: it must say what the long way says."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from benchmarks.policy import policy_book
from hypothesis import given, settings
from hypothesis import strategies as st

from limen.decide.compiled_request import LocalsWriter
from limen.decide.decider import Decider
from limen.decide.decision import Decision, ItemDecision
from limen.decide.draft import ANSWERED
from limen.law import FactError, load_book
from limen.law.book import Book
from limen.law.vocabulary import Fact
from limen.request.characterise import Characteriser
from limen.request.compiled_reader import function
from limen.request.derivation import Given
from limen.request.model import Request
from limen.request.read import build_request
from limen.testing import strategies as draw
from limen.written_out import PLAIN
from sizes import tries
from stated import BATCHES, MATCHES, WRONG, calm, places, requests, with_value
from strategies import DAYS, books, fact_values

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = date(2026, 3, 3)
PROFILES = ("centro-2026", "text-strict", "irs-2025-08", "dmass-2026")
UNDER = ("usc.26.6103.i.2", "usc.26.6103.i.1")
BLANK = {"id": "r", "items": [{"id": "x", "kind": "name"}]}


def decider(book: Book, profile: str) -> Decider:
    return Decider(book, profile=profile, hinges="never", now=lambda: NOON, new_id=lambda: "fixed")


def warmed(book: Book, profile: str, day: date) -> Decider:
    one = decider(book, profile)
    blank = build_request(BLANK)
    for _ in range(PLAIN + 1):
        one.decide_request(blank, as_of=day)
    assert one._editions.of(profile, day)._weigh_request.form is not None
    return one


@cache
def warm(profile: str) -> Decider:
    """A decider under the shipped book that reads and weighs in one go."""
    return warmed(load_book(), profile, DAY)


@cache
def cold(profile: str) -> Decider:
    """The same, taking the long way whenever it is asked."""
    one = decider(load_book(), profile)
    one._quick = None
    return one


def outcome(one: Decider, request: Request, day: date, **more: Any) -> Decision | str:
    try:
        return one.decide_request(request, as_of=day, **more)
    except FactError as error:
        return str(error)


def at_once(profile: str, request: Request) -> tuple[ItemDecision, ...]:
    """What the written form alone says of each item: where it fails, no long way hides it."""
    weigh = warm(profile)._editions.of(profile, DAY)._weigh_request.form
    assert weigh is not None
    weighed = weigh(Given(request, None, None, DAY), None)
    assert weighed is not None
    return tuple(weighed[0])


Locals = Callable[[Given, Mapping[str, Any] | None], tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]] | None]


def into_locals(reader: Characteriser) -> Locals:
    """The reading into locals by itself: it hands out what is in each of them."""
    facts = reader.vocabulary.facts.values()
    case = {fact.name: f"c{number}" for number, fact in enumerate(facts) if not fact.per_item}
    own = {fact.name: f"i{number}" for number, fact in enumerate(facts) if fact.per_item}
    shown = ["{" + ", ".join(f"{name!r}: {local}" for name, local in of.items()) + "}" for of in (case, own)]
    writer = LocalsWriter(reader, case, own)
    lines = [
        *writer.case_lines(),
        *writer.outright("top", "stated"),
        "items = []",
        "for item in top['items']:",
        *(f"    {line}" for line in [*writer.item_lines(), *writer.outright("said", "")]),
        f"    items.append((said['id'], {shown[1]}))",
        f"return {shown[0]}, items",
    ]
    exec(function("read(given, stated)", lines), writer.namespace)
    return writer.namespace["read"]  # type: ignore[return-value]


READERS = [Characteriser(book.vocabulary) for book in (load_book(), policy_book())]
INTO_LOCALS = [into_locals(reader) for reader in READERS]


@st.composite
def said(draw: st.DrawFn, facts: Mapping[str, Fact], per_item: bool) -> dict[str, Any]:
    """A few facts stated outright; now and then `unknown`, or what does not fit."""
    names = sorted(name for name, fact in facts.items() if fact.per_item is per_item)
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=8))
    amiss = st.sampled_from(("no_such_word", 5000, True, DAYS[0]))
    kinds = st.sampled_from(("fits",) * 12 + ("unknown",) * 3 + ("amiss",))
    ways = {"unknown": lambda _: st.just("unknown"), "amiss": lambda _: amiss, "fits": fact_values}
    return {name: draw(ways[draw(kinds)](facts[name])) for name in chosen}


def known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


@settings(calm, max_examples=tries(300))
@given(st.data(), requests(), st.none() | MATCHES, st.none() | BATCHES)
def test_what_is_in_the_locals_is_what_the_characterisation_says(data, drawn, match, batch):
    """Fact by fact, of the whole vocabulary: nothing more, nothing less and nothing of the item before."""
    which = data.draw(st.sampled_from((0, 1)))
    reader, read = READERS[which], INTO_LOCALS[which]
    facts = reader.vocabulary.facts
    items = tuple(item.model_copy(update={"facts": data.draw(said(facts, True))}) for item in drawn.items)
    nothing_else = data.draw(st.sampled_from((None, True, False, "unknown")))
    outright = data.draw(said(facts, False))
    request = drawn.model_copy(update={"facts": outright, "items": items, "nothing_else": nothing_else})
    stated_ = data.draw(st.none() | said(facts, False))
    try:
        expected = reader.characterise(request, match, as_of=DAY, batch=batch, stated=stated_).facts
    except FactError:
        expected = None
    found = read(Given(request, match, batch, DAY), stated_)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert known(found[0]) == expected.facts
        assert [(id, known(own)) for id, own in found[1]] == [(one.id, one.facts) for one in expected.items]


@calm
@given(requests(), st.none() | MATCHES, st.none() | BATCHES)
def test_at_once_and_the_long_way_are_the_same_decision(request_, match, batch):
    for profile in PROFILES:
        for nothing_else in (None, True):
            asked = request_.model_copy(update={"nothing_else": nothing_else})
            given_ = {"match": match, "batch": batch}
            assert outcome(warm(profile), asked, DAY, **given_) == outcome(cold(profile), asked, DAY, **given_)


@settings(calm, max_examples=tries(60))
@given(st.data())
def test_so_they_are_for_requests_that_may_well_be_granted(data):
    request = data.draw(draw.requests(profile=PROFILES[0], as_of=DAY, under=UNDER))
    for profile in PROFILES:
        decision = outcome(warm(profile), request, DAY)
        assert decision == outcome(cold(profile), request, DAY)
        assert at_once(profile, request) == decision.items


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@calm
@given(st.data(), requests(), WRONG)
def test_a_value_that_no_field_may_hold_releases_nothing_that_the_long_way_would_not(data, request_, wrong):
    found = [place for place, shape in places(request_) if shape.element is None and shape.section is None]
    if not found:
        return
    ill = with_value(request_, data.draw(st.sampled_from(found)), wrong)
    for profile in PROFILES:
        at_once, slowly = outcome(warm(profile), ill, DAY), outcome(cold(profile), ill, DAY)
        assert isinstance(at_once, Decision) and isinstance(slowly, Decision)
        assert set(at_once.releasable) <= set(slowly.releasable)


@settings(calm, max_examples=tries(60))
@given(st.data(), books(), st.sampled_from(("first", "second")), st.sampled_from(DAYS))
def test_what_is_stated_outright_is_taken_as_the_long_way_takes_it(data, book, profile, day):
    one, long = warmed(book, profile, day), decider(book, profile)
    long._quick = None
    facts = book.vocabulary.facts
    for _ in range(3):
        items = [
            {"id": f"i{number}", "kind": "name", "facts": data.draw(said(facts, True))}
            for number in range(data.draw(st.integers(1, 2)))
        ]
        request = build_request({"id": "r", "items": items, "facts": data.draw(said(facts, False))})
        more = {"stated": data.draw(st.none() | said(facts, False))}
        assert outcome(one, request, day, **more) == outcome(long, request, day, **more)


@pytest.mark.parametrize("fails", [lambda *_: 1 / 0, lambda *_: ([], None), lambda *_: None, lambda *_: []])
def test_where_it_fails_the_long_way_is_taken(fails) -> None:
    request = build_request({**BLANK, "facts": {"matter.kind": "criminal"}})
    one = warmed(load_book(), "centro-2026", DAY)
    one._editions.of("centro-2026", DAY)._weigh_request.form = fails
    assert one.decide_request(request, as_of=DAY) == cold("centro-2026").decide_request(request, as_of=DAY)


def test_what_is_open_must_be_open_in_full_findings_too() -> None:
    """Reasons of the written form and missing facts of the findings belong to one answer, or it is not taken."""
    request = build_request({**BLANK, "items": [{"id": "x", "kind": "name"}, {"id": "y", "kind": "name"}]})
    one = warmed(load_book(), "centro-2026", DAY)
    seat = one._editions.of("centro-2026", DAY)
    weigh = seat._weigh_request.form
    assert weigh is not None

    def granting_one(*given: Any) -> Any:
        weighed, facts = weigh(*given) or ([], None)
        assert [item.verdict for item in weighed] == ["open", "open"]
        return [weighed[0].model_copy(update={"verdict": "allow"}), weighed[1]], facts

    seat._weigh_request.form = granting_one
    decision = one.decide_request(request, as_of=DAY)
    assert decision == cold("centro-2026").decide_request(request, as_of=DAY)
    assert decision.releasable == ()


def test_decisions_share_what_they_say_of_their_fields_and_a_copy_does_not() -> None:
    decision = warm("centro-2026").decide_request(build_request(BLANK), as_of=DAY)
    assert "caveat" not in decision.model_fields_set
    assert "caveat" in decision.model_copy(update={"caveat": "another"}).model_fields_set
    assert "caveat" not in decision.model_fields_set and "caveat" not in ANSWERED


def test_threads_that_share_a_decider_answer_alike_at_once() -> None:
    asked = [build_request({**BLANK, "nothing_else": said}) for said in (None, True, False, "unknown")] * 20
    one = decider(load_book(), "text-strict")
    expected = [cold("text-strict").decide_request(request, as_of=DAY) for request in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda request: one.decide_request(request, as_of=DAY), asked)) == expected


def test_a_decider_that_was_asked_often_about_requests_can_be_sent_to_another_process() -> None:
    one = Decider(load_book(), profile="centro-2026")
    for _ in range(PLAIN + 2):
        one.decide_request(build_request(BLANK), as_of=DAY)
    copy = pickle.loads(pickle.dumps(one))
    assert copy.decide_request(build_request(BLANK), as_of=DAY).fault is None
