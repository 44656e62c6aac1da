"""The four forms of duty, at their edges."""

from __future__ import annotations

import pytest
from told_events import a_release, at, happened

from limen.casework.law_book import aftercare

UNTIL = at("2025-12-31")


def test_all_twenty_four_safeguard_duties_are_there_and_cited() -> None:
    duties = aftercare().duties
    numbers = {int(id.removeprefix("SG-").split("/")[0]) for id in duties if id.startswith("SG-")}
    assert numbers == set(range(1, 25))
    assert all(duty.cite.text and duty.who and duty.duty.endswith(".") and duty.breach for duty in duties.values())


def test_an_assumed_period_is_marked_as_one() -> None:
    duties = aftercare().duties
    assert duties["SG-17"].cite.certainty == "assumed"
    assert "assumed" in duties["SG-17"].duty and "assumed" in duties["SG-20"].duty


@pytest.mark.parametrize(
    ("reported", "state"),
    [("2025-08-09 17:09", "kept"), ("2025-08-09 17:10", "kept"), ("2025-08-09 17:11", "breached")],
)
def test_a_deadline_includes_its_last_minute(follower, reported: str, state: str) -> None:
    events = [
        happened("2025-08-08 17:10", "incident_noticed", incident="i"),
        happened(reported, "incident_reported", incident="i", to="tigta"),
    ]
    entry = follower.follow(events, UNTIL).of("SG-10/tigta")
    assert entry.state == state
    assert entry.mended == (at(reported) if state == "breached" else None)


@pytest.mark.parametrize(("until", "state"), [("2025-08-09 17:09", "open"), ("2025-08-09 17:10", "breached")])
def test_a_deadline_passes_although_nothing_happens(follower, until: str, state: str) -> None:
    events = [happened("2025-08-08 17:10", "incident_noticed", incident="i")]
    assert follower.follow(events, at(until)).of("SG-10/tigta").state == state


@pytest.mark.parametrize(
    ("noticed", "state"), [("2025-07-02 00:01", "breached"), ("2025-07-02 00:00", "kept"), ("2025-07-01 23:59", "kept")]
)
def test_forty_five_days_ahead_are_counted_to_the_minute(follower, noticed: str, state: str) -> None:
    events = [
        happened(noticed, "notice_given", of="contractor", system="s"),
        happened("2025-08-16", "contractor_engaged", system="s"),
    ]
    assert follower.follow(events, UNTIL).of("SG-14/contractor").state == state


def test_of_two_trainings_the_one_that_still_counts_counts(follower) -> None:
    trained = [happened(day, "trained", person="o") for day in ("2024-01-01", "2025-01-01")]
    looks = [happened(day, "accessed", copy="c-1", by="o") for day in ("2025-06-03", "2026-01-01", "2026-01-02")]
    entry = follower.follow([*trained, a_release(), *looks], at("2026-06-30")).of("SG-9/training")
    assert [turn.state for turn in entry.turns] == ["kept", "kept", "breached"]


def test_a_permission_for_one_thing_is_none_for_another(follower) -> None:
    events = [
        a_release(),
        happened("2025-06-03", "permission_given", to="pass_on", of="t-2", by="commissioner"),
        happened("2025-06-04", "permission_given", to="destroy", of="t-1", by="court"),
        happened("2025-06-05", "permission_given", to="pass_on", of="t-1", by="court"),
        happened("2025-06-06", "passed_on", copy="c-1", to="state_agency", transfer="t-1", authority="own"),
    ]
    assert follower.follow(events, UNTIL).of("SG-22/approval").state == "breached"


def test_a_state_ends_only_with_what_ends_it(follower) -> None:
    """Two orders stand; lifting one leaves the other."""
    events = [
        a_release(),
        *(happened("2025-06-03", "order_issued", id=f"issue {o}", order=o, bars="any_use") for o in ("one", "two")),
        happened("2025-06-04", "order_lifted", order="one"),
        happened("2025-06-05", "used", copy="c-1", id="first"),
        happened("2025-06-06", "order_lifted", order="two"),
        happened("2025-06-07", "used", copy="c-1", id="second"),
    ]
    entry = follower.follow(events, UNTIL).of("SG-23/use")
    assert [turn.because for turn in entry.turns] == [("issue two", "first")]


def test_each_period_is_judged_on_its_own(follower) -> None:
    events = [
        a_release("2025-01-01"),
        happened("2026-01-01", "security_report_filed", agency="ice"),
        happened("2028-01-01", "security_report_filed", agency="ice"),
    ]
    entry = follower.follow(events, at("2028-06-30")).of("SG-18/yearly")
    assert [(turn.at.year, turn.state) for turn in entry.turns] == [
        (2025, "open"), (2026, "kept"), (2027, "breached"), (2028, "kept")]  # fmt: skip
    assert entry.due == at("2029-01-01")
    assert entry.state == "breached"


def test_a_broken_standing_duty_lists_every_breach(follower) -> None:
    stored = [happened(f"2025-06-0{day}", "stored", copy="c-1", place="open_area") for day in (3, 4, 5)]
    returned = happened("2025-06-06", "returned", copy="c-1")
    entry = follower.follow([a_release(), *stored, returned], UNTIL).of("SG-3")
    assert [turn.state for turn in entry.turns] == ["open", "breached", "breached", "breached"]
    assert entry.turned == at("2025-06-03")


def test_after_its_end_nothing_breaks_a_duty(follower) -> None:
    events = [
        a_release(),
        happened("2025-06-03", "became_public", copy="c-1"),
        happened("2025-06-04", "stored", copy="c-1", place="open_area"),
    ]
    assert follower.follow(events, UNTIL).of("SG-3").state == "kept"


def test_a_count_counts_different_things_and_is_raised_once(follower) -> None:
    asked = [
        happened(f"2025-06-0{n}", "requested", request=f"r-{n}", agency="ice", subject="p", id=f"e{n}")
        for n in (1, 2, 3)
    ]
    entry = follower.follow(asked, UNTIL).of("CNT-1")
    assert [(turn.state, turn.because) for turn in entry.turns] == [("raised", ("e1", "e2"))]
    same = [happened("2025-06-01", "requested", id=str(n), request="r-1", agency="ice", subject="p") for n in range(4)]
    assert follower.follow(same, UNTIL).of("CNT-1") is None


def test_a_copy_knows_its_matter_through_any_number_of_copies(follower) -> None:
    events = [
        a_release(),
        happened("2025-06-03", "copied", copy="c-2", from_="c-1"),
        happened("2025-06-04", "copied", copy="c-3", from_="c-2"),
        happened("2025-06-05", "used", copy="c-3", matter="m-2"),
        happened("2025-07-01", "matter_closed", matter="m-1"),
    ]
    timeline = follower.follow(events, UNTIL)
    assert timeline.of("USE-1", "c-3").state == "breached"
    assert {entry.key for entry in timeline.entries if entry.duty == "SG-20"} == {"c-1", "c-2", "c-3"}
