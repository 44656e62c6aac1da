"""A registry read from somebody's CSV or Parquet file, with a clear report of the rows that cannot be taken.

One row a person and address: `person`, `first`, `middle`, `last`, `suffix`, `tin`, `from_year`, `to_year`,
`address`. Only `person`, `first`, `last` and `address` must be filled. A row is left out, and reported by its number
and never by its content, when it names nobody, gives no sufficient address, contradicts an earlier row of the same
person, or carries a taxpayer number that may be somebody's: a simulator takes no number outside the ranges that are
never issued.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from limen.crossref.errors import RegistryError
from limen.crossref.make import PersonRow, SpellRow, write_registry
from limen.crossref.never_issued import never_issued
from limen.crossref.normalise import address_key, name_key_of, tin_key
from limen.crossref.registry import RegistryInfo
from limen.request.address import judge_address

COLUMNS = ("person", "first", "middle", "last", "suffix", "tin", "from_year", "to_year", "address")
REQUIRED = ("person", "first", "last", "address")
MOST_SHOWN = 20
YEARS = range(1900, 2200)
MENDED = "take one that is never issued, as 666-12-3456 or 900-10-1234"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: its line (CSV, the header is line 1) or row number (Parquet), the column, and why."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"row {self.row}, `{self.column}`: {self.why}"


@dataclass(frozen=True, slots=True)
class ReadReport:
    """How a file was read: rows seen and taken, and the ones left out (the first ones told, all counted by
    reason)."""

    path: str
    rows: int
    taken: int
    reasons: dict[str, int]
    first: tuple[BadRow, ...]
    registry: RegistryInfo


@dataclass
class _Reading:
    """People and addresses that can be taken, and what cannot."""

    people: dict[int, PersonRow] = field(default_factory=dict)
    spells: list[SpellRow] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[BadRow] = field(default_factory=list)
    rows: int = 0

    def refuse(self, row: int, column: str, why: str) -> None:
        """Leave a row out and remember why."""
        self.reasons[why] += 1
        if len(self.first) < MOST_SHOWN:
            self.first.append(BadRow(row, column, why))


def read_registry(source: Path | str, path: Path | str, progress: Callable[[int], None] | None = None) -> ReadReport:
    """Make a registry file at `path` from the CSV or Parquet file `source`.

    Raises `RegistryError` when the file cannot be read, lacks a column, or has no row that can be taken.
    """
    source, path = Path(source), Path(path)
    reading = _Reading()
    for number, row in _rows(source):
        reading.rows += 1
        _take(reading, number, row)
        if progress is not None and reading.rows % 10_000 == 0:
            progress(reading.rows)
    if not reading.spells:
        why = "; ".join(f"{why} ({count})" for why, count in reading.reasons.most_common(3)) or "it is empty"
        raise RegistryError(f"no row of `{source}` can be taken: {why}")
    told = f"read from {source.name}"
    reading.spells.sort(key=lambda spell: (spell[0], spell[1]))
    made = write_registry(path, [reading.people[person] for person in sorted(reading.people)], reading.spells, told)
    reasons = dict(reading.reasons.most_common())
    return ReadReport(str(source), reading.rows, len(reading.spells), reasons, tuple(reading.first), made)


def _rows(source: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not source.is_file():
        raise RegistryError(f"there is no file `{source}`")
    if source.suffix == ".parquet":
        yield from _parquet_rows(source)
        return
    if source.suffix != ".csv":
        raise RegistryError(f"`{source}` is neither `.csv` nor `.parquet`")
    try:
        with source.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file)
            _check_columns(source, list(table.fieldnames or ()))
            for row in table:
                yield table.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}
    except UnicodeDecodeError as problem:
        raise RegistryError(f"`{source}` is not UTF-8 text (byte {problem.start}): save it as UTF-8") from None
    except csv.Error as problem:
        raise RegistryError(f"`{source}` is not a table of comma separated values: {problem}") from None


def _parquet_rows(source: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError:
        raise RegistryError("reading Parquet needs `pyarrow`: install `limen[columns]`") from None
    try:
        file = pq.ParquetFile(source)
        _check_columns(source, file.schema_arrow.names)
        held = [name for name in COLUMNS if name in file.schema_arrow.names]
        number = 0
        for batch in file.iter_batches(columns=held):
            for row in batch.to_pylist():
                number += 1
                yield number, {name: _text(row.get(name)) for name in COLUMNS}
    except pa.ArrowException as problem:
        raise RegistryError(f"`{source}` cannot be read as Parquet: {str(problem).splitlines()[0]}") from None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _check_columns(source: Path, names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        raise RegistryError(f"`{source}` has no column {listed}; a registry is read from {', '.join(COLUMNS)}")


def _take(reading: _Reading, number: int, row: dict[str, str]) -> None:
    """Add one row, or say why not."""
    if not (row["person"].isdigit() and row["person"].isascii()):
        return reading.refuse(number, "person", "is not a whole number")
    person = int(row["person"])
    name = name_key_of(row["first"], row["middle"], row["last"], row["suffix"])
    if name is None:
        return reading.refuse(number, "last", "first name and surname have no letters that can be compared")
    tin = tin_key(row["tin"])
    if row["tin"] and not tin:
        return reading.refuse(number, "tin", "is not nine digits")
    if tin and not never_issued(tin):
        return reading.refuse(number, "tin", f"may be somebody's number: {MENDED}")
    quality = judge_address([row["address"]])
    if quality.kind != "complete" or not quality.parsed.zip:
        why = ", ".join(quality.defects) or "missing_zip"
        return reading.refuse(number, "address", f"is not sufficient ({why.replace('_', ' ')})")
    years = [_year(row[column]) for column in ("from_year", "to_year")]
    if None in years:
        return reading.refuse(number, "from_year", "years are not years between 1900 and 2199")
    earlier = reading.people.setdefault(person, (person, name, tin))
    if earlier[1:] != (name, tin):
        return reading.refuse(number, "person", "has another name or taxpayer number in an earlier row")
    begin, end = years
    reading.spells.append((person, begin or 0, end or None, address_key(quality.parsed)))
    return None


def _year(text: str) -> int | None:
    """A year, 0 for none given, `None` for what is not a year."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and int(text) in YEARS else None
