"""A simulation tells the same story twice, knows what it assumed, and its cases can be decided again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.simulate.small import AUGUST, Run

from limen.law import load_book
from limen.scenario import ScenarioRunner, load_scenario
from limen.simulate import SimulationError, read_plan, run_plan
from limen.simulate.plan import knob_values, told_knobs
from limen.simulate.plan_file import scaled, with_value
from limen.simulate.samples import write_samples


def test_every_request_is_answered_once_under_every_policy(run: Run) -> None:
    plan, outcome = run.plan, run.outcome
    for one in outcome.policies:
        assert sum(one.verdicts.values()) == one.requests == plan.batch.size
        assert sum(one.reasons.values()) == one.requests - one.released
        assert one.by_tin + one.by_address == one.released
        assert sum(origin.asked for origin in one.origins) == one.asked_held


def test_the_practice_of_august_releases_and_the_courts_reading_does_not(
    run: Run,
) -> None:
    by_name = {one.name: one for one in run.outcome.policies}
    assert by_name["irs-2025-08"].by_tin > by_name["irs-2025-08"].by_address > 0
    assert by_name["ddc-2025-26"].released == 0
    assert by_name["ddc-2025-26"].every_reason["usc.26.6103.i.2#states_reasons"] == 400


def test_confirming_the_address_takes_releases_away(run: Run) -> None:
    by_name = {one.name: one for one in run.outcome.policies}
    assert 0 < by_name["irs-address-confirmed"].released < by_name["irs-2025-08"].released
    assert by_name["irs-address-confirmed"].defective == 0


def test_a_case_of_each_cell_decided_by_itself_gives_the_answer_of_the_table(
    run: Run,
) -> None:
    plan, _, kept, out = run
    files = write_samples(plan, kept.blocks, kept.outcomes, out / "cases")
    runner = ScenarioRunner(load_book())
    assert len({file.parent.name for file in files}) == len(plan.compare)
    for file in files:
        scenario = load_scenario(file)
        assert runner.run(scenario).passed, file.name


def test_a_run_that_was_stopped_goes_on_and_tells_the_same(run: Run) -> None:
    plan, outcome, kept, out = run
    for path in kept.outcomes:
        path.unlink()
    rows = kept.blocks[0].path("rows")
    before = rows.stat().st_mtime_ns
    again, _ = run_plan(plan, out)
    assert again == outcome
    assert rows.stat().st_mtime_ns == before


def test_what_no_source_gives_is_assumed_whether_or_not_the_plan_says_so() -> None:
    told = {knob.name: knob for knob in told_knobs(read_plan(AUGUST))}
    assert told["batch.size"].kind == "sourced"
    assert told["match.tie"].kind == "assumed"
    assert set(told) == set(knob_values(read_plan(AUGUST)))


def test_a_smaller_run_keeps_every_share() -> None:
    plan = read_plan(AUGUST)
    small = scaled(plan, 128_000)
    assert small.batch.about == plan.batch.about
    assert small.registry.people * 10 == plan.registry.people


def test_a_share_that_is_turned_is_taken_from_rows_about_nobody() -> None:
    plan = read_plan(AUGUST)
    turned = with_value(plan, "batch.about.held", plan.batch.about.held + 0.01)
    assert turned.batch.about.nobody == pytest.approx(plan.batch.about.nobody - 0.01)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("batch.oficers=3", "`batch.oficers` is no setting of a plan; did you mean `batch.officers`?"),
        ("batch.about.held=0.9", "the shares add up to"),
        ("match.close=10", "`match.close`: input should be greater than or equal to 850"),
        ("batch", "`batch` changes nothing; write key=value"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_its_place(change: str, message: str) -> None:
    with pytest.raises(SimulationError) as error:
        read_plan(AUGUST, None, [change])
    assert message in str(error.value)


def test_a_profile_nobody_knows_is_told_with_the_nearest(tmp_path: Path) -> None:
    plan = read_plan(AUGUST, 200, ["compare=[ddc-2025]", "targets=[]"])
    with pytest.raises(SimulationError, match=r"no profile `ddc-2025`; did you mean `ddc-2025-26`\?"):
        run_plan(plan, tmp_path)
