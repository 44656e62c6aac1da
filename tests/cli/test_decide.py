"""`limen decide`, `explain` and `ledger`, as a person or a script uses them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from cli_run import Limen

from limen.cli import exits

QUICK = "--no-second-key"


@pytest.mark.parametrize(
    ("scenario", "profile", "code", "word"),
    [
        ("demo-textbook", "all", exits.RELEASED, "✔ Release"),
        ("demo-civil-removal", "all", exits.WITHHELD, "✘ Withhold"),
        ("demo-use-not-said", "all", exits.MORE_NEEDED, "? More needed"),
        ("demo-old-address", "all", exits.READINGS_DIFFER, "≠ Readings differ"),
        ("demo-old-address", "irs-2025-08", exits.RELEASED, "✔ Release"),
        ("demo-old-address", "text-strict", exits.WITHHELD, "✘ Withhold"),
    ],
)
def test_the_exit_code_and_the_first_word_say_the_answer(
    limen: Limen, scenario: str, profile: str, code: int, word: str
) -> None:
    ran = limen("decide", scenario, "--profile", profile, QUICK)
    assert ran.code == code
    assert ran.out.splitlines()[1].startswith(word)
    assert ran.err == ""


def test_profile_date_and_caveat_are_always_on_screen(limen: Limen) -> None:
    ran = limen("decide", "demo-old-address", "--profile", "text-strict", "--as-of", "2026-02-24", QUICK)
    assert "profile text-strict · law of 24 February 2026" in ran.out
    assert ran.out.rstrip().splitlines()[-1].startswith("A simulation with invented people. Not legal advice")
    assert "all 6 profiles · law of 6 August 2025" in limen("decide", "demo-old-address", QUICK).out


def test_a_refusal_says_status_label_citation_and_cure(limen: Limen) -> None:
    out = limen("decide", "demo-delegate", QUICK).out
    assert "✘ not met    a request from an official whom the paragraph names" in out
    assert "26 U.S.C. § 6103(i)(2)(A)  #requester" in out
    assert "→ The signer holds none of the offices that may ask." in out


def test_not_met_and_not_known_are_told_apart(limen: Limen) -> None:
    out = limen("decide", "demo-delegate", "--facts", "use.solely_this_matter=unknown", QUICK).out
    assert "✘ not met    a request from an official" in out
    assert "? not known  a use that is solely in that matter" in out


def test_where_profiles_disagree_each_is_listed_and_the_words_it_turns_on(limen: Limen) -> None:
    out = limen("decide", "demo-old-address", QUICK).out
    assert "    irs-2025-08    ✔ Release" in out
    assert "    text-strict    ✘ Withhold" in out
    assert "It turns on how these words are read" in out
    assert "usc.26.6103.i.2/address_matched" in out


def test_a_fact_given_wins_over_the_file(limen: Limen) -> None:
    assert limen("decide", "demo-textbook", "--facts", "request.in_writing=false", QUICK).code == exits.WITHHELD
    assert limen("decide", "demo-textbook", "--facts", "request.in_writing=unknown", QUICK).code == exits.MORE_NEEDED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("request.in_writing", "`request.in_writing` is not a fact; write name=value"),
        ("request.in_writng=true", "there is no fact `request.in_writng`; did you mean `request.in_writing`?"),
        ("request.in_writing=yes", "`request.in_writing` cannot be `yes`; it can be true, false, or unknown"),
        ("matter.stage=late", "`matter.stage` cannot be `late`; it can be "),
        ("item.kind=name", "`item.kind` is asked for each item"),
    ],
)
def test_a_fact_that_cannot_be_is_a_usage_error(limen: Limen, given: str, said: str) -> None:
    ran = limen("decide", "demo-textbook", "--facts", given, QUICK)
    assert ran.code == exits.BAD_INPUT
    assert said in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.yaml"], "there is no file `nothing.yaml`, and no shipped scenario of that name"),
        ([], "missing argument `FILE...`"),
        (["demo-textbook", "--profile", "irs-2025"], "there is no profile `irs-2025`; did you mean `irs-2025-08`?"),
        (["demo-textbook", "--as-of", "soon"], "`--as-of`: `soon` is not a day"),
        (["demo-textbook", "--rules", "nowhere"], "nowhere"),
        (["demo-textbook", "--registry", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_place_and_nothing_is_decided(
    limen: Limen, home: Path, words: list[str], said: str
) -> None:
    ran = limen("decide", *words, QUICK)
    assert ran.code == exits.BAD_INPUT
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert not (home / "faults").exists()


def test_one_bad_file_and_none_is_decided(limen: Limen, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: r-1\nitems: []\n")
    ran = limen("decide", "demo-textbook", str(bad), QUICK)
    assert ran.code == exits.BAD_INPUT
    assert ran.out == ""
    assert str(bad) in ran.err
    assert [record["kind"] for record in records(limen)] == ["opened"]


def test_several_files_give_the_gravest_code_and_are_known_as_a_batch(limen: Limen) -> None:
    ran = limen("decide", "demo-textbook", "demo-delegate", "demo-use-not-said", QUICK, "--json")
    said = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["decision"]["disposition"] for one in said] == ["release", "withhold", "more_needed"]
    assert ran.code == exits.WITHHELD


REQUEST = """\
id: r-{number}
requester: {{agency: dhs, office: agency_head, in_writing: true}}
recipients: [{{name: Agent Example, agency: dhs, engagement: works_the_matter}}]
reasons: The same words.
items: [{{id: address, kind: mailing_address}}]
"""


def test_requests_decided_together_know_of_each_other(limen: Limen, tmp_path: Path) -> None:
    paths = []
    for number in (1, 2, 3):
        path = tmp_path / f"{number}.yaml"
        path.write_text(REQUEST.format(number=number))
        paths.append(str(path))
    together = [json.loads(line) for line in limen("decide", *paths, QUICK, "--json").out.splitlines()]
    assert {one["facts"]["case"]["batch.requests_with_same_reasons"] for one in together} == {3}
    alone = json.loads(limen("decide", paths[0], QUICK, "--json").out)
    assert alone["facts"]["case"]["batch.requests_with_same_reasons"] == 1


def test_json_has_the_decision_its_record_and_where_each_fact_came_from(limen: Limen) -> None:
    said = json.loads(limen("decide", "demo-textbook", QUICK, "--json").out)
    assert said["decision"]["schema_version"] == 1
    assert said["decision"]["second_key"] == "not_asked"
    assert said["ledger"]["sequence"] == 2
    assert said["match"]["grade"] == "exact"
    assert said["facts"]["case"]["request.in_writing"] is True
    assert said["facts"]["origin"]["request.in_writing"]


def test_the_second_key_is_asked_unless_it_is_left_out(limen: Limen) -> None:
    assert json.loads(limen("decide", "demo-textbook", "--json").out)["decision"]["second_key"] == "agrees"
    assert "second key agrees" in limen("decide", "demo-textbook").out


def test_a_second_key_that_fails_ends_in_deny_with_a_file_that_can_be_run(
    limen: Limen, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("limen.decide.second_key.SecondKey.find", _lie)
    ran = limen("decide", "demo-textbook", "--profile", "irs-2025-08", "--json")
    assert ran.code == exits.ENGINE_FAULT
    decision = json.loads(ran.out)["decision"]
    assert (decision["effect"], decision["second_key"]) == ("deny", "disagrees")
    monkeypatch.undo()
    monkeypatch.setenv("LIMEN_HOME", str(home))
    (file,) = (home / "faults").iterdir()
    again = limen("reproduce", str(file), "--json")
    said = json.loads(again.out)
    assert (said["recorded"], said["now"], said["wrong"]) == ("disagreement", None, [])
    assert again.code == exits.RELEASED
    assert "now: both keys say the same" in limen("reproduce", str(file)).out


def _lie(_self: object, edition: object, facts: object) -> object:
    from dataclasses import replace

    from limen.decide.reference import find

    findings = find(edition, facts)  # type: ignore[arg-type]
    return replace(findings, case=tuple(not value for value in findings.case))


def test_a_file_that_is_no_reproduction_is_said_to_be_none(limen: Limen, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}")
    ran = limen("reproduce", str(file))
    assert ran.code == exits.BAD_INPUT
    assert "no reproduction file" in ran.err


def test_the_requester_is_not_told_what_only_the_authority_knows(limen: Limen) -> None:
    for audience, named in (("reviewer", True), ("auditor", True), ("requester", False)):
        ran = limen("decide", "demo-informant", "--audience", audience, QUICK)
        assert ("informant" in ran.out.replace("demo-informant", "")) is named, audience
        said = limen("decide", "demo-informant", "--audience", audience, QUICK, "--json")
        assert ("informant" in said.out.replace("demo-informant", "")) is named, audience
        assert ("facts" in json.loads(said.out)) is named


def test_a_decision_can_be_explained_later_by_number_or_id(limen: Limen) -> None:
    decided = json.loads(limen("decide", "demo-delegate", QUICK, "--json").out)["decision"]
    by_id = limen("explain", decided["id"])
    assert by_id.code == 0
    assert by_id.out == limen("explain", "2").out
    assert "✘ not met    a request from an official whom the paragraph names" in by_id.out
    assert "✔ met        a request in writing" in by_id.out
    assert "what keeps each other gateway from opening:" in by_id.out
    recorded = json.loads(limen("explain", "2", "--json", "--audience", "auditor").out)
    assert recorded.pop("request_digest") != decided.pop("request_digest"), "the ledger keeps a commitment"
    assert recorded == decided


def test_an_explanation_for_the_requester_hides_what_the_decision_hid(limen: Limen) -> None:
    limen("decide", "demo-informant", QUICK)
    assert "informant" in limen("explain", "2").out.replace("demo-informant", "")
    hidden = limen("explain", "2", "--audience", "requester").out
    assert "informant" not in hidden.replace("demo-informant", "")
    assert "does not comment on" in " ".join(hidden.split())


@pytest.mark.parametrize(("which", "said"), [("99", "no record `99`"), ("1", "record 1 is no decision")])
def test_what_is_not_there_cannot_be_explained(limen: Limen, which: str, said: str) -> None:
    limen("decide", "demo-delegate", QUICK)
    ran = limen("explain", which)
    assert ran.code == exits.BAD_INPUT
    assert said in ran.err


def records(limen: Limen) -> list[dict[str, object]]:
    return [json.loads(line) for line in limen("ledger", "show", "--json").out.splitlines()]


def test_the_ledger_shows_each_decision_on_a_line(limen: Limen) -> None:
    limen("decide", "demo-textbook", "demo-delegate", QUICK)
    lines = limen("ledger", "show").out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    assert "✔ Release" in lines[1]
    assert "✘ Withhold" in lines[2]
    assert "demo-delegate" in lines[2]
    assert limen("ledger", "show", "--last", "1").out.splitlines() == lines[2:]
    assert json.loads(limen("ledger", "show", "3").out)["sequence"] == 3


def test_a_ledger_that_is_not_there_is_not_made_by_looking(limen: Limen, home: Path) -> None:
    for words in (["ledger", "show"], ["ledger", "verify"], ["explain", "1"]):
        ran = limen(*words)
        assert ran.code == exits.BAD_INPUT
        assert "there is no ledger at" in ran.err
    assert not (home / "ledger.sqlite").exists()


def test_verify_finds_nothing_wrong_and_then_what_was_changed(limen: Limen, home: Path) -> None:
    limen("decide", "demo-textbook", "demo-delegate", QUICK)
    good = limen("ledger", "verify")
    assert good.code == 0
    assert "✔ intact" in good.out
    assert "✔ complete" in good.out
    assert json.loads(limen("ledger", "verify", "--json").out)["ok"] is True
    cut_the_end(home / "ledger.sqlite")
    bad = limen("ledger", "verify")
    assert bad.code == exits.WITHHELD
    assert "✘ incomplete" in bad.out
    assert json.loads(limen("ledger", "verify", "--json").out)["ok"] is False


def cut_the_end(path: Path) -> None:
    """Remove the last record, as somebody with the file could."""
    with sqlite3.connect(path) as db:
        for (name,) in db.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            db.execute(f"drop trigger {name}")
        db.execute("delete from limen_records where sequence = (select max(sequence) from limen_records)")
    db.close()


def test_no_ledger_no_decision(limen: Limen, home: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    ran = limen("decide", "demo-textbook", "--ledger", str(blocked / "ledger.sqlite"), QUICK)
    assert ran.code in (exits.LEDGER_UNAVAILABLE, exits.BAD_INPUT)
    assert ran.out == ""
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("create table theirs (x)")
    db.close()
    ran = limen("decide", "demo-textbook", "--ledger", str(other), QUICK)
    assert ran.code == exits.LEDGER_UNAVAILABLE
    assert ran.out == ""
    assert "ledger" in ran.err


def test_a_ledger_that_stops_working_midway_shows_nothing_it_did_not_record(
    limen: Limen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from limen.ledger import Ledger, LedgerUnavailable

    def full(*_: object, **__: object) -> object:
        raise LedgerUnavailable("the disk is full", "somewhere", "make room")

    monkeypatch.setattr(Ledger, "append_many", full)
    ran = limen("decide", "demo-textbook", QUICK, "--log", "-")
    assert ran.code == exits.LEDGER_UNAVAILABLE
    assert ran.out == ""
    assert "the disk is full" in ran.err
    assert json.loads(ran.err.splitlines()[0])["event"] == "refused"


def test_the_log_says_what_was_decided_where_it_was_asked_for(
    limen: Limen, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limen("decide", "demo-textbook", QUICK)
    assert sorted(path.suffix for path in home.iterdir() if path.is_file()) == [".sqlite"]
    monkeypatch.setenv("LIMEN_LOG", str(home / "logs" / "limen.jsonl"))
    limen("decide", "demo-textbook", QUICK)
    (line,) = (home / "logs" / "limen.jsonl").read_text().splitlines()
    said = json.loads(line)
    assert (said["event"], said["disposition"], said["sequence"]) == ("decided", "release", 3)
