"""The first pass over a batch: how its requests stand to each other.

Two facts depend on the whole batch: in how many matters a recipient is named, and how many requests give the same
reasons word for word. They are counted before anything is decided, from every row that is a request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from limen.batch.reading import Chunk, RawRow, Source
from limen.law.problem import Problem
from limen.request.batch import BatchContext, BatchCounts
from limen.request.model import Request
from limen.request.problems import RequestError
from limen.request.read import build_request

if TYPE_CHECKING:
    from limen.batch.table_context import PartCounts


def request_of(row: RawRow) -> Request | list[str]:
    """The request a row says, or why it is none, without repeating what it says."""
    if row.data is None:
        return [row.problem or "this row says nothing"]
    try:
        return build_request(row.data)
    except RequestError as error:
        return [_said(problem) for problem in error.problems]


def _said(problem: Problem) -> str:
    parts = [f"`{problem.address}`: {problem.message}" if problem.address else problem.message, problem.mend]
    return "; ".join(part for part in parts if part)


def requests_of(rows: Iterable[RawRow]) -> tuple[list[tuple[int, Request]], list[tuple[int, list[str]]]]:
    """The requests among `rows` with their numbers, and the rows that are none with the reasons."""
    good: list[tuple[int, Request]] = []
    bad: list[tuple[int, list[str]]] = []
    for row in rows:
        found = request_of(row)
        if isinstance(found, list):
            bad.append((row.number, found))
        else:
            good.append((row.number, found))
    return good, bad


class Counts(Protocol):
    """What was counted over a batch."""

    def context(self, request: Request) -> BatchContext: ...


def count_batch(source: Source, parts: Iterable[PartCounts] | None = None) -> Counts:
    """The counts over every request of a file. `parts` are those of its chunks where they were counted elsewhere."""
    if source.kind == "parquet":
        from limen.batch.table_context import TableCounts

        table = TableCounts()
        for part in (count_part(source, chunk) for chunk in source.chunks()) if parts is None else parts:
            table.merge(part)
        table.close()
        return table
    counts = BatchCounts()
    for chunk in source.chunks():
        for _, request in requests_of(source.rows(chunk))[0]:
            counts.add(request)
    return counts


def count_part(source: Source, chunk: Chunk) -> PartCounts:
    """The counts over one chunk of a table."""
    from limen.batch.checked import CheckedColumns
    from limen.batch.table_context import PartCounts

    part = PartCounts()
    checked = CheckedColumns(source.table(chunk), source.places)
    part.add(checked.sure_only(), chunk.first)
    if checked.doubtful:
        part.add_requests(requests_of(source.doubtful(chunk, checked.sure))[0])
    return part
