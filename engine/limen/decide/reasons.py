"""Why: the reasons of a verdict, rendered once per edition and shared by every decision made under it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from limen.decide.decision import Outcome, Reason
from limen.decide.findings import Findings, ItemFindings
from limen.law.edition import Edition, EditionBar, EditionGateway, Point
from limen.law.node import Node
from limen.law.rules import Bar, Gateway, Prohibition
from limen.law.truth import Truth

_OUTCOME: dict[Truth, Outcome] = {True: "met", False: "not_met", None: "not_known"}


class ItemReasons(NamedTuple):
    """The gateway that answers for one item, why, and the first obstacle in each other gateway that is not open."""

    gateway: EditionGateway | None
    reasons: tuple[Reason, ...]
    elsewhere: tuple[Reason, ...]


class Reasoner:
    """Explains findings under one edition. Holds nothing but what it derived from the edition: share it freely."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        # Each reason once: of a gateway's element or ground (gateway, point, truth), and of a bar (bar, truth).
        self.element = cache(self._render_element)
        self.ground = cache(self._render_ground)
        self.bar = cache(self._render_bar)
        self._cites = {rule.address: rule.cite for rule in _rules(edition)}
        self._cost = [len(gateway.elements) + 1 for gateway in edition.gateways]

    def __reduce__(self) -> tuple[type[Reasoner], tuple[Edition]]:
        return (Reasoner, (self.edition,))

    def item(self, findings: Findings, index: int) -> ItemReasons:
        """The reasons for the item at `index`."""
        item = findings.items[index]
        if item.verdict == "not_covered":
            return ItemReasons(None, self.not_covered(item), ())
        chosen = self._answering_gateway(findings, item)
        if chosen is None:
            return ItemReasons(None, self.prohibition(item), ())
        elsewhere = tuple(
            obstacle
            for number in range(len(self.edition.gateways))
            if number != chosen and (obstacle := self._first_obstacle(findings, item, number)) is not None
        )
        reasons = self._gateway_reasons(findings, item, chosen)
        if item.verdict == "open" and item.gateways[chosen] is True:
            reasons = (*self.prohibition(item), *reasons)
        return ItemReasons(self.edition.gateways[chosen], reasons, elsewhere)

    def _answering_gateway(self, findings: Findings, item: ItemFindings) -> int | None:
        """The gateway that answers: an open one (`must` before `may`), else the one nearest to opening.

        Nearest: one that only lacks what is not known, then the one with the smallest share of its requirements not
        met or not known, then the fewest not met, then the order of the book.
        """
        best: tuple[int, int, int, int] | None = None
        answer: int | None = None
        for number, gateway in enumerate(self.edition.gateways):
            opened = item.gateways[number]
            if opened is True:
                rank = (-2 if gateway.rule.effect == "must" else -1, 0, 0, number)
            else:
                values = [findings.case[i] for i in gateway.elements]
                grounds = [item.points[i] for i in gateway.grounds]
                if True not in grounds:
                    values.append(None if None in grounds else False)
                failed = values.count(False)
                if opened is None:
                    rank = (0, 0, values.count(None), number)
                else:
                    lacking = failed + values.count(None)
                    rank = (1, lacking * 100 // self._cost[number], failed, number)
            if best is None or rank < best:
                best, answer = rank, number
        return answer

    def _gateway_reasons(self, findings: Findings, item: ItemFindings, number: int) -> tuple[Reason, ...]:
        """Every requirement of one gateway: bars that stand or may stand first, then elements, then grounds."""
        gateway = self.edition.gateways[number]
        bars = [self.bar(i, item.bars[i]) for i in gateway.bars if item.bars[i] is not False]
        elements = [self.element(number, i, findings.case[i]) for i in gateway.elements]
        grounds = [item.points[i] for i in gateway.grounds]
        wanted: Truth = True if True in grounds else None if None in grounds else False
        shown = [
            self.ground(number, i, item.points[i])
            for i in gateway.grounds
            if item.points[i] is wanted
        ]  # fmt: skip
        return (*bars, *elements, *shown)

    def _first_obstacle(self, findings: Findings, item: ItemFindings, number: int) -> Reason | None:
        """The first requirement that keeps a gateway from opening; `None` if it is open."""
        gateway = self.edition.gateways[number]
        for wanted in (False, None):
            for i in gateway.elements:
                if findings.case[i] is wanted:
                    return self.element(number, i, wanted)
            if not any(item.points[i] is True for i in gateway.grounds):
                for i in gateway.grounds:
                    if item.points[i] is wanted:
                        return self.ground(number, i, wanted)
            for i in gateway.bars:
                if item.bars[i] is (True if wanted is False else None):
                    return self.bar(i, item.bars[i])
        return None

    def not_covered(self, item: ItemFindings) -> tuple[Reason, ...]:
        """For an item out of reach: the side of each prohibition that is not met."""
        return tuple(
            self._point_reason(self.edition.item_points[i], rule.address, item.points[i])
            for rule, applies, says in self.edition.prohibitions
            for i in (applies, says)
            if item.points[i] is False
        )

    def prohibition(self, item: ItemFindings) -> tuple[Reason, ...]:
        """Both sides of each prohibition, as they stand."""
        return tuple(
            self._point_reason(self.edition.item_points[i], rule.address, item.points[i])
            for rule, applies, says in self.edition.prohibitions
            for i in (applies, says)
            if item.points[i] is not True
        ) or tuple(
            self._point_reason(self.edition.item_points[i], rule.address, item.points[i])
            for rule, applies, says in self.edition.prohibitions
            for i in (applies, says)
        )

    def _render_element(self, number: int, index: int, value: Truth) -> Reason:
        return self._point_reason(
            self.edition.case_points[index], self.edition.gateways[number].rule.address, value
        )  # fmt: skip

    def _render_ground(self, number: int, index: int, value: Truth) -> Reason:
        rule = self.edition.gateways[number].rule
        return self._point_reason(
            self.edition.item_points[index], rule.address, value, default_false=rule.withheld_because
        )

    def _render_bar(self, index: int, value: Truth) -> Reason:
        bar: EditionBar = self.edition.bars[index]
        rule = bar.rule
        outcome: Outcome = "barred" if value is True else "not_known" if value is None else "met"
        sentence = {"barred": rule.if_true, "not_known": rule.if_unknown}.get(outcome, f"{rule.title}: not in the way")
        return Reason(
            address=rule.address,
            citation=rule.cite.text,
            certainty=rule.cite.certainty,
            outcome=outcome,
            label=rule.title,
            sentence=sentence,
            rule=rule.address,
            confidential=rule.confidential,
        )

    def _point_reason(self, point: Point, rule: str, value: Truth, default_false: str | None = None) -> Reason:
        node = point.node
        cite = node.cite or self._cites[rule]
        return Reason(
            address=node.address,
            citation=cite.text,
            certainty=cite.certainty,
            outcome=_OUTCOME[value],
            label=node.label or node.id,
            sentence=self._sentence(node, value, default_false),
            cure=self._filled(node.if_false, node) if value is False and node.curable else None,
            rule=rule,
            confidential=self._authority_side(point),
        )

    def _sentence(self, node: Node, value: Truth, default_false: str | None) -> str:
        """One sentence for a point; `{reading}` in the book's words becomes the reading in use."""
        label = node.label or node.id
        if value is True:
            return self._filled(node.if_true, node) or f"Met: {label}."
        if value is False:
            return self._filled(node.if_false or default_false, node) or f"Not met: {label}."
        return self._filled(node.if_unknown, node) or f"Not known: {label}."

    def _filled(self, words: str | None, node: Node) -> str | None:
        if words is None or "{reading}" not in words:
            return words
        chosen = [child.label for part in node.walk() if part.op == "reading" for child in part.children]
        return words.replace("{reading}", "; ".join(label for label in chosen if label) or "none chosen")

    def _authority_side(self, point: Point) -> bool:
        """Whether any fact behind the point is known to the authority alone."""
        from limen.law.tree import facts_in

        return any(
            (fact := self.edition.facts.get(name)) is not None and (fact.authority_side or fact.sensitive)
            for name in facts_in(point.expr)
        )


def _rules(edition: Edition) -> Iterator[Prohibition | Gateway | Bar]:
    """The rules in force, whose citation stands for the nodes in them that have none of their own."""
    yield from (rule for rule, _, _ in edition.prohibitions)
    yield from (gateway.rule for gateway in edition.gateways)
    yield from (bar.rule for bar in edition.bars)
