"""A gateway that no case can ever open, under any profile and on any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from limen.law.dates import change_days
from limen.law.edition import Edition, EditionGateway
from limen.law.lint.finding import Context, Finding
from limen.law.making import EditionError, make_edition
from limen.law.satisfiable import satisfiable
from limen.law.tree import All, AnyOf, Expr, Not

NAME = "unreachable-gateway"


def find(context: Context) -> Iterator[Finding]:
    """Every gateway that could not be opened by any statement of facts."""
    closed = {gateway.address for gateway in context.book.gateways}
    for edition in _editions(context):
        for gateway in edition.gateways:
            address = gateway.rule.address
            if address in closed and satisfiable(opened(edition, gateway), edition.facts):
                closed.discard(address)
        if not closed:
            return
    for address in sorted(closed):
        yield context.finding(
            NAME,
            address,
            "no case can open it: its elements, grounds and bars exclude one another",
            "look for two elements that cannot both be met, or a bar that stands whenever they are",
        )


def opened(edition: Edition, gateway: EditionGateway) -> Expr:
    """What has to be true for `gateway` to be open for one item."""

    def stands(number: int) -> Expr:
        bar = edition.bars[number]
        holds = AnyOf(tuple(edition.item_points[index].expr for index in bar.conditions))
        return All((holds, *(Not(stands(other)) for other in bar.barred_by)))

    return All(
        (
            *(edition.case_points[index].expr for index in gateway.elements),
            AnyOf(tuple(edition.item_points[index].expr for index in gateway.grounds)),
            *(Not(stands(number)) for number in gateway.bars),
        )
    )


def _editions(context: Context) -> Iterator[Edition]:
    """Every profile on every day that changes something, the latest first: most gateways open at once."""
    for day in (date.max, *reversed(change_days(context.book))):
        for profile in context.book.profiles:
            try:
                yield make_edition(context.book, profile, day)
            except EditionError:
                continue
