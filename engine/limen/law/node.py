"""A node: one addressed, cited piece of a rule that is met, not met or not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from limen.law.citation import Citation
from limen.law.period import ALWAYS, Period
from limen.law.tree import Expr

Operation = Literal["test", "reading", "all", "any", "none"]


@dataclass(frozen=True, slots=True)
class Node:
    """One element, ground, bar condition, alternative or part of one.

    `address` is the one key for traces, overlays, coverage, training and translation, for example
    `usc.26.6103.i.2#requester/justice_official`. Exactly one of these is filled, as `op` says:

    - `test`: `test`
    - `reading`: `reading`, the address of a reading; in an edition the chosen alternative is the only child
    - `all`, `any`, `none`: `children`

    A `test` that only names a definition gets, in an edition, that definition's node as its only child.
    """

    address: str
    id: str
    op: Operation
    label: str = ""
    cite: Citation | None = None
    test: Expr | None = None
    reading: str | None = None
    children: tuple[Node, ...] = ()
    in_force: Period = ALWAYS
    if_true: str | None = None
    if_false: str | None = None
    if_unknown: str | None = None
    curable: bool = False

    def walk(self) -> Iterator[Node]:
        """This node and every node under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()
