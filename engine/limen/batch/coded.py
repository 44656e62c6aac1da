"""A column as small whole numbers, so that what few values say can be told apart at the speed of memory.

A column is coded once, however many groups of facts depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[Any]
"""Unsigned whole numbers, one a row, as narrow as they can be."""

FEW = 256
"""Codes that fit in a byte each."""
_SOUGHT = 32
"""Codes so few that looking for the first row of each is cheaper than noting one for every row."""
_ROOM = 1 << 62
_BETWEEN = "\x1f"


class CodedColumn:
    """A column and its codes: 0 where nothing is stated, otherwise one more than the place of the value."""

    def __init__(self, column: pa.Array) -> None:
        self.column = column

    @cached_property
    def codes(self) -> Codes:
        """The code of every row."""
        if pa.types.is_boolean(self.column.type):
            stated = pc.add(self.column.cast(pa.uint8()), pa.scalar(1, pa.uint8()))
            return _plain(pc.fill_null(stated, 0))
        indices = self._encoded.indices
        kind = _narrowest(self.many)
        if not indices.null_count:
            return np.add(_plain(indices), 1, dtype=kind, casting="unsafe")
        return _plain(pc.add(pc.fill_null(indices.cast(pa.int64()), -1), 1)).astype(kind)

    @cached_property
    def many(self) -> int:
        """How many codes there may be, that of nothing included."""
        return 3 if pa.types.is_boolean(self.column.type) else len(self._encoded.dictionary) + 1

    @cached_property
    def values(self) -> list[Any]:
        """What each code stands for. A list of texts is a tuple."""
        if pa.types.is_boolean(self.column.type):
            return [None, False, True]
        if not pa.types.is_list(self.column.type):
            return [None, *self._encoded.dictionary.to_pylist()]
        first = pc.index_in(self._encoded.dictionary, value_set=self._joined)
        return [None, *map(tuple, self.column.take(first).to_pylist())]

    @cached_property
    def _joined(self) -> pa.Array:
        return pc.binary_join(self.column, _BETWEEN)

    @cached_property
    def _encoded(self) -> pa.DictionaryArray:
        column = self._joined if pa.types.is_list(self.column.type) else self.column
        return column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)

    def blank(self, where: npt.NDArray[np.bool_]) -> CodedColumn:
        """The same column with nothing stated `where` is true."""
        other = copy(self)
        other.codes = np.where(where, self.codes.dtype.type(0), self.codes)
        return other

    def at(self, rows: pa.Array) -> CodedColumn:
        """The column of some rows."""
        return CodedColumn(self.column.take(rows))


def combine(columns: Sequence[CodedColumn]) -> tuple[Codes, npt.NDArray[np.int64], int]:
    """For each row the number of its combination; for each number a row that has it, or -1; and how many numbers.

    Few columns of few values are numbered by arithmetic, so some numbers may stand for no row.
    """
    codes, many = reduce(_multiply, ((column.codes, column.many) for column in columns))
    if many <= FEW:
        return codes, _rows_of(codes, many), many
    if many <= 4 * len(codes):
        row_of = _rows_of(codes, many)
        there = np.flatnonzero(row_of >= 0)
        number = np.zeros(many, _narrowest(len(there)))
        number[there] = np.arange(len(there), dtype=number.dtype)
        return number[codes], row_of[there], len(there)
    encoded = pc.dictionary_encode(pa.array(codes))
    first = pc.index_in(encoded.dictionary, value_set=pa.array(codes))
    return _plain(encoded.indices), _plain(first).astype(np.int64), len(first)


def spread(values: Sequence[int | None], codes: Codes) -> tuple[bytes, bytes]:
    """Small whole numbers put on the rows of their `codes` (below `FEW`), a byte each; and which of them are known."""
    own = bytes(0 if value is None else value for value in values)
    known = bytes(value is not None for value in values)
    text = codes.tobytes()
    padding = bytes(256 - len(values))
    return text.translate(own + padding), text.translate(known + padding)


def bits(flags: bytes) -> pa.Buffer:
    """A byte a row, 0 or 1, as the bits that Arrow keeps."""
    return pa.py_buffer(np.packbits(np.frombuffer(flags, np.uint8), bitorder="little"))


def _rows_of(codes: Codes, many: int) -> npt.NDArray[np.int64]:
    if many <= _SOUGHT:
        text = codes.tobytes()
        return np.array([text.find(bytes((code,))) for code in range(many)], np.int64)
    row_of = np.full(many, -1, np.int64)
    row_of[codes] = np.arange(len(codes))
    return row_of


def _multiply(left: tuple[Codes, int], right: tuple[Codes, int]) -> tuple[Codes, int]:
    """Pairs of numbers as single ones; renumbered when they would outgrow 64 bits."""
    (one, ones), (other, others) = left, right
    if ones * others >= _ROOM:
        encoded = pc.dictionary_encode(pa.array(one))
        one, ones = _plain(encoded.indices), len(encoded.dictionary)
    kind = _narrowest(ones * others)
    return one.astype(kind) * kind(others) + other.astype(kind), ones * others


def _plain(numbers: pa.Array) -> Codes:
    """Whole numbers, none of them NULL, without copying them."""
    found: Codes = np.asarray(numbers)
    return found


def _narrowest(many: int) -> Any:
    """The narrowest kind of number for codes below `many`."""
    return np.uint8 if many <= FEW else np.uint16 if many <= 1 << 16 else np.uint32 if many < 1 << 32 else np.uint64
