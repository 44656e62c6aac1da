"""What depends on a few columns is worked out once for each combination of their values.

A batch says the same thing many times: one signer, one statute, a handful of recipients. The function that derives a
fact from a single request is asked once for each combination that occurs, and its answer is put on every row that
has it. So a table of a million requests is characterised by the same code as one request, a few hundred times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Answer = Mapping[str, Any]
LIMIT = 1 << 18
"""Combinations remembered from one chunk to the next, for each group of facts."""
_ROOM = 1 << 62


class Combinations:
    """One group of facts that depend on the same columns, and what is remembered of it."""

    def __init__(self, columns: Sequence[str], derive: Callable[[Mapping[str, Any]], Answer]) -> None:
        self.columns = tuple(columns)
        self._derive = derive
        self._known: dict[tuple[Any, ...], Answer] = {}

    def answers(self, table: Mapping[str, pa.Array], rows: int) -> tuple[list[Answer], pa.Array]:
        """The answers for the combinations in `table`, and for each of `rows` rows which of them is its own."""
        present = [name for name in self.columns if name in table]
        if not present:
            return [self._answer((None,) * len(self.columns))], pa.repeat(pa.scalar(0, pa.int32()), rows)
        codes, first = _combine([table[name] for name in present])
        values = {name: table[name].take(first).to_pylist() for name in present}
        nothing = [None] * len(first)
        keys = zip(*(values.get(name, nothing) for name in self.columns), strict=True)
        return [self._answer(_hashable(key)) for key in keys], codes

    def _answer(self, key: tuple[Any, ...]) -> Answer:
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= LIMIT:
                self._known.clear()
            said = {name: value for name, value in zip(self.columns, key, strict=True) if value is not None}
            found = self._known[key] = self._derive(said)
        return found


def _hashable(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(part) if isinstance(part, list) else part for part in key)


def _combine(columns: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """For each row the number of its combination, and for each combination the first row that has it."""
    codes, _ = reduce(_multiply, map(_encode, columns))
    encoded = pc.dictionary_encode(codes)
    first = pc.index_in(encoded.dictionary, value_set=codes)
    return encoded.indices, first


Coded = tuple[pa.Array, int]
"""Whole numbers from 0, none of them NULL, and how many there may be."""


def _encode(column: pa.Array) -> Coded:
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, "\x1f")
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    indices = pc.add(pc.fill_null(column.indices.cast(pa.int64()), -1), 1)
    return indices, len(column.dictionary) + 1


def _multiply(left: Coded, right: Coded) -> Coded:
    """Pairs of numbers as single ones; renumbered when they would outgrow 64 bits."""
    (one, ones), (other, others) = left, right
    if ones * others >= _ROOM:
        encoded = pc.dictionary_encode(one)
        one, ones = encoded.indices.cast(pa.int64()), len(encoded.dictionary)
    return pc.add(pc.multiply(one, pa.scalar(others, pa.int64())), other), ones * others
