"""A hint for practice: which documents to look at once more. It never says what they say, nor what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from limen.law.edition import Edition
from limen.law.tree import facts_in
from limen.training.documents import TITLES, place_of
from limen.training.key import Key
from limen.training.twin import ToldTwin

MOST: int = 2
"""Documents that a hint names."""


def hint(edition: Edition, key: Key, twin: ToldTwin | None) -> tuple[str, ...]:
    """The titles of the documents where it is decided: where those facts stand, or would stand, that are read by what
    is not met or not known at the gateway that answers; of a release, where the twin differs."""
    facts = [*_read(edition, {one.address for item in key.items for one in item.reasons if one.outcome != "met"})]
    if not facts and twin is not None:
        facts = [change.fact for change in twin.differences]
    if not facts:
        facts = [*_read(edition, {one.address for item in key.items for one in item.reasons})]
    places = [place_of(fact) for fact in facts]
    ranked = sorted(dict.fromkeys(places), key=lambda place: (-places.count(place), list(TITLES).index(place)))
    return tuple(TITLES[place] for place in ranked[:MOST])


def _read(edition: Edition, addresses: Collection[str]) -> Iterator[str]:
    """The facts that the points and bars at some addresses read."""
    for point in (*edition.case_points, *edition.item_points):
        if point.address in addresses:
            yield from sorted(facts_in(point.expr))
    for bar in edition.bars:
        if bar.rule.address in addresses:
            for index in bar.conditions:
                yield from sorted(facts_in(edition.item_points[index].expr))
