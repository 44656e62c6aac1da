"""How many requests a second a batch decides, from a Parquet file of request columns to a file of decisions.

    python -m benchmarks.batch [--scale 1.0] [--out FILE]

The whole way is counted: starting two processes, reading the rule book, the first pass that counts how requests stand to
each other, reading, checking and characterising every row, six profiles, the audit by the reference interpreter, and the
decisions on disk. The oracle decides some hundreds of the same requests one by one, as `limen decide` does, with counts
made by another program; every verdict, effect and disposition must be the same.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.figures import keep
from benchmarks.requests_table import write_requests

from limen.batch import BatchPlan, run_batch
from limen.batch.rows import check_columns, nest
from limen.crossref import open_registry
from limen.desk import Desk
from limen.law import load_book
from limen.law.places import shipped_registry
from limen.request import build_request
from limen.request.batch import BatchContext

ROWS = 3_000_000
"""Requests at scale 1."""
REGISTRY_ROWS = 200_000
"""Requests at scale 1 that are cross-referenced too."""
WORKERS = 2
SAMPLE = 200
TODAY = date(2026, 11, 1)
PROFILE = "irs-2025-08"


class Wrong(Exception):
    """A batch and single decisions differ: there is nothing to measure."""


def measure(scale: float) -> dict[str, float]:
    """Requests a second, for `ROWS * scale` requests in two processes.

    - `batch_requests_per_s`: every profile asked, nobody cross-referenced (no fact about a match is known);
    - `batch_one_profile_requests_per_s`: the same under one profile;
    - `batch_registry_requests_per_s`: every profile, each request cross-referenced with the shipped registry
      (`REGISTRY_ROWS * scale` requests);
    - the same with `_by_processor_time`: what two processors would give by the processor time that was spent, which
      neighbours on a busy machine disturb less.

    Raises `Wrong` where a decision is not what the same request gets by itself.
    """
    found: dict[str, float] = {}
    with TemporaryDirectory(prefix="limen-batch-") as name:
        folder = Path(name)
        for what, rows, profile, registry in (
            ("batch", int(ROWS * scale), None, None),
            ("batch_one_profile", int(ROWS * scale), PROFILE, None),
            ("batch_registry", int(REGISTRY_ROWS * scale), None, Path(shipped_registry()) / "registry.sqlite"),
        ):
            source = folder / f"requests-{rows}.parquet"
            if not source.exists():
                write_requests(source, rows)
            plan = BatchPlan(source, folder / f"{what}.parquet", TODAY, profile=profile, registry=registry)
            with _clock() as clock:
                result = run_batch(plan, WORKERS)
            if (result.requests, result.rejected, result.fault) != (rows, 0, None):
                raise Wrong(f"{what}: {result.requests} of {rows} decided, {result.rejected} rejected, {result.fault}")
            hold_to_single_decisions(plan)
            found[f"{what}_requests_per_s"] = rows / clock["passed"]
            found[f"{what}_requests_per_s_by_processor_time"] = WORKERS * rows / clock["spent"]
    return found


@contextmanager
def _clock() -> Iterator[dict[str, float]]:
    """Seconds that pass, and of processor time of this process and those it waited for."""
    taken: dict[str, float] = {}
    start, before = time.perf_counter(), os.times()
    yield taken
    after = os.times()
    taken["passed"] = time.perf_counter() - start
    taken["spent"] = sum(after[:4]) - sum(before[:4])


def hold_to_single_decisions(plan: BatchPlan) -> None:
    """Decide a sample of the requests one by one. Raises `Wrong` at the first that comes out otherwise."""
    table = pq.read_table(plan.requests)
    decided = pq.read_table(plan.out)
    places = check_columns(table.column_names)
    counts = _counts(table)
    registry = None if plan.registry is None else open_registry(plan.registry)
    desk = Desk(load_book(), registry=registry, hinges="never")
    chosen = sorted(random.Random(6103).sample(range(table.num_rows), min(SAMPLE, table.num_rows)))
    said = {row["row"]: row for row in decided.take(chosen).to_pylist()}  # one item each: row N is place N - 1
    for place, row in zip(chosen, table.take(chosen).to_pylist(), strict=True):
        request = build_request(nest(row, places))
        batch = BatchContext(
            counts["matters"].get((row["recipients.0.name"], row["recipients.0.agency"])),
            counts["reasons"].get(row["reasons"]),
            table.num_rows,
        )
        decision = desk.handle(request, profile=plan.profile, as_of=request.received, batch=batch).decision
        found = said[place + 1]
        wanted = (request.id, decision.items[0].verdict, decision.effect, decision.disposition)
        if (found["request"], found["verdict"], found["effect"], found["disposition"]) != wanted:
            raise Wrong(f"row {place + 1}: {found} where the request by itself gets {wanted}")


def _counts(table: Any) -> dict[str, dict[Any, int]]:
    """How often reasons stand in the file, and in how many matters each recipient is named."""
    reasons = {pair["values"]: pair["counts"] for pair in pc.value_counts(table.column("reasons")).to_pylist()}
    reasons.pop(None, None)
    named = table.group_by(["recipients.0.name", "recipients.0.agency"]).aggregate(
        [("matter.number", "count_distinct")]
    )
    matters = {
        (row["recipients.0.name"], row["recipients.0.agency"]): row["matter.number_count_distinct"]
        for row in named.to_pylist()
    }
    return {"reasons": reasons, "matters": matters}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help=f"1 is {ROWS:,} requests")
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    given = parser.parse_args()
    found = measure(given.scale)
    for name, value in found.items():
        print(f"{name:<58} {value:>12,.0f}")
    print(f"{SAMPLE} requests of each run were decided one by one too: no difference")
    keep(found, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
