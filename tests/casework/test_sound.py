"""Late, duplicate, contradictory and impossible events are reported, and never count in anybody's favour."""

from __future__ import annotations

import itertools

from told_events import a_release, at, happened

UNTIL = at("2025-12-31")
NOTICED = happened("2025-08-08 17:10", "incident_noticed", incident="i")
TO_TIGTA = happened("2025-08-08 18:00", "incident_reported", id="report", incident="i", to="tigta")


def kinds(timeline) -> list[tuple[str, str]]:
    return [(notice.event, notice.kind) for notice in timeline.notices if notice.kind != "unjudged"]


def test_a_late_event_counts_when_it_happened_and_is_noted(follower) -> None:
    timeline = follower.follow([NOTICED, happened("2025-09-01", "time_passed"), TO_TIGTA], UNTIL)
    assert timeline.of("SG-10/tigta").state == "kept"
    assert kinds(timeline) == [("report", "late")]


def test_the_same_event_twice_is_one_event(follower) -> None:
    timeline = follower.follow([NOTICED, TO_TIGTA, TO_TIGTA], UNTIL)
    assert timeline.of("SG-10/tigta").state == "kept"
    assert kinds(timeline) == [("report", "duplicate")]


def test_a_contradicted_report_keeps_nothing(follower) -> None:
    other = happened("2025-08-08 19:00", "incident_reported", id="report", incident="i", to="safeguards")
    timeline = follower.follow([NOTICED, TO_TIGTA, other], UNTIL)
    assert timeline.of("SG-10/tigta").state == timeline.of("SG-10/safeguards").state == "breached"
    assert kinds(timeline) == [("report", "contradictory")]


def test_a_contradicted_breach_still_is_one(follower) -> None:
    """Of two versions of one event, both are held against whoever they burden."""
    looks = [
        happened("2025-07-01", "accessed", id="look", copy="c-1", by=who, need=need)
        for who, need in (("lang", "no"), ("moreau", "yes"))
    ]
    timeline = follower.follow([a_release(), *looks], UNTIL)
    assert timeline.of("SG-5/need", "c-1").state == "breached"
    assert {entry.key for entry in timeline.entries if entry.duty == "SG-5/engaged"} == {"lang", "moreau"}


def test_what_never_began_cannot_be_reported_and_what_is_gone_cannot_be_used(follower) -> None:
    timeline = follower.follow(
        [
            a_release(),
            happened("2025-07-01", "destroyed", copy="c-1"),
            happened("2025-07-02", "used", id="ghost", copy="c-1", matter="m-2"),
            happened("2025-07-03", "incident_reported", id="of nothing", incident="x", to="tigta"),
            happened("2025-07-04", "copied", id="from nothing", copy="c-3", from_="c-2"),
        ],
        UNTIL,
    )
    assert kinds(timeline) == [("from nothing", "impossible"), ("ghost", "impossible"), ("of nothing", "impossible")]
    assert timeline.of("USE-1", "c-1").state == "breached"
    words = {notice.event: notice.words for notice in timeline.notices if notice.kind == "impossible"}
    assert words["ghost"] == "`c-1` is gone: it was returned or destroyed before"


def test_a_thing_is_made_once(follower) -> None:
    again = happened("2025-07-01", "copied", id="again", copy="c-1", from_="c-1")
    assert kinds(follower.follow([a_release(), again], UNTIL)) == [("again", "contradictory")]


def test_what_does_not_say_what_a_duty_is_about_is_said_to_be_unjudged(follower) -> None:
    timeline = follower.follow([happened("2025-06-02", "released", id="r", release="l-1", copy="c-1")], UNTIL)
    unjudged = [notice.words for notice in timeline.notices if notice.kind == "unjudged"]
    assert (
        "it does not say its agency, so SG-24/flow (No release while the flow is suspended) cannot be judged"
        in unjudged
    )
    assert timeline.of("SG-24/flow") is None


def test_every_order_of_arrival_gives_the_same_duties(follower) -> None:
    events = [
        a_release(),
        happened("2025-06-02", "engaged", person="o"),
        happened("2025-06-02", "accessed", copy="c-1", by="o"),
        NOTICED,
        TO_TIGTA,
    ]
    told = {follower.follow(order, UNTIL).entries for order in itertools.permutations(events)}
    assert len(told) == 1
    (entries,) = told
    assert next(entry for entry in entries if entry.duty == "SG-5/engaged").state == "kept"


def test_what_permits_comes_before_what_is_permitted_in_the_same_minute(follower) -> None:
    asked = happened("2025-06-02", "requested", id="z", request="r", agency="ice")
    approved = happened("2025-06-02", "approved", id="a", request="r")
    assert follower.follow([approved, asked], UNTIL).of("SEQ-1").state == "kept"


def test_free_text_is_compared_and_never_told(follower) -> None:
    reason = "Subject lives at 418 Larkspur Ave and has failed to depart."
    events = [
        happened(f"2025-06-0{n}", "requested", request=f"r-{n}", agency="ice", reason=reason) for n in range(1, 6)
    ]
    timeline = follower.follow(events, UNTIL)
    assert timeline.of("CNT-3").state == "raised"
    assert "Larkspur" not in str(timeline)
    assert "Larkspur" not in str(timeline.to_json(follower.law.duties))
