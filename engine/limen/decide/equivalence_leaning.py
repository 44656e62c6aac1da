"""Cases that nearly open a gateway: the facts its elements ask for, the bars put aside, then a little of it disturbed.

Facts drawn blindly are denied almost always, and evaluators that agree on denials alone have shown little. Nothing here
promises an allow; what a case comes to is for the evaluators to say.
"""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from limen.law.edition import Edition, EditionBar
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Expr,
    Known,
    Member,
    Not,
    Number,
)
from limen.law.vocabulary import Fact, FactValue

_OPERATOR: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


class Leaning:
    """Draws facts that lean towards opening some gateway of `edition`."""

    def __init__(self, edition: Edition, draw: random.Random, value: Callable[[Fact], FactValue]) -> None:
        self._edition = edition
        self._draw = draw
        self._value = value
        self._open = [gateway for gateway in edition.gateways if gateway.elements and gateway.grounds]

    def facts(self) -> dict[str, FactValue]:
        """Facts of a case and of its items together, as one gateway would have them; a few disturbed."""
        edition, draw = self._edition, self._draw
        found: dict[str, FactValue] = {}
        if not self._open:
            return found
        gateway = draw.choice(self._open)
        for index in gateway.bars:
            self._put_aside(edition.bars[index], found)
        _, *sides = draw.choice(edition.prohibitions)
        for side in sides:
            self._lean(edition.item_points[side].expr, True, found)
        self._lean(edition.item_points[draw.choice(gateway.grounds)].expr, True, found)
        for index in gateway.elements:
            self._lean(edition.case_points[index].expr, True, found)
        for name in draw.sample(sorted(found), min(len(found), draw.choice((0, 0, 0, 1, 1, 2)))):
            if draw.random() < 0.5:
                del found[name]
            else:
                found[name] = self._value(edition.facts[name])
        return found

    def _put_aside(self, bar: EditionBar, into: dict[str, FactValue]) -> None:
        for index in bar.conditions:
            self._lean(self._edition.item_points[index].expr, False, into)

    def _lean(self, expr: Expr, wanted: bool, into: dict[str, FactValue]) -> None:
        """State in `into` what makes `expr` come out as `wanted`; what was stated before may be lost."""
        match expr:
            case BoolFact(fact):
                into[fact] = wanted
            case Member(fact, values):
                others = [value for value in self._edition.facts[fact].values if value not in values]
                choices: Sequence[str] = values if wanted else others
                if choices:
                    into[fact] = self._draw.choice(choices)
            case Known(fact) if fact not in into:
                into[fact] = self._value(self._edition.facts[fact])
            case Compare(Number(fact), op, int() | date() as bound):
                least = self._edition.facts[fact].minimum
                near = [value for value in _around(bound) if _OPERATOR[op](value, bound) is wanted]
                near = [value for value in near if least is None or isinstance(value, date) or value >= least]
                if near:
                    into[fact] = self._draw.choice(near)
            case Compare(DaysBetween(start, end), op, int() as days):
                near_days = [step for step in (days - 1, days, days + 1) if _OPERATOR[op](step, days) is wanted]
                first = into.setdefault(start, self._value(self._edition.facts[start]))
                if isinstance(first, date):
                    into[end] = first + timedelta(days=self._draw.choice(near_days))
            case Not(part):
                self._lean(part, not wanted, into)
            case All(parts) | AnyOf(parts) if parts:
                every = isinstance(expr, All) is wanted
                for part in parts if every else (self._draw.choice(parts),):
                    self._lean(part, wanted, into)


def _around(bound: int | date) -> list[Any]:
    """The value itself and its neighbours on both sides."""
    if isinstance(bound, date):
        return [bound + timedelta(days=step) for step in (-1, 0, 1)]
    return [bound - 1, bound, bound + 1]
