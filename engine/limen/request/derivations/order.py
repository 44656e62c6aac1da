"""How far an order of a court reaches."""

from __future__ import annotations

from typing import Final

from limen.request.derivation import BLANK, Derivation, Derived, Given
from limen.request.model import Item
from limen.request.periods import covers
from limen.request.sections import CourtOrder


def _item_named(given: Given, item: Item) -> Derived:
    order = given.request.order
    if not isinstance(order, CourtOrder):
        return None
    names = order.items
    if not names:
        return BLANK
    if item.id in names or item.kind in names:
        return True
    named = {name.casefold() for name in names}
    if item.id.casefold() in named or item.kind in named:
        return True
    return None if "unknown" in named else False


def _period_named(given: Given, item: Item) -> Derived:
    order = given.request.order
    if not isinstance(order, CourtOrder):
        return None
    periods = order.periods
    if not periods:
        return BLANK
    own = item.period
    wanted = given.request.tax_periods if own is None else (own,)
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
    ),
    Derivation(
        "item_period_in_order",
        "bool",
        "The order specifies the taxable period of the item; an item without one of its own is asked for all periods "
        "of the request.",
        "26 U.S.C. 6103(i)(1)(A)",
        part="order",
        of_item=_period_named,
    ),
)
