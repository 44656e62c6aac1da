"""A file of requests becomes a file of decisions: the same ones, each once, whatever happens in between."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from invented import arrow_table, csv_rows, many_requests

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

from limen.batch import BatchError, BatchPlan, run_batch  # noqa: E402
from limen.batch import run as running  # noqa: E402
from limen.batch.rows import check_columns, nest, path_of  # noqa: E402
from limen.decide import reference  # noqa: E402
from limen.desk import Desk  # noqa: E402
from limen.law import load_book  # noqa: E402
from limen.law.places import shipped_registry, shipped_scenarios  # noqa: E402
from limen.request import build_request  # noqa: E402
from limen.request.batch import BatchCounts  # noqa: E402

TODAY = date(2026, 11, 1)
REQUESTS = many_requests(80)


def write_all(folder: Path, requests: list[dict[str, Any]]) -> dict[str, Path]:
    """The same requests as a file of each kind."""
    table = arrow_table(requests)
    places = check_columns(table.column_names)
    said = [nest(row, places) for row in table.to_pylist()]  # as the table says it: without days said to be unknown
    files = {kind: folder / f"requests.{kind}" for kind in ("csv", "jsonl", "parquet")}
    pq.write_table(table, files["parquet"], row_group_size=30)
    files["jsonl"].write_text("".join(json.dumps(one, default=str) + "\n" for one in said), "utf-8")
    with files["csv"].open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(csv_rows(said))
    return files


def plan(requests: Path, out: Path, **settings: Any) -> BatchPlan:
    return BatchPlan(requests, out, TODAY, **{"chunk": 16, **settings})


@pytest.mark.parametrize("count", [40, pytest.param(80, marks=pytest.mark.slow)])
def test_every_kind_of_file_gives_the_same_decisions(count: int, tmp_path: Path) -> None:
    requests = REQUESTS[:count]
    files = write_all(tmp_path, requests)
    decided = {}
    for kind, path in files.items():
        out = tmp_path / f"{kind}.parquet"
        result = run_batch(plan(path, out, chunk={"csv": 7, "jsonl": 100, "parquet": 16}[kind], audit=1))
        assert (result.requests, result.rejected) == (count, 0)
        decided[kind] = pq.read_table(out)
    assert decided["csv"].equals(decided["jsonl"])
    assert decided["csv"].equals(decided["parquet"])
    assert decided["csv"].num_rows == sum(len(request["items"]) for request in requests)


def test_a_batch_decides_as_the_desk_does(tmp_path: Path) -> None:
    """Under every profile at once, each request on its own day, with what the whole batch says of it."""
    path = write_all(tmp_path, REQUESTS[:40])["parquet"]
    run_batch(plan(path, tmp_path / "out.parquet", registry=Path(shipped_registry()) / "registry.sqlite"))
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in pq.read_table(tmp_path / "out.parquet").to_pylist():
        rows.setdefault(row["row"], []).append(row)
    from limen.crossref import open_registry

    table = pq.read_table(path)
    places = check_columns(table.column_names)
    requests = [build_request(nest(row, places)) for row in table.to_pylist()]
    counts = BatchCounts(requests)
    desk = Desk(load_book(), registry=open_registry(), hinges="never")
    for number, request in enumerate(requests, 1):
        decision = desk.handle(request, as_of=request.received or TODAY, batch=counts.context(request)).decision
        found = [(row["item"], row["verdict"]) for row in rows[number]]
        assert found == [(item.item, item.verdict) for item in decision.items]
        assert {(row["effect"], row["disposition"]) for row in rows[number]} == {
            (decision.effect, decision.disposition)
        }


def test_an_allowed_item_names_its_gateway(tmp_path: Path) -> None:
    """The textbook request of the demonstration: one address, which must be disclosed."""
    document = yaml.safe_load((shipped_scenarios() / "demo" / "01-textbook.yaml").read_text("utf-8"))
    (tmp_path / "r.jsonl").write_text(json.dumps({"id": "R-1", **document.get("request", document)}, default=str))
    settings = {"profile": "centro-2026", "registry": Path(shipped_registry()) / "registry.sqlite"}
    run_batch(plan(tmp_path / "r.jsonl", tmp_path / "out.jsonl", **settings))
    row = json.loads((tmp_path / "out.jsonl").read_text())
    assert (row["verdict"], row["gateway"], row["must_or_may"]) == ("allow", "usc.26.6103.i.2", "must")
    assert (row["effect"], row["disposition"], row["first_reason"]) == ("allow", "release", None)


def test_rows_that_are_no_requests_are_put_apart_with_the_reason(tmp_path: Path) -> None:
    """And none of them repeats what was written: it could be somebody's name."""
    good = REQUESTS[0]
    bad = [
        "not json", json.dumps({"id": "R"}), json.dumps(good | {"items": []}), json.dumps([1]),
        '{"id": "R", "id": "S"}', json.dumps(good | {"Mirela Vantongeren": 1}),
        json.dumps(good | {"facts": {"no.such_fact": True}}), json.dumps(good | {"received": "1901-01-01"}),
    ]  # fmt: skip
    lines = [json.dumps(good), *bad, json.dumps(good)]
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    result = run_batch(plan(tmp_path / "r.jsonl", tmp_path / "out.csv", chunk=4))
    assert (result.requests, result.rejected) == (2, len(bad))
    rejects = [json.loads(line) for line in result.rejects_file.read_text("utf-8").splitlines()]
    assert [reject["row"] for reject in rejects] == list(range(2, 2 + len(bad)))
    assert all(reject["problems"] and all(reject["problems"]) for reject in rejects)
    assert "Vantongeren" not in result.rejects_file.read_text("utf-8")
    with (tmp_path / "out.csv").open(newline="") as file:
        assert {row["row"] for row in csv.DictReader(file)} == {"1", str(len(lines))}


def test_a_csv_row_may_break_lines_inside_quotes_and_may_have_too_few_cells(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        'id,items.0.id,items.0.kind,subject.address.lines,facts.matter.missing_child\n'
        'R-1,a,name,"12 Oak St\nSpringfield IL 62704",true\n'
        "R-2,a\n\n"
        "R-3,a,name,,maybe\n"
    )  # fmt: skip
    result = run_batch(plan(tmp_path / "r.csv", tmp_path / "out.jsonl", profile="text-strict"))
    assert (result.requests, result.rejected) == (1, 2)
    rejects = [json.loads(line) for line in result.rejects_file.read_text().splitlines()]
    assert rejects[0]["problems"] == ["2 cells where the header has 5"]


KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from limen.batch import BatchPlan, run_batch
from limen.batch.record import batch_record
from limen.ledger import NoSuchRecord, open_ledger
source, out, ledger_at, workers, rest = *map(Path, sys.argv[1:4]), int(sys.argv[4]), float(sys.argv[5])
plan = BatchPlan(source, out, date(2026, 11, 1), chunk=4, audit=1)
with open_ledger(ledger_at, ledger_at.parent / "keys") as ledger:
    def record(result):
        body = batch_record(plan, result)
        try:
            ledger.show(body["batch"]["id"])
        except NoSuchRecord:
            ledger.append("batch", body)
    run_batch(plan, workers, progress=lambda done, total: time.sleep(rest), record=record)
"""


def killed_run(path: Path, out: Path, folder: Path, workers: int, rest: float) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", KILLED, path, out, folder / "ledger.sqlite", str(workers), str(rest)]
    return subprocess.Popen(words, env=environment)


def test_a_killed_batch_goes_on_without_losing_or_doubling_a_row(tmp_path: Path) -> None:
    path = write_all(tmp_path, REQUESTS[:60])["jsonl"]
    run_batch(plan(path, tmp_path / "whole.parquet", chunk=4, audit=1))
    out = tmp_path / "killed.parquet"
    parts = out.with_name("killed.parquet.parts")
    for wanted in (2, 6):
        process = killed_run(path, out, tmp_path, 1, 0.05)
        deadline = time.monotonic() + 300
        while len(list(parts.glob("part-*.arrow"))) < wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(list(parts.glob("part-*.arrow"))) >= wanted
        assert not out.exists()
    result = run_batch(plan(path, out, chunk=4, audit=1))
    assert result.resumed >= 6
    assert pq.read_table(out).equals(pq.read_table(tmp_path / "whole.parquet"))
    assert not parts.exists()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_killed_at_any_moment_ends_as_one_that_was_not(tmp_path: Path, workers: int) -> None:
    """Twelve kills at moments drawn from the time a whole run takes, its last steps included; one record in the end."""
    from limen.ledger import open_ledger

    path = write_all(tmp_path, REQUESTS)["parquet"]
    run_batch(plan(path, tmp_path / "whole.parquet", chunk=4, audit=1))
    draw = random.Random(6103 + workers)
    start = time.monotonic()
    assert killed_run(path, tmp_path / "first.parquet", tmp_path, workers, 0.02).wait() == 0
    taken = time.monotonic() - start
    out = tmp_path / "killed.parquet"
    for _ in range(12):
        process = killed_run(path, out, tmp_path, workers, 0.02)
        try:
            process.wait(draw.uniform(0.3, 1.0) * taken)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if out.exists():
            break
    else:
        assert killed_run(path, out, tmp_path, workers, 0.0).wait() == 0
    assert pq.read_table(out).equals(pq.read_table(tmp_path / "whole.parquet"))
    assert out.with_name("killed.parquet.rejects.jsonl").read_text() == ""
    with open_ledger(tmp_path / "ledger.sqlite", tmp_path / "keys") as ledger:
        assert [record.kind for record in ledger.records()].count("batch") == 1


def test_a_batch_is_resumed_only_with_its_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_all(tmp_path, REQUESTS[:10])["jsonl"]
    out = tmp_path / "out.parquet"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running.output, "publish", stop)
    with pytest.raises(KeyboardInterrupt):
        run_batch(plan(path, out))
    monkeypatch.undo()
    with pytest.raises(BatchError, match="parts of a batch with another profile"):
        run_batch(plan(path, out, profile="text-strict"))
    path.write_text(path.read_text() + "\n{}")
    with pytest.raises(BatchError, match="another requests"):
        run_batch(plan(path, out))


@pytest.mark.parametrize("count", [32, pytest.param(80, marks=pytest.mark.slow)])
def test_several_processes_give_the_same_file(count: int, tmp_path: Path) -> None:
    path = write_all(tmp_path, REQUESTS[:count])["parquet"]
    run_batch(plan(path, tmp_path / "one.parquet", audit=1))
    seen: list[tuple[int, int | None]] = []
    run_batch(plan(path, tmp_path / "two.parquet", audit=1), workers=2, progress=lambda *at: seen.append(at))
    assert pq.read_table(tmp_path / "one.parquet").equals(pq.read_table(tmp_path / "two.parquet"))
    assert seen[-1] == (count, count)


def test_an_audited_row_that_differs_denies_the_whole_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns are made to lie in one part of five: everything in it is allowed. Nothing at all is released."""
    path = write_all(tmp_path, REQUESTS)["jsonl"]
    honest = running.ColumnDecider.decide

    def lie(self: Any, rows: Any) -> Any:
        table = honest(self, rows)
        if 17 not in rows.requests.column("case_id").to_pylist():
            return table
        allow = pa.array(["allow"] * table.num_rows).dictionary_encode()
        return table.set_column(table.schema.get_field_index("verdict"), "verdict", allow)

    monkeypatch.setattr(running.ColumnDecider, "decide", lie)
    asked = plan(path, tmp_path / "out.parquet", faults=tmp_path / "faults")
    result = run_batch(asked)
    assert result.fault is not None
    assert 17 <= result.fault.row <= 32
    assert "columns say `allow`, the reference says" in result.fault.detail
    assert result.fault.reproduction is not None
    assert list((tmp_path / "faults").iterdir())
    rows = pq.read_table(result.out).to_pylist()
    assert {row["row"] for row in rows} == set(range(1, 81))
    assert {(row["verdict"], row["effect"], row["disposition"], row["first_reason"]) for row in rows} == {
        ("deny", "deny", "withhold", "engine")
    }
    assert {row["gateway"] for row in rows} == {None}
    assert result.verdicts["deny"] == len(rows) == sum(result.verdicts.values())


class Lying:
    """A second key that says the opposite of one point, or nothing at all."""

    def __init__(self, how: str) -> None:
        self.how = how

    def find(self, edition: Any, facts: Any) -> Any:
        if self.how == "crashes":
            raise RuntimeError("Mirela Vantongeren")
        found = reference.find(edition, facts)
        return replace(found, case=(not found.case[0], *found.case[1:]))

    def close(self) -> None:
        pass


@pytest.mark.parametrize("how", ["differs", "crashes"])
def test_a_second_key_that_differs_or_fails_denies_the_whole_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(running, "SecondKey", lambda deadline: Lying(how))
    path = write_all(tmp_path, REQUESTS[:20])["csv"]
    result = run_batch(plan(path, tmp_path / "out.csv", second_key=True))
    assert result.fault is not None
    assert (result.fault.kind, "Vantongeren" in str(result.fault)) == (
        "disagreement" if how == "differs" else "error",
        False,
    )
    with result.out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["verdict"], row["effect"]) for row in rows} == {("deny", "deny")}
    assert {row["row"] for row in rows} == {str(number) for number in range(1, 21)}


def test_a_fault_is_not_forgotten_when_the_batch_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_all(tmp_path, REQUESTS[:20])["jsonl"]
    asked = plan(path, tmp_path / "out.jsonl", second_key=True)

    def stop(result: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "SecondKey", lambda deadline: Lying("differs"))
    with pytest.raises(KeyboardInterrupt):
        run_batch(asked, record=stop)
    monkeypatch.setattr(running, "SecondKey", lambda deadline: pytest.fail("nothing is left to decide"))
    monkeypatch.undo()
    result = run_batch(asked)
    assert result.resumed == 2
    assert result.fault is not None
    assert result.verdicts["allow"] == 0


def test_both_keys_are_asked_about_some_requests_of_every_part(tmp_path: Path) -> None:
    path = write_all(tmp_path, REQUESTS)["parquet"]
    result = run_batch(plan(path, tmp_path / "out.parquet", second_key=True, audit=2))
    assert result.fault is None
    assert result.audited == 2 * 6
    assert result.second_key == result.audited


def test_every_reason_is_told_on_demand_the_first_one_first(tmp_path: Path) -> None:
    path = write_all(tmp_path, REQUESTS)["parquet"]
    run_batch(plan(path, tmp_path / "out.parquet", profile="irs-2025-08", reasons=True))
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    why = [row for row in rows if row["verdict"] in ("deny", "open")]
    assert len(why) > 40
    assert all(row["first_reason"] in row["reasons"] for row in why)
    assert any(len(row["reasons"]) > 3 for row in why)
    assert all(row["reasons"] is None for row in rows if row["verdict"] in ("allow", "not_covered"))


def test_what_cannot_be_recorded_has_no_output(tmp_path: Path) -> None:
    """And nothing is decided twice when it can be recorded at last."""
    path = write_all(tmp_path, REQUESTS[:20])["csv"]
    asked = plan(path, tmp_path / "out.parquet")

    def full(result: Any) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        run_batch(asked, record=full)
    assert not asked.out.exists()
    assert not asked.rejects.exists()
    told: list[Any] = []
    result = run_batch(asked, record=told.append)
    assert told == [result]
    assert result.resumed == 2
    assert hashlib.sha256(asked.out.read_bytes()).hexdigest() == result.digest


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("requester.ofice", "did you mean `requester.office`"),
        ("recipients.agency", "number its parts"),
        ("facts", "needs the name of a fact"),
        ("colour", "is no field of a request"),
    ],
)
def test_a_column_that_fits_nowhere_is_an_error_before_anything_is_decided(column: str, message: str) -> None:
    with pytest.raises(BatchError, match=message):
        path_of(column)


def test_files_that_cannot_be_are_refused(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("")
    (tmp_path / "out.parquet").write_text("something")
    for source, out, message in (
        ("missing.csv", "o.csv", "there is no file"),
        ("r.jsonl", "o.xlsx", "are read and written as"),
        ("r.jsonl", "r.jsonl", "would overwrite the requests"),
        ("r.jsonl", "out.parquet", "is there already"),
    ):
        with pytest.raises(BatchError, match=message):
            run_batch(plan(tmp_path / source, tmp_path / out))
    (tmp_path / "bad.parquet").write_text("not parquet")
    with pytest.raises(BatchError, match="cannot be read as Parquet"):
        run_batch(plan(tmp_path / "bad.parquet", tmp_path / "o.csv"))


def test_an_empty_file_is_an_empty_batch(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("")
    result = run_batch(plan(tmp_path / "r.jsonl", tmp_path / "out.parquet"))
    assert (result.requests, result.rejected, pq.read_table(result.out).num_rows) == (0, 0, 0)
