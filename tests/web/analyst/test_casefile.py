"""What the workbench saves, the command decides the same; and what it opens, it opens whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from book_cases import book
from limen.cli.main import main
from limen.decide.decider import Decider
from limen.decide.decision import Decision
from limen.request import RequestError
from limen.scenario.load import ScenarioError, find_scenarios
from limen.scenario.run import run_scenario
from limen.web.pages.casefile import ANALYST, CaseFileError, open_shipped, open_text, origins, save
from limen.web.pages.state import UNKNOWN, CaseState, Snapshot, answered, blank, pinned, with_item, with_snapshot

CASES = ("demo-textbook", "demo-two-sources", "demo-number-no-address", "demo-court-order")


def decided(state: CaseState | Snapshot) -> Decision:
    return Decider(book(), profile=state.profile, known_at=state.known_at).decide(state.facts, state.as_of)


def saved(state: CaseState) -> str:
    return save(state, decided(state), {one.name: decided(one) for one in state.snapshots})


@pytest.fixture(params=CASES)
def state(request: pytest.FixtureRequest) -> CaseState:
    begun = replace(open_shipped(request.param, book(), None), profile="ddc-2025-26")
    begun = with_snapshot(begun, "as it came")
    begun = answered(begun, ("request.in_writing", None), False)
    begun = answered(begun, ("secretary.finds_tax_case_harm", None), UNKNOWN)
    return with_item(pinned(begun, "requester.agency"), "filed_return")


def test_a_saved_case_opens_as_it_was(state: CaseState) -> None:
    again = open_text(saved(state), "case.yaml", book(), None)
    assert again.facts == state.facts and again.unknown == state.unknown
    assert (again.profile, again.as_of, again.pinned) == (state.profile, state.as_of, state.pinned)
    assert again.mine == state.mine
    assert [(one.name, one.facts, one.unknown) for one in again.snapshots] == [
        (one.name, one.facts, one.unknown) for one in state.snapshots
    ]


def test_a_saved_case_runs_as_a_scenario_with_its_snapshots(state: CaseState, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(saved(state), encoding="utf-8")
    told = [scenario for _, scenario in find_scenarios([path])]
    assert len(told) == 2
    assert [run_scenario(scenario, book()).failures for scenario in told] == [(), ()]


def test_the_command_decides_a_saved_case_the_same(
    state: CaseState, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIMEN_HOME", str(tmp_path / "home"))
    path = tmp_path / "case.yaml"
    path.write_text(saved(state), encoding="utf-8")
    for which, one in ((str(path), state), (f"{path}/as-it-came", state.snapshots[0])):
        expected = decided(one)
        main(["decide", which, "--profile", "ddc-2025-26", "--no-second-key", "--json", "--audience", "auditor"])
        answer = json.loads(capsys.readouterr().out)["decision"]
        assert answer["disposition"] == expected.disposition
        assert [item["verdict"] for item in answer["items"]] == [item.verdict for item in expected.items]
        ours = json.loads(expected.model_dump_json())
        for part in ("items", "releasable", "missing", "duties", "profile", "as_of", "book_digest"):
            assert answer[part] == ours[part]


def test_a_blank_page_can_be_saved_and_decided(tmp_path: Path) -> None:
    state = blank(book(), date(2026, 3, 15))
    again = open_text(saved(state), "case.yaml", book(), None)
    assert again.facts == state.facts and decided(again).disposition == "more_needed"


def test_a_request_opens_as_the_facts_it_gives() -> None:
    letter = {
        "id": "letter-1", "received": "2026-03-03", "requester": {"agency": "dhs", "in_writing": True},
        "items": [{"id": "a", "kind": "mailing_address"}],
    }  # fmt: skip
    text = json.dumps(letter)
    state = open_text(text, "letter.json", book(), None)
    assert state.facts.facts["requester.agency"] == "dhs" and state.as_of == date(2026, 3, 3)
    assert state.origin == "the request letter-1"


def test_who_stated_a_fact_is_known_to_the_place_in_the_letter() -> None:
    state = answered(open_shipped("demo-textbook", book(), None), ("request.in_writing", None), False)
    said = origins(state, book(), None)
    assert said["request.in_writing", None] == ANALYST
    assert said["requester.office", None] == "the scenario demo-textbook: the request, requester.office"


def test_what_cannot_be_opened_says_where() -> None:
    with pytest.raises(RequestError):
        open_text("id: x\nitemz: []\n", "case.yaml", book(), None)
    with pytest.raises(ScenarioError, match="is not a key that belongs here"):
        open_text(saved(blank(book(), date(2026, 3, 15))) + "colour: red\n", "case.yaml", book(), None)
    with pytest.raises(CaseFileError, match="more than"):
        open_text("#" * 200_001, "case.yaml", book(), None)
    with pytest.raises(CaseFileError):
        open_shipped("../../etc/passwd", book(), None)
