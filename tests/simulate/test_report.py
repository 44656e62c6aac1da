"""The report stands alone, tells what each number is, and adds up."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.simulate.small import AUGUST, MANY_HELD, PLANS, Run

from limen.law import load_book
from limen.simulate import read_plan
from limen.simulate.outcome import meets
from limen.simulate.place import Place
from limen.simulate.plan import Target
from limen.simulate.report_parts import targets
from limen.simulate.run import run_plan
from limen.simulate.sweep import sensitivity, sweep_thresholds
from limen.simulate.write import simulate_into


def silent(stage: str, done: int, total: int) -> None:
    """Nobody is watching."""


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    written = simulate_into(run.plan, run.out, 1, silent, full_size=1_280_000, sweeps=False)
    return written.report.read_text("utf-8")


class Tags(HTMLParser):
    """Which tags are open at the end, and all attributes that could fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value and value[0] != "#"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value and value[0] != "#"]


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.fetched == []
    assert "<script" not in page and "@import" not in page and "url(http" not in page


def test_somebody_new_is_told_what_the_page_is_before_any_number(page: str) -> None:
    first_number_of_the_result = page.index("In short")
    for words in ("is not legal advice", "What this page is", "invented", "26 U.S.C. § 6103(i)(2)", "The story."):
        assert page.index(words) < first_number_of_the_result


def test_every_number_that_goes_in_is_marked_as_sourced_or_assumed(page: str, run: Run) -> None:
    rows = re.findall(r'<tr><th scope="row" class="words"><code>([a-z_.]+)</code></th><td class="words">'
                      r'<span class="mark (sourced|assumed)">', page)  # fmt: skip
    assert dict(rows) == {knob.name: knob.kind for knob in run.outcome.knobs}


def test_a_run_made_small_says_that_it_stands_for_more(page: str) -> None:
    assert "400 requests stand for the 1,280,000 of the plan" in page
    assert "±" in page


def test_every_policy_is_named_in_every_table_of_policies(page: str, run: Run) -> None:
    for policy in run.plan.compare:
        assert page.count(f"<code>{policy.name}</code>") >= 5, policy.name


@pytest.mark.parametrize("name", ["flow", "reasons", "origins"])
def test_pictures_are_in_the_page_and_beside_it(page: str, run: Run, name: str) -> None:
    pytest.importorskip("vl_convert")
    assert page.count("<svg") == 3
    assert (run.out / "pictures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_flips_account_for_the_difference_between_two_policies(run: Run) -> None:
    by_name = {one.name: one.released for one in run.outcome.policies}
    for before in by_name:
        for after in by_name:
            between = [flip for flip in run.outcome.flips if (flip.before, flip.after) == (before, after)]
            gained = sum(flip.requests for flip in between if flip.verdict_after == "allow")
            lost = sum(flip.requests for flip in between if flip.verdict_before == "allow")
            if between:
                assert by_name[before] - lost + gained == by_name[after]


def test_the_flow_holds_every_request_once(run: Run) -> None:
    first = run.outcome.policies[0]
    assert sum(part.requests for part in run.outcome.flow) == first.requests
    wrong = sum(part.requests for part in run.outcome.flow if part.verdict == "allow" and not part.right)
    assert wrong == first.wrong == sum(first.wrong_about.values())


def test_at_full_size_only_the_tolerance_counts_and_made_small_chance_does_too(run: Run) -> None:
    first = run.outcome.policies[0]
    target = Target(measure="released", value=first.released + 9, policy=first.name, source="a test")
    assert not meets(target, run.outcome.policies, 1.0).met
    scaled = Target(measure="released", value=10 * (first.released + 9), policy=first.name, source="a test")
    assert meets(scaled, run.outcome.policies, 10.0).met
    far = Target(measure="released", value=20 * first.released, policy=first.name, source="a test")
    assert not meets(far, run.outcome.policies, 10.0).met


def test_how_far_off_is_not_told_of_a_figure_that_is_nothing(run: Run) -> None:
    first = run.outcome.policies[0]
    nothing = Target(measure="released", value=0, policy=first.name, source="a test")
    met = meets(nothing, run.outcome.policies, 1.0)
    assert (met.met, met.off) == (False, None)
    assert nothing.source in targets(replace(run.outcome, targets=(met,)))


def test_a_higher_threshold_never_names_more_people(run: Run) -> None:
    plan = run.plan.model_copy(update={"sweep": run.plan.sweep.model_copy(update={"close": (860, 1000)})})
    low, high, low_confirmed, high_confirmed = sweep_thresholds(
        plan, Place(run.out), run.kept.registry, run.kept.blocks, silent
    )
    assert low.named > high.named and low.missed < high.missed
    assert low_confirmed.named < low.named and high_confirmed.named < high.named
    again = sweep_thresholds(plan, Place(run.out), run.kept.registry, run.kept.blocks, silent)
    assert again == [low, high, low_confirmed, high_confirmed]


def test_turning_a_knob_is_held_against_the_plan_as_it_stands(run: Run) -> None:
    knob = run.plan.knobs["batch.with_tin"].model_copy(update={"low": 0.0, "high": 1.0})
    plan = run.plan.model_copy(update={"knobs": {"batch.with_tin": knob}})
    base, none, every = sensitivity(plan, run.out, silent)
    assert (base.knob, none.knob, none.value, none.base) == ("", "batch.with_tin", 0.0, 0.761)
    assert none.by_tin == 0 < base.by_tin < every.by_tin
    assert base.released == pytest.approx(run.outcome.policies[0].released / 400 * 100_000)


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_shipped_plan_tells_of_its_numbers_and_names_profiles_there_are(path: Path) -> None:
    plan = read_plan(path)
    assert {policy.profile for policy in plan.compare} <= set(load_book().profiles)
    assert {"batch.size", "batch.as_of", "batch.with_tin", "batch.about.held", "match.close"} <= set(plan.knobs)
    assert plan.sources


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(PLANS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_shipped_plan_runs(path: Path, tmp_path: Path) -> None:
    outcome, _ = run_plan(read_plan(path, 2000), tmp_path)
    assert all(sum(one.verdicts.values()) == 2000 for one in outcome.policies)
    assert outcome.policies[0].released


def test_the_shares_of_the_tests_are_those_of_a_plan() -> None:
    assert read_plan(AUGUST, 400, MANY_HELD).batch.about.held == 0.5
