"""From columns of requests to rows of facts, without looking at requests one by one.

Each group of facts that depend on the same columns is worked out once for each combination of values, by the same
`Characteriser` that serves single requests (`limen.batch.combinations`, `limen.batch.dependence`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from limen.batch.addresses import BETWEEN, lines_to_combine
from limen.batch.checked import CheckedColumns
from limen.batch.coded import CodedColumn, Codes, bits, spread
from limen.batch.combinations import Combinations
from limen.batch.deciding import FactRows
from limen.batch.dependence import BY_PRESENCE, ITEM, WHOLE, depends_on, direct_columns
from limen.batch.rows import Path, nest
from limen.decide.columns.layout import arrow_type, fact_schema
from limen.law.vocabulary import Fact
from limen.request.batch import BatchContext
from limen.request.characterise import Characteriser
from limen.request.derivation import Given
from limen.request.derivations import DERIVATIONS
from limen.request.model import Request
from limen.request.read import build_request
from limen.request.shape import Shape, shapes_of

ContextOf = Callable[[Request], BatchContext]
ADDRESS = "subject.address.lines"
_ONE_ITEM = [{"id": "item", "kind": "name"}]


class TableReader:
    """Reads tables of requests with the same columns. `suits` says whether it can; it remembers combinations."""

    def __init__(
        self,
        characteriser: Characteriser,
        places: Mapping[str, tuple[Path, Shape]],
        context_of: ContextOf | None,
    ) -> None:
        self._characteriser = characteriser
        self._places = dict(places)
        self._context_of = context_of
        self._facts = characteriser.vocabulary.facts
        needed = {name: depends_on(fact, places) for name, fact in self._facts.items()}
        self.suits = None not in needed.values()
        self._groups: list[tuple[list[Fact], Combinations]] = []
        self._direct: dict[int, Combinations] = {}
        if self.suits:
            self._group({name: tuple(columns or ()) for name, columns in needed.items()})

    def _group(self, needed: Mapping[str, tuple[str, ...]]) -> None:
        together: dict[tuple[bool, tuple[str, ...], tuple[str, ...]], list[Fact]] = {}
        for name, columns in needed.items():
            fact = self._facts[name]
            if columns and columns != ("@match",):
                direct = tuple(sorted(direct_columns(fact, self._places)))
                together.setdefault((fact.per_item, self._columns(fact, columns), direct), []).append(fact)
        for (per_item, columns, direct), facts in together.items():
            derive = self._derive(per_item, frozenset(fact.name for fact in facts))
            if direct:
                self._direct[len(self._groups)] = Combinations(direct, ask_directly(facts, self._context_of))
            self._groups.append((facts, Combinations(columns, derive)))

    def _columns(self, fact: Fact, columns: tuple[str, ...]) -> tuple[str, ...]:
        """A date is copied, not combined: what remains to ask is what its absence means."""
        if _is_copied(fact):
            return tuple(name for name in columns if name.startswith("@") or name == WHOLE)
        return columns

    def read(
        self, checked: CheckedColumns, numbers: pa.Array, days: pa.Array, matches: pa.Table | None = None
    ) -> FactRows:
        """The facts of every row of `checked`; `numbers` and `days` are theirs. Sure rows only are to be trusted."""
        rows = checked.rows
        cases = {name: CodedColumn(self._column(name, column)) for name, column in checked.columns.items()}
        of_case: dict[str, pa.Array] = {}
        for number, (facts, combinations) in enumerate(self._groups):
            if not facts[0].per_item:
                known = self._put_directly(number, cases, rows, of_case) if number in self._direct else {}
                self._put(facts, combinations, {**cases, **known}, rows, of_case)
        parts = [self._item(checked, cases, number) for number in checked.items]
        parent = pa.concat_arrays([where for where, _ in parts]) if parts else pa.array([], pa.int64())
        flat = len(parts) == 1 and len(parent) == rows
        order = pc.sort_indices(parent) if len(parts) > 1 else None
        columns: list[pa.Array] = []
        schema = fact_schema(self._facts, coded=True)
        sorted_parent = _ordered(parent, order)
        for field, fact in zip(schema, (None, None, *self._facts.values()), strict=True):
            if fact is None:
                own = field.name == "case_id"
                column = numbers if own else pa.concat_arrays([item["id"] for _, item in parts])
                columns.append(_taken(column, sorted_parent, flat) if own else _ordered(column, order))
            elif fact.per_item:
                pieces = [item.get(fact.name) for _, item in parts]
                filled = [
                    pa.nulls(len(where), arrow_type(fact, True)) if piece is None else piece
                    for piece, (where, _) in zip(pieces, parts, strict=True)
                ]
                columns.append(_ordered(pa.concat_arrays(filled), order))
            else:
                found = _of_match(fact, matches) if matches is not None else None
                found = of_case.get(fact.name) if found is None else found
                empty = pa.nulls(len(sorted_parent), arrow_type(fact, True))
                columns.append(empty if found is None else _taken(found, sorted_parent, flat))
        requests = pa.table({"case_id": numbers, "request": checked.columns["id"], "day": days})
        return FactRows(pa.table(columns, schema=schema), requests)

    def with_match(self, found: FactRows, matches: pa.Table) -> FactRows:
        """What `read` gives of the same rows with other `matches`; only for rows that ask for one item each."""
        facts = found.facts
        if len(facts) != len(matches):
            raise ValueError("each row must ask for one item: read the rows again")
        columns: list[Any] = list(facts.columns)
        for place, fact in enumerate(self._facts.values(), len(columns) - len(self._facts)):
            column = None if fact.per_item else _of_match(fact, matches)
            columns[place] = columns[place] if column is None else column
        return FactRows(pa.table(columns, schema=facts.schema), found.requests)

    def _item(
        self, checked: CheckedColumns, cases: Mapping[str, CodedColumn], number: int
    ) -> tuple[pa.Array, dict[str, pa.Array]]:
        """The rows that have an item at place `number`, and what is known of it."""
        where = pc.indices_nonzero(pc.fill_null(checked.columns[f"@items.{number}"], False)).cast(pa.int64())
        whole = len(where) == checked.rows
        prefix = f"items.{number}."
        table = {
            ITEM + name.removeprefix(prefix): column if whole else column.at(where)
            for name, column in cases.items()
            if name.startswith(prefix)
        }
        found: dict[str, pa.Array] = {"id": _text(table[ITEM + "id"].column)}
        for facts, combinations in self._groups:
            if facts[0].per_item:
                own = {
                    name: table[name] if name.startswith(ITEM) else cases[name] if whole else cases[name].at(where)
                    for name in combinations.columns
                    if name in table or name in cases
                }
                self._put(facts, combinations, own, len(where), found)
        return where, found

    def _put(
        self,
        facts: Sequence[Fact],
        combinations: Combinations,
        table: Mapping[str, CodedColumn],
        rows: int,
        into: dict[str, pa.Array],
    ) -> None:
        answers, which = combinations.answers(table, rows)
        for fact in facts:
            values = [answer.get(fact.name) for answer in answers]
            column = _spread_values(values, which, fact)
            if _is_copied(fact) and fact.source is not None:
                stated = table.get(str(fact.source.path))
                if stated is not None:
                    column = stated.column if column is None else pc.coalesce(stated.column, column)
            if column is not None:
                into[fact.name] = column if fact.name not in into else _first(into[fact.name], column)

    def _put_directly(
        self, group: int, cases: Mapping[str, CodedColumn], rows: int, into: dict[str, pa.Array]
    ) -> dict[str, CodedColumn]:
        """Facts that a few columns give by themselves; returns those columns, blank where they have been read."""
        facts, direct = self._groups[group][0], self._direct[group]
        answers, which = direct.answers(cases, rows)
        names = [fact.name for fact in facts]
        known = [all(answer.get(name) is not None for name in names) for answer in answers]
        read = np.array(known)[which]
        for fact in facts:
            values = [
                answer.get(fact.name) if is_known else None for answer, is_known in zip(answers, known, strict=True)
            ]
            column = _spread_values(values, which, fact)
            if column is not None:
                into[fact.name] = column
        return {name: cases[name].blank(read) for name in direct.columns if name in cases}

    def _derive(self, per_item: bool, wanted: frozenset[str]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
        """The facts `wanted` of the smallest request that says what some columns say."""

        def derive(said: Mapping[str, Any]) -> Mapping[str, Any]:
            data = _request_of(said, self._places, per_item)
            request = build_request(data)
            batch = self._context_of(request) if self._context_of is not None else None
            found = self._characteriser.characterise(request, None, as_of=date.min, batch=batch).facts
            facts = found.items[0].facts if per_item else found.facts
            return {name: value for name, value in facts.items() if name in wanted}

        return derive

    def _column(self, name: str, column: pa.Array) -> pa.Array:
        """A column to combine by; of some only whether they are stated."""
        if name == ADDRESS and pa.types.is_list(column.type):
            return lines_to_combine(column)
        stand_in = BY_PRESENCE.get(name)
        return (
            column
            if stand_in is None
            else pc.if_else(column.is_valid(), pa.scalar(stand_in), pa.scalar(None, pa.string()))
        )


def ask_directly(
    facts: Sequence[Fact], context_of: ContextOf | None
) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Derivations asked with as much of a request as their columns hold; what is no plain answer is left out."""
    asked: dict[str, Callable[[Given], Any]] = {}
    for fact in facts:
        derivation = DERIVATIONS[fact.source.derive] if fact.source is not None and fact.source.derive else None
        if derivation is not None and derivation.of_case is not None:
            asked[fact.name] = derivation.of_case

    def ask(said: Mapping[str, Any]) -> Mapping[str, Any]:
        request = _as_far_as_said(said)
        given = Given(request, None, None if context_of is None else context_of(request), date.min)
        found = {name: read(given) for name, read in asked.items()}
        return {name: value for name, value in found.items() if type(value) in (bool, int, str)}

    return ask


def _as_far_as_said(said: Mapping[str, Any]) -> Request:
    """What a derivation sees of a request that says nothing else; the cells have been checked."""
    lines = said.get(ADDRESS)
    address = None if lines is None else SimpleNamespace(lines=tuple(lines.split(BETWEEN)))
    numbers = sorted({int(name.split(".")[1]) for name in said if name.startswith("recipients.")})
    recipients = tuple(
        SimpleNamespace(name=said.get(f"recipients.{n}.name"), agency=said.get(f"recipients.{n}.agency"))
        for n in numbers
    )
    subject = SimpleNamespace(address=address)
    return cast(Request, SimpleNamespace(subject=subject, reasons=said.get("reasons"), recipients=recipients))


def _is_copied(fact: Fact) -> bool:
    """Whether a fact is the date in one column."""
    source = fact.source
    return fact.type == "date" and not fact.per_item and source is not None and source.derive is None


def _request_of(said: Mapping[str, Any], places: Mapping[str, tuple[Path, Shape]], per_item: bool) -> dict[str, Any]:
    """The smallest request that says what some columns say, as plain data."""
    cells: dict[str, Any] = {}
    known = dict(places)
    item: dict[str, Any] = dict(_ONE_ITEM[0])
    sections: list[str] = []
    for name, value in said.items():
        if name.startswith("@"):
            sections.append(name[1:])
        elif name.startswith(ITEM):
            item[name.removeprefix(ITEM)] = value
        else:
            lines = value.split(BETWEEN) if name == ADDRESS else value
            cells[name] = list(lines) if isinstance(lines, tuple) else lines
    data = nest(cells, known)
    for section in sections:
        if section in shapes_of(Request) and shapes_of(Request)[section].section is not None:
            data.setdefault(section, {})
    if any(section.startswith("recipients.") for section in sections):
        data["recipients"] = _recipients(cells, sections, known)
    data["id"] = "request"
    if per_item or "items" not in data:
        data["items"] = [item]
    else:
        data["items"] = [{"id": f"item-{n}", **part} for n, part in enumerate(data["items"])]
    return data


def _recipients(
    cells: Mapping[str, Any], sections: Sequence[str], places: Mapping[str, tuple[Path, Shape]]
) -> list[dict[str, Any]]:
    """Every recipient that is there, in order, those of whom nothing else is said included."""
    numbers = sorted(int(section.split(".")[1]) for section in sections if section.startswith("recipients."))
    found = []
    for number in numbers:
        prefix = f"recipients.{number}."
        own = {name: value for name, value in cells.items() if name.startswith(prefix)}
        parts = nest(own, places).get("recipients", [{}]) if own else [{}]
        found.append(parts[0])
    return found


def _spread_values(values: list[Any], which: Codes, fact: Fact) -> pa.Array | None:
    """One value a combination as one a row; `None` where no combination has any."""
    if all(value is None for value in values):
        return None
    kind = arrow_type(fact, coded=True)
    if fact.type == "enum":
        place = {word: number for number, word in enumerate(fact.values)}
        codes = _spread_codes([None if value is None else place[value] for value in values], which, kind.index_type)
        return pa.DictionaryArray.from_arrays(codes, pa.array(fact.values, pa.string()))
    if fact.type == "bool":
        return _spread_codes(values, which, kind)
    column = pa.array(values, kind)
    return pa.repeat(column[0], len(which)) if len(values) == 1 else pc.take(column, pa.array(which))


def _spread_codes(values: Sequence[int | None], which: Codes, kind: pa.DataType) -> pa.Array:
    """Truth, or small whole numbers, put on rows; by the byte where there are few combinations."""
    if which.dtype != np.uint8 or kind not in (pa.bool_(), pa.int8()):
        return pc.take(pa.array(values, kind), pa.array(which))
    own, known = spread(values, which)
    data = bits(own) if kind == pa.bool_() else pa.py_buffer(own)
    return pa.Array.from_buffers(kind, len(which), [bits(known), data])


def _first(one: pa.Array, other: pa.Array) -> pa.Array:
    """The value of `one`, or of `other` where that has none."""
    if not pa.types.is_dictionary(one.type):
        return pc.coalesce(one, other)
    return pa.DictionaryArray.from_arrays(pc.coalesce(one.indices, other.indices), one.dictionary)


def _of_match(fact: Fact, matches: pa.Table) -> pa.Array | None:
    source = fact.source
    if source is None or source.derive is None or source.derive not in matches.column_names:
        return None
    column = matches.column(source.derive).combine_chunks()
    if fact.type != "enum":
        return column
    codes = pc.index_in(column, pa.array(fact.values, pa.string())).cast(arrow_type(fact, True).index_type)
    return pa.DictionaryArray.from_arrays(codes, pa.array(fact.values, pa.string()))


def _taken(column: pa.Array, where: pa.Array, whole: bool) -> pa.Array:
    return column if whole else column.take(where)


def _ordered(column: pa.Array, order: pa.Array | None) -> pa.Array:
    return column if order is None else column.take(order)


def _text(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
