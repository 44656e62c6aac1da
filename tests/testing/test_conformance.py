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
