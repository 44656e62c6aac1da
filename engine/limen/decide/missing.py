"""Which facts nobody has stated could still change an open verdict.

Partial evaluation: what the stated facts already settle falls away, and the facts left over are those that matter.
A fact that is not named here cannot change the verdict. The converse is not promised: two facts may be tied to
each other in a way that only an exact check (`limen.decide.exact`) can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from limen.decide.findings import Findings, ItemFindings
from limen.decide.reference import Stated, truth
from limen.law.edition import Edition, Point
from limen.law.facts import CaseFacts
from limen.law.tree import All, AnyOf, Expr, Not, facts_in
from limen.law.truth import conjunction, disjunction


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
    return MissingFinder(edition).find(facts, findings)


class MissingFinder:
    """Finds the missing facts of case after case under one edition. Holds nothing of any case."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        # By identity: a point is as deep as its expression, and comparing them costs more than what is looked up.
        self._leaves: dict[int, tuple[str, ...] | None] = {}

    def __reduce__(self) -> tuple[type[MissingFinder], tuple[Edition]]:
        return (MissingFinder, (self.edition,))

    def find(self, facts: CaseFacts, findings: Findings) -> Mapping[str, Mapping[str, set[str]]]:
        """For each fact that could still change a verdict: the items it could change, each with the points it is for.

        `findings` are those of this edition for `facts`.
        """
        found: dict[str, dict[str, set[str]]] = {}
        for item, item_findings in zip(facts.items, findings.items, strict=True):
            if item_findings.verdict != "open":
                continue
            stated = {**facts.facts, **item.facts}
            open_points = {id(point): point for point in _open_points(self.edition, findings.case, item_findings)}
            for point in open_points.values():
                for fact in self._needed(point, stated):
                    found.setdefault(fact, {}).setdefault(item.id, set()).add(point.address)
        return found

    def _needed(self, point: Point, stated: Stated) -> Iterable[str]:
        """The facts that could still settle a point which is not known."""
        key = id(point)
        if key not in self._leaves:
            self._leaves[key] = _only_leaves(point.expr)
        leaves = self._leaves[key]
        return undecided(point.expr, stated) if leaves is None else [f for f in leaves if stated.get(f) is None]


def _only_leaves(expr: Expr) -> tuple[str, ...] | None:
    """The facts of an expression no deeper than one group of tests; `None` for a deeper one.

    While such a group is not known, each of its tests that lacks a fact can still settle it, so nothing need be
    evaluated again.
    """
    expr = _without_not(expr)
    if isinstance(expr, All | AnyOf) and any(isinstance(_without_not(part), All | AnyOf) for part in expr.parts):
        return None
    return tuple(facts_in(expr))


def _without_not(expr: Expr) -> Expr:
    while isinstance(expr, Not):
        expr = expr.part
    return expr


def _open_points(edition: Edition, case: tuple[bool | None, ...], item: ItemFindings) -> Iterator[Point]:
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


def _open_bar(edition: Edition, item: ItemFindings, index: int) -> Iterator[Point]:
    """The points not known that keep a bar from being settled."""
    if item.bars[index] is not None:
        return
    bar = edition.bars[index]
    if not any(item.points[i] is True for i in bar.conditions):
        yield from (edition.item_points[i] for i in bar.conditions if item.points[i] is None)
    for other in bar.barred_by:
        yield from _open_bar(edition, item, other)
