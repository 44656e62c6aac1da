"""All readings heard at once answer as each edition would by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book_cases import ADDRESS, OPENED_BY, PROFILES, RETURN, book
from limen.decide import reference
from limen.decide.compiled import compile_edition
from limen.decide.panel import Panel
from limen.law import check_facts, make_edition
from limen.law.rules import Profile
from sizes import tries
from strategies import books, case_facts

DAYS = (date(1990, 1, 1), date(2025, 8, 7), date(2026, 3, 15))


@pytest.mark.parametrize("day", DAYS)
def test_a_panel_of_the_shipped_book_says_what_each_profile_says(day: date) -> None:
    panel = Panel(book(), day, compile_edition)
    for facts, item in OPENED_BY.values():
        stated = check_facts(book().vocabulary, facts, {"one": item, "two": ADDRESS, "three": RETURN})
        for profile in PROFILES:
            edition = make_edition(book(), profile, day)
            assert panel.find(stated, edition.choices) == reference.find(edition, stated)


@settings(max_examples=tries(20))
@given(st.data())
def test_a_panel_says_what_any_mixture_of_readings_says(data: st.DataObject) -> None:
    made = data.draw(books())
    day = data.draw(st.sampled_from((date(2000, 1, 1), date(2025, 11, 21), date(2030, 1, 1))))
    choices = {
        address: data.draw(st.sampled_from([alternative.id for alternative in reading.alternatives]))
        for address, reading in made.readings.items()
    }
    mixture = Profile("mixture", "a mixture", "nobody", None, choices, ())
    edition = make_edition(made, mixture, day)
    facts = data.draw(case_facts(edition))
    assert Panel(made, day, compile_edition).find(facts, choices) == reference.find(edition, facts)
