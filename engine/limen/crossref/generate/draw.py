"""Stateless draws: an array of ids in, an array of well-mixed numbers out, the same on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_GOLD = 0x9E3779B97F4A7C15
_BITS = 18


def _salt(seed: int, stream: str) -> int:
    """One number for a seed and the name of what is drawn (FNV-1a, 64 bits)."""
    value = 0xCBF29CE484222325 ^ (seed & (1 << 64) - 1)
    for byte in f"{seed}/{stream}".encode("ascii"):
        value = ((value ^ byte) * 0x100000001B3) & ((1 << 64) - 1)
    return value


def bits(seed: int, stream: str, ids: npt.NDArray[np.integer]) -> Ids:
    """64 mixed bits an id (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) * np.uint64(_GOLD) + np.uint64(_salt(seed, stream))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def uniform(seed: int, stream: str, ids: npt.NDArray[np.integer]) -> Floats:
    """Numbers in [0, 1)."""
    return np.asarray((bits(seed, stream, ids) >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def below(seed: int, stream: str, ids: npt.NDArray[np.integer], limit: npt.NDArray[np.int64] | int) -> Ints:
    """Whole numbers in [0, limit)."""
    return np.asarray((uniform(seed, stream, ids) * limit).astype(np.int64))


class Weighted:
    """Draws an index in proportion to weights, by a table of equal steps: one look-up a draw."""

    def __init__(self, weights: npt.ArrayLike, steps_log2: int = _BITS) -> None:
        mass = np.cumsum(np.asarray(weights, dtype=np.float64))
        steps = (np.arange(1 << steps_log2) + 0.5) / (1 << steps_log2) * mass[-1]
        self._shift = np.uint64(64 - steps_log2)
        self._index = np.searchsorted(mass, steps, side="right").astype(np.int32)

    def pick(self, seed: int, stream: str, ids: npt.NDArray[np.integer]) -> Ints:
        """One index an id."""
        return np.asarray(self._index[(bits(seed, stream, ids) >> self._shift).astype(np.int64)].astype(np.int64))
