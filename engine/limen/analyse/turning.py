"""What a verdict turns on: the points of which another truth value would by itself have changed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from limen.decide.findings import ItemFindings, Verdict
from limen.decide.settle import verdict_of
from limen.law.edition import Edition, EditionGateway
from limen.law.truth import Truth, conjunction, disjunction, negation

Spot = tuple[str, int]
"""A point of an edition: `case` or `item`, and its number."""

Values = tuple[Truth, ...]


class Turning:
    """One edition, asked what the verdicts under it turn on; only what rests on a point is settled anew."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def points(self, case: Values, found: ItemFindings) -> frozenset[Spot]:
        """The points of which another truth value would by itself change the verdict of one item."""
        turning: set[Spot] = set()
        for spot in _worth_trying(self._edition, case, found):
            kind, index = spot
            values = case if kind == "case" else found.points
            for other in (True, False, None):
                if other is values[index]:
                    continue
                changed = (*values[:index], other, *values[index + 1 :])
                sides = (changed, found.points) if kind == "case" else (case, changed)
                if self._verdict(spot, *sides, found) != found.verdict:
                    turning.add(spot)
                    break
        return frozenset(turning)

    def _verdict(self, spot: Spot, case: Values, points: Values, found: ItemFindings) -> Verdict:
        """As `settle_item`, where nothing but one point is otherwise than in `found`."""
        edition = self._edition
        bars = list(found.bars)
        for number in self._bars.get(spot, ()):
            bar = edition.bars[number]
            holds = disjunction([points[index] for index in bar.conditions])
            bars[number] = conjunction((holds, negation(disjunction([bars[index] for index in bar.barred_by]))))
        gateways = list(found.gateways)
        for number in self._gateways.get(spot, ()):
            gateway = edition.gateways[number]
            gateways[number] = conjunction(
                (
                    conjunction([case[index] for index in gateway.elements]) if gateway.elements else False,
                    disjunction([points[index] for index in gateway.grounds]),
                    negation(disjunction([bars[index] for index in gateway.bars])),
                )
            )
        forbidden = disjunction([conjunction((points[a], points[f])) for _, a, f in edition.prohibitions])
        return verdict_of(forbidden, disjunction(gateways))

    @cached_property
    def _bars(self) -> dict[Spot, list[int]]:
        """For each point the bars that rest on it, each after those that it is barred by."""
        resting: dict[Spot, list[int]] = {}
        for number in range(len(self._edition.bars)):
            for spot in _of_bars(self._edition, (number,)):
                resting.setdefault(spot, []).append(number)
        return resting

    @cached_property
    def _gateways(self) -> dict[Spot, list[int]]:
        """For each point the gateways that rest on it, those behind bars too."""
        resting: dict[Spot, list[int]] = {}
        for number, gateway in enumerate(self._edition.gateways):
            for spot in _of_gateway(self._edition, gateway):
                resting.setdefault(spot, []).append(number)
        return resting


def turning_points(edition: Edition, case: Values, found: ItemFindings) -> frozenset[Spot]:
    """The points of which another truth value would by itself change the verdict of one item."""
    return Turning(edition).points(case, found)


def _worth_trying(edition: Edition, case: tuple[Truth, ...], found: ItemFindings) -> Iterator[Spot]:
    """The points that could turn the verdict: those of the prohibition, and of gateways that are one step from it.

    A closed gateway matters only through the one thing that closes it; an undecided one through the one thing it
    lacks, or through anything where it alone keeps the verdict open; an open one through anything.
    """
    tried: set[Spot] = set()
    for _, applies, says in edition.prohibitions:
        tried |= {("item", applies), ("item", says)}
    opened = sum(value is True for value in found.gateways)
    undecided = sum(value is None for value in found.gateways)
    for gateway, value in zip(edition.gateways, found.gateways, strict=True):
        if opened and value is not True:
            continue
        closing, lacking = _wanting(edition, gateway, case, found, False), _wanting(edition, gateway, case, found, None)
        if value is False:
            tried |= closing[0] if len(closing) == 1 else set()
        elif value is None and undecided > 1:
            tried |= lacking[0] if len(lacking) == 1 else set()
        else:
            tried |= _of_gateway(edition, gateway)
    yield from sorted(tried)


def _wanting(
    edition: Edition, gateway: EditionGateway, case: tuple[Truth, ...], found: ItemFindings, how: Truth
) -> list[set[Spot]]:
    """What keeps a gateway from opening: its elements one by one, its grounds together, its bars together.

    `how` is `False` for what closes it, `None` for what leaves it undecided.
    """
    wanting: list[set[Spot]] = [{("case", i)} for i in gateway.elements if case[i] is how]
    if disjunction(found.points[i] for i in gateway.grounds) is how:
        wanting.append({("item", i) for i in gateway.grounds})
    if negation(disjunction(found.bars[i] for i in gateway.bars)) is how:
        wanting.append(_of_bars(edition, gateway.bars))
    return wanting


def _of_gateway(edition: Edition, gateway: EditionGateway) -> set[Spot]:
    own: set[Spot] = {("case", i) for i in gateway.elements} | {("item", i) for i in gateway.grounds}
    return own | _of_bars(edition, gateway.bars)


def _of_bars(edition: Edition, bars: Iterable[int]) -> set[Spot]:
    found: set[Spot] = set()
    for index in bars:
        bar = edition.bars[index]
        found |= {("item", i) for i in bar.conditions} | _of_bars(edition, bar.barred_by)
    return found
