"""Columns in a database: the same fold written in Ibis, for an embedded DuckDB or a Spark cluster.

Only what both engines agree on is used: Kleene `and` / `or` / `not`, equality and membership of text, comparison of
whole numbers and of dates, whole days between dates. `NULL` is not known throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from limen.decide.columns.law import LawColumns, settle_columns, write_points
from limen.decide.columns.layout import CASE_ID, ITEM_ID, column_name
from limen.law.edition import Edition
from limen.law.tree import Comparison
from limen.law.truth import Truth

MASK_BITS = 62
"""Elements that fit in one mask: it is a signed 64-bit number."""


class WideGatewayError(Exception):
    """A gateway has more elements than a mask has bits."""

    def __init__(self, rule: str, elements: int) -> None:
        super().__init__(
            f"`{rule}` has {elements} elements and a mask holds {MASK_BITS}; use the columns of its points"
        )


class IbisAlgebra:
    """Truth columns as Ibis expressions over one table of items that repeats the facts of the case."""

    def __init__(self, table: ir.Table) -> None:
        self._table = table

    def literal(self, value: Truth, per_item: bool) -> ir.BooleanValue:
        return ibis.null("boolean") if value is None else ibis.literal(value)

    def flag(self, fact: str, per_item: bool) -> ir.BooleanValue:
        return self._column(fact)

    def member(self, fact: str, values: Sequence[str], per_item: bool) -> ir.BooleanValue:
        column = self._column(fact)
        return column == values[0] if len(values) == 1 else column.isin(list(values))

    def known(self, fact: str, per_item: bool) -> ir.BooleanValue:
        return ibis.ifelse(self._column(fact).notnull(), True, ibis.null("boolean"))

    def compare(self, fact: str, op: Comparison, value: int | date, per_item: bool) -> ir.BooleanValue:
        return _compare(self._column(fact), op, value)

    def compare_days(
        self, start: tuple[str, bool], end: tuple[str, bool], op: Comparison, days: int
    ) -> ir.BooleanValue:
        return _compare(self._column(end[0]).delta(self._column(start[0]), unit="day"), op, days)

    def negate(self, part: ir.BooleanValue) -> ir.BooleanValue:
        return ~part

    def all(self, parts: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
        return reduce(lambda left, right: left & right, parts)

    def any(self, parts: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
        return reduce(lambda left, right: left | right, parts)

    def lift(self, case_column: ir.BooleanValue) -> ir.BooleanValue:
        return case_column

    def _column(self, fact: str) -> Any:
        return self._table[column_name(fact)]


def _compare(column: Any, op: Comparison, value: int | date) -> Any:
    bound = ibis.literal(value)
    match op:
        case "<":
            return column < bound
        case "<=":
            return column <= bound
        case "==":
            return column == bound
        case "!=":
            return column != bound
        case ">=":
            return column >= bound
        case ">":
            return column > bound


def point_columns(edition: Edition, table: ir.Table) -> ir.Table:
    """A row per item with the ids and one truth column per point: `case_0`, ... and `item_0`, ..."""
    case, item = write_points(edition, IbisAlgebra(table))
    named = {f"case_{n}": column for n, column in enumerate(case)}
    named |= {f"item_{n}": column for n, column in enumerate(item)}
    return table.select(CASE_ID, ITEM_ID, **{name: _bool(column) for name, column in named.items()})


def law_columns(edition: Edition, table: ir.Table, points: bool = True, masks: bool = False) -> ir.Table:
    """What `edition` says of every row of `table`: ids, verdict, gateways, and on request points and masks.

    - `gateway_N`: whether gateway N of the edition is open; `bar_N`: whether bar N stands.
    - with `points`: a truth column for each, as `point_columns`.
    - with `masks`: for each gateway `gateway_N_true` and `gateway_N_false`, whole numbers whose bit K says that its
      element K is true or false; neither bit means not known.

    Raises `WideGatewayError` when a gateway has too many elements for a mask.
    """
    known = point_columns(edition, table)
    case = tuple(known[f"case_{n}"] for n in range(len(edition.case_points)))
    item = tuple(known[f"item_{n}"] for n in range(len(edition.item_points)))
    law: LawColumns[Any] = settle_columns(edition, IbisAlgebra(known), case, item)
    found: dict[str, Any] = {}
    found |= {f"bar_{n}": _bool(column) for n, column in enumerate(law.bars)}
    found |= {f"gateway_{n}": _bool(column) for n, column in enumerate(law.gateways)}
    found |= {"forbidden": _bool(law.forbidden)}
    if masks:
        for number, gateway in enumerate(edition.gateways):
            if len(gateway.elements) > MASK_BITS:
                raise WideGatewayError(gateway.rule.address, len(gateway.elements))
            elements = [case[index] for index in gateway.elements]
            found[f"gateway_{number}_true"] = _mask(elements)
            found[f"gateway_{number}_false"] = _mask([~element for element in elements])
    settled = known.select(known, **found) if points else known.select(CASE_ID, ITEM_ID, **found)
    opened = [settled[f"gateway_{n}"] for n in range(len(edition.gateways))]
    authorised = reduce(lambda left, right: left | right, opened) if opened else ibis.literal(False)
    return settled.mutate(verdict=_verdict(settled["forbidden"], authorised)).drop("forbidden")


def _mask(elements: Sequence[ir.BooleanValue]) -> ir.IntegerValue:
    bits = [ibis.ifelse(element, 1 << k, 0).cast("int64") for k, element in enumerate(elements)]
    return reduce(lambda left, right: left + right, bits, ibis.literal(0, type="int64"))


def _verdict(forbidden: ir.BooleanValue, authorised: ir.BooleanValue) -> ir.StringValue:
    return ibis.cases(
        (~forbidden, "not_covered"),
        (forbidden.isnull() | authorised.isnull(), "open"),
        (authorised, "allow"),
        else_="deny",
    )


def _bool(column: Any) -> Any:
    return column.cast("boolean")
