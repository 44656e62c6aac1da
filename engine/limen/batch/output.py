"""The finished parts of a batch, and the file they become.

A part is written beside its name, made durable, and only then given its name: what has its name is whole. Killed at
any moment, a batch has some whole parts and no broken ones, and does the others again.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from limen.batch.deciding import DECISIONS
from limen.batch.errors import BatchError
from limen.batch.facts import Reject
from limen.batch.plan import SUFFIXES, BatchPlan

MANIFEST = "batch.json"


def begin(plan: BatchPlan, book_digest: str) -> None:
    """Make the folder of parts, or check that the one there belongs to this batch.

    Raises `BatchError` where the output is there already, or where parts of another batch are.
    """
    identity = dict(plan.identity(book_digest))
    manifest = plan.work / MANIFEST
    if manifest.is_file():
        found = json.loads(manifest.read_text("utf-8"))
        changed = sorted(name for name in identity if found.get(name) != identity[name])
        if changed:
            raise BatchError(
                f"`{plan.work}` holds parts of a batch with another {' and '.join(changed)}; "
                "run it with the settings it was started with, or remove the folder"
            )
        return
    if plan.out.exists():
        raise BatchError(f"`{plan.out}` is there already; choose another name or remove it")
    plan.work.mkdir(parents=True, exist_ok=True)
    with _whole(manifest) as path:
        path.write_text(json.dumps(identity, indent=2) + "\n", "utf-8")


def part_path(plan: BatchPlan, number: int) -> Path:
    """Where the decisions of chunk `number` go."""
    return plan.work / f"part-{number:07}.parquet"


def rejects_path(plan: BatchPlan, number: int) -> Path:
    """Where the rejects of chunk `number` go; written before its decisions."""
    return plan.work / f"part-{number:07}.rejects.jsonl"


def write_part(plan: BatchPlan, number: int, decisions: pa.Table, rejects: Iterable[Reject]) -> None:
    """Keep the result of one chunk."""
    with _whole(rejects_path(plan, number)) as path:
        path.write_text("".join(_reject_line(reject) for reject in rejects), "utf-8")
    with _whole(part_path(plan, number)) as path:
        pq.write_table(decisions, path, compression="zstd", compression_level=1)


def finish(plan: BatchPlan, parts: int) -> None:
    """Put the parts together into the output and the rejects file, and remove them."""
    numbers = range(parts)
    with _whole(plan.rejects) as path, path.open("wb") as file:
        for number in numbers:
            file.write(rejects_path(plan, number).read_bytes())
    with _whole(plan.out) as path:
        _WRITERS[SUFFIXES[plan.out.suffix.lower()]](path, (part_path(plan, number) for number in numbers))
    shutil.rmtree(plan.work)


def _reject_line(reject: Reject) -> str:
    number, problems = reject
    return json.dumps({"row": number, "problems": problems}, ensure_ascii=False) + "\n"


def _write_parquet(path: Path, parts: Iterable[Path]) -> None:
    with pq.ParquetWriter(path, DECISIONS, compression="zstd", compression_level=1) as writer:
        for part in parts:
            writer.write_table(pq.read_table(part, schema=DECISIONS))


def _write_csv(path: Path, parts: Iterable[Path]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(DECISIONS.names)
        for row in _rows(parts):
            writer.writerow(["" if value is None else value for value in row.values()])


def _write_jsonl(path: Path, parts: Iterable[Path]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(parts):
            file.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")


def _rows(parts: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        for batch in pq.ParquetFile(part).iter_batches(batch_size=8192):
            yield from batch.to_pylist()


_WRITERS = {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_jsonl}


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write that gets the name `path` once it is whole and durable."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        unfinished.unlink(missing_ok=True)
