"""A decider that has been asked often answers from one written form; it must say exactly what looking says."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import cases, editions, strange_cases
from test_compiled_answer import indexed_editions

from book_cases import ADDRESS, BEFORE_THE_INJUNCTION, COMPLETE_REQUEST, WAGES_FROM_TAXPAYER, book, case
from limen.decide import reference
from limen.decide.compiled_weigh import make_weigh, weighed_of
from limen.decide.decider import Decider
from limen.decide.decision import Decision, ItemDecision, Missing, make
from limen.decide.findings import Findings
from limen.decide.reasons import Reasoner
from limen.law import CaseFacts, check_facts
from limen.law.edition import Edition
from limen.written_out import PLAIN
from sizes import tries

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ITEMS = {"address": ADDRESS, "wages": WAGES_FROM_TAXPAYER}
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"request__in_writing": None},
    {"request__in_writing": False},
    {"secretary__finds_informant_risk": True},
    {"secretary__finds_informant_risk": None},
    {"match__grade": "none"},
    {"matter__stage": None, "request__states_name": None},
)


class Looking:
    """The reference interpreter as the first key: it is never written out."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def find(self, facts: CaseFacts) -> Findings:
        return reference.find(self.edition, facts)


def stated(changes: dict[str, Any], items: dict[str, Any] = ITEMS) -> CaseFacts:
    return check_facts(book().vocabulary, case(COMPLETE_REQUEST, **changes), items)


def decider(**options: Any) -> Decider:
    return Decider(book(), profile="centro-2026", now=lambda: NOON, new_id=lambda: "fixed", **options)


def warm(one: Decider) -> Decider:
    for _ in range(PLAIN + 1):
        one.decide(stated({}), BEFORE_THE_INJUNCTION)
    return one


@settings(max_examples=tries(80), deadline=None)
@given(edition=editions(), facts=cases())
def test_what_is_weighed_follows_from_the_findings(edition: Edition, facts: CaseFacts) -> None:
    reasoner = Reasoner(edition)
    assert make_weigh(reasoner)(facts) == weighed_of(Reasoner(edition), facts, reference.find(edition, facts))


@settings(max_examples=tries(40), deadline=None)
@given(edition=editions(), facts=strange_cases())
def test_values_of_the_wrong_type_are_weighed_alike(edition: Edition, facts: CaseFacts) -> None:
    assert make_weigh(Reasoner(edition))(facts) == weighed_of(Reasoner(edition), facts, reference.find(edition, facts))


@settings(max_examples=tries(30), deadline=None)
@given(edition=indexed_editions(), facts=st.lists(cases(), min_size=2, max_size=2))
def test_many_gateways_are_weighed_alike(edition: Edition, facts: list[CaseFacts]) -> None:
    weigh = make_weigh(Reasoner(edition))
    for one in facts:
        assert weigh(one) == weighed_of(Reasoner(edition), one, reference.find(edition, one))


@pytest.mark.parametrize("changes", CHANGES)
def test_the_first_decision_and_a_later_one_are_the_same(changes: dict[str, Any]) -> None:
    facts = stated(changes)
    first = decider(make_evaluator=Looking).decide(facts, BEFORE_THE_INJUNCTION)
    later = warm(decider()).decide(facts, BEFORE_THE_INJUNCTION)
    assert later == first
    assert later.model_dump_json() == first.model_dump_json()
    assert later.fault is None


def test_a_written_form_that_fails_ends_in_deny(monkeypatch: pytest.MonkeyPatch) -> None:
    one = warm(decider())
    seat = one._editions.of("centro-2026", BEFORE_THE_INJUNCTION)
    facts = stated({}, {"address": ADDRESS})
    assert one.decide(facts, BEFORE_THE_INJUNCTION).effect == "allow"
    for broken in (lambda _: 1 / 0, lambda _: []):
        seat._weigh.form = broken  # type: ignore[assignment]
        decision = one.decide(facts, BEFORE_THE_INJUNCTION)
        assert (decision.effect, decision.releasable) == ("deny", ())
        assert decision.fault is not None and decision.fault.kind == "error"


def test_with_a_second_key_findings_are_always_made() -> None:
    class Liar:
        def find(self, edition: Edition, facts: CaseFacts) -> Findings:
            return Findings((), ())

    decision = warm(decider(second_key=Liar())).decide(stated({}), BEFORE_THE_INJUNCTION)
    assert decision.fault is not None and decision.fault.kind == "disagreement"


def test_threads_that_share_a_decider_answer_alike() -> None:
    one = decider()
    asked = [stated(changes) for changes in CHANGES] * 10
    expected = [decider(make_evaluator=Looking).decide(facts, BEFORE_THE_INJUNCTION) for facts in asked[: len(CHANGES)]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda facts: one.decide(facts, BEFORE_THE_INJUNCTION), asked))
    assert found == expected * 10


def test_a_decider_that_was_asked_often_can_be_sent_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(warm(Decider(book(), profile="centro-2026"))))
    assert copy.decide(stated({}, {"address": ADDRESS}), BEFORE_THE_INJUNCTION).effect == "allow"


def test_a_made_record_is_like_a_checked_one() -> None:
    decision = warm(decider()).decide(stated({"request__in_writing": None}), BEFORE_THE_INJUNCTION)
    assert decision.missing
    for record, kind in ((decision, Decision), (decision.items[0], ItemDecision), (decision.missing[0], Missing)):
        checked = kind.model_validate(record.model_dump())  # type: ignore[attr-defined]
        constructed = kind.model_construct(**{name: record.__dict__[name] for name in record.model_fields_set})  # type: ignore[attr-defined]
        assert record == checked == constructed
        assert list(record.__dict__) == list(kind.model_fields)  # type: ignore[attr-defined]
        assert pickle.loads(pickle.dumps(record)) == record
        assert record.model_copy(update={}) == record
        assert record.model_dump_json() == constructed.model_dump_json()
    with pytest.raises(ValueError, match="frozen"):
        decision.effect = "allow"
    assert make(Missing, dict(decision.missing[0].__dict__), set()).model_fields_set == set()
