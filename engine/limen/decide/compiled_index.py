"""Which gateways a request can reach at all: an index over the leading element of each gateway.

A gateway whose leading element is already false once one enum fact is known (`requester.programme == 'wic'`) need
not be looked at for any request that states another value. That is found by asking the reference interpreter, with
that fact alone stated: in Kleene logic a false stays false whatever else is stated later. So the index can hold any
expression, not only equalities, and can leave a gateway out only where its leading element is false.

The index is a tree. A request that does not state the fact, or states a value outside its set, goes to a leaf that
looks at every gateway still possible there; nothing is left out because something is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from limen.decide.reference import truth
from limen.law.edition import Edition
from limen.law.tree import Expr, Member, facts_in, walk

SMALL = 4
"""So few gateways are looked at faster than they are told apart."""
WORTH = 0.6
"""A split must leave at most this share of the gateways, on average over the fact's values."""
GROWTH = 3
"""All leaves together may write out each gateway this many times on average."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The gateways to look at, as indexes into `Edition.gateways`."""

    gateways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Look at the enum `fact` first: `branches` by its value, `otherwise` when it is none of them."""

    fact: str
    branches: Mapping[str, Leaf | Split]
    otherwise: Leaf


def build_index(edition: Edition) -> Leaf | Split:
    """The index of `edition`: a single leaf where telling gateways apart does not pay."""
    live = tuple(number for number, gateway in enumerate(edition.gateways) if gateway.elements and gateway.grounds)
    leading = {number: edition.case_points[edition.gateways[number].elements[0]].expr for number in live}
    reads = {number: facts_in(expr) for number, expr in leading.items()}
    enums = [name for name, fact in edition.facts.items() if fact.type == "enum" and not fact.per_item]

    def grow(gateways: tuple[int, ...], stated: dict[str, str], budget: float) -> Leaf | Split:
        if len(gateways) <= SMALL:
            return Leaf(gateways)
        best: tuple[float, str, dict[str, tuple[int, ...]]] | None = None
        for fact in enums:
            readers = {number for number in gateways if fact in reads[number]}
            if fact in stated or len(readers) < len(gateways) * (1 - WORTH):
                continue
            values = edition.facts[fact].values
            closed = {number: _closed(leading[number], fact, values, stated) for number in readers}
            branches = {
                value: tuple(number for number in gateways if number not in readers or value not in closed[number])
                for value in values
            }
            written = sum(map(len, branches.values()))
            share = written / (len(branches) * len(gateways))
            if share <= WORTH and written <= budget * len(gateways) and (best is None or share < best[0]):
                best = (share, fact, branches)
        if best is None:
            return Leaf(gateways)
        _, fact, branches = best
        left = budget * len(gateways) / max(1, sum(map(len, branches.values())))
        grown = {value: grow(inside, {**stated, fact: value}, left) for value, inside in branches.items()}
        return Split(fact, grown, Leaf(gateways))

    return grow(live, {}, GROWTH)


def _closed(expr: Expr, fact: str, values: tuple[str, ...], stated: Mapping[str, str]) -> frozenset[str]:
    """The values of `fact` under which `expr` is false, whatever else is stated.

    Values that no test in `expr` names all come out alike, so one of them is asked for all.
    """
    named = {value for part in walk(expr) if isinstance(part, Member) and part.fact == fact for value in part.values}
    closed = {value for value in named if truth(expr, {**stated, fact: value}) is False}
    others = [value for value in values if value not in named]
    if others and truth(expr, {**stated, fact: others[0]}) is False:
        closed.update(others)
    return frozenset(closed)
