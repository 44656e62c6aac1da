"""Which facts nobody has stated could still change an open verdict.

Partial evaluation: what the stated facts already settle falls away, and the facts left over are those that matter.
A fact that is not named here cannot change the verdict. The converse is not promised: two facts may be tied to
each other in a way that only an exact check (`limen.decide.exact`) can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from limen.decide.findings import Findings, ItemFindings
from limen.decide.reference import Stated, truth
from limen.law.edition import Edition, Point
from limen.law.facts import CaseFacts
from limen.law.tree import All, AnyOf, Expr, Not, facts_in
from limen.law.truth import conjunction, disjunction

Where = dict[str, set[str]]
"""Fact name to the addresses of the points it is needed for."""


def undecided(expr: Expr, stated: Stated) -> frozenset[str]:
    """The facts that could still settle `expr`: none if it is settled already."""
    if truth(expr, stated) is not None:
        return frozenset()
    match expr:
        case Not(part):
            return undecided(part, stated)
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(undecided(part, stated) for part in parts))
    return frozenset(fact for fact in facts_in(expr) if stated.get(fact) is None)


def missing_facts(edition: Edition, facts: CaseFacts, findings: Findings) -> Mapping[str, Mapping[str, set[str]]]:
    """For each fact that could still change a verdict: the items it could change, each with the points it is for."""
    found: dict[str, dict[str, set[str]]] = {}
    for item, item_findings in zip(facts.items, findings.items, strict=True):
        if item_findings.verdict != "open":
            continue
        where: Where = {}
        stated = {**facts.facts, **item.facts}
        for point in _open_points(edition, findings.case, item_findings):
            for fact in undecided(point.expr, stated):
                where.setdefault(fact, set()).add(point.address)
        for fact, addresses in where.items():
            found.setdefault(fact, {})[item.id] = addresses
    return found


def _open_points(edition: Edition, case: tuple[bool | None, ...], item: ItemFindings) -> Iterable[Point]:
    """The points not known on which the open verdict of one item rests."""
    points = item.points
    forbidden = disjunction(conjunction((points[a], points[f])) for _, a, f in edition.prohibitions)
    if forbidden is None:
        for _, applies, says in edition.prohibitions:
            if points[applies] is not False and points[says] is not False:
                yield from (edition.item_points[i] for i in (applies, says) if points[i] is None)
    if True in item.gateways:
        return
    for gateway, opened in zip(edition.gateways, item.gateways, strict=True):
        if opened is not None:
            continue
        yield from (edition.case_points[i] for i in gateway.elements if case[i] is None)
        if not any(points[i] is True for i in gateway.grounds):
            yield from (edition.item_points[i] for i in gateway.grounds if points[i] is None)
        for index in gateway.bars:
            yield from _open_bar(edition, item, index)


def _open_bar(edition: Edition, item: ItemFindings, index: int) -> Iterable[Point]:
    """The points not known that keep a bar from being settled."""
    if item.bars[index] is not None:
        return
    bar = edition.bars[index]
    if not any(item.points[i] is True for i in bar.conditions):
        yield from (edition.item_points[i] for i in bar.conditions if item.points[i] is None)
    for other in bar.barred_by:
        yield from _open_bar(edition, item, other)
