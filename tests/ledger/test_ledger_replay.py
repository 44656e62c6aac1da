"""Whoever shows the request again can have it decided again, and is told what changed."""

from __future__ import annotations

import pytest
from told import decision, reason, request

from limen.ledger import Ledger, RecordRefused
from limen.ledger.replay import replay


@pytest.fixture
def decided(ledger: Ledger) -> Ledger:
    ledger.append("decision", {"decision": decision(request())}, request=request(), person="P-1")
    return ledger


def test_the_same_answer_agrees_though_time_and_ids_differ(decided: Ledger) -> None:
    found = replay(decided, "d-1", request(), lambda _, __: decision(request(), number=2).model_dump(mode="json"))
    assert found.agrees and found.same_book and found.sequence == 2


def test_the_record_says_under_what_it_was_decided(decided: Ledger) -> None:
    seen = {}

    def redecide(record: object, recorded: dict[str, object]) -> dict[str, object]:
        seen.update({name: recorded[name] for name in ("profile", "as_of", "known_at")})
        return decision(request()).model_dump(mode="json")

    assert replay(decided, 2, request(), redecide).agrees
    assert seen == {"profile": "text-strict", "as_of": "2025-08-06", "known_at": None}


def test_every_verdict_and_reason_is_compared(decided: Ledger) -> None:
    first = decision(request())
    item = first.items[0].model_copy(update={"reasons": (reason("requester", "not_met"), first.items[0].reasons[1])})
    again = first.model_copy(update={"items": (item,), "disposition": "more_needed", "book_digest": "cd" * 32})
    found = replay(decided, 2, request(), lambda _, __: again.model_dump(mode="json"))
    assert not found.same_book
    assert [(one.path, one.recorded, one.replayed) for one in found.differences] == [
        ("disposition", "withhold", "more_needed"),
        ("items/0/reasons/0/outcome", "met", "not_met"),
        ("items/0/reasons/0/sentence", "The requester is met.", "The requester is not_met."),
    ]


def test_another_request_is_refused(decided: Ledger) -> None:
    for shown in (request(2), request(reasons="Others."), request(id="REQ-9")):
        with pytest.raises(RecordRefused, match="show the same file again"):
            replay(decided, 2, shown, lambda _, __: {})


def test_what_was_forgotten_cannot_be_replayed(decided: Ledger) -> None:
    decided.forget(request().subject)
    with pytest.raises(RecordRefused, match="forgotten"):
        replay(decided, 2, request(), lambda _, __: {})


def test_a_record_that_is_no_decision_is_refused(decided: Ledger) -> None:
    with pytest.raises(RecordRefused, match="record 1 is no decision"):
        replay(decided, 1, request(), lambda _, __: {})


def test_a_request_without_a_subject_is_replayed_under_the_key_it_was_recorded_with(ledger: Ledger) -> None:
    from limen.request.subject import Subject

    asked = request(subject=Subject())
    ledger.append("decision", {"decision": decision(asked)}, request=asked)
    ledger.rotate_keys()
    assert replay(ledger, 2, asked, lambda _, __: decision(asked).model_dump(mode="json")).agrees
    with pytest.raises(RecordRefused):
        replay(ledger, 2, request(2, subject=Subject()), lambda _, __: {})


def test_masked_values_are_compared_masked(ledger: Ledger) -> None:
    asked = request()
    item = decision(asked).items[0].model_copy(update={"item": "quorrelb-2023"})
    told = decision(asked, items=(item,), releasable=("quorrelb-2023",))
    ledger.append("decision", {"decision": told}, request=asked)
    assert "[masked:" in ledger.show(2).body_text
    assert replay(ledger, 2, asked, lambda _, __: told.model_dump(mode="json")).agrees
