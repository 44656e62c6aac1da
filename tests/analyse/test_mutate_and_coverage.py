"""Mutants are killed by trials that notice them, proved equivalent, or survive with a case that tells them apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from hypothesis import given
from tests.analyse.small_book import small_book, write_book
from tests.book_cases import book as shipped
from tests.decide.random_law import cases, editions

from limen.analyse.court import Court
from limen.analyse.coverage import coverage
from limen.analyse.coverage_html import coverage_page
from limen.analyse.mutants import mutants
from limen.analyse.mutate import mutate
from limen.analyse.trials import Trial
from limen.analyse.turning import turning_points
from limen.cli.analyse_case import trials_of
from limen.decide.reference import find
from limen.decide.settle import settle_item
from limen.law import Book, check_facts, make_edition
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.rules import Profile

DAY = date(2025, 6, 1)
GOOD = {"ask.written": True, "ask.office": "head", "ask.days": 30, "ask.harm": False}
ADDRESS = {"item.kind": "mailing_address"}


def trial(book: Book, expected: str, profile: str = "narrow", day: date = DAY, kind: str = "mailing_address",
          **changes: Any) -> Trial:  # fmt: skip
    facts = {**GOOD, **{f"ask.{name}": value for name, value in changes.items()}}
    name = f"{profile} {changes} {kind} {day}"
    case = check_facts(book.vocabulary, facts, {"it": {"item.kind": kind}})
    return Trial(name, case, day, profile, book.profiles[profile].chooses, {"it": expected})


def whole_suite(book: Book) -> list[Trial]:
    return [
        trial(book, "allow"),
        trial(book, "deny", written=False),
        trial(book, "deny", office="clerk"),
        trial(book, "deny", office="deputy"),
        trial(book, "allow", "wide", office="deputy"),
        trial(book, "deny", "wide", office="clerk"),
        trial(book, "deny", days=31),
        trial(book, "deny", harm=True),
        trial(book, "deny", kind="filed_return"),
        trial(book, "allow", day=date(2020, 1, 1)),
        trial(book, "deny", day=date(2020, 1, 1), harm=True),
        trial(book, "open", written=None),
    ]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return small_book(tmp_path_factory.mktemp("small"))


def test_a_suite_that_tries_everything_kills_every_mutant(small: Book) -> None:
    found = mutate(small, whole_suite(small))
    alive = [(r.kind, r.address, r.what, r.fate) for r in found.results if r.fate not in ("killed", "equivalent")]
    assert alive == []
    assert found.score == 1.0
    assert {result.kind for result in found.results} == {"drop", "widen", "boundary", "reading", "date"}


def test_a_survivor_comes_with_a_case_that_tells_it_from_the_book(small: Book) -> None:
    found = mutate(small, [trial(small, "allow"), trial(small, "deny", written=False)])
    survivors = {(r.kind, r.address): r for r in found.of("survived")}
    made = {(m.kind, m.address, m.what): m for m in mutants(small)}
    assert ("widen", "small.gate#address") in survivors and ("boundary", "param.days") in survivors
    for result in survivors.values():
        witness = result.witness
        assert witness is not None and witness.before != witness.after
        for law, verdict in (
            (small, witness.before), (made[result.kind, result.address, result.what].make(), witness.after),
        ):  # fmt: skip
            edition = make_edition(law, witness.profile, witness.as_of)
            assert find(edition, witness.facts).items[0].verdict == verdict


def test_a_mutant_that_nothing_can_tell_apart_is_proved_equivalent(tmp_path: Path) -> None:
    gate = Path(write_book(tmp_path / "book") / "gate.yaml")
    gate.write_text(
        gate.read_text(encoding="utf-8").replace(
            "test: ask.written, curable", 'test: "ask.written and (ask.written or ask.harm)", curable'
        ),
        encoding="utf-8",
    )
    from limen.law import load_book

    book = load_book(tmp_path / "book")
    found = mutate(book, whole_suite(book), ("drop",), under="small.gate#written")
    fates = {result.what: result.fate for result in found.results}
    assert fates["`ask.written or ask.harm` dropped"] == "equivalent"
    assert fates["dropped"] == "killed"


def test_a_trial_that_fails_on_the_book_itself_kills_nothing(small: Book) -> None:
    assert Court(small, [trial(small, "deny")]).failing
    assert mutate(small, [trial(small, "deny")], ("boundary",)).of("killed") == ()


def noticed_slowly(law: Book, reading: bool, trials: list[Trial]) -> bool:
    """Whether some expectation fails when every trial is decided anew under another book."""
    together: dict[int, list[list[str]]] = {}
    editions: dict[object, Edition] = {}
    for one in trials:
        choices = law.profiles[one.profile].chooses if reading and one.profile in law.profiles else one.choices
        key = (frozenset(choices.items()), one.as_of)
        if key not in editions:
            editions[key] = make_edition(law, Profile("mixture", "", "", None, choices, ()), one.as_of)
        verdicts = [str(item.verdict) for item in find(editions[key], one.facts).items]
        if not one.passes(verdicts):
            return True
        together.setdefault(id(one.joint), []).append(verdicts)
    return any(
        one.joint is not None and not one.joint.passes([item.id for item in one.facts.items], together[id(one.joint)])
        for one in trials
    )


def test_hearing_only_what_a_mutant_touches_says_what_hearing_everything_says() -> None:
    book = shipped()
    trials = trials_of(book, ("demo-textbook", "demo-number-no-address", "demo-one-officer"), None)
    court = Court(book, trials)
    checked = 0
    for number, mutant in enumerate(mutants(book)):
        if number % 29 == 0 and mutant.kind != "date":
            checked += 1
            slowly = noticed_slowly(mutant.make(), mutant.kind == "reading", trials)
            assert (court.killer(mutant) is not None) == slowly, (mutant.kind, mutant.address, mutant.what)
    assert checked > 20


def test_out_of_time_survivors_are_undecided_and_count_against_the_suite(small: Book) -> None:
    found = mutate(small, [], ("boundary",), seconds=0.0)
    assert {result.fate for result in found.results} == {"undecided"} and found.score == 0.0


def test_coverage_counts_outcomes_and_pairs_that_show_an_effect(small: Book) -> None:
    found = coverage(small, whole_suite(small))
    lines = {line.address: line for line in found.lines}
    assert lines["small.gate#written"].missing == ()
    assert lines["small.gate#written"].pair is not None
    assert lines["small.bar#harm"].pair is not None
    assert set(lines["small.general#forbids"].missing) == {"not_met", "not_known"}
    choices = {(choice.reading, choice.alternative): choice for choice in found.choices}
    assert choices["small.gate/office", "head"].mattered
    assert found.readings == (2, 2)
    page = coverage_page(found, "Coverage & more")
    assert "<title>Coverage &amp; more</title>" in page and "small.gate#written" in page


def test_a_pair_needs_two_cases_that_turn_on_the_point(small: Book) -> None:
    found = coverage(small, [trial(small, "deny", written=False, days=31), trial(small, "allow")])
    lines = {line.address: line for line in found.lines}
    assert lines["small.gate#written"].effect.keys() == {"met"}, "two things were wrong, so neither is shown to matter"
    assert lines["small.gate#written"].pair is None


def test_the_commands_report_and_write_scenarios_that_run(limen: Any, tmp_path: Path) -> None:
    folder = tmp_path / "review"
    ran = limen("mutate", "demo-textbook", "--under", "usc.26.6103.i.2#agency_staff", "--write", folder,
                "--fail-under", 99)  # fmt: skip
    assert ran.code == 1 and "survived" in ran.out
    files = sorted(folder.glob("*.yaml"))
    assert files and limen("scenario", "run", folder).code == 0
    ran = limen("mutate", folder, "--under", "usc.26.6103.i.2#agency_staff", "--json")
    assert json.loads(ran.out)["score"] == 100.0

    page = tmp_path / "coverage.html"
    ran = limen("coverage", "demo-textbook", "--html", page, "--fail-under", 90)
    assert ran.code == 1 and "What 1 cases have tried" in ran.out and page.read_text().startswith("<!doctype html>")
    answer = json.loads(limen("coverage", "demo-textbook", "--json").out)
    assert answer["scenarios"] == 1 and answer["outcomes"][0] < answer["outcomes"][1]


def test_a_ledger_can_be_covered_too(limen: Any, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    assert limen("decide", "demo-textbook", "--profile", "irs-2025-08", "--ledger", ledger, "--no-second-key").code == 0
    answer = json.loads(limen("coverage", "--ledger", ledger, "--json").out)
    assert answer["scenarios"] == 1 and answer["outcomes"][0] > 0


@given(editions(), cases())
def test_what_a_verdict_turns_on_is_what_flipping_every_point_finds(law: Edition, facts: CaseFacts) -> None:
    found = find(law, facts)
    for item in found.items:
        slowly = set()
        for kind, values in (("case", found.case), ("item", item.points)):
            for index, value in enumerate(values):
                for other in (True, False, None):
                    changed = (*values[:index], other, *values[index + 1 :])
                    pair = (changed, item.points) if kind == "case" else (found.case, changed)
                    if other is not value and settle_item(law, *pair).verdict != item.verdict:
                        slowly.add((kind, index))
        turning = turning_points(law, found.case, item)
        assert turning <= slowly
        assert slowly - turning <= _shared(law), "only a point that stands in two places at once is passed over"


def _shared(law: Edition) -> set[tuple[str, int]]:
    """Points that stand in more than one gateway, bar or limb, as they never do in an edition made from a book."""
    places: list[tuple[str, int]] = []
    for gateway in law.gateways:
        places += [("case", i) for i in gateway.elements] + [("item", i) for i in gateway.grounds]
    for bar in law.bars:
        places += [("item", i) for i in bar.conditions]
    for _, applies, says in law.prohibitions:
        places += [("item", applies), ("item", says)]
    return {place for place in places if places.count(place) > 1}
