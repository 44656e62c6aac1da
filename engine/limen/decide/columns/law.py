"""An edition in columns: every point, bar and gateway, and whether the prohibition reaches the item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from limen.decide.columns.algebra import Algebra, Fold
from limen.law.edition import Edition

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class LawColumns(Generic[C]):
    """Truth columns in the order of the edition.

    `case` are columns of cases; the others are columns of items. `grounds` says for each gateway whether some release
    ground of it holds (false where it has none). `forbidden` says whether the prohibition reaches the
    item, `authorised` whether some gateway is open for it; the verdict follows from the two.
    """

    case: tuple[C, ...]
    item: tuple[C, ...]
    bars: tuple[C, ...]
    grounds: tuple[C, ...]
    gateways: tuple[C, ...]
    forbidden: C
    authorised: C


def write_columns(edition: Edition, algebra: Algebra[C]) -> LawColumns[C]:
    """`edition` in the terms of `algebra`: its points, and what follows from them."""
    (columns,) = write_together([edition], algebra)
    return columns


def write_together(editions: Iterable[Edition], algebra: Algebra[C]) -> Iterator[LawColumns[C]]:
    """Several editions in the terms of `algebra`; what two of them say alike is written once."""
    folds: dict[frozenset[str], Fold[C]] = {}
    for edition in editions:
        item_facts = _item_facts(edition)
        fold = folds.setdefault(item_facts, Fold(algebra, item_facts))
        yield settle_columns(edition, algebra, *_points(edition, fold))


def write_points(edition: Edition, algebra: Algebra[C]) -> tuple[tuple[C, ...], tuple[C, ...]]:
    """The case points and the item points of `edition`."""
    return _points(edition, Fold(algebra, _item_facts(edition)))


def _item_facts(edition: Edition) -> frozenset[str]:
    return frozenset(name for name, fact in edition.facts.items() if fact.per_item)


def _points(edition: Edition, fold: Fold[C]) -> tuple[tuple[C, ...], tuple[C, ...]]:
    case = tuple(fold.case(point.expr) for point in edition.case_points)
    return case, tuple(fold.item(point.expr) for point in edition.item_points)


def settle_columns(edition: Edition, algebra: Algebra[C], case: tuple[C, ...], item: tuple[C, ...]) -> LawColumns[C]:
    """Bars, gateways and the two sides of the verdict, as `limen.decide.settle` states them for one item."""
    bars: list[C] = []
    for bar in edition.bars:
        if not bar.conditions:
            bars.append(algebra.literal(False, True))
            continue
        holds = algebra.any([item[index] for index in bar.conditions])
        if bar.barred_by:
            lifted = algebra.any([bars[index] for index in bar.barred_by])
            holds = algebra.all([holds, algebra.negate(lifted)])
        bars.append(holds)
    grounds = [
        algebra.any([item[index] for index in gateway.grounds]) if gateway.grounds else algebra.literal(False, True)
        for gateway in edition.gateways
    ]
    gateways: list[C] = []
    for ground, gateway in zip(grounds, edition.gateways, strict=True):
        if not gateway.elements or not gateway.grounds:
            gateways.append(algebra.literal(False, True))
            continue
        parts = [algebra.lift(algebra.all([case[index] for index in gateway.elements])), ground]
        if gateway.bars:
            parts.append(algebra.negate(algebra.any([bars[index] for index in gateway.bars])))
        gateways.append(algebra.all(parts))
    return LawColumns(
        case,
        item,
        tuple(bars),
        tuple(grounds),
        tuple(gateways),
        algebra.any([algebra.all([item[applies], item[forbids]]) for _, applies, forbids in edition.prohibitions]),
        algebra.any(gateways) if gateways else algebra.literal(False, True),
    )
