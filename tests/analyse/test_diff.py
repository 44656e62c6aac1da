"""A book differs from itself in nothing; every difference told is one, and none is left untold."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from tests.analyse.small_book import FILES, small_book
from tests.analyse.test_compare_and_overlay import BILL
from tests.book_cases import SPRING_2026
from tests.book_cases import book as shipped

from limen.analyse.apart import Telling, verdict_of
from limen.analyse.diff import Difference, diff
from limen.analyse.mutants import mutants
from limen.analyse.population import population
from limen.analyse.trials import Law
from limen.law import Book
from limen.law.dates import change_days
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import EditionError
from limen.law.overlay import load_overlay
from limen.testing.made_books import books
from sizes import tries

DAY = date(2025, 6, 1)


def every_case() -> list[CaseFacts]:
    """Every case of the small book, silence included (days: beside each boundary)."""
    values = {
        "ask.written": [None, True, False], "ask.office": [None, "head", "deputy", "clerk"],
        "ask.days": [None, 29, 30, 31], "ask.harm": [None, True, False],
    }  # fmt: skip
    cases = []
    for chosen in product(*values.values()):
        case = {name: value for name, value in zip(values, chosen, strict=True) if value is not None}
        for kind in (None, "mailing_address", "filed_return"):
            cases.append(CaseFacts(case, (ItemFacts("item", {} if kind is None else {"item.kind": kind}),)))
    return cases


def check(one: Book, other: Book, found: Difference, day: date) -> None:
    """Each witness differs as told, each twin does not, and they are one fact apart."""
    before, after = Law(one, day), Law(other, day)
    for sentence in found.sentences:
        assert verdict_of(before, sentence.witness, sentence.profile) == sentence.before
        assert verdict_of(after, sentence.witness, sentence.profile) == sentence.after
        if sentence.twin is not None:
            twin = sentence.twin
            assert verdict_of(before, twin, sentence.profile) == verdict_of(after, twin, sentence.profile)
            facts = {**sentence.witness.facts, **sentence.witness.items[0].facts}
            others = {**twin.facts, **twin.items[0].facts}
            assert [n for n in {**facts, **others} if facts.get(n) != others.get(n)] == [sentence.apart_by]


def test_a_book_differs_from_itself_in_nothing() -> None:
    found = diff(shipped(), shipped(), SPRING_2026)
    assert found.same and found.sentences == () and found.changed == ()


def test_a_book_written_anew_differs_in_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("kind: overlay\noverlay: again\nbase: us-6103\ntitle: The same\noperations:\n"
                     "  - {replace: usc.26.6103.i.2#in_writing, with: {label: another label}}\n")  # fmt: skip
    assert diff(shipped(), load_overlay(draft), SPRING_2026).same


AMENDED = {
    "an element goes": FILES["gate.yaml"].replace(
        "  - {id: written, label: a request in writing, test: ask.written, curable: true}\n", ""
    ),
    "a condition grows": FILES["gate.yaml"].replace("test: ask.written, cur", 'test: "ask.written or ask.harm", cur'),
    "a ground comes": FILES["gate.yaml"].replace(
        "withheld_because", "  - {id: all, label: anything, test: \"ask.office == 'clerk'\"}\nwithheld_because"
    ),
    "a reading changes": FILES["gate.yaml"].replace("ask.office == 'head'", "ask.office == 'clerk'"),
    "a boundary moves": FILES["gate.yaml"].replace("ask.days <= param.days", "ask.days < param.days"),
}  # fmt: skip


@pytest.mark.parametrize("what", AMENDED)
def test_every_case_that_changes_is_in_a_sentence_of_its_transition(what: str, tmp_path: Path) -> None:
    one = small_book(tmp_path / "one")
    other = small_book(tmp_path / "other", gate=AMENDED[what])
    cases = every_case()
    found = diff(one, other, DAY, population=cases, seconds=20)
    assert found.complete and found.sentences
    check(one, other, found, DAY)
    told = {(profile, told.before, told.after) for told in found.sentences for profile in told.profiles}
    before, after = Law(one, DAY), Law(other, DAY)
    real: dict[str, int] = {}
    transitions = set()
    for profile in ("narrow", "wide"):
        for case in cases:
            was, became = verdict_of(before, case, profile), verdict_of(after, case, profile)
            if was != became:
                transitions.add((profile, was, became))
                real[profile] = real.get(profile, 0) + 1
    assert told == transitions
    assert {profile: count for profile, count in (found.counts or {}).items() if count} == real


@settings(max_examples=tries(20), deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_of_any_book_and_any_small_change_nothing_is_told_that_is_not_so(data: st.DataObject) -> None:
    """A book differs from itself in nothing; of a mutant each witness differs, and what it does to cases is told."""
    book = data.draw(books())
    day = data.draw(st.sampled_from(change_days(book)))
    mutant = data.draw(st.sampled_from(list(mutants(book, ("drop", "widen", "boundary", "reading"))))).make()
    try:
        law = Law(book, day)
        Law(mutant, day)
    except EditionError:
        assume(False)
    assert diff(book, book, day).same and diff(mutant, mutant, day).same
    around = [CaseFacts({}, (ItemFacts("item", {}),))]
    found = diff(book, mutant, day, None, [*population(law, around, 40)], seconds=3)
    check(book, mutant, found, day)
    assume(found.complete)
    turned = {profile for sentence in found.sentences for profile in sentence.profiles}
    assert {profile for profile, count in (found.counts or {}).items() if count} <= turned
    if found.same:
        assert Telling(book, [day]).witness(mutant) is None


def test_profiles_that_take_a_change_alike_are_told_together_and_others_apart(tmp_path: Path) -> None:
    one = small_book(tmp_path / "one")
    written = small_book(tmp_path / "other", gate=AMENDED["an element goes"])
    told = {sentence.profiles for sentence in diff(one, written, DAY, seconds=20).sentences}
    assert ("narrow", "wide") in told
    read_otherwise = small_book(tmp_path / "read", gate=AMENDED["a reading changes"])
    assert {s.profiles for s in diff(one, read_otherwise, DAY, seconds=20).sentences} == {("narrow",)}


def test_a_rule_that_goes_is_a_difference(tmp_path: Path) -> None:
    one, other = small_book(tmp_path / "one"), small_book(tmp_path / "other")
    from dataclasses import replace

    barless = replace(other, rules={a: rule for a, rule in other.rules.items() if a != "small.bar"})
    found = diff(one, barless, DAY, seconds=20)
    assert found.complete
    check(one, barless, found, DAY)
    assert {(s.before, s.after) for s in found.sentences} >= {("deny", "allow"), ("open", "allow")}


def test_the_bill_that_lets_delegates_sign_is_told_in_the_words_it_touches() -> None:
    bill = load_overlay(BILL)
    found = diff(shipped(), bill, SPRING_2026, ["text-strict"], seconds=30)
    assert found.complete
    check(shipped(), bill, found, SPRING_2026)
    release = [s for s in found.sentences if (s.before, s.after) == ("deny", "allow")]
    assert len(release) == 1 and release[0].rule == "usc.26.6103.i.2"
    assert "requester.office == 'delegate'" in release[0].where


def test_out_of_time_is_said(tmp_path: Path) -> None:
    found = diff(shipped(), load_overlay(BILL), SPRING_2026, seconds=0.0)
    assert not found.complete and not found.same
    assert found.unasked == found.asked == tuple(shipped().profiles)


def test_how_far_a_population_got_is_said(tmp_path: Path) -> None:
    one, other = small_book(tmp_path / "one"), small_book(tmp_path / "two", gate=AMENDED["an element goes"])
    found = diff(one, other, DAY, population=every_case(), seconds=0.0)
    assert 0 < found.population < found.of == len(every_case())


def test_a_population_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    law = Law(small_book(tmp_path), DAY)
    around = every_case()[:5]
    assert list(population(law, around, 20, 3)) == list(population(law, around, 20, 3))
    assert list(population(law, around, 20, 3)) != list(population(law, around, 20, 4))


def test_the_command_tells_and_its_code_says_whether_there_is_a_difference(limen: Any) -> None:
    assert limen("diff", "shipped", "shipped", "--as-of", "2026-03-15").code == 0
    ran = limen("diff", "shipped", BILL, "--as-of", "2026-03-15", "--profile", "text-strict", "--seconds", 30,
                "--population", 50)  # fmt: skip
    assert ran.code == 1 and "Withhold becomes release under text-strict" in ran.out
    assert "of 50 cases change" in ran.out and "proved: no case changes outside these sentences" in ran.out
    answer = json.loads(limen("diff", "shipped", BILL, "--as-of", "2026-03-15", "--profile", "text-strict", "--json",
                              "--seconds", 30).out)  # fmt: skip
    assert answer["complete"] and answer["sentences"]
