"""What depends on a few columns is worked out once for each combination of their values.

A batch says the same thing many times: one signer, one statute, a handful of recipients. The function that derives a
fact from a single request is asked once for each combination that occurs, and its answer is put on every row that
has it. So a table of a million requests is characterised by the same code as one request, a few hundred times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from limen.batch.coded import CodedColumn, Codes, combine

Answer = Mapping[str, Any]
LIMIT = 1 << 18
"""Combinations remembered from one chunk to the next, for each group of facts."""


class Combinations:
    """One group of facts that depend on the same columns, and what is remembered of it."""

    def __init__(self, columns: Sequence[str], derive: Callable[[Mapping[str, Any]], Answer]) -> None:
        self.columns = tuple(columns)
        self._derive = derive
        self._known: dict[tuple[Any, ...], Answer] = {}

    def answers(self, table: Mapping[str, CodedColumn], rows: int) -> tuple[list[Answer], Codes]:
        """Answers, and for each of `rows` rows which of them is its own; an answer that is nobody's is empty."""
        present = [name for name in self.columns if name in table]
        if not present:
            return [self._answer((None,) * len(self.columns))], np.zeros(rows, np.uint8)
        which, row_of, many = combine([table[name] for name in present])
        there = np.flatnonzero(row_of >= 0)
        values = {name: _said(table[name], row_of[there]) for name in present}
        nothing = [None] * len(there)
        keys = zip(*(values.get(name, nothing) for name in self.columns), strict=True)
        if len(there) == many:
            return list(map(self._answer, keys)), which
        answers: list[Answer] = [{}] * many
        for number, key in zip(there.tolist(), keys, strict=True):
            answers[number] = self._answer(key)
        return answers, which

    def _answer(self, key: tuple[Any, ...]) -> Answer:
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= LIMIT:
                self._known.clear()
            said = {name: value for name, value in zip(self.columns, key, strict=True) if value is not None}
            found = self._known[key] = self._derive(said)
        return found


def _said(column: CodedColumn, rows: npt.NDArray[np.int64]) -> list[Any]:
    """What `column` says in some rows."""
    values = column.values
    return [values[code] for code in column.codes[rows].tolist()]
