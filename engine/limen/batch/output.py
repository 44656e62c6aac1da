"""The finished parts of a batch, and the file they become.

A part is written beside its name, made durable, and only then given its name: what has its name is whole. Killed at
any moment, a batch has some whole parts and no broken ones, and does the others again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from limen.batch.audit import Audited, Fault
from limen.batch.deciding import coded_schema
from limen.batch.errors import BatchError
from limen.batch.facts import Reject
from limen.batch.plan import SUFFIXES, BatchPlan
from limen.decide.draft import FAULT_REASON

MANIFEST = "batch.json"
DECIDED, REJECTS = ".decided.unfinished", ".rejects.unfinished"
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", emit_dictionary_deltas=False)


def first_day(plan: BatchPlan) -> date:
    """The day on which a batch was begun: what goes on later stands under the law it started with."""
    manifest = plan.work / MANIFEST
    if manifest.is_file():
        try:
            return date.fromisoformat(json.loads(manifest.read_text("utf-8"))["today"])
        except (KeyError, TypeError, ValueError):
            pass
    return plan.today


def begin(plan: BatchPlan, book_digest: str) -> str:
    """Make the folder of parts, or check that the one there belongs to this batch; the digest of what it is to do.

    Raises `BatchError` where the output is there already, or where parts of another batch are.
    """
    identity = dict(plan.identity(book_digest))
    name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    manifest = plan.work / MANIFEST
    if manifest.is_file():
        found = json.loads(manifest.read_text("utf-8"))
        changed = sorted(name for name in identity if found.get(name) != identity[name])
        if changed:
            raise BatchError(
                f"`{plan.work}` holds parts of a batch with another {' and '.join(changed)}; "
                "run it with the settings it was started with, or remove the folder"
            )
        return name
    if plan.out.exists():
        raise BatchError(f"`{plan.out}` is there already; choose another name or remove it")
    plan.work.mkdir(parents=True, exist_ok=True)
    with whole(manifest) as path:
        path.write_text(json.dumps(identity, indent=2) + "\n", "utf-8")
    return name


def is_finished(plan: BatchPlan, number: int) -> bool:
    """Whether chunk `number` has been decided and kept."""
    return part_path(plan, number).exists()


@dataclass(frozen=True, slots=True)
class Part:
    """What one finished part came to. `verdicts` counts items."""

    requests: int
    rejected: int
    verdicts: dict[str, int]
    audited: Audited


def part_path(plan: BatchPlan, number: int) -> Path:
    """Where the decisions of chunk `number` go."""
    return plan.work / f"part-{number:07}.arrow"


def rejects_path(plan: BatchPlan, number: int) -> Path:
    """Where the rejects of chunk `number` go; written before its decisions."""
    return plan.work / f"part-{number:07}.rejects.jsonl"


def _about_path(plan: BatchPlan, number: int) -> Path:
    return plan.work / f"part-{number:07}.json"


def write_part(
    plan: BatchPlan, number: int, requests: int, decisions: pa.Table, rejects: Sequence[Reject], audited: Audited
) -> None:
    """Keep the result of one chunk."""
    with whole(rejects_path(plan, number)) as path:
        path.write_text("".join(_reject_line(reject) for reject in rejects), "utf-8")
    with whole(part_path(plan, number)) as path:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, decisions.schema, options=_OPTIONS) as writer:
            writer.write_table(decisions)
        counts = {pair["values"]: pair["counts"] for pair in decisions.column("verdict").value_counts().to_pylist()}
        about = Part(requests, len(rejects), counts, audited)
        with whole(_about_path(plan, number)) as other:
            other.write_text(json.dumps(asdict(about)) + "\n", "utf-8")


def read_part(plan: BatchPlan, number: int) -> Part:
    """What a finished part came to."""
    about = json.loads(_about_path(plan, number).read_text("utf-8"))
    audited = about["audited"]
    fault = None if audited["fault"] is None else Fault(**audited["fault"])
    return Part(**{**about, "audited": Audited(**{**audited, "fault": fault})})


def assemble(plan: BatchPlan, parts: int, fault: Fault | None) -> None:
    """Put the parts together into a file and a file of rejects that have no name yet; after a `fault` all is denied."""
    numbers = range(parts)
    with (plan.work / REJECTS).open("wb") as file:
        for number in numbers:
            file.write(rejects_path(plan, number).read_bytes())
        _settle(file)
    tables: Iterable[pa.Table] = (_read_decisions(plan, number, fault is not None) for number in numbers)
    if not parts:
        tables = [coded_schema(plan.reasons).empty_table()]
    path = plan.work / DECIDED
    _WRITERS[SUFFIXES[plan.out.suffix.lower()]](path, tables)
    with path.open("rb+") as file:
        _settle(file)


def publish(plan: BatchPlan) -> None:
    """Give what was assembled its names, and remove the parts."""
    (plan.work / REJECTS).replace(plan.rejects)
    (plan.work / DECIDED).replace(plan.out)
    _settle_folder(plan.out.parent)
    shutil.rmtree(plan.work)


def assembled_digest(plan: BatchPlan) -> str:
    """SHA-256 of the file that was assembled: what anybody gets who asks a tool of theirs about the output."""
    with (plan.work / DECIDED).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_decisions(plan: BatchPlan, number: int, deny: bool) -> pa.Table:
    with pa.memory_map(str(part_path(plan, number))) as source:
        table = pa.ipc.open_file(source).read_all()
        return denied(table) if deny else table


def denied(decisions: pa.Table) -> pa.Table:
    """The same rows with every item denied: what is said of a batch that could not be trusted."""
    said = {
        "verdict": "deny",
        "gateway": None,
        "must_or_may": None,
        "first_reason": FAULT_REASON.address,
        "effect": "deny",
        "disposition": "withhold",
        "reasons": [FAULT_REASON.address],
    }
    for name, value in said.items():
        place = decisions.schema.get_field_index(name)
        if place >= 0:
            field = decisions.schema.field(place)
            plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            column = pa.repeat(pa.scalar(value, plain), decisions.num_rows)
            column = column.cast(field.type) if column.type != field.type else column
            decisions = decisions.set_column(place, field, column)
    return decisions


def _reject_line(reject: Reject) -> str:
    number, problems = reject
    return json.dumps({"row": number, "problems": problems}, ensure_ascii=False) + "\n"


def _write_parquet(path: Path, tables: Iterable[pa.Table]) -> None:
    """Coded columns are written as they are; whoever reads the file sees plain text."""
    writer: pq.ParquetWriter | None = None
    for table in tables:
        if writer is None:
            coded = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
            writer = pq.ParquetWriter(
                path, table.schema, compression="zstd", compression_level=1, store_schema=False, use_dictionary=coded
            )
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _write_csv(path: Path, tables: Iterable[pa.Table]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names: list[str] = []
        for table in tables:
            if not names:
                names = table.column_names
                writer.writerow(names)
            for row in _rows(table):
                writer.writerow([_cell(value) for value in row.values()])


def _write_jsonl(path: Path, tables: Iterable[pa.Table]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for table in tables:
            file.writelines(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in _rows(table))


def _cell(value: Any) -> Any:
    return "" if value is None else ";".join(value) if isinstance(value, list) else value


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=8192):
        yield from batch.to_pylist()


_WRITERS = {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_jsonl}


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write that gets the name `path` once it is whole and durable."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb+") as file:
            _settle(file)
        unfinished.replace(path)
        _settle_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _settle(file: IO[bytes]) -> None:
    """Have what was written reach the disk."""
    file.flush()
    os.fsync(file.fileno())


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
