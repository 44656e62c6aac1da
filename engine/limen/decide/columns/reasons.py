"""Why, for rows somebody looks at: the first reason as a column, the whole list row by row.

Both keep to the contract of `limen.decide.answer`: a gateway whose leading element is false says nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from limen.decide.answer import Answer, passed_over
from limen.decide.columns.law import LawColumns
from limen.decide.columns.layout import CASE_ID, ITEM_ID, VERDICTS, column_name
from limen.decide.compiled import Compiled
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts


def first_reason(edition: Edition, columns: LawColumns[pa.BooleanArray], verdicts: pa.Array) -> pa.DictionaryArray:
    """For each item not allowed and covered, the address of the first thing in its way; NULL for the others.

    It is the first obstacle of the item's answer in a gateway whose leading element is true; or else in one where that
    is not known; or else, where every gateway is closed by its leading element, the first of those. For a batch of
    rows that hold case and item in one. `verdicts` are codes, as `verdict_codes` gives them.
    """
    settled = pc.is_in(verdicts, pa.array([VERDICTS.index("allow"), VERDICTS.index("not_covered")], verdicts.type))
    left = pc.invert(settled)
    addresses: list[str] = []
    first: pa.Array = pa.nulls(len(verdicts), pa.int32())
    for address, where in _in_the_way(edition, columns):
        here = pc.and_(left, where)
        if here.true_count:
            first = pc.if_else(here, pa.scalar(len(addresses), pa.int32()), first)
            left = pc.and_not(left, here)
            addresses.append(address)
            if not left.true_count:
                break
    return pa.DictionaryArray.from_arrays(first, pa.array(addresses, pa.string()))


def _in_the_way(edition: Edition, columns: LawColumns[pa.BooleanArray]) -> Iterator[tuple[str, pa.BooleanArray]]:
    """What can be in the way of an item, in the order in which an answer names it: address, and where it is."""
    for _, *sides in edition.prohibitions:
        for index in sides:
            unknown = pc.and_(pc.is_null(columns.forbidden), pc.is_null(columns.item[index]))
            yield edition.item_points[index].address, unknown
    live = [
        (gateway, ground, columns.case[gateway.elements[0]])
        for gateway, ground in zip(edition.gateways, columns.grounds, strict=True)
        if gateway.elements and gateway.grounds
    ]
    for how in (_is_true, pc.is_null):
        for gateway, _, leading in live:
            about = how(leading)
            for index in gateway.elements:
                yield edition.case_points[index].address, pc.and_(about, _is_not(columns.case[index], True))
        for gateway, ground, leading in live:
            about = how(leading)
            yield edition.item_points[gateway.grounds[0]].address, pc.and_(about, _is_not(ground, True))
            for index in gateway.bars:
                yield edition.bars[index].rule.address, pc.and_(about, _is_not(columns.bars[index], False))
    for gateway, _, _ in live:
        index = gateway.elements[0]
        yield edition.case_points[index].address, _is_not(columns.case[index], True)


def _is_true(column: pa.BooleanArray) -> pa.BooleanArray:
    return pc.fill_null(column, False)


def _is_not(column: pa.BooleanArray, value: bool) -> pa.BooleanArray:
    """Where `column` is the other value or not known."""
    return pc.invert(pc.fill_null(column, False)) if value else pc.fill_null(column, True)


def rows_as_cases(edition: Edition, rows: pa.Table) -> list[CaseFacts]:
    """The rows of a table of facts as cases of one item each, to be explained by any evaluator."""
    case = [(name, column_name(name)) for name, fact in edition.facts.items() if not fact.per_item]
    item = [(name, column_name(name)) for name, fact in edition.facts.items() if fact.per_item]

    def stated(row: dict[str, Any], names: Sequence[tuple[str, str]]) -> dict[str, Any]:
        return {fact: row[column] for fact, column in names if row[column] is not None}

    return [CaseFacts(stated(row, case), (ItemFacts(row[ITEM_ID], stated(row, item)),)) for row in rows.to_pylist()]


def reasons(compiled: Compiled, rows: pa.Table) -> list[tuple[int, str, Answer]]:
    """For each row: its case, its item, and the answer with everything that is in the way."""
    cases = rows_as_cases(compiled.edition, rows)
    numbers = rows.column(CASE_ID).to_pylist()
    return [(number, case.items[0].id, compiled.answer(case)[0]) for number, case in zip(numbers, cases, strict=True)]


def every_reason(compiled: Compiled, rows: pa.Table, wanted: pa.Array) -> pa.ListArray:
    """For each row of one item the addresses of everything in its way, once each, in the order of its answer.

    NULL where `wanted` is false. This asks the generated evaluator row by row: some thousands a second, not millions.
    """
    places = pc.indices_nonzero(wanted)
    found: list[list[str] | None] = [None] * rows.num_rows
    for place, (_, _, answer) in zip(places.to_pylist(), reasons(compiled, rows.take(places)), strict=True):
        found[place] = list(dict.fromkeys(obstacle.address for obstacle in answer.obstacles)) or [
            obstacle.address for obstacle in passed_over(compiled.edition, answer)
        ]
    return pa.array(found, pa.list_(pa.string()))
