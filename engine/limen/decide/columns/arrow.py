"""Columns in memory, by pyarrow's compute kernels.

Arrow keeps a truth column as two bitmaps, its values and which of them are known, and its Kleene kernels work on
sixty-four rows at a time. That makes this the fast engine for facts that are already columns: each point of the law
comes out as one such pair of bitmaps, a true-mask and a false-mask in one.

Rows are worked on in slices small enough for the processor's cache, on a few threads; the kernels release the
interpreter's lock.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from limen.decide.columns.law import LawColumns, write_together
from limen.decide.columns.layout import VERDICTS, column_name
from limen.law.edition import Edition
from limen.law.tree import Comparison
from limen.law.truth import Truth

SLICE = 1 << 18
"""Rows worked on at a time: a bitmap of so many takes 32 kB. Half as many cost a fifth more on the whole book."""
_KERNEL = {
    "<": pc.less, "<=": pc.less_equal, "==": pc.equal, "!=": pc.not_equal, ">=": pc.greater_equal, ">": pc.greater,
}  # fmt: skip


class ArrowAlgebra:
    """Truth columns as Arrow bool arrays, over one record batch of items (and one of cases, if they are apart).

    `parent` gives for each item the row of its case; without it the batch holds both. Enum columns may be text or
    dictionaries over any values; a value outside the vocabulary's set belongs to no group, as if it were `other`.
    """

    def __init__(self, items: pa.RecordBatch, cases: pa.RecordBatch | None = None, parent: pa.Array | None = None):
        self._items = items
        self._cases = items if cases is None else cases
        self._parent = parent
        self._codes: dict[tuple[str, bool], tuple[pa.Array, dict[str, int]]] = {}
        self._cache: dict[tuple[object, ...], pa.BooleanArray] = {}

    def literal(self, value: Truth, per_item: bool) -> pa.BooleanArray:
        rows = (self._items if per_item else self._cases).num_rows
        return pa.nulls(rows, pa.bool_()) if value is None else pa.repeat(pa.scalar(value), rows)

    def flag(self, fact: str, per_item: bool) -> pa.BooleanArray:
        return self._column(fact, per_item)

    def member(self, fact: str, values: Sequence[str], per_item: bool) -> pa.BooleanArray:
        codes, code_of = self._coded(fact, per_item)
        wanted = sorted(code_of[value] for value in values if value in code_of)
        if not wanted:
            return self._where_known(codes, False)
        runs = list(_runs(wanted))
        others = list(_runs(sorted(set(code_of.values()).difference(wanted))))
        if not others:
            return self._where_known(codes, True)
        if len(others) < len(runs):
            return pc.invert(self._in_runs(codes, others, len(code_of)))
        return self._in_runs(codes, runs, len(code_of))

    def known(self, fact: str, per_item: bool) -> pa.BooleanArray:
        return self._where_known(self._column(fact, per_item), True)

    def compare(self, fact: str, op: Comparison, value: int | date, per_item: bool) -> pa.BooleanArray:
        column = self._column(fact, per_item)
        if isinstance(value, date):
            return _KERNEL[op](column, pa.scalar(value, pa.date32()))
        return _compare_number(column, op, value)

    def compare_days(
        self, start: tuple[str, bool], end: tuple[str, bool], op: Comparison, days: int
    ) -> pa.BooleanArray:
        per_item = start[1] or end[1]
        sides = []
        for fact, of_item in (start, end):
            column = self._column(fact, of_item).cast(pa.int32())
            sides.append(self._lifted(column) if per_item and not of_item else column)
        return _compare_number(pc.subtract(sides[1], sides[0]), op, days)

    def negate(self, part: pa.BooleanArray) -> pa.BooleanArray:
        return pc.invert(part)

    def all(self, parts: Sequence[pa.BooleanArray]) -> pa.BooleanArray:
        return reduce(pc.and_kleene, parts)

    def any(self, parts: Sequence[pa.BooleanArray]) -> pa.BooleanArray:
        return reduce(pc.or_kleene, parts)

    def lift(self, case_column: pa.BooleanArray) -> pa.BooleanArray:
        return self._lifted(case_column)

    def _lifted(self, column: pa.Array) -> pa.Array:
        return column if self._parent is None else pc.take(column, self._parent)

    def _column(self, fact: str, per_item: bool) -> pa.Array:
        return (self._items if per_item else self._cases).column(column_name(fact))

    def _where_known(self, column: pa.Array, value: bool) -> pa.BooleanArray:
        return pc.if_else(column.is_valid(), pa.scalar(value), pa.scalar(None, pa.bool_()))

    def _coded(self, fact: str, per_item: bool) -> tuple[pa.Array, dict[str, int]]:
        """An enum column as small whole numbers, and the number of each value that occurs."""
        key = (fact, per_item)
        if key not in self._codes:
            column = self._column(fact, per_item)
            if not pa.types.is_dictionary(column.type):
                column = pc.dictionary_encode(column)
            words = column.dictionary.to_pylist()
            self._codes[key] = (column.indices, {word: code for code, word in enumerate(words) if word is not None})
        return self._codes[key]

    def _in_runs(self, codes: pa.Array, runs: list[tuple[int, int]], count: int) -> pa.BooleanArray:
        return reduce(pc.or_kleene, [self._in_run(codes, first, last, count) for first, last in runs])

    def _in_run(self, codes: pa.Array, first: int, last: int, count: int) -> pa.BooleanArray:
        key = (id(codes), first, last)
        if key not in self._cache:
            kind = codes.type
            if first == last:
                found = pc.equal(codes, pa.scalar(first, kind))
            elif first == 0:
                found = pc.less_equal(codes, pa.scalar(last, kind))
            elif last == count - 1:
                found = pc.greater_equal(codes, pa.scalar(first, kind))
            else:
                found = pc.and_kleene(
                    pc.greater_equal(codes, pa.scalar(first, kind)), pc.less_equal(codes, pa.scalar(last, kind))
                )
            self._cache[key] = found
        return self._cache[key]


def _compare_number(column: pa.Array, op: Comparison, value: int) -> pa.BooleanArray:
    """`column` compared with `value`, which may lie outside the column's type."""
    width = column.type.bit_width - 1
    if -(1 << width) <= value < (1 << width):
        return _KERNEL[op](column, pa.scalar(value, column.type))
    outcome = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}.get(op)
    always = outcome(0, value) if outcome is not None else op == "!="
    return pc.if_else(column.is_valid(), pa.scalar(bool(always)), pa.scalar(None, pa.bool_()))


def _runs(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Sorted `codes` as runs of neighbours: first and last of each."""
    first = last = codes[0] if codes else 0
    for code in codes[1:]:
        if code != last + 1:
            yield first, last
            first = code
        last = code
    if codes:
        yield first, last


def verdict_codes(columns: LawColumns[pa.BooleanArray]) -> pa.Array:
    """The verdict of each item as an index into `VERDICTS`.

    Deny is 0, open 1, allow 2: an item the prohibition may or does reach gets what its gateways give, held down to
    `open` where the reach is not known; an item it does not reach is not covered, 3.
    """
    small = pa.int8()
    allow, deny, is_open, free = (pa.scalar(VERDICTS.index(w), small) for w in ("allow", "deny", "open", "not_covered"))
    gateways = pc.fill_null(pc.if_else(columns.authorised, allow, deny), is_open)
    return pc.fill_null(pc.if_else(columns.forbidden, gateways, free), is_open)


def evaluate(edition: Edition, items: pa.RecordBatch) -> tuple[LawColumns[pa.BooleanArray], pa.Array]:
    """Every point, bar and gateway of `edition` for a batch of rows, and the verdict codes."""
    (found,) = evaluate_together([edition], items)
    return found


def evaluate_together(
    editions: Sequence[Edition], items: pa.RecordBatch
) -> Iterator[tuple[LawColumns[pa.BooleanArray], pa.Array]]:
    """`evaluate` under several editions; what they say alike is worked out once."""
    for columns in write_together(editions, ArrowAlgebra(items)):
        yield columns, verdict_codes(columns)


def evaluate_table(
    edition: Edition, table: pa.Table, threads: int = 2, rows: int = SLICE
) -> Iterator[tuple[LawColumns[pa.BooleanArray], pa.Array]]:
    """`evaluate` over a whole table, slice by slice in its order."""
    batches = table.to_batches(max_chunksize=rows)
    if threads <= 1:
        yield from (evaluate(edition, batch) for batch in batches)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda batch: evaluate(edition, batch), batches)
