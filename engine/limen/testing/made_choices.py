"""Choices read off bytes, for what is made at random of hundreds of them.

Hypothesis pays for each choice that it makes itself; so one run of bytes holds them all, those of each part in a place
of their own. A byte that is zero is the plainest of what it chooses from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

One = TypeVar("One")


class Choices:
    """Choices read off bytes, one after another; when all are read, the first of whatever there is to choose from."""

    __slots__ = ("_rest", "next")

    next: Callable[[], int]
    """The next byte."""

    def __init__(self, told: bytes) -> None:
        self._rest = iter(told)
        self.next = partial(next, self._rest, 0)

    def one_of(self, options: Sequence[One]) -> One:
        """One of `options`."""
        return options[self.next() % len(options)]

    def some_of(self, options: Sequence[One], most: int) -> list[One]:
        """One to `most` of `options`, in their order."""
        left, found = list(options), []
        for _ in range(self.one_of(range(1, min(most, len(left)) + 1))):
            found.append(left.pop(self.one_of(range(len(left)))))
        return sorted(found, key=options.index)

    def part(self, size: int) -> Choices:
        """The choices in the next `size` bytes, which nothing else reads."""
        return Choices(bytes(islice(self._rest, size)))
