"""`limen ledger ...`: what a keeper of records, an auditor and a person asking to be forgotten each do with it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from told import request

from canary import assert_silent, canary_subjects
from limen.cli.main import main
from limen.request.subject import Subject
from sizes import tries

SHOWN = "demo-textbook"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def limen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, in a home where three requests have been decided."""
    monkeypatch.setenv("LIMEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LIMEN_KEYS", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    assert main(["decide", SHOWN, "demo-civil-removal", "demo-informant", "--no-second-key", "--json"]) == 1

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["ledger", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def numbers(out: str) -> list[int]:
    return [json.loads(line)["sequence"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--outcome", "allow"], [2]),
        (["--provision", "usc.26.6103.i.6", "--outcome", "barred"], [4]),
        (["--agency", "dhs"], [2, 3]),
        (["--kind", "opened"], [1]),
        (["--subject", SHOWN], [2]),
        (["--since", "2000-01-01", "--until", "2000-01-02"], []),
    ],
)
def test_search_finds_by_what_is_asked(limen: Run, words: list[str], expected: list[int]) -> None:
    code, out, _ = limen("search", *words, "--json")
    assert (numbers(out), code) == (expected, 0 if expected else 1)


def test_search_prints_a_line_a_record(limen: Run) -> None:
    code, out, _ = limen("search", "--outcome", "release")
    assert code == 0 and SHOWN in out and len(out.splitlines()) == 1
    assert limen("search", "--agency", "gao")[1] == "no record meets that\n"


def test_an_auditor_checks_an_export_with_a_public_key(limen: Run, tmp_path: Path) -> None:
    assert limen("checkpoint", "--out", "kept.json")[0] == 0
    assert limen("export", "--out", "ledger.jsonl")[0] == 0
    key = json.loads((tmp_path / "kept.json").read_text())["public_key"]
    code, out, _ = limen("audit", "ledger.jsonl", "--public-key", key, "--checkpoint", "kept.json")
    assert code == 0 and "intact" in out
    changed = (tmp_path / "ledger.jsonl").read_text().replace('"verdict":"deny"', '"verdict":"allow"')
    (tmp_path / "ledger.jsonl").write_text(changed)
    code, out, _ = limen("audit", "ledger.jsonl", "--public-key", key, "--json")
    assert code == 1 and {problem["code"] for problem in json.loads(out)["problems"]} == {"record-changed"}


def test_verify_takes_a_checkpoint_somebody_kept(limen: Run, tmp_path: Path) -> None:
    limen("checkpoint", "--out", "kept.json")
    assert limen("verify", "--checkpoint", "kept.json")[0] == 0
    kept = json.loads((tmp_path / "kept.json").read_text())
    (tmp_path / "kept.json").write_text(json.dumps({**kept, "records": 2}))
    assert limen("verify", "--checkpoint", "kept.json")[0] == 1
    (tmp_path / "kept.json").write_text("nonsense")
    code, _, err = limen("verify", "--checkpoint", "kept.json")
    assert code == 2 and "holds no checkpoint" in err


@pytest.mark.parametrize("which", ["standing", "yearly", "denials", "all"])
def test_reports_are_tables_and_pages(limen: Run, tmp_path: Path, which: str) -> None:
    code, out, _ = limen("report", which)
    assert (code == 0 and "6103" in out) or which == "denials"
    pytest.importorskip("vl_convert")
    assert limen("report", which, "--form", "html", "--out", "page.html")[0] == 0
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_reports_are_csv_too(limen: Run) -> None:
    _, out, _ = limen("report", "standing", "--form", "csv")
    rows = list(csv.DictReader(out.splitlines()))
    assert [row["record"] for row in rows] == ["2", "3", "4"] and rows[0]["answer"] == "release"
    assert limen("report", "all", "--form", "csv")[0] == 2
    assert limen("report", "individual")[0] == 2


def test_a_person_is_accounted_for_and_then_forgotten(limen: Run) -> None:
    _, out, _ = limen("report", "individual", "--subject", SHOWN, "--form", "csv")
    assert len(out.splitlines()) == 2
    code, out, _ = limen("forget", SHOWN, "--yes")
    assert code == 0 and "1 pseudonym belongs to nobody now" in out
    _, out, _ = limen("report", "individual", "--subject", SHOWN, "--form", "csv")
    assert len(out.splitlines()) == 1
    assert limen("forget", SHOWN, "--yes")[0] == 1
    assert limen("verify")[0] == 0
    assert limen("forget")[0] == 2


def test_replay_gives_the_same_answer_and_wants_the_same_request(limen: Run) -> None:
    for number, shown in (("2", SHOWN), ("3", "demo-civil-removal"), ("4", "demo-informant")):
        code, out, _ = limen("replay", number, shown, "--json")
        assert code == 0 and json.loads(out)["agrees"] and json.loads(out)["same_book"]
    code, _, err = limen("replay", "2", "demo-informant")
    assert code == 6 and "show the same file again" in err
    code, out, _ = limen("replay", "2", SHOWN)
    assert code == 0 and "answered the same way again" in out


def test_keys_rotate(limen: Run) -> None:
    code, out, _ = limen("rotate-keys")
    assert code == 0 and "k2-" in out
    assert limen("verify")[0] == 0


def test_exports_go_where_they_are_told(limen: Run, tmp_path: Path) -> None:
    _, out, _ = limen("export", "--form", "opa")
    assert next(json.loads(line)["result"]["disposition"] for line in out.splitlines()) == "release"
    assert limen("export", "--form", "parquet")[0] == 2
    pytest.importorskip("pyarrow")
    assert limen("export", "--form", "parquet", "--out", "l.parquet")[0] == 0
    assert (tmp_path / "l.parquet").read_bytes()[:4] == b"PAR1"
    code, _, err = limen("export", "--out", str(tmp_path / "no" / "such" / "folder"))
    assert code == 2 and "cannot be written" in err


@settings(max_examples=tries(6), deadline=None, suppress_health_check=list(HealthCheck))
@given(canary_subjects())
def test_no_command_names_the_subject(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    who: Subject,
) -> None:
    folder = tmp_path_factory.mktemp("silent")
    monkeypatch.setenv("LIMEN_HOME", str(folder / "home"))
    monkeypatch.chdir(folder)
    asked = request(subject=who, reasons=f"We look for {who.name.last if who.name else ''}.", id="REQ-1")
    (folder / "request.json").write_text(asked.model_dump_json(exclude_none=True, exclude_defaults=True))
    capsys.readouterr()
    for words in (
        ["decide", "request.json", "--no-second-key", "--json"],
        ["ledger", "show", "--json"],
        ["ledger", "show", "2"],
        ["ledger", "search", "--subject", "request.json", "--json"],
        ["ledger", "report", "all"],
        ["ledger", "report", "individual", "--subject", "request.json"],
        ["ledger", "export"],
        ["ledger", "export", "--form", "opa"],
        ["ledger", "replay", "2", "request.json"],
        ["ledger", "replay", "1", "request.json"],
        ["ledger", "forget", "request.json", "--yes"],
        ["ledger", "replay", "2", "request.json"],
        ["ledger", "verify", "--json"],
    ):
        assert main(words) in (0, 1, 3, 4, 6), words
    said = capsys.readouterr()
    kept: dict[str, str | bytes] = {
        path.name: path.read_bytes() for path in (folder / "home").rglob("*") if path.is_file()
    }
    assert len(said.out) > 5000
    assert_silent({"out": said.out, "err": said.err, **kept}, who)
