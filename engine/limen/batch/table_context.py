"""The first pass over a table of requests: the counts of `limen.request.batch`, by columns.

Names and reasons are folded once for each that occurs; which recipient is named in which matter is counted by an
embedded database, which may spill to disk, so the memory it takes is bounded however large the batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from limen.batch.checked import CheckedColumns
from limen.batch.coded import CodedColumn
from limen.batch.combinations import Combinations
from limen.batch.texts import all_single_spaced
from limen.request.batch import BatchContext, folded_words, reasons_key, recipient_key
from limen.request.model import Recipient, Request

MEMORY = "1GB"


class PartCounts:
    """What is counted in some rows of a table, wherever it is counted; `TableCounts` puts such parts together."""

    def __init__(self) -> None:
        self.size = 0
        self.reasons: Counter[bytes] = Counter()
        self.codes: dict[bytes, int] = {}
        self.named: list[pa.Table] = []

    def add(self, checked: CheckedColumns, first: int) -> None:
        """Count sure rows; `first` is the number of the first row of their chunk."""
        self.size += checked.rows
        self._add_reasons(checked.columns.get("reasons"))
        matter = _matters(checked, first)
        for section in sorted(name for name in checked.columns if name.startswith("@recipients.")):
            self._add_recipient(checked, section[1:], matter)

    def add_requests(self, requests: Iterable[tuple[int, Request]]) -> None:
        """Count requests that were read one by one; each with the number of its row."""
        pairs: list[tuple[int, str]] = []
        for row, request in requests:
            self.size += 1
            number = request.matter.number
            matter = f"\n{row}" if number in (None, "unknown") else folded_words(str(number))
            pairs += [
                (code, matter) for one in request.recipients for code in self._code(one.name, one.agency).values()
            ]
            key = reasons_key(request)
            if key is not None:
                self.reasons[key] += 1
        if pairs:
            codes, matters = zip(*pairs, strict=True)
            self.named.append(
                pa.table({"recipient": pa.array(codes, pa.int32()), "matter": pa.array(matters, pa.string())})
            )

    def _add_reasons(self, column: pa.Array | None) -> None:
        if column is None:
            return
        for pair in column.value_counts().to_pylist():
            if pair["values"] is not None:
                key = reasons_key(cast(Request, SimpleNamespace(reasons=pair["values"])))
                if key is not None:
                    self.reasons[key] += pair["counts"]

    def _add_recipient(self, checked: CheckedColumns, section: str, matter: pa.Array) -> None:
        names = (f"{section}.name", f"{section}.agency")
        table = {name: CodedColumn(checked.columns[name]) for name in names if name in checked.columns}
        if names[0] not in table:
            return
        answers, which = Combinations(names, lambda said: self._code(said.get(names[0]), said.get(names[1]))).answers(
            table, checked.rows
        )
        codes = pc.take(pa.array([answer.get("code") for answer in answers], pa.int32()), pa.array(which))
        named = pa.table({"recipient": codes, "matter": matter}).filter(codes.is_valid())
        self.named.append(named)

    def _code(self, name: str | None, agency: str | None) -> dict[str, int]:
        key = recipient_key(cast(Recipient, SimpleNamespace(name=name, agency=agency)))
        return {} if key is None else {"code": self.codes.setdefault(key, len(self.codes))}


class TableCounts:
    """Counts over a whole table; ask for a `context` once all parts are merged and it is `close`d."""

    def __init__(self) -> None:
        import duckdb

        self.size = 0
        self._reasons: Counter[bytes] = Counter()
        self._codes: dict[bytes, int] = {}
        self._matters: dict[int, int] = {}
        self._db = duckdb.connect(config={"memory_limit": MEMORY})
        self._db.execute("create table named (recipient integer, matter varchar)")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_counted, (self.size, self._reasons, self._codes, self._matters))

    def merge(self, part: PartCounts) -> None:
        """Add what was counted in one part."""
        self.size += part.size
        self._reasons.update(part.reasons)
        ours = pa.array([self._codes.setdefault(key, len(self._codes)) for key in part.codes], pa.int32())
        for named in part.named:
            if named.num_rows:
                renamed = pa.table(
                    {"recipient": ours.take(named.column("recipient")), "matter": named.column("matter")}
                )
                self._db.register("more", renamed)
                self._db.execute("insert into named select recipient, matter from more")
                self._db.unregister("more")

    def close(self) -> None:
        """Finish counting."""
        found = self._db.execute("select recipient, count(distinct matter) from named group by recipient").fetchall()
        self._matters = dict(found)
        self._db.close()

    def context(self, request: Request) -> BatchContext:
        """How `request`, one of those counted, stands in the batch; as `BatchCounts.context` says it."""
        named = [key for person in request.recipients if (key := recipient_key(person)) is not None]
        counts = [self._matters.get(self._codes[key], 0) for key in named if key in self._codes]
        reasons = reasons_key(request)
        return BatchContext(
            matters_naming_same_recipient=max(counts, default=None),
            requests_with_same_reasons=None if reasons is None else self._reasons[reasons],
            size=self.size,
        )


def _matters(checked: CheckedColumns, first: int) -> pa.Array:
    """The matter of each row, folded; a request without a number is a matter of its own."""
    number = checked.columns.get("matter.number")
    if number is None:
        return _own_matters(checked.rows, first)
    number = number.dictionary_decode() if pa.types.is_dictionary(number.type) else number
    if all_single_spaced(number):
        folded = pc.ascii_lower(number)
    else:
        folded = pa.array([None if text is None else folded_words(text) for text in number.to_pylist()], pa.string())
    known = pc.fill_null(pc.not_equal(number, "unknown"), False)
    return folded if pc.all(known).as_py() else pc.if_else(known, folded, _own_matters(checked.rows, first))


def _own_matters(rows: int, first: int) -> pa.Array:
    """A matter of its own for each row."""
    numbers = pa.array(np.arange(first, first + rows)).cast(pa.string())
    return pc.binary_join_element_wise(pa.scalar("\n"), numbers, "")


def _counted(size: int, reasons: Counter[bytes], codes: dict[bytes, int], matters: dict[int, int]) -> TableCounts:
    """Counts that are finished, in another process."""
    counts = object.__new__(TableCounts)
    counts.size, counts._reasons, counts._codes, counts._matters = size, reasons, codes, matters
    return counts
