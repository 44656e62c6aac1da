"""However a batch is cross-referenced, each request gets the match that it gets by itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
pytest.importorskip("ibis")
import pyarrow.parquet as pq  # noqa: E402

from limen.batch import BatchError, BatchPlan, matching, run_batch  # noqa: E402
from limen.batch.matching import OneByOne  # noqa: E402
from limen.crossref import Registry, RegistryError, make_registry  # noqa: E402
from limen.crossref.columns import REGISTRY  # noqa: E402
from limen.crossref.generate.people import make_world  # noqa: E402
from limen.crossref.generate.requests import Mix, make_requests  # noqa: E402
from limen.crossref.ingest import Stated  # noqa: E402
from limen.crossref.together import TogetherMatcher, registry_table  # noqa: E402

PEOPLE, SEED = 2_000, 11
FILE, FOLDER = "people.sqlite", "people"


@pytest.fixture(scope="module")
def registries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registries")
    for name in (FILE, FOLDER):
        make_registry(PEOPLE, SEED, folder / name)
    return folder


@pytest.fixture(scope="module")
def stated() -> list[Stated]:
    mix = Mix(with_tin=0.3, wrong_tin=0.2, dirt=2.0)
    return [one for one, _ in make_requests(make_world(PEOPLE, SEED), 800, 5, mix)]


def request_of(one: Stated) -> dict[str, Any]:
    """A request that lacks nothing but, perhaps, the person it is about."""
    name = {part: getattr(one, part) for part in ("first", "middle", "last", "suffix") if getattr(one, part)}
    subject = {"name": name, "address": {"lines": list(one.lines)}, **({"tin": one.tin} if one.tin else {})}
    return {
        "id": f"R-{one.request}", "subject": subject, "items": [{"id": "a", "kind": "mailing_address"}],
        "facts": {"matter.missing_child": False} if one.request % 50 == 0 else {},
    }  # fmt: skip


def test_one_by_one_and_together_are_the_same_matches(registries: Path, stated: list[Stated]) -> None:
    alone = OneByOne(Registry(registries / FILE)).match_all(stated)
    assert len(set(alone.column("grade").to_pylist())) == 5
    for where in (FILE, FOLDER):
        together = TogetherMatcher(registries / where).match_all(stated)
        assert together.drop_columns(["score"]).equals(alone.drop_columns(["score"]))
        scores = zip(together.column("score").to_pylist(), alone.column("score").to_pylist(), strict=True)
        assert all(abs(one - other) <= 50 for one, other in scores)  # one by one it is told to four places


def test_a_registry_file_as_columns_says_what_the_folder_of_the_same_people_says(registries: Path) -> None:
    said = [name for name in REGISTRY if name != "spell"]  # each numbers its rows as it likes
    order = [(name, "ascending") for name in said]
    file = registry_table(registries / FILE).select(said).sort_by(order)
    folder = (
        pq.read_table(sorted((registries / FOLDER).glob("*.parquet"))).select(said).cast(file.schema).sort_by(order)
    )
    assert file.equals(folder)


@pytest.mark.parametrize("kind", ["parquet", pytest.param("jsonl", marks=pytest.mark.slow)])
def test_a_batch_decides_alike_however_it_is_matched(
    registries: Path, stated: list[Stated], tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several parts, some rows of which are read one by one."""
    requests = [request_of(one) for one in stated[:200]]
    path = tmp_path / f"requests.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(one) + "\n" for one in requests), "utf-8")
    else:
        rows = [
            {
                "id": one["id"],
                **{f"subject.name.{part}": one["subject"]["name"].get(part) for part in matching._PARTS},
                "subject.address.lines": one["subject"]["address"]["lines"],
                "subject.tin": one["subject"].get("tin"),
                "items.0.id": "a",
                "items.0.kind": "mailing_address",
                "facts.matter.missing_child": one["facts"].get("matter.missing_child"),
            }
            for one in requests
        ]
        pq.write_table(pa.Table.from_pylist(rows), path)
    decided = {}
    for name, registry, many in (("alone", FILE, 20_000), ("together", FILE, 10), ("folder", FOLDER, 20_000)):
        monkeypatch.setattr(matching, "MANY", many)
        out = tmp_path / f"{name}.parquet"
        settings: dict[str, Any] = {"registry": registries / registry, "chunk": 120, "reasons": True}
        result = run_batch(BatchPlan(path, out, date(2026, 11, 1), **settings))
        assert (result.requests, result.rejected, result.fault) == (200, 0, None)
        decided[name] = pq.read_table(out)
    assert decided["together"].equals(decided["alone"])
    assert decided["folder"].equals(decided["alone"])
    lacking = {reason for row in decided["alone"].column("reasons").to_pylist() for reason in row}
    assert any("identifies_taxpayer" in reason for reason in lacking)


def test_what_is_no_registry_is_said_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.sqlite").write_bytes(b"nothing that SQLite wrote")
    (tmp_path / "r.jsonl").write_text(json.dumps(request_of(Stated(1, "", "", "", "", (), ""))), "utf-8")
    for name in ("none.sqlite", "no.sqlite", "empty"):
        batch = BatchPlan(tmp_path / "r.jsonl", tmp_path / "out.csv", date(2026, 11, 1), registry=tmp_path / name)
        for workers in (1, 2):
            with pytest.raises((RegistryError, BatchError), match=name):
                run_batch(batch, workers)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "no.sqlite", "r.jsonl"]
