"""From the truth of each point to bars, gateways and the verdict on one item.

Gateways accumulate, bars win, nothing has a priority number:

    allow(item) = some gateway [ every element and some release ground and no bar that overrides it ]

in the strong Kleene logic of `limen.law.truth`. The prohibition comes first: where it does not reach the item
nothing is decided (`not_covered`), and where nobody knows whether it does, the verdict stays open.
"""

from __future__ import annotations

from limen.decide.findings import ItemFindings, Verdict
from limen.law.edition import Edition
from limen.law.truth import Truth, conjunction, disjunction, negation


def settle_item(edition: Edition, case: tuple[Truth, ...], points: tuple[Truth, ...]) -> ItemFindings:
    """Bars, gateways and verdict of one item.

    `case` holds the truth of `edition.case_points`, `points` that of `edition.item_points` for this item, both in
    the edition's order.
    """
    bars: list[Truth] = []
    for bar in edition.bars:
        holds = disjunction(points[index] for index in bar.conditions)
        lifted = disjunction(bars[index] for index in bar.barred_by)
        bars.append(conjunction((holds, negation(lifted))))
    gateways = tuple(
        conjunction(
            (
                conjunction(case[index] for index in gateway.elements) if gateway.elements else False,
                disjunction(points[index] for index in gateway.grounds),
                negation(disjunction(bars[index] for index in gateway.bars)),
            )
        )
        for gateway in edition.gateways
    )
    forbidden = disjunction(conjunction((points[applies], points[says])) for _, applies, says in edition.prohibitions)
    return ItemFindings(points, tuple(bars), gateways, verdict_of(forbidden, disjunction(gateways)))


def verdict_of(forbidden: Truth, authorised: Truth) -> Verdict:
    """The verdict, given whether the prohibition reaches the item and whether some gateway is open."""
    if forbidden is False:
        return "not_covered"
    if forbidden is None or authorised is None:
        return "open"
    return "allow" if authorised else "deny"
