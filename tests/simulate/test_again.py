"""The same seeds give the same tables; shares are found again from counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.simulate.small import AUGUST, MANY_HELD, Run

from limen.simulate import read_plan, run_plan
from limen.simulate.calibrate import calibrate
from limen.simulate.errors import SimulationError
from limen.simulate.plan_file import check_plan
from limen.simulate.write import figures_json


def test_the_same_seeds_give_the_same_tables_in_another_folder_and_others_do_not(run: Run, tmp_path: Path) -> None:
    again, _ = run_plan(run.plan, tmp_path)
    assert figures_json(again, [], []) == figures_json(run.outcome, [], [])
    first = run.outcome.policies[0]
    other = read_plan(AUGUST, 400, [*MANY_HELD, "batch.seed=7"], [first.name])
    assert run_plan(other, tmp_path)[0].policies[0] != first


def test_shares_are_found_again_from_the_counts_they_gave(run: Run) -> None:
    first = run.outcome.policies[0]
    counts = {
        "released": first.released, "released_by_tin": first.by_tin, "released_updated": first.updated,
        "released_defective": first.defective,
    }  # fmt: skip
    data = run.plan.model_dump()
    data["targets"] = [
        {"measure": measure, "value": value, "policy": first.name, "source": "the run itself"}
        for measure, value in counts.items()
    ]
    outcome, kept = run_plan(check_plan(data, "test"), run.out)
    found = calibrate(outcome, kept.outcomes).settings
    about = {about: sum(part.requests for part in outcome.flow if part.about == about) for about in
             ("held", "elsewhere", "insufficient")}  # fmt: skip
    for kind, rows in about.items():
        assert found[f"batch.about.{kind}"] == pytest.approx(rows / 400, abs=1e-4)


def test_targets_that_no_share_meets_are_told_so(run: Run) -> None:
    data = run.plan.model_dump()
    target = {"policy": "irs-2025-08", "source": "nobody"}
    data["targets"] = [
        {**target, "measure": "released", "value": 5}, {**target, "measure": "released_by_tin", "value": 300},
    ]  # fmt: skip
    outcome, kept = run_plan(check_plan(data, "test"), run.out)
    with pytest.raises(SimulationError, match="no shares of the batch meet the targets"):
        calibrate(outcome, kept.outcomes)


def test_what_code_made_is_part_of_the_name_of_a_stage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from limen.simulate import making

    before = making.what_makes_the_batch(run.plan)
    monkeypatch.setattr(making, "code_of", lambda *parts: "another version")
    assert json.dumps(making.what_makes_the_batch(run.plan)) != json.dumps(before)
