"""Two ways to answer everything about one item, in one solver: does a single fact make the difference between them?

The formulas are made once for a bench, over every fact; a case is put to them as what both sides state. So the first
question of a bench costs the making of the formulas, and every later one only what the solver needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import z3

from limen.decide.exact import ExactItem, FactVariables, Fold, same
from limen.decide.exact_rails import Formula, opposite, some
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.vocabulary import Fact, FactValue

if TYPE_CHECKING:
    from limen.analyse.bench import Spot

VERDICTS = ("allow", "deny", "not_covered")
"""Two cases that agree on these agree on `open` too."""


class Pair:
    """Two cases of one item under the same editions. Threads may share it; they ask one at a time."""

    def __init__(self, facts: Mapping[str, Fact], editions: Sequence[Edition]) -> None:
        self._context = z3.Context()
        one, other = self._sides = [FactVariables(facts, self._context, mark) for mark in ("a ", "b ")]
        settled = [[ExactItem(edition, fold).settled for edition in editions] for fold in map(Fold, self._sides)]
        differ: Formula = some(
            opposite(same(getattr(mine, verdict), getattr(theirs, verdict)))
            for mine, theirs in zip(*settled, strict=True)
            for verdict in VERDICTS
        )
        self._solver = z3.Solver(ctx=self._context)
        self._solver.add(differ)
        self._same = {name: z3.Bool(f"same {name}", self._context) for name in one.made()}
        self._solver.add(*(z3.Implies(flag, one.same(name, other)) for name, flag in self._same.items()))
        self._solver.add(*one.choices, *other.choices)
        self._lock = threading.Lock()

    @contextmanager
    def about(self, facts: CaseFacts, silent: Collection[Spot] = ()) -> Iterator[Callable[[Spot], bool]]:
        """Says of a spot whether there are two cases, alike in all else, that are answered differently for some item.

        Both state what `facts` do and nothing that is in `silent`; everything else they state as they like.
        """
        with self._lock:
            self._solver.push()
            try:
                flags = {item.id: z3.Bool(f"item {item.id}", self._context) for item in facts.items}
                for item in facts.items:
                    stated = {**facts.facts, **item.facts}
                    hushed = {name for name, of in silent if of in (None, item.id)}
                    told = [one for side in self._sides for one in _as_told(side, self._same, stated, hushed)]
                    self._solver.add(z3.Implies(flags[item.id], z3.And(*told)) if told else True)
                yield lambda spot: any(
                    self._can_change(spot[0], flag) for id, flag in flags.items() if spot[1] in (None, id)
                )
            finally:
                self._solver.pop()

    def _can_change(self, name: str, item: Formula) -> bool:
        if name not in self._same:
            return False
        alike = (flag for other, flag in self._same.items() if other != name)
        return bool(self._solver.check(item, *alike) != z3.unsat)


def _as_told(
    side: FactVariables, names: Collection[str], stated: Mapping[str, FactValue], silent: Collection[str]
) -> Iterator[Formula]:
    """What one side states, and where it is free: a number it is free to choose lies within the limits of its fact."""
    for name in names:
        value = stated.get(name)
        if value is not None:
            yield side.says(name, value)
        elif name in silent:
            yield side.says(name, None)
        else:
            yield side.known(name)
            yield from side.limits.get(name, ())
