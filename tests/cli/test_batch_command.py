"""`limen batch`: a file of requests becomes a file of decisions, and its exit code says whether that can be used."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from cli_run import Limen

pytest.importorskip("pyarrow")

HEADER = ["id", "received", "items.0.id", "items.0.kind", "subject.name.last", "subject.address.lines"]


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    path = tmp_path / "requests.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerow(["R-1", "2026-03-01", "a", "mailing_address", "Kuhn", "9297 47th Dr;Revere MA 02151"])
        writer.writerow(["R-2", "2026-03-01", "a", "filed_return", "Quill", "Unknown"])
    return path


def test_each_row_gets_the_answer_it_gets_alone(limen: Limen, requests: Path, tmp_path: Path) -> None:
    ran = limen("batch", str(requests), "--out", str(tmp_path / "out.jsonl"), "--workers", "1", "--json")
    assert (ran.code, ran.err) == (0, "")
    said = json.loads(ran.out)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert said["requests"] == len(rows) == 2
    assert (said["audited"], said["second_key"], said["fault"]) == (2, 2, None)
    assert [row["request"] for row in rows] == ["R-1", "R-2"]
    assert said["verdicts"]["deny"] + said["verdicts"]["open"] + said["verdicts"]["readings_differ"] == 2


def test_the_batch_is_in_the_ledger_without_anybody(limen: Limen, requests: Path, tmp_path: Path) -> None:
    ran = limen("batch", str(requests), "--out", str(tmp_path / "out.csv"), "--workers", "1", "--no-registry")
    assert ran.code == 0
    assert "2 requests, 2 items decided" in ran.out
    shown = limen("ledger", "show", "2", "--json")
    assert shown.code == 0
    assert '"output_sha256"' in shown.out
    assert all(name not in shown.out for name in ("Kuhn", "R-1", "47th"))
    assert limen("ledger", "verify").code == 0


def test_rows_that_are_no_requests_are_told_by_the_exit_code(limen: Limen, requests: Path, tmp_path: Path) -> None:
    with requests.open("a", encoding="utf-8") as file:
        file.write("R 3,2026-03-01,a,mailing_address,Vantongeren,\n")
    ran = limen("batch", str(requests), "--out", str(tmp_path / "out.csv"), "--workers", "1")
    assert ran.code == 1
    assert "rejected" in ran.out
    rejects = (tmp_path / "out.csv.rejects.jsonl").read_text("utf-8")
    assert json.loads(rejects)["row"] == 3
    assert "Vantongeren" not in rejects + ran.out


def test_a_ledger_that_cannot_record_leaves_no_file(limen: Limen, requests: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    (tmp_path / "no-ledger.sqlite").mkdir()
    ran = limen("batch", str(requests), "--out", str(out), "--ledger", str(tmp_path / "no-ledger.sqlite"))
    assert ran.code == 6
    assert not out.exists()


def test_a_fault_is_an_exit_code_of_its_own_and_releases_nothing(
    limen: Limen, requests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from limen.batch import run

    class Crashing:
        def __init__(self, deadline: float) -> None:
            pass

        def find(self, edition: Any, facts: Any) -> Any:
            raise RuntimeError("Kuhn")

        def close(self) -> None:
            pass

    monkeypatch.setattr(run, "SecondKey", Crashing)
    ran = limen("batch", str(requests), "--out", str(tmp_path / "out.csv"), "--workers", "1")
    assert ran.code == 5
    assert "Everything is denied" in ran.out
    assert "Kuhn" not in ran.out + ran.err
    with (tmp_path / "out.csv").open(newline="") as file:
        assert {row["effect"] for row in csv.DictReader(file)} == {"deny"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.csv", "--out", "o.csv"], "there is no file"),
        (["{requests}", "--out", "o.xlsx"], "are read and written as"),
        (["{requests}", "--out", "o.csv", "--profile", "irs-2025-80"], "did you mean `irs-2025-08`"),
        (["{requests}", "--out", "o.csv", "--registry", "x", "--no-registry"], "cannot both be given"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    limen: Limen, requests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = limen("batch", *(word.format(requests=requests) for word in words))
    assert ran.code == 2
    assert said in ran.err
    assert not list(tmp_path.glob("o.*"))
