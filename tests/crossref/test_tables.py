"""The ladder on tables gives, for every request, the very match that the one-request path gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from limen.crossref import Registry, Settings, make_registry, open_registry
from limen.crossref.matching import person_text
from limen.request.match import Match
from limen.request.subject import Address, PersonName, Subject

pytest.importorskip("duckdb")
pytest.importorskip("ibis")
pytest.importorskip("numpy")

from limen.crossref.engines import Engine, in_duckdb, in_spark
from limen.crossref.generate.parquet import write_parquet
from limen.crossref.generate.people import make_world
from limen.crossref.generate.requests import Mix, make_requests
from limen.crossref.ingest import Stated, ingest

PEOPLE, SEED = 6_000, 11


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    make_registry(PEOPLE, SEED, folder / "registry.sqlite")
    write_parquet(PEOPLE, SEED, folder / "parquet")
    return folder


@pytest.fixture(scope="module", params=[1_000, pytest.param(4_000, marks=pytest.mark.slow)])
def stated(request: pytest.FixtureRequest) -> list[Stated]:
    """So many dirty requests."""
    mix = Mix(with_tin=0.3, wrong_tin=0.2, dirt=2.0)
    return [one for one, _ in make_requests(make_world(PEOPLE, SEED), request.param, 5, mix)]


def subject(one: Stated) -> Subject:
    return Subject(
        name=PersonName(first=one.first, middle=one.middle, last=one.last, suffix=one.suffix),
        address=Address(lines=one.lines),
        tin=one.tin,
    )


def flat(match: Match) -> tuple[object, ...]:
    asked = (match.grade, match.lane, match.person, match.candidates, round(match.score, 4))
    return (*asked, match.address_held, match.tin_agrees, match.name_agrees)


def flat_row(row: dict[str, Any]) -> tuple[object, ...]:
    person = None if row["person"] is None else person_text(row["person"])
    asked = (row["grade"], row["lane"], person, row["candidates"], round(row["score"] / 1_000_000, 4))
    return (*asked, row["address_held"], row["tin_agrees"], row["name_agrees"])


def on_tables(engine: Engine, settings: Settings) -> list[tuple[object, ...]]:
    return [flat_row(row) for row in engine.match(settings).order_by("request").to_pyarrow().to_pylist()]


@pytest.mark.parametrize("settings", [Settings(), Settings(confirm_address=True, close=900, tie=40)])
def test_dirty_requests_get_the_same_match_on_both_paths(small: Path, stated: list[Stated], settings: Settings) -> None:
    registry: Registry = open_registry(small / "registry.sqlite", settings)
    one_by_one = [flat(registry.match(subject(one))) for one in stated]
    together = on_tables(in_duckdb(small / "parquet", *ingest(stated)), settings)
    assert len(together) == len(stated)
    different = [(one, a, b) for one, a, b in zip(stated, one_by_one, together, strict=True) if a != b]
    assert different == []
    seen = {match[:2] for match in one_by_one}
    assert {
        ("exact", "address"),
        ("strong", "address"),
        ("weak", "address"),
        ("ambiguous", "address"),
        ("none", "none"),
        ("exact", "tin"),
    } <= seen


def test_an_engine_that_narrows_once_matches_in_each_way_as_one_that_narrows_each_time(
    small: Path, stated: list[Stated]
) -> None:
    ways = (Settings(), Settings(confirm_address=True, close=900, tie=40))
    each_time = [on_tables(in_duckdb(small / "parquet", *ingest(stated)), settings) for settings in ways]
    engine = in_duckdb(small / "parquet", *ingest(stated))
    narrowed = engine.narrowed()
    for way in (0, 1, 0):
        again = engine.match(ways[way], narrowed=narrowed).order_by("request").to_pyarrow().to_pylist()
        assert [flat_row(row) for row in again] == each_time[way]


def test_a_large_registry_asked_one_by_one_gives_the_same_match_and_evidence(small: Path, stated: list[Stated]) -> None:
    file, folder = open_registry(small / "registry.sqlite"), open_registry(small / "parquet")
    for one in stated[:120]:
        match = folder.match(subject(one))
        assert match == file.match(subject(one))
        if match.person is not None:
            assert folder.person(match.person) == file.person(match.person)
    assert folder.info().people == file.info().people == PEOPLE
    folder.close()


@pytest.mark.spark
def test_the_same_expressions_on_spark_give_the_same_matches(small: Path, stated: list[Stated], tmp_path: Path) -> None:
    sql = pytest.importorskip("pyspark.sql")
    import pyarrow.parquet as pq

    requests, keys = ingest(stated)
    pq.write_table(requests, tmp_path / "requests.parquet")
    pq.write_table(keys, tmp_path / "keys.parquet")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    engine = in_spark(small / "parquet", tmp_path / "requests.parquet", tmp_path / "keys.parquet", session)
    there = on_tables(engine, Settings())
    assert there == on_tables(in_duckdb(small / "parquet", requests, keys), Settings())
    session.stop()
