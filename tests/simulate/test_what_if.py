"""What an analyst asks next is one option away: a changed twin stands beside each profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.simulate.small import AUGUST, MANY_HELD, Run

from limen.cli.main import main
from limen.simulate import Changes, SimulationError, read_plan, run_plan
from limen.simulate.counting import PolicyCount
from limen.simulate.deciding import terms_of
from limen.simulate.outcome import Outcome
from limen.simulate.report_parts import flips

IRS, DDC = "irs-2025-08", "ddc-2025-26"
IN_ORDER = {"recipients.0.engagement": "works_the_matter"}


def ask(run: Run, profile: str, **changes: Any) -> Outcome:
    """The small simulation again, under one profile and its twin; only the decisions are made anew."""
    plan = read_plan(AUGUST, 400, MANY_HELD, [profile], Changes(**changes))
    return run_plan(plan, run.out)[0]


def before_and_after(outcome: Outcome) -> tuple[PolicyCount, PolicyCount]:
    before, after = outcome.policies
    return before, after


def test_a_higher_threshold_names_fewer_people(run: Run) -> None:
    before, after = before_and_after(ask(run, IRS, close=1000))
    assert after.missed > before.missed
    assert 0 < after.released < before.released


def test_with_the_address_confirmed_no_release_rests_on_an_address_nobody_held(run: Run) -> None:
    before, after = before_and_after(ask(run, IRS, confirm_address=True))
    assert 0 < after.released < before.released
    assert before.defective > after.defective == 0


def test_a_cap_for_each_officer_counts_where_officers_must_work_the_matter(run: Run) -> None:
    engaged = "usc.26.6103.i.2#personally_engaged"
    one, capped = before_and_after(ask(run, DDC, says=IN_ORDER, cap_per_officer=50, own_reasons=1.0))
    assert one.every_reason[engaged] == 400
    assert engaged not in capped.every_reason
    assert one.released == 0 < capped.released


def test_one_matter_more_than_an_officer_can_work_releases_nothing(run: Run) -> None:
    _, few = before_and_after(ask(run, DDC, says=IN_ORDER, officers=7, own_reasons=1.0))
    assert few.released == 0


def test_only_rows_with_reasons_of_their_own_state_specific_reasons(run: Run) -> None:
    _, half = before_and_after(ask(run, DDC, own_reasons=0.5))
    assert 150 < half.every_reason["usc.26.6103.i.2#states_reasons"] < 250


def test_what_is_asked_of_officers_does_not_leave_the_cap_of_the_plan_standing() -> None:
    plan = read_plan(AUGUST, 400, [*MANY_HELD, "batch.cap_per_officer=50"], [IRS], Changes(officers=1))
    capped, one = (terms_of(plan, policy).officers for policy in plan.compare)
    assert (capped, one) == (8, 1)


def test_a_question_is_asked_beside_each_profile_and_variants_make_room() -> None:
    plan = read_plan(AUGUST, 400, (), (), Changes(close=960))
    names = [policy.name for policy in plan.compare]
    assert names[:2] == [IRS, f"{IRS}.what-if"]
    assert len(names) == 12
    assert all(policy.beside in (None, policy.profile) for policy in plan.compare)


def test_a_plan_asks_what_an_option_asks() -> None:
    asked = read_plan(AUGUST, 400, (), [IRS], Changes(close=960))
    said = read_plan(AUGUST, 400, ["what_if={close: 960}"], [IRS])
    assert said.compare == asked.compare


def test_an_option_wins_over_what_the_plan_asks_and_the_rest_of_it_stands() -> None:
    plan = read_plan(AUGUST, 400, ["what_if={close: 960, officers: 3}"], [IRS], Changes(close=980))
    assert (plan.compare[1].close, plan.compare[1].officers) == (980, 3)


def test_what_a_question_changes_is_told_whichever_of_the_two_stands_first(run: Run) -> None:
    plan = read_plan(AUGUST, 400, MANY_HELD, [IRS], Changes(confirm_address=True))
    original, twin = plan.compare
    outcomes = [
        run_plan(plan.model_copy(update={"compare": compare, "targets": ()}), run.out)[0]
        for compare in ((original, twin), (twin, original))
    ]
    first, second = ([(flip.verdict_before, flip.requests) for flip in one.changed_by(twin)] for one in outcomes)
    assert first == second != []
    for outcome in outcomes:
        assert "It changes no answer" not in flips(outcome)


def test_a_question_that_sets_nothing_is_none() -> None:
    assert len(read_plan(AUGUST, 400, ["what_if={}"], [IRS]).compare) == 1


def test_a_policy_that_stands_beside_another_and_changes_nothing_is_refused() -> None:
    same = f"{{name: same, profile: {IRS}, beside: {IRS}}}"
    with pytest.raises(SimulationError, match="`same` stands beside `irs-2025-08` and changes nothing"):
        read_plan(AUGUST, 400, [f"compare=[{IRS}, {same}]", "targets=[]"])


def test_nothing_to_change_is_an_error() -> None:
    with pytest.raises(SimulationError, match="nothing compared is a profile and nothing else"):
        read_plan(AUGUST, 400, (), ["irs-stricter-names"], Changes(close=960))


def test_each_question_is_an_option_of_the_command(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    shares = [word for change in MANY_HELD for word in ("--set", change)]
    code = main(
        [
            "simulate", str(AUGUST), "--size", "400", *shares, "--out", str(run.out), "--no-sweep", "--json",
            "--workers", "1", "--profile", DDC, "--close", "960", "--confirm-address", "--officers", "9",
            "--cap-per-officer", "50", "--own-reasons", "1", "--as-of", "2026-03-01",
            "--says", "recipients.0.engagement=works_the_matter",
        ]
    )  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["policies"][1]["changed"] == [
        "names alike from 960 of 1,000", "the stated address must be confirmed", "9 officers named",
        "at most 50 matters for each officer", "every row with reasons of its own",
        "every row says `recipients.0.engagement` is `works_the_matter`", "the law of 2026-03-01",
    ]  # fmt: skip
    assert (run.out / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--says", "engaged"], "`engaged` says nothing; write name=value"),
        (["--close", "10"], "`--close`: 10 is not in the range 850<=x<=1000"),
        (["--profile", "irs-2025-8"], "there is no profile `irs-2025-8`; did you mean `irs-2025-08`?"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_so(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", str(AUGUST), "--size", "200", "--out", str(tmp_path), *words]) == 2
    assert message in capsys.readouterr().err
