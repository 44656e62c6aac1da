"""All readings heard at once answer as each edition would by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book_cases import ADDRESS, OPENED_BY, PROFILES, RETURN, book
from limen.decide import reference
from limen.decide.compiled import compile_edition
from limen.decide.panel import Panel
from limen.law import check_facts, make_edition
from limen.law.book import Book
from limen.law.closing import Closing
from limen.law.edition import Edition
from limen.law.rules import Profile
from limen.law.tree import facts_in
from sizes import tries
from strategies import books, case_facts

DAYS = (date(1990, 1, 1), date(2025, 8, 7), date(2026, 3, 15))


@pytest.mark.parametrize("day", DAYS)
def test_a_panel_of_the_shipped_book_says_what_each_profile_says(day: date) -> None:
    panel = Panel(book(), day, compile_edition)
    for facts, item in OPENED_BY.values():
        stated = check_facts(book().vocabulary, facts, {"one": item, "two": ADDRESS, "three": RETURN})
        hearing = panel.hear(stated)
        for profile in PROFILES:
            edition = make_edition(book(), profile, day)
            assert hearing.find(edition.choices) == reference.find(edition, stated)


def mixtures(made: Book) -> st.SearchStrategy[dict[str, str]]:
    """Any choice of an alternative for every reading."""
    return st.fixed_dictionaries(
        {
            address: st.sampled_from([alternative.id for alternative in reading.alternatives])
            for address, reading in made.readings.items()
        }
    )


def edition_of(made: Book, choices: dict[str, str], day: date) -> Edition:
    return make_edition(made, Profile("mixture", "a mixture", "nobody", None, choices, ()), day)


@settings(max_examples=tries(40))
@given(st.data())
def test_a_hearing_says_what_every_mixture_of_readings_says_one_after_another(data: st.DataObject) -> None:
    """What it remembers of one choice is never said under another where it would not hold."""
    made = data.draw(books())
    day = data.draw(st.sampled_from((date(2000, 1, 1), date(2025, 11, 21), date(2030, 1, 1))))
    asked = data.draw(st.lists(mixtures(made), min_size=2, max_size=5))
    facts = data.draw(case_facts(edition_of(made, asked[0], day)))
    panel = Panel(made, day, compile_edition)
    hearing = panel.hear(facts)
    for choices in asked:
        edition = edition_of(made, choices, day)
        assert hearing.find(choices) == reference.find(edition, facts) == panel.find(facts, choices)


TANGLED = ("usc.8/removal_class", "usc.26.6103.i.2/pretext", "usc.26.6103.i.2/address_alone")
"""Readings of the shipped book: one, one that is built on it, and one that is asked of each item."""


@settings(max_examples=tries(150), deadline=None)
@given(st.data())
def test_what_the_words_of_a_reading_come_to_is_what_they_mean_under_that_choice(data: st.DataObject) -> None:
    made, day = book(), DAYS[1]
    panel = Panel(made, day, compile_edition)
    assert {address for address in TANGLED if address in panel.open.per_item} == {TANGLED[2]}
    read = {
        fact for address in TANGLED for meaning in panel.open.meanings[address].values() for fact in facts_in(meaning)
    }
    told = {name: fact for name, fact in made.vocabulary.facts.items() if name in read}
    facts = data.draw(case_facts(replace(panel.open.edition, facts=told)))
    hearing = panel.hear(facts)
    others = make_edition(made, PROFILES[0], day).choices
    alternatives = {address: sorted(panel.open.meanings[address]) for address in TANGLED}
    for chosen in data.draw(st.lists(st.tuples(*map(st.sampled_from, alternatives.values())), min_size=2, max_size=4)):
        choices = {**others, **dict(zip(TANGLED, chosen, strict=True))}
        closing = Closing(made.vocabulary, made.readings, choices, day)
        if data.draw(st.booleans()):
            assert hearing.find(choices) == panel.find(facts, choices)
        for address in TANGLED:
            for alternative in made.readings[address].alternatives:
                meaning = closing.alternative(alternative)
                expected = [reference.truth(meaning, {**facts.facts, **item.facts}) for item in facts.items]
                assert list(hearing.truths(address, alternative.id, choices)) == expected


@pytest.mark.parametrize("first", ["deportable_class", "any_removable"])
def test_a_reading_that_is_built_on_another_follows_it_from_choice_to_choice(first: str) -> None:
    """Whether an inadmissible alien's removal is a crime under this paragraph hangs on how its classes are read."""
    removal, pretext, _ = TANGLED
    facts = check_facts(
        book().vocabulary,
        {
            "matter.is_specific_investigation": True, "matter.designated_statute": "usc_8_1253_a_1",
            "matter.removal_order": True, "matter.conduct": "hampered_departure", "matter.seeks_exemption": False,
            "matter.removal_class": "inadmissible_1182",
        },
        {"one": ADDRESS},
    )  # fmt: skip
    panel = Panel(book(), DAYS[1], compile_edition)
    hearing = panel.hear(facts)
    others = {**make_edition(book(), PROFILES[0], DAYS[1]).choices, pretext: "looks_behind"}
    narrow, wide = ({**others, removal: class_} for class_ in ("deportable_class", "any_removable"))
    for choices in (narrow, wide) if first == "deportable_class" else (wide, narrow):
        assert hearing.truths(pretext, "looks_behind", choices) == (choices is wide,)
        assert hearing.find(choices) == panel.find(facts, choices)
    assert hearing.find(narrow) != hearing.find(wide)


def test_the_shipped_book_has_readings_that_are_built_on_others_and_they_are_not_remembered() -> None:
    made = book()
    panel = Panel(made, DAYS[1], compile_edition)
    assert panel.open.alone < {(address, id) for address, meaning in panel.open.meanings.items() for id in meaning}
    facts, item = next(iter(OPENED_BY.values()))
    hearing = panel.hear(check_facts(made.vocabulary, facts, {"one": item}))
    for profile in PROFILES:
        hearing.find(make_edition(made, profile, DAYS[1]).choices)
    remembered = set(hearing._of_case).union(*hearing._of_items)
    assert remembered and remembered <= panel.open.alone
