"""Whatever a key does, the decision is deny with an engine fault, and a file that shows the fault again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import bad_workers as bad
import pytest

from limen.decide import reference
from limen.decide.compiled import compile_edition
from limen.decide.decider import Decider
from limen.decide.decision import Decision
from limen.decide.findings import Findings
from limen.decide.reproduction import FaultFolder, reproduce
from limen.decide.second_key import SecondKey
from limen.law import load_book
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, FactError, ItemFacts
from limen.request.model import Request
from limen.request.read import build_request

BOOK = load_book()
DAY = date(2026, 3, 1)
CASE = CaseFacts({"requester.in_writing": True}, (ItemFacts("Ferreira-Quill", {"item.kind": "mailing_address"}),))


class AllowsEverything:
    """A first key that lies: every gateway open, every item allowed."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def find(self, facts: CaseFacts) -> Findings:
        honest = reference.find(self._edition, facts)
        gateways = (True,) * len(self._edition.gateways)
        return replace(honest, items=tuple(replace(item, gateways=gateways, verdict="allow") for item in honest.items))


class Raises:
    """A first key that fails."""

    def __init__(self, edition: Edition) -> None:
        del edition

    def find(self, facts: CaseFacts) -> Findings:
        raise ZeroDivisionError(str(facts))


class TooShort(AllowsEverything):
    """A first key that leaves the last point out."""

    def find(self, facts: CaseFacts) -> Findings:
        honest = reference.find(self._edition, facts)
        return replace(honest, case=honest.case[:-1])


class Lies(SecondKey):
    """A second key that agrees with whoever allows everything."""

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        return AllowsEverything(edition).find(facts)


def decided(
    folder: Path, key: SecondKey, first: Callable[[Edition], object] = compile_edition, profile: str = "centro-2026"
) -> Decision:
    decider = Decider(
        BOOK, profile=profile, second_key=key, write_fault=FaultFolder(folder), make_evaluator=first,  # type: ignore[arg-type]
    )  # fmt: skip
    return decider.decide(CASE, DAY, request_id="r-1")


def denies_with_fault(decision: Decision, kind: str) -> Path:
    assert (decision.effect, decision.disposition, decision.releasable) == ("deny", "withhold", ())
    assert [item.verdict for item in decision.items] == ["deny"]
    assert decision.fault is not None and decision.fault.kind == kind
    assert decision.fault.reproduction is not None
    assert "Ferreira" not in Path(decision.fault.reproduction).read_text()
    return Path(decision.fault.reproduction)


def test_with_two_honest_keys_there_is_no_fault_and_no_file(tmp_path: Path) -> None:
    with SecondKey() as key:
        decision = decided(tmp_path, key)
    assert (decision.second_key, decision.fault) == ("agrees", None)
    assert list(tmp_path.iterdir()) == []


def test_a_first_key_that_lies_releases_nothing(tmp_path: Path) -> None:
    with SecondKey() as key:
        decision = decided(tmp_path, key, AllowsEverything)
        path = denies_with_fault(decision, "disagreement")
        assert decision.second_key == "disagrees"
        again = reproduce(path, first=AllowsEverything, second=key)
    assert (again.still_happens, again.wrong) == (True, ("first",))
    assert reproduce(path).kind is None


def test_a_second_key_that_lies_releases_nothing(tmp_path: Path) -> None:
    path = denies_with_fault(decided(tmp_path, Lies()), "disagreement")
    again = reproduce(path, second=Lies())
    assert (again.still_happens, again.wrong) == (True, ("second",))


def test_a_worker_that_says_yes_to_everything_releases_nothing(tmp_path: Path) -> None:
    with SecondKey(command=bad.SAYS_YES) as key:
        path = denies_with_fault(decided(tmp_path, key), "disagreement")
        assert reproduce(path, second=key).wrong == ("second",)


@pytest.mark.parametrize(("first", "kind"), [(Raises, "error"), (TooShort, "error")])
def test_a_first_key_that_fails_releases_nothing(tmp_path: Path, first, kind: str) -> None:
    with SecondKey() as key:
        path = denies_with_fault(decided(tmp_path, key, first), kind)
        assert reproduce(path, first=first, second=key).wrong == ("first",)


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (bad.SEGFAULT, "crash"),
        (bad.KILLED, "crash"),
        (bad.TRUNCATED, "crash"),
        (bad.NOT_THERE, "crash"),
        (bad.HANGS, "timeout"),
        (bad.GARBAGE, "error"),
        (bad.TOO_FEW_ANSWERS, "error"),
        (bad.NO_LIBRARY, "error"),
    ],
)
def test_a_worker_that_misbehaves_releases_nothing(tmp_path: Path, command, kind: str) -> None:
    with SecondKey(command=command, deadline=1.0) as key:
        decision = decided(tmp_path, key)
        path = denies_with_fault(decision, kind)
        assert decision.second_key == "failed"
        again = reproduce(path, second=key)
    assert (again.kind, again.still_happens, again.wrong) == (kind, True, ("second",))
    assert reproduce(path).kind is None


def test_a_worker_killed_between_two_requests_costs_one_decision(tmp_path: Path) -> None:
    with SecondKey() as key:
        before = decided(tmp_path, key)
        os.kill(key.worker_pid, signal.SIGKILL)
        denies_with_fault(decided(tmp_path, key), "crash")
        after = decided(tmp_path, key)
    assert before.fault is after.fault is None
    assert before.items == after.items


def test_a_fault_under_one_profile_denies_under_all(tmp_path: Path) -> None:
    """Without a chosen profile every profile is asked; one that cannot be asked is not left out."""

    class FailsOnce(SecondKey):
        asked = 0

        def find(self, edition: Edition, facts: CaseFacts) -> Findings:
            FailsOnce.asked += 1
            if FailsOnce.asked == 3:
                os.kill(self.worker_pid or 0, signal.SIGKILL)
            return super().find(edition, facts)

    with FailsOnce() as key:
        decider = Decider(BOOK, second_key=key, write_fault=FaultFolder(tmp_path))
        denies_with_fault(decider.decide(CASE, DAY), "crash")


def test_a_folder_that_cannot_be_written_does_not_turn_a_fault_into_an_answer(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    decision = decided(blocked / "faults", Lies())
    assert (decision.effect, decision.fault.kind, decision.fault.reproduction) == ("deny", "disagreement", None)
    assert "no reproduction file" in decision.fault.detail


@pytest.mark.parametrize("before", [0, 20], ids=["read plainly", "read by the written form"])
@pytest.mark.parametrize("field", ["requester", "matter", "order"])
def test_a_request_that_cannot_be_read_is_a_fault_and_releases_nothing(before: int, field: str) -> None:
    whole = build_request({"id": "r", "items": [{"id": "Ferreira-Quill", "kind": "name"}]})
    broken = Request.model_construct(**{**whole.__dict__, field: object()})
    decider = Decider(BOOK, profile="centro-2026", hinges="never")
    for _ in range(before):
        assert decider.decide_request(whole, as_of=DAY).fault is None
    decision = decider.decide_request(broken, as_of=DAY)
    assert (decision.effect, decision.disposition, decision.releasable) == ("deny", "withhold", ())
    assert [(item.item, item.verdict) for item in decision.items] == [("Ferreira-Quill", "deny")]
    assert decision.fault is not None
    assert decision.fault.detail == "AttributeError while reading the request"
    assert Decision.model_validate_json(decision.model_dump_json()) == decision


def test_a_fact_that_fits_no_vocabulary_is_the_callers_error_not_a_fault() -> None:
    request = build_request({"id": "r", "items": [{"id": "x", "kind": "name"}], "facts": {"matter.kindd": "civil"}})
    with pytest.raises(FactError, match=r"matter\.kind"):
        Decider(BOOK, profile="centro-2026").decide_request(request, as_of=DAY)
