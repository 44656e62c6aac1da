"""`limen book` and `limen scenario`: from a printed reason to its rule, its citation and its tests."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from cli_run import Limen

from limen.cli import exits
from limen.law import load_book
from limen.law.places import shipped_rules, shipped_scenarios


def test_every_printed_reason_leads_to_its_rule_its_citation_its_file_and_its_test(limen: Limen) -> None:
    said = json.loads(limen("decide", "demo-delegate", "--no-second-key", "--json").out)
    reasons = said["decision"]["items"][0]["reasons"]
    assert len(reasons) > 10
    for reason in reasons:
        found = json.loads(limen("book", "show", reason["address"], "--json").out)
        assert found["citation"] in (None, reason["citation"])
        file, line = found["written"]
        text = (shipped_rules() / file).read_text().splitlines()[line - 1]
        assert reason["address"].rpartition("#")[2].rpartition(".")[2] in text or "rule:" in text
    refused = next(reason for reason in reasons if reason["outcome"] == "not_met")
    shown = limen("book", "show", refused["address"]).out
    assert "26 U.S.C. § 6103(i)(2)(A) (text read)" in shown
    assert "written in us/usc-26-6103/i2.yaml:" in shown
    assert "demo-delegate: Signed by somebody else" in shown


def test_every_address_of_the_book_can_be_shown(limen: Limen) -> None:
    from io import StringIO

    from limen.cli.lookup import look_up
    from limen.cli.screen import Screen

    book = load_book()
    names = {*book.rules, *book.readings, *book.profiles, *book.vocabulary.facts, *book.vocabulary.parameters}
    for address in sorted(names):
        entry = look_up(book, address)
        out = StringIO()
        entry.show(Screen(out, colour=False, width=80))
        assert address in out.getvalue()
        assert json.dumps(entry.as_json(), default=str)


def test_every_node_and_duty_of_the_book_can_be_shown() -> None:
    from limen.cli.lookup import addresses, look_up

    book = load_book()
    shown = {address: look_up(book, address).title for address in sorted(addresses(book))}
    assert len(shown) > 500
    assert all(shown.values())


def test_an_address_that_is_not_there_is_answered_with_the_nearest(limen: Limen) -> None:
    ran = limen("book", "show", "usc.26.6103.i.2#states_adress")
    assert ran.code == exits.BAD_INPUT
    assert "did you mean `usc.26.6103.i.2#states_address`?" in ran.err


def test_a_reading_says_who_holds_each_meaning_and_which_profile_chooses_it(limen: Limen) -> None:
    shown = limen("book", "show", "usc.26.6103.i.2/personally_engaged").out
    assert "reading, contested" in shown
    assert "held by Judge Kollar-Kotelly" in shown
    assert "chosen by irs-2025-08" in shown


def test_the_list_has_every_rule_reading_and_profile(limen: Limen) -> None:
    book = load_book()
    listed = [json.loads(line) for line in limen("book", "list", "--json").out.splitlines()]
    assert {one["address"] for one in listed} == {*book.rules, *book.readings, *book.profiles}
    out = limen("book", "list").out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    shutil.copytree(shipped_rules(), tmp_path / "rules")
    return tmp_path / "rules"


def test_a_book_without_problems_is_said_to_have_none(limen: Limen, draft: Path) -> None:
    ran = limen("book", "check", str(draft))
    assert ran.code == 0
    assert re.search(r"✔ no problems in us-6103: \d+ rules, \d+ readings, 6 profiles", ran.out)
    found = [json.loads(line) for line in limen("book", "check", str(draft), "--json").out.splitlines()]
    assert {one["weight"] for one in found} <= {"warning", "note"}


def test_lints_warn_and_with_strict_a_warning_counts(limen: Limen, draft: Path) -> None:
    gateway = draft / "us" / "usc-26-6103" / "i2.yaml"
    text = gateway.read_text()
    assert "It can be put in writing." in text
    gateway.write_text(re.sub(r"\n    if_unknown: Confirm that there is a written request\.", "", text))
    ran = limen("book", "check", str(draft))
    assert ran.code == exits.RELEASED
    assert "usc.26.6103.i.2#in_writing" in ran.out
    assert "[says-the-cure]" in ran.out
    assert re.search(r"· \d+ warnings?, \d+ notes?$", ran.out.rstrip())
    assert limen("book", "check", str(draft), "--strict").code == exits.WITHHELD


def test_formatting_keeps_what_a_book_says(limen: Limen, draft: Path) -> None:
    before = load_book(draft).digest
    assert limen("book", "format", str(draft)).code == exits.RELEASED
    assert load_book(draft).digest == before
    assert limen("book", "format", str(draft), "--check").out == ""
    file = draft / "us" / "usc-26-6103" / "i2.yaml"
    file.write_text(file.read_text().replace("elements:", "elements:   ", 1))
    ran = limen("book", "format", str(draft), "--check")
    assert (ran.code, ran.out) == (exits.WITHHELD, "would change us/usc-26-6103/i2.yaml\n")


def test_the_schema_of_rule_files_is_printed(limen: Limen) -> None:
    assert json.loads(limen("book", "schema").out)["title"] == "A rule file of Limen"


def test_every_problem_of_a_book_is_reported_at_once_with_its_place(limen: Limen, draft: Path) -> None:
    gateway = draft / "us" / "usc-26-6103" / "i2.yaml"
    text = gateway.read_text()
    text = text.replace("test: request.in_writing", "test: request.in_writng", 1)
    gateway.write_text(text.replace("effect: must", "effect: shall", 1))
    ran = limen("book", "check", str(draft))
    assert ran.code == exits.WITHHELD
    assert "did you mean: `request.in_writing`" in ran.out
    assert ran.out.rstrip().endswith("✘ 2 problems")
    said = [json.loads(line) for line in limen("book", "check", str(draft), "--json").out.splitlines()]
    assert [one["file"] for one in said] == ["us/usc-26-6103/i2.yaml"] * 2
    assert all(one["line"] > 0 for one in said)


def test_a_broken_book_decides_nothing(limen: Limen, draft: Path) -> None:
    (draft / "us" / "usc-26-6103" / "a.yaml").unlink()
    ran = limen("decide", "demo-textbook", "--rules", str(draft), "--no-second-key")
    assert ran.code == exits.BAD_INPUT
    assert ran.out == ""


def test_a_folder_that_is_not_there_cannot_be_checked(limen: Limen, tmp_path: Path) -> None:
    assert limen("book", "check", str(tmp_path / "none")).code == exits.BAD_INPUT


def test_scenarios_are_listed_by_what_they_are_about(limen: Limen) -> None:
    every = limen("scenario", "list", "--json").out.splitlines()
    about = [
        json.loads(line) for line in limen("scenario", "list", "--about", "usc.26.6103.i.6", "--json").out.splitlines()
    ]
    assert 0 < len(about) < len(every)
    assert "demo-informant" in {one["scenario"] for one in about}
    element = limen("scenario", "list", "--about", "usc.26.6103.i.2#requester", "--json").out.splitlines()
    assert "demo-delegate" in {json.loads(line)["scenario"] for line in element}
    assert "demo-informant" in limen("scenario", "list").out


def test_a_scenario_can_be_read_aloud_with_its_answers(limen: Limen) -> None:
    out = limen("scenario", "show", "demo-two-people").out
    assert out.startswith("Two men, one name, one staircase\n")
    assert "Two men of that name live in the house" in " ".join(out.split())
    assert "Teaches: Nothing is released about somebody who may be another person." in out
    assert "✘ Withhold" in out
    assert json.loads(limen("scenario", "show", "demo-two-people", "--json").out)["scenario"] == "demo-two-people"


def test_scenarios_run_by_id_by_path_and_by_folder(limen: Limen) -> None:
    for which in ("demo-delegate", str(shipped_scenarios() / "demo" / "10-delegate.yaml")):
        ran = limen("scenario", "run", which)
        assert ran.code == 0
        assert "✔ passed demo-delegate" in ran.out
    ran = limen("scenario", "run", str(shipped_scenarios() / "demo"), "--json")
    assert ran.code == 0
    assert [json.loads(line)["passed"] for line in ran.out.splitlines()] == [True] * 12


def test_a_scenario_that_comes_out_otherwise_fails_and_says_why(limen: Limen, tmp_path: Path) -> None:
    text = (shipped_scenarios() / "demo" / "10-delegate.yaml").read_text()
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("disposition: withhold", "disposition: release"))
    ran = limen("scenario", "run", str(changed))
    assert ran.code == exits.WITHHELD
    assert "expected `release`, decided `withhold`" in ran.out
    assert "usc.26.6103.i.2#requester not met" in " ".join(ran.out.split())
    said = json.loads(limen("scenario", "run", str(changed), "--json").out)
    assert (said["passed"], said["decided"]) == (False, {"all": "withhold"})


def test_a_scenario_that_is_right_for_the_wrong_reason_fails(limen: Limen, tmp_path: Path) -> None:
    text = (shipped_scenarios() / "demo" / "10-delegate.yaml").read_text()
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("turns_on: [requester]", "turns_on: [in_writing]"))
    ran = limen("scenario", "run", str(changed))
    assert ran.code == exits.WITHHELD
    assert "turns on: `in_writing` is not there" in ran.out


def test_the_schema_is_json_schema(limen: Limen) -> None:
    assert json.loads(limen("scenario", "schema").out)["title"] == "Scenario"


def test_the_demo_decides_a_dozen_and_leaves_a_verified_ledger(limen: Limen, tmp_path: Path) -> None:
    ran = limen("demo", "--out", str(tmp_path / "demo"))
    assert ran.code == 0
    for word in ("✔ Release", "✘ Withhold", "? More needed", "≠ Readings differ"):
        assert word in ran.out
    assert "12 requests: 3 release, 5 withhold, 1 more needed, 3 readings differ" in ran.out
    assert "✔ intact" in ran.out
    assert "✔ complete" in ran.out
    (command,) = (line.split()[1:] for line in ran.out.splitlines() if line.startswith("  limen explain"))
    assert limen(*command).code == 0
    again = limen("demo", "--out", str(tmp_path / "demo"), "--json")
    assert again.code == 0
    assert [json.loads(line)["ledger"]["sequence"] for line in again.out.splitlines()] == list(range(14, 26))
