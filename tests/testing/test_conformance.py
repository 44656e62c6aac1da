"""The kit finds each planted fault, says where it is, and finds nothing where there is nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from limen.testing import ConformanceError, conformance
from limen.testing.system import SystemAddressError

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
sys.path[:0] = [str(EXAMPLES / "sut_correct"), str(EXAMPLES / "sut_faulty")]

import office  # noqa: E402
from faults import FAULTS  # noqa: E402

UNDER = ("usc.26.6103.c", "usc.26.6103.i.8")


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_where_it_is(name: str) -> None:
    decide, fault, address, fact = FAULTS[name]
    report = conformance(decide, profile="text-strict", under=UNDER, examples=50)
    assert (fault, address, fact) in {(one.fault, one.address, one.fact) for one in report.disagreements}
    with pytest.raises(ConformanceError, match="disagreement"):
        report.check()


def test_a_correct_system_agrees_on_every_case() -> None:
    report = conformance(office.decide, profile="text-strict", under=UNDER, examples=500)
    assert report.check() is report
    assert report.directed > 300 and report.random > 300


def test_a_correct_system_agrees_when_told_as_a_request() -> None:
    from datetime import date

    from limen.request import Characteriser, build_request
    from limen.testing import Oracle

    oracle = Oracle(profile="text-strict", under=UNDER)
    seen = Characteriser(oracle.book.vocabulary)

    def decide(request: dict) -> str:
        facts = seen.characterise(build_request(request, "case"), as_of=date(2026, 3, 1)).facts
        return oracle.compiled.find(facts).items[0].verdict

    conformance(decide, profile="text-strict", under=UNDER, examples=50, form="request").check()


def test_cases_are_sent_to_no_other_machine() -> None:
    with pytest.raises(SystemAddressError, match="not an address of this machine"):
        conformance("http://example.org/decide", profile="text-strict", under=UNDER)


def test_an_answer_that_cannot_be_read_is_an_error_not_a_refusal() -> None:
    report = conformance(lambda case: "perhaps", profile="text-strict", under=UNDER, examples=0)
    assert {one.fault for one in report.disagreements} == {"error"}


def by_item(case):
    """The office asked about each item alone: what a careful system does with several."""
    return {id: office.decide({**case, "items": {"item-1": stated}}) for id, stated in case["items"].items()}


def one_opens_all(case):
    """Lets every item out as soon as one of them may go."""
    answers = by_item(case)
    return dict.fromkeys(answers, "allow" if "allow" in answers.values() else "deny")


def test_a_system_that_lets_all_items_out_because_one_may_go_is_found() -> None:
    checked = {"profile": "text-strict", "under": UNDER, "examples": 300}
    assert conformance(one_opens_all, **checked), "case by case nothing is wrong with it"
    report = conformance(one_opens_all, items=3, **checked)
    (found,) = report.disagreements
    assert found.fault == "released" and found.case.more and "alone it is answered rightly" in found.label
    assert found.twin is not None and found.twin.more == ()
    assert "item-2" in str(found)


def test_systems_that_answer_each_item_or_refuse_the_whole_agree() -> None:
    checked = {"profile": "text-strict", "under": UNDER, "examples": 300, "items": 3}
    assert conformance(by_item, **checked).check()

    def all_or_nothing(case):
        answers = by_item(case)
        return "allow" if set(answers.values()) == {"allow"} else "deny"

    assert conformance(all_or_nothing, **checked).check()
