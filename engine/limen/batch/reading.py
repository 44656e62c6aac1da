"""Requests out of files, a chunk at a time: CSV, JSON lines, Parquet.

A chunk is always the same rows of the file, whoever reads it and however often: that is what lets a batch resume.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.batch.errors import BatchError
from limen.batch.plan import SUFFIXES
from limen.batch.rows import check_columns, fact_value, nest
from limen.request.read import MAX_BYTES

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


_OFTEN_DIFFERENT = frozenset({"id", "number", "first", "middle", "last", "suffix", "tin", "lines", "note"})
"""Fields that seldom say the same twice; of all others each text is looked at once."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number in the file (from 1), and the request it says as plain data, or why it says none."""

    number: int
    data: dict[str, Any] | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file. `first` is the number of the first; `start` and `end` say where they lie, for the reader."""

    number: int
    first: int
    rows: int
    text: tuple[str, ...] = ()
    group: int = 0
    offset: int = 0


class Source:
    """A file of requests. Cheap to open again in another process, which then reads the chunks it is given."""

    def __init__(self, path: Path, chunk: int) -> None:
        """Raises `BatchError` for a file or columns that cannot hold requests."""
        self.path = path
        self.chunk = chunk
        self.kind = SUFFIXES[path.suffix.lower()]
        self._parquet: pq.ParquetFile | None = None
        self._group: tuple[int, pa.Table] | None = None
        if self.kind == "csv":
            self.header = self._csv_header()
            self.places = check_columns(self.header)
        elif self.kind == "parquet":
            self.places = check_columns(name for name in self.parquet.schema_arrow.names)

    @property
    def parquet(self) -> pq.ParquetFile:
        """The Parquet file, open."""
        if self._parquet is None:
            import pyarrow as pa
            import pyarrow.parquet as pq

            try:
                texts = [field.name for field in pq.read_schema(self.path) if pa.types.is_string(field.type)]
                coded = [name for name in texts if name.rpartition(".")[2] not in _OFTEN_DIFFERENT]
                self._parquet = pq.ParquetFile(self.path, read_dictionary=coded)
            except (pa.ArrowException, OSError) as problem:
                raise BatchError(f"`{self.path}` cannot be read as Parquet ({type(problem).__name__})") from None
        return self._parquet

    def count(self) -> int | None:
        """How many rows there are, where that is known beforehand."""
        return self.parquet.metadata.num_rows if self.kind == "parquet" else None

    def chunks(self) -> Iterator[Chunk]:
        """Every chunk, in the order of the file. Text chunks carry their text."""
        if self.kind == "parquet":
            yield from self._parquet_chunks()
            return
        first = 1
        rows = self._records() if self.kind == "csv" else self._lines()
        for number in range(1 << 40):
            text = tuple(islice(rows, self.chunk))
            if not text:
                return
            yield Chunk(number, first, len(text), text)
            first += len(text)

    def rows(self, chunk: Chunk) -> Iterator[RawRow]:
        """The rows of `chunk`, one by one."""
        if self.kind == "csv":
            for number, text in enumerate(chunk.text, chunk.first):
                yield self._csv_row(number, text)
        elif self.kind == "jsonl":
            for number, text in enumerate(chunk.text, chunk.first):
                yield _json_row(number, text)
        else:
            for number, row in enumerate(self.table(chunk).to_pylist(), chunk.first):
                yield RawRow(number, nest(row, self.places))

    def table(self, chunk: Chunk) -> pa.Table:
        """The rows of a Parquet chunk as they are."""
        if self._group is None or self._group[0] != chunk.group:
            self._group = (chunk.group, self.parquet.read_row_group(chunk.group).unify_dictionaries())
        return self._group[1].slice(chunk.offset, chunk.rows)

    def doubtful(self, chunk: Chunk, sure: pa.Array) -> Iterator[RawRow]:
        """The rows of a Parquet chunk that are not `sure`, one by one."""
        import pyarrow.compute as pc

        left = pc.indices_nonzero(pc.invert(sure))
        rows = self.table(chunk).take(left).to_pylist()
        for place, row in zip(left.to_pylist(), rows, strict=True):
            yield RawRow(chunk.first + place, nest(row, self.places))

    def _parquet_chunks(self) -> Iterator[Chunk]:
        number, first = 0, 1
        metadata = self.parquet.metadata
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            for offset in range(0, rows, self.chunk):
                taken = min(self.chunk, rows - offset)
                yield Chunk(number, first, taken, (), group, offset)
                number += 1
                first += taken

    def _lines(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            while line := file.readline(MAX_BYTES):
                text = line
                while len(line) == MAX_BYTES and not line.endswith("\n"):
                    line = file.readline(MAX_BYTES)  # the rest of a line that is too long, which no request is
                if text.strip():
                    yield text

    def _records(self) -> Iterator[str]:
        """The records of a CSV file, quoted line breaks kept inside, without the header."""
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            held: list[str] = []
            lines = csv.reader(_Keeping(file, held))
            next(lines, None)
            held.clear()
            for cells in _or_error(lines, self.path):
                if cells:
                    yield "".join(held)
                held.clear()

    def _csv_header(self) -> list[str]:
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            header = next(_or_error(csv.reader(file), self.path), None)
        if not header:
            raise BatchError(f"`{self.path}` has no header line; name each column after a field of a request")
        return [name.strip() for name in header]

    def _csv_row(self, number: int, text: str) -> RawRow:
        cells = next(csv.reader([text]) if "\n" not in text.rstrip("\r\n") else csv.reader(text.splitlines(True)), [])
        if len(cells) != len(self.header):
            return RawRow(number, None, f"{len(cells)} cells where the header has {len(self.header)}")
        row = dict(zip(self.header, cells, strict=True))
        return RawRow(number, _stated(nest(row, self.places)))


class _Keeping:
    """The lines of a file, each kept until its record is whole."""

    def __init__(self, lines: Iterator[str], held: list[str]) -> None:
        self._lines, self._held = lines, held

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._held.append(line)
            yield line


def _or_error(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as problem:
        raise BatchError(f"`{path}` cannot be read as CSV: {problem}") from None


def _stated(request: dict[str, Any]) -> dict[str, Any]:
    """Facts stated outright in text cells, as values."""
    for holder in (request, *_parts(request.get("items"))):
        if isinstance(holder.get("facts"), dict):
            holder["facts"] = {name: fact_value(value) for name, value in holder["facts"].items()}
    return request


def _parts(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _json_row(number: int, text: str) -> RawRow:
    twice: list[str] = []

    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice.append("twice")
        return found

    refuse: Callable[[str], Any] = lambda word: float("nan")  # noqa: E731
    try:
        data = json.loads(text, object_pairs_hook=fields, parse_constant=refuse)
    except (json.JSONDecodeError, RecursionError, ValueError) as problem:
        where = f" at column {problem.colno}" if isinstance(problem, json.JSONDecodeError) else ""
        return RawRow(number, None, f"this line is not JSON{where}")
    if twice:
        return RawRow(number, None, "a field stands twice in this line")
    if not isinstance(data, dict):
        return RawRow(number, None, "this line is not an object of fields")
    return RawRow(number, data)
