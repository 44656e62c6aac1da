"""The timeline tells of every day on which the law of the book changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from book_cases import book
from limen.law.dates import change_days
from limen.law.timeline import Event, events, report

PAGE = Path(__file__).parents[2] / "docs" / "timeline.md"


def test_every_day_on_which_something_changes_has_an_event() -> None:
    told = {event.day for event in events(book()) if event.sort in ("begins", "ends")}
    assert told == set(change_days(book()))


def test_orders_profiles_and_authorities_are_told_on_their_days() -> None:
    told = {(event.day, event.sort, event.address) for event in events(book())}
    assert (date(2026, 2, 5), "begins", "us.injunctions.dmass-2026-02-05") in told
    assert (date(2025, 8, 7), "profile", "profile:irs-2025-08") in told
    assert (date(2026, 2, 26), "authority", "usc.26.6103.i.2/address_stated:complete") in told


def test_what_had_lapsed_is_told_with_what_brought_it_back() -> None:
    lapsed = [event for event in events(book()) if event.address == "usc.26.6103.i.7.e"]
    assert [(event.day, event.sort) for event in lapsed] == [(date(2004, 1, 1), "begins"), (date(2004, 10, 4), "ends")]
    assert isinstance(lapsed[0], Event)
    assert lapsed[1].by.startswith("Pub. L. 108-311")


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == report(book())
