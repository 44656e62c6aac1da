"""`limen case` and `limen watch`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limen.casework.beginning import from_decision
from limen.casework.law_book import aftercare
from limen.casework.store import CaseError, CaseFolder
from limen.cli.main import main
from limen.law.places import shipped_scenarios


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("LIMEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "home"


def words(capsys) -> str:
    """What was printed, however it was folded."""
    return " ".join(capsys.readouterr().out.split())


def test_a_case_of_ones_own_from_its_beginning(capsys, home: Path) -> None:
    assert main(["case", "open", "larkspur"]) == 0
    assert main(["case", "event", "larkspur", "incident_noticed", "incident=folder", "--at", "2025-08-08 17:10"]) == 0
    assert main(["case", "event", "larkspur", "incident_reported", "incident=folder", "to=tigta",
                 "protected_data=false", "--at", "2025-08-08 18:00"]) == 0  # fmt: skip
    assert "8 August 2025, 18:00: incident folder is reported to tigta" in capsys.readouterr().out
    assert main(["case", "show", "larkspur"]) == 0
    shown = words(capsys)
    assert "open" in shown and "due by 9 August 2025, 17:10" in shown
    assert main(["case", "show", "larkspur", "--as-of", "2025-08-09"]) == 1
    shown = words(capsys)
    assert "breached SG-10/safeguards" in shown
    assert "Reporting unauthorized accesses, disclosures or data breaches, as others report it]" in shown
    assert "as of 9 August 2025, 23:59" in shown
    assert main(["case", "show", "larkspur", "--as-of", "2025-08-09", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {one["duty"]: one["state"] for one in told["duties"]}["SG-10/tigta"] == "kept"


def test_mistakes_are_told_and_nothing_is_added(capsys, home: Path) -> None:
    main(["case", "open", "larkspur"])
    assert main(["case", "open", "larkspur"]) == 2
    assert main(["case", "show", "larkspurr"]) == 2
    assert main(["case", "open", "../etc"]) == 2
    assert main(["case", "event", "larkspur", "incident_notised", "--at", "2025-08-08"]) == 2
    assert main(["case", "event", "larkspur", "incident_noticed", "incident", "--at", "2025-08-08"]) == 2
    assert main(["case", "event", "larkspur", "incident_noticed", "incident=i", "--at", "Friday"]) == 2
    assert main(["case", "kinds", "acessed"]) == 2
    told = capsys.readouterr().err
    assert "the case `larkspur` is open already" in told
    assert "there is no case `larkspurr`; did you mean `larkspur`?" in told
    assert "`../etc` is no name for a case" in told
    assert "there is no event `incident_notised`" in told
    assert "`incident` is no field; write field=value" in told
    assert "`Friday` is no time" in told
    assert "did you mean `accessed`?" in told
    assert CaseFolder(home / "cases", aftercare()).events("larkspur") == ()


def test_shipped_timelines_are_checked_and_one_is_told(capsys) -> None:
    assert main(["case", "run", "friday-1710", "keep-it-for-next-year"]) == 0
    shown = words(capsys)
    assert "Friday, ten past five" in shown
    assert "✘ breached SG-20 End of use, for each copy laptop" in shown
    assert "[26 U.S.C. § 6103(p)(4)(F)(ii)]" in shown
    assert main(["case", "run", "the-public-episode", "--as-of", "2026-02-05", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["until"] == "2026-02-05T23:59"
    assert told["as_expected"] is True


def test_a_timeline_that_ends_otherwise_is_said_to(capsys, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "timeline: mine\ntitle: Mine\nstory: Nobody told anybody.\nuntil: 2025-08-11\nbreached: [SG-10/tigta]\n"
        'events:\n  - {at: "2025-08-08 17:10", event: incident_noticed, incident: i}\n'
    )
    assert main(["case", "run", str(path)]) == 1
    assert "SG-10/safeguards is breached, and nobody said so" in capsys.readouterr().out


def test_what_can_happen_is_listed(capsys) -> None:
    assert main(["case", "kinds", "incident_reported"]) == 0
    shown = words(capsys)
    assert "incident* a name" in shown and "to* tigta, safeguards" in shown and "encrypted true or false" in shown


def test_a_watch_prints_alerts_and_goes_on_where_it_stopped(capsys, tmp_path: Path) -> None:
    stream = tmp_path / "events.jsonl"
    noticed = {"case": "a", "event": "incident_noticed", "at": "2025-08-08 17:10", "incident": "i"}
    later = {"event": "time_passed", "at": "2025-08-20"}
    stream.write_text("".join(json.dumps(one) + "\n" for one in (noticed, later)))
    assert main(["watch", str(stream), "--once"]) == 0
    told = words(capsys)
    assert "9 August 2025, 17:10 a breached SG-10/tigta i: TIGTA was not told within 24 hours." in told
    assert main(["watch", str(stream), "--once", "--json"]) == 0
    assert capsys.readouterr().out == ""
    with stream.open("a") as file:
        file.write("{\n")
    assert main(["watch", str(stream), "--once", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["alert"] == "unreadable"


def test_an_event_that_was_added_is_on_disk(tmp_path: Path) -> None:
    from limen.casework.read import build_event

    folder = CaseFolder(tmp_path, aftercare())
    folder.open("one")
    event = build_event({"event": "trained", "at": "2025-01-01", "person": "o"}, folder.law, "e1")
    folder.add("one", event)
    assert CaseFolder(tmp_path, aftercare()).events("one") == (event,)
    assert folder.names() == ["one"]
    with pytest.raises(CaseError, match="there is no case `two`"):
        folder.add("two", event)


def test_a_case_begins_with_a_decision_of_the_ledger(capsys, home: Path) -> None:
    main(["decide", str(shipped_scenarios() / "demo" / "01-textbook.yaml"), "--profile", "centro-2026", "--json"])
    decided = json.loads(capsys.readouterr().out.splitlines()[0])
    assert main(["case", "open", "textbook", "--decision", decided["decision"]["id"]]) == 0
    assert "is decided: allow" in words(capsys)
    assert main(["case", "show", "textbook", "--all"]) == 0
    shown = words(capsys)
    assert "kept SG-2/request Accounting of the request" in shown
    assert "open SG-1/request Log of requests" in shown
    assert main(["case", "open", "other", "--decision", "999"]) == 2
    assert not (home / "cases" / "other.jsonl").exists()


def test_a_decision_that_releases_a_part_or_nothing_is_told_so() -> None:
    record = {"id": "d-1", "request_id": "r-1", "decided_at": "2025-08-07T18:30:59+02:00", "effect": "deny"}
    outcomes = [from_decision({**record, "releasable": items})[2].fields["outcome"] for items in ((), ("address",))]
    assert outcomes == ["deny", "partial"]
    assert from_decision({**record, "releasable": ()})[0].at.isoformat() == "2025-08-07T16:30:00"
