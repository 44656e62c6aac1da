"""What is in the way of each row in one gateway: the first of it, all of it, and what of it nobody knows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from limen.decide.columns.law import LawColumns
from limen.law.edition import Edition
from limen.law.problem import nearest
from limen.simulate.errors import SimulationError


def obstacles_of(edition: Edition, address: str) -> list[str]:
    """The address of everything that can be in the way in one gateway, in the order of the book."""
    for gateway in edition.gateways:
        if gateway.rule.address == address:
            points = [edition.case_points[index].address for index in gateway.elements]
            grounds = [edition.item_points[gateway.grounds[0]].address] if gateway.grounds else []
            return [*points, *grounds, *(edition.bars[index].rule.address for index in gateway.bars)]
    known = [gateway.rule.address for gateway in edition.gateways]
    near = nearest(address, known)
    raise SimulationError(f"`gateway`: there is no gateway `{address}`" + (f"; did you mean `{near}`?" if near else ""))


class Obstacle(NamedTuple):
    """An element, ground or bar of one gateway: where it is in the way, and where nobody knows whether it is."""

    address: str
    there: pa.Array
    unknown: pa.Array


def in_the_way(edition: Edition, address: str, columns: LawColumns[pa.BooleanArray]) -> list[Obstacle]:
    """What is in the way of each row in one gateway: an element not met or not known, no ground, a bar."""
    number = next(n for n, gateway in enumerate(edition.gateways) if gateway.rule.address == address)
    gateway = edition.gateways[number]
    needed = [columns.case[index] for index in gateway.elements]
    needed += [columns.grounds[number]] if gateway.grounds else []
    masks = [(pc.invert(pc.fill_null(mask, False)), pc.is_null(mask)) for mask in needed]
    masks += [(pc.fill_null(columns.bars[index], True), pc.is_null(columns.bars[index])) for index in gateway.bars]
    return [Obstacle(name, *mask) for name, mask in zip(obstacles_of(edition, address), masks, strict=True)]


def reasons_of(found: list[Obstacle], allowed: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """The first reason of each row that is not allowed; all of them as bits; and the bits of those not known."""
    rows = len(allowed)
    first: pa.Array = pa.nulls(rows, pa.string())
    there, unknown = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    for number, obstacle in reversed(list(enumerate(found))):
        first = pc.if_else(obstacle.there, pa.scalar(obstacle.address), first)
        there |= _bit(obstacle.there, number)
        unknown |= _bit(obstacle.unknown, number)
    return pc.if_else(allowed, None, first), pa.array(there), pa.array(unknown)


def _bit(mask: pa.Array, number: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.asarray(mask.to_numpy(zero_copy_only=False), dtype=np.int64) << number
