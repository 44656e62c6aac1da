"""Columns of requests, checked as columns: what is beyond doubt, and which rows have to be read one by one.

A row whose every cell is exactly what a request holds there needs no further look. Any other row (a word nobody knows,
a day written as text, a fact stated outright) is left to the reader of single requests, which accepts or rejects it
and says why. So this can be strict without being a second opinion on what a request is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from limen.batch.rows import Path
from limen.batch.texts import all_ids, all_printed
from limen.request.shape import Shape

_ID_LENGTH = 80
_ID = rf"^[A-Za-z0-9][A-Za-z0-9._:/#-]{{0,{_ID_LENGTH - 1}}}$"
_LINE, _LONG = 200, 4000
_LONG_TEXTS = ("reasons", "note")
_LINES, _PARTS = 5, 20
"""Lines of an address, and parts of any other list."""


class CheckedColumns:
    """The columns of one table of requests, NULL where nothing is stated.

    `columns` are plain arrays by dotted name (`@SECTION` says whether any field of a section is stated), `sure` says
    which rows are beyond doubt. `items` and `recipients` are how many of each the columns have room for.
    """

    def __init__(self, table: pa.Table, places: Mapping[str, tuple[Path, Shape]]) -> None:
        self.rows = table.num_rows
        self.columns: dict[str, pa.Array] = {}
        self.sure: pa.Array = pa.repeat(pa.scalar(True), self.rows)
        for name in table.column_names:
            path, shape = places[name]
            column = table.column(name)
            column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
            if column.null_count < self.rows:
                self._take(name, path, shape, column)
        self._sections()
        self._items()

    @property
    def doubtful(self) -> bool:
        """Whether some row is not beyond doubt."""
        return not pc.all(self.sure).as_py()

    def sure_only(self) -> CheckedColumns:
        """The rows beyond doubt, as columns of their own."""
        return self.only(self.sure) if self.doubtful else self

    def only(self, kept: pa.Array) -> CheckedColumns:
        """The rows where `kept` is true."""
        some = object.__new__(CheckedColumns)
        some.columns = {name: column.filter(kept) for name, column in self.columns.items()}
        some.sure = self.sure.filter(kept)
        some.rows = len(some.sure)
        some.items = [number for number in self.items if some.columns[f"@items.{number}"].null_count < some.rows]
        return some

    def _doubt(self, where: pa.Array) -> None:
        self.sure = pc.and_(self.sure, pc.invert(pc.fill_null(where, False)))

    def _take(self, name: str, path: Path, shape: Shape, column: pa.Array) -> None:
        if "facts" in path:
            self._doubt(column.is_valid())
            return
        kind = column.type
        if (shape.answer and pa.types.is_boolean(kind)) or (shape.day and pa.types.is_date32(kind)):
            self.columns[name] = column
        elif shape.number and pa.types.is_integer(kind):
            self._doubt(pc.or_(pc.less(column, 0), pc.greater(column, 1_000_000_000)))
            self.columns[name] = column
        elif shape.words and _is_text(kind):
            if _holds_strange(column, shape):
                self._doubt(pc.and_(column.is_valid(), _strange(column, shape)))
            self.columns[name] = column
        elif shape.element is not None and pa.types.is_list(kind) and _is_text(kind.value_type):
            self._take_list(name, shape.element, column)
        elif shape.text and _is_text(kind):
            self._take_text(name, path, shape, column)
        else:
            self._doubt(column.is_valid())

    def _take_text(self, name: str, path: Path, shape: Shape, column: pa.Array) -> None:
        if path[-1] == "id" or path == ("batch",):
            column = _text(column)
            if not all_ids(column, _ID_LENGTH):
                self._doubt(pc.invert(pc.fill_null(pc.match_substring_regex(column, _ID), True)))
        else:
            longest = _LONG if path[-1] in _LONG_TEXTS else _LINE
            if not all_printed(_values(column), longest):
                self._doubt(_odd(column, longest))
        self.columns[name] = column

    def _take_list(self, name: str, element: Shape, column: pa.Array) -> None:
        """A list of texts: its parts are checked together, and blamed on their row."""
        parts = column.flatten()
        sound = not _holds_strange(parts, element) if element.words else all_printed(_values(parts), _LINE)
        if parts.null_count or not sound:
            wrong = pc.fill_null(_strange(parts, element) if element.words else _odd(parts, _LINE), True)
            rows = pc.list_parent_indices(column).filter(wrong)
            self._doubt(pc.is_in(pa.array(np.arange(self.rows), pa.int64()), rows.cast(pa.int64())))
        lengths = pc.list_value_length(column)
        fewest, most = pc.min_max(lengths).values()
        allowed = _LINES if name == "subject.address.lines" else _PARTS
        if most.as_py() > allowed:
            self._doubt(pc.greater(lengths, allowed))
        if not fewest.as_py():
            column = pc.if_else(pc.equal(lengths, 0), pa.scalar(None, column.type), column)
        self.columns[name] = column

    def _sections(self) -> None:
        """`@SECTION` for every section, and for every recipient, of which something is stated."""
        stated: dict[str, pa.Array] = {}
        for name, column in self.columns.items():
            steps = name.split(".")
            section = ".".join(steps[:2]) if steps[0] in ("recipients", "items") else steps[0]
            known = column.is_valid()
            stated[section] = pc.or_(stated[section], known) if section in stated else known
        self.columns |= {f"@{section}": pc.if_else(where, True, None) for section, where in stated.items()}

    def _items(self) -> None:
        """Every request has an id and items; every item an id of its own and a kind."""
        absent = pa.repeat(pa.scalar(True), self.rows)
        self._doubt(pc.is_null(self.columns["id"]) if "id" in self.columns else absent)
        self.items = sorted({int(name.split(".")[1]) for name in self.columns if name.startswith("@items.")})
        self._doubt(pc.is_null(self.columns["@items.0"]) if "@items.0" in self.columns else absent)
        ids: list[pa.Array] = []
        for number in self.items:
            there = self.columns[f"@items.{number}"].is_valid()
            for field in ("id", "kind"):
                column = self.columns.get(f"items.{number}.{field}")
                self._doubt(there if column is None else pc.and_(there, pc.is_null(column)))
            own = self.columns.get(f"items.{number}.id")
            if own is not None:
                for other in ids:
                    self._doubt(pc.equal(own, other))
                ids.append(own)


def _odd(column: pa.Array, longest: int) -> pa.Array:
    """Where a text is longer than it may be, blank, padded, or holds what cannot be printed."""
    if pa.types.is_dictionary(column.type):
        return pc.take(_odd(column.dictionary, longest), column.indices)
    trimmed = pc.utf8_trim_whitespace(column)
    wrong = pc.or_(pc.not_equal(trimmed, column), pc.invert(pc.utf8_is_printable(column)))
    return pc.or_(wrong, pc.or_(pc.equal(column, ""), pc.greater(pc.utf8_length(column), longest)))


def _strange(column: pa.Array, shape: Shape) -> pa.Array:
    """Where a word is none of those that may stand there."""
    if pa.types.is_dictionary(column.type):
        return pc.take(_strange(column.dictionary, shape), column.indices)
    words = [*shape.words, *(["unknown"] if shape.may_be_unknown else [])]
    return pc.invert(pc.is_in(column, pa.array(words, column.type)))


def _holds_strange(column: pa.Array, shape: Shape) -> bool:
    """Whether some word that the column holds is none of those that may stand there."""
    return bool(pc.any(_strange(_values(column), shape)).as_py())


def _values(column: pa.Array) -> pa.Array:
    """The texts that a column holds, each of a coded one once."""
    return column.dictionary if pa.types.is_dictionary(column.type) else column


def _text(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
