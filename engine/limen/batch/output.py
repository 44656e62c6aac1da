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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Protocol

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


class Assembly:
    """The file of decisions and the file of rejects, put together part by part while others are still decided.

    Neither has its name yet, and a batch that is begun again puts them together anew.
    """

    def __init__(self, plan: BatchPlan, deny: bool = False) -> None:
        self._plan = plan
        self._deny = deny
        self._next = 0
        self._rejects = (plan.work / REJECTS).open("wb")
        self._decided = _WRITERS[SUFFIXES[plan.out.suffix.lower()]](plan.work / DECIDED)

    def take_finished(self) -> int:
        """Add the parts that are finished and whose turn it is; returns how many have been added in all."""
        while is_finished(self._plan, self._next):
            self._rejects.write(rejects_path(self._plan, self._next).read_bytes())
            self._decided.write(_read_decisions(self._plan, self._next, self._deny))
            self._next += 1
        return self._next

    def close(self) -> None:
        """Have both files reach the disk."""
        if not self._next:
            self._decided.write(coded_schema(self._plan.reasons).empty_table())
        self._decided.close()
        _settle(self._rejects)
        self._rejects.close()
        with (self._plan.work / DECIDED).open("rb+") as file:
            _settle(file)

    def abandon(self) -> None:
        """Close the files as they are: they are not used, and whatever went wrong has been said."""
        for file in (self._decided, self._rejects):
            with suppress(OSError):
                file.close()


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


class _ParquetFile:
    """Decisions as Parquet. Coded columns are written as they are; whoever reads the file sees plain text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            coded = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                compression="zstd",
                compression_level=1,
                store_schema=False,
                use_dictionary=coded,
            )
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _CsvFile:
    """Decisions as CSV with a header, a list written with `;`."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._headed = False

    def write(self, table: pa.Table) -> None:
        if not self._headed:
            self._writer.writerow(table.column_names)
            self._headed = True
        for row in _rows(table):
            self._writer.writerow([_cell(value) for value in row.values()])

    def close(self) -> None:
        self._file.close()


class _JsonLinesFile:
    """Decisions as one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")

    def write(self, table: pa.Table) -> None:
        self._file.writelines(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in _rows(table))

    def close(self) -> None:
        self._file.close()


class _DecisionFile(Protocol):
    """A file of decisions that is written a table at a time."""

    def write(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


def _cell(value: Any) -> Any:
    return "" if value is None else ";".join(value) if isinstance(value, list) else value


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=8192):
        yield from batch.to_pylist()


_WRITERS: Mapping[str, Callable[[Path], _DecisionFile]] = {
    "parquet": _ParquetFile,
    "csv": _CsvFile,
    "jsonl": _JsonLinesFile,
}


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
