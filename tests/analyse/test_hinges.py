"""Every combination of readings is answered for, and what is said to be least is least."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.book_cases import ADDRESS, COMPLETE_REQUEST, FAILURE_TO_DEPART, SPRING_2026, book, case

from limen.analyse.hinges import Hinges, ItemHinges
from limen.decide.reference import find
from limen.law import check_facts, make_edition
from limen.law.facts import CaseFacts
from limen.law.rules import Profile

CASES = {
    "textbook": COMPLETE_REQUEST,
    "bulk": case(
        COMPLETE_REQUEST, request__address_quality="placeholder", batch__requests_with_same_reasons=100,
        batch__matters_naming_same_recipient=100, agreement__relied_on=True,
    ),
    "failure to depart": case(FAILURE_TO_DEPART, matter__removal_class="other"),
}  # fmt: skip
LAW = Hinges(book(), SPRING_2026)
BASIS = book().profiles["irs-2025-08"].chooses


def stated(name: str) -> CaseFacts:
    facts = {n: v for n, v in CASES[name].items() if v != "other"}
    return check_facts(book().vocabulary, facts, {"it": ADDRESS})


def hinges(name: str) -> ItemHinges:
    return LAW.of(stated(name), BASIS, seconds=20)[0]


def mixture(choices: dict[str, str]) -> Profile:
    return Profile("mixture", "A mixture", "nobody", None, choices, ())


@pytest.mark.parametrize("name", CASES)
def test_the_leaves_part_all_combinations_and_each_says_what_its_editions_say(name: str) -> None:
    found = hinges(name)
    assert found.complete
    assert sum(leaf.combinations for leaf in found.leaves) == found.total == LAW.total
    rng = random.Random(7)
    facts = stated(name)
    for leaf in found.leaves:
        for _ in range(4):
            choices = {
                reading: rng.choice(leaf.where.get(reading, LAW._ids[reading])) for reading in book().readings
            }  # fmt: skip
            edition = make_edition(book(), mixture(choices), SPRING_2026)
            assert find(edition, facts).items[0].verdict == leaf.verdict


@pytest.mark.parametrize("name", CASES)
def test_what_the_answer_rests_on_is_enough_and_nothing_in_it_can_be_spared(name: str) -> None:
    found, facts, rng = hinges(name), stated(name), random.Random(11)
    anything = lambda: {reading: rng.choice(ids) for reading, ids in LAW._ids.items()}  # noqa: E731
    for rests in found.rests_on:
        for _ in range(200):
            choices = {**anything(), **{reading: BASIS[reading] for reading in rests}}
            assert LAW.verdict(facts, choices) == found.verdict
        for spared in rests:
            kept = set(rests) - {spared}
            assert any(
                leaf.verdict != found.verdict and all(BASIS[r] in leaf.where.get(r, (BASIS[r],)) for r in kept)
                for leaf in found.leaves
            )


@pytest.mark.parametrize("name", CASES)
def test_each_flip_flips_and_no_part_of_it_does(name: str) -> None:
    found, facts = hinges(name), stated(name)
    for changes, verdict in found.flips:
        outcomes = {
            LAW.verdict(facts, {**BASIS, **{reading: ids[n % len(ids)] for reading, ids in changes.items()}})
            for n in range(3)
        }
        assert verdict in outcomes
        for spared in changes:
            fewer = {reading: ids[0] for reading, ids in changes.items() if reading != spared}
            assert LAW.verdict(facts, {**BASIS, **fewer}) == found.verdict


def test_a_bulk_request_hinges_on_the_readings_the_courts_differ_about() -> None:
    assert {"usc.26.6103.i.2/address_stated", "usc.26.6103.i.2/specific_reasons"} <= set(hinges("bulk").pivots)


def test_a_redacted_passage_either_decides_or_is_said_not_to_matter() -> None:
    facts = check_facts(
        book().vocabulary, case(COMPLETE_REQUEST, agreement__relied_on=True), {"it": ADDRESS}
    )  # fmt: skip
    found = LAW.of(facts, book().profiles["mou-as-signed"].chooses, seconds=20)[0]
    deciding = [redacted for redacted in found.redacted if not redacted.whatever_it_says]
    denied = LAW.of(stated("bulk"), book().profiles["text-strict"].chooses, seconds=20)[0]
    assert all(redacted.whatever_it_says for redacted in denied.redacted) and denied.whatever_seen == "deny"
    assert {redacted.not_met for redacted in deciding} <= {"deny", "open"}


def test_out_of_time_nothing_is_said_to_be_proved() -> None:
    nothing = check_facts(book().vocabulary, {}, {"it": {}})
    found = LAW.of(nothing, BASIS, seconds=0.01)[0]
    assert not found.complete and found.rests_on == () and sum(found.by_verdict.values()) < found.total


def test_the_command_says_what_it_rests_on_and_counts_a_table(limen: Any, tmp_path: Path) -> None:
    ran = limen("hinges", "demo-number-no-address", "--profile", "irs-2025-08")
    assert ran.code == 0 and "proved: these parts make up every combination" in ran.out
    table = tmp_path / "cases.csv"
    table.write_text("id,requester.agency,item.kind\nfirst,private,filed_return\nsecond,dhs,\n", encoding="utf-8")
    answer = json.loads(limen("hinges", table, "--as-of", "2026-03-15", "--json", "--seconds", "0.05").out)
    assert answer["cases"] == 2 and [item["item"] for item in answer["items"]] == ["first", "second"]
    table.write_text("requester.agencies\ndhs\n", encoding="utf-8")
    assert "did you mean `requester.agency`" in limen("hinges", table).err
