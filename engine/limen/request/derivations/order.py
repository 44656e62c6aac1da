"""How far an order of a court reaches."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from limen.request.derivation import BLANK, Derivation, Derived, Given, Written
from limen.request.model import Item
from limen.request.periods import covers
from limen.request.sections import CourtOrder


def _item_named(given: Given, item: Item) -> Derived:
    order = given.request.order
    return _names(order.items, item.id, item.kind) if isinstance(order, CourtOrder) else None


def _period_named(given: Given, item: Item) -> Derived:
    order = given.request.order
    if not isinstance(order, CourtOrder):
        return None
    return _reaches(order.periods, given.request.tax_periods if item.period is None else (item.period,))


@lru_cache(maxsize=4096)
def _names(names: tuple[str, ...], id: str, kind: str) -> Derived:
    """Whether things named so include the item of this id and kind."""
    if not names:
        return BLANK
    named = {name.casefold() for name in names}
    if id.casefold() in named or kind in named:
        return True
    return None if "unknown" in named else False


@lru_cache(maxsize=4096)
def _reaches(periods: tuple[str, ...], wanted: tuple[str, ...]) -> Derived:
    """Whether an order for these periods reaches all that are wanted."""
    if not periods:
        return BLANK
    if not wanted or "unknown" in wanted:
        return None
    if covers(periods, wanted):
        return True
    return None if "unknown" in periods else False


ALL: Final = (
    Derivation(
        "item_named_in_order",
        "bool",
        "The order reaches the item when it names the item, or its kind.",
        "26 U.S.C. 6103(i)(1)(A)",
        part="order",
        of_item=_item_named,
        written=Written("named(part.__dict__['items'], said['id'], said['kind'])", {"named": _names}),
    ),
    Derivation(
        "item_period_in_order",
        "bool",
        "The order specifies the taxable period of the item; an item without one of its own is asked for all periods "
        "of the request.",
        "26 U.S.C. 6103(i)(1)(A)",
        part="order",
        of_item=_period_named,
        written=Written(
            "reaches(part.__dict__['periods'], "
            "top['tax_periods'] if (period := said['period']) is None else (period,))",
            {"reaches": _reaches},
        ),
    ),
)
