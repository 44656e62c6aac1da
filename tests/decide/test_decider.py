"""A decision: what is answered when profiles agree, when they differ, and when the engine is not sure."""

from __future__ import annotations

import multiprocessing
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from book_cases import (
    ADDRESS,
    BEFORE_THE_INJUNCTION,
    COMPLETE_REQUEST,
    COURT_ORDER,
    RETURN_IN_ORDER,
    WAGES_FROM_TAXPAYER,
    book,
    case,
)
from limen.decide import reference
from limen.decide.audience import decision_for
from limen.decide.decider import Decider
from limen.decide.decision import Decision
from limen.decide.findings import Findings
from limen.decide.ids import new_id
from limen.law import CaseFacts, EditionError, check_facts
from limen.law.edition import Edition

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Honest:
    """A second key that is the reference interpreter."""

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        return reference.find(edition, facts)


class Liar:
    """A second key that says allow to everything."""

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        found = reference.find(edition, facts)
        return replace(found, items=tuple(replace(item, verdict="allow") for item in found.items))


class Broken:
    """A second key that fails."""

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        raise RuntimeError("a secret of the case")


def facts(base: dict[str, Any], items: dict[str, dict[str, Any]], **changes: Any) -> CaseFacts:
    return check_facts(book().vocabulary, case(base, **changes), items)


def decide(stated: CaseFacts, day: date = BEFORE_THE_INJUNCTION, **options: Any) -> Decision:
    decider = Decider(book(), now=lambda: NOON, new_id=lambda: "fixed", **options)
    return decider.decide(stated, day, request_id="r", request_digest="d")


def test_a_complete_request_is_released_under_every_profile_with_its_duties() -> None:
    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}), second_key=Honest())
    assert (decision.effect, decision.disposition, decision.fault) == ("allow", "release", None)
    assert decision.releasable == ("address",)
    assert decision.second_key == "agrees"
    assert {outcome.effect for outcome in decision.profiles} == {"allow"}
    assert decision.items[0].effect == "must"
    assert any(duty.citation.startswith("26 U.S.C. § 6103(p)(3)") for duty in decision.duties)


def test_one_withheld_item_withholds_the_request_but_not_the_largest_set() -> None:
    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS, "wages": WAGES_FROM_TAXPAYER}))
    assert (decision.effect, decision.disposition) == ("deny", "withhold")
    assert decision.releasable == ("address",)


def test_profiles_that_differ_are_named_with_the_reading_that_parts_them() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS}, batch__matters_naming_same_recipient=50_000)
    decision = decide(stated)
    assert (decision.effect, decision.disposition) == ("deny", "readings_differ")
    assert decision.items[0].verdict == "readings_differ"
    assert decision.releasable == ()
    assert len({outcome.effect for outcome in decision.profiles}) == 2
    assert "usc.26.6103.i.2/personally_engaged" in {hinge.reading for hinge in decision.hinges}


def test_every_hinge_really_moves_the_answer() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS}, batch__matters_naming_same_recipient=50_000)
    for profile in ("ddc-2025-26", "irs-2025-08"):
        decision = decide(stated, profile=profile, hinges="always")
        for hinge in decision.hinges:
            assert hinge.under[hinge.chosen] == decision.disposition
            assert set(hinge.under.values()) != {decision.disposition}


def test_a_missing_fact_is_asked_for_and_the_answer_stays_open() -> None:
    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}, request__in_writing=None), profile="centro-2026")
    assert decision.disposition == "more_needed"
    assert "request.in_writing" in {missing.fact for missing in decision.missing}
    assert all(missing.ask for missing in decision.missing)


@pytest.mark.parametrize(
    ("key", "kind", "state"), [(Liar(), "disagreement", "disagrees"), (Broken(), "error", "failed")]
)
def test_a_second_key_that_lies_or_fails_ends_in_deny(key: Any, kind: str, state: str) -> None:
    stated = facts(COURT_ORDER, {"return": RETURN_IN_ORDER}, request__in_writing=False, order__granted=False)
    decision = decide(stated, second_key=key)
    assert (decision.effect, decision.disposition, decision.releasable) == ("deny", "withhold", ())
    assert decision.fault is not None
    assert (decision.fault.kind, decision.second_key) == (kind, state)
    assert "secret" not in decision.model_dump_json()


def test_a_first_key_that_lies_ends_in_deny() -> None:
    class Yes:
        def __init__(self, edition: Edition) -> None:
            self.edition = edition

        def find(self, stated: CaseFacts) -> Findings:
            return Liar().find(self.edition, stated)

    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS}, request__in_writing=False)
    decision = decide(stated, profile="centro-2026", second_key=Honest(), make_evaluator=Yes)
    assert decision.effect == "deny"
    assert decision.fault is not None and decision.fault.kind == "disagreement"
    assert "verdict" in decision.fault.detail


def test_findings_of_the_wrong_shape_are_a_fault_even_without_a_second_key() -> None:
    class Short:
        def __init__(self, edition: Edition) -> None:
            self.edition = edition

        def find(self, stated: CaseFacts) -> Findings:
            return Findings((), ())

    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}), profile="centro-2026", make_evaluator=Short)
    assert decision.effect == "deny"
    assert decision.fault is not None and decision.fault.kind == "error"


def test_a_fault_is_written_down_where_somebody_asked_for_it() -> None:
    seen: list[tuple[str, str]] = []

    def write(edition: Edition, stated: CaseFacts, first: Any, second: Any, kind: str, detail: str) -> str:
        seen.append((edition.profile, kind))
        return "fault.json"

    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}), second_key=Broken(), write_fault=write)
    assert decision.fault is not None and decision.fault.reproduction == "fault.json"
    assert seen[0][1] == "error"


def test_a_request_for_nothing_is_never_allowed() -> None:
    assert decide(facts(COMPLETE_REQUEST, {})).effect == "deny"


def test_an_unknown_profile_and_a_day_without_law_are_errors_not_answers() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS})
    with pytest.raises(EditionError, match="did you mean `centro-2026`"):
        decide(stated, profile="centro-2025")
    with pytest.raises(EditionError, match="no law"):
        decide(stated, date(1950, 1, 1))


def test_when_no_profile_existed_yet_there_is_no_answer() -> None:
    with pytest.raises(EditionError, match="no profile of the book existed on 1900-01-01"):
        decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}), known_at=date(1900, 1, 1))


def test_the_requester_cannot_tell_an_informant_from_somebody_not_found() -> None:
    informant = facts(COMPLETE_REQUEST, {"address": ADDRESS}, secretary__finds_informant_risk=True)
    nobody = facts(COMPLETE_REQUEST, {"address": ADDRESS}, match__grade="none", match__name_agrees=False)
    undecided = facts(COMPLETE_REQUEST, {"address": ADDRESS}, secretary__finds_informant_risk=None)
    views = [
        decision_for(decide(stated, profile="centro-2026", hinges="always"), "requester").model_dump()
        for stated in (informant, nobody, undecided)
    ]
    assert views[0] == views[1] == views[2]


def test_the_auditor_sees_the_bar_and_the_requester_does_not() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS}, secretary__finds_informant_risk=True)
    decision = decide(stated, profile="centro-2026")
    assert any(reason.outcome == "barred" for reason in decision_for(decision, "auditor").items[0].reasons)
    seen = decision_for(decision, "requester").model_dump_json()
    assert "barred" not in seen and "informant" not in seen.lower()


def test_a_deficient_request_tells_its_author_what_to_mend() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS}, request__in_writing=False)
    view = decision_for(decide(stated, profile="centro-2026"), "requester")
    assert any(reason.cure for reason in view.items[0].reasons)


def test_a_decision_survives_its_json_form() -> None:
    decision = decide(facts(COMPLETE_REQUEST, {"address": ADDRESS}), hinges="always")
    assert Decision.model_validate_json(decision.model_dump_json()) == decision


def test_a_decider_can_be_sent_to_another_process() -> None:
    stated = facts(COMPLETE_REQUEST, {"address": ADDRESS})
    decider = Decider(book(), profile="centro-2026")
    copy = pickle.loads(pickle.dumps(decider))
    assert copy.decide(stated, BEFORE_THE_INJUNCTION).effect == "allow"


def test_no_two_decisions_have_the_same_name_whatever_thread_or_process_made_them() -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [name for some in pool.map(lambda _: [new_id() for _ in range(500)], range(8)) for name in some]
    with multiprocessing.get_context("fork").Pool(3) as processes:
        names += [name for some in processes.map(_names, [300] * 6) for name in some]
    assert len(set(names)) == len(names) == 8 * 500 + 6 * 300
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)


def _names(count: int) -> list[str]:
    return [new_id() for _ in range(count)]
