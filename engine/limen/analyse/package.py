"""What could go out together: the largest lawful package, and the smallest showing that unlocks the next item."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import z3

from limen.analyse.bench import Bench, Spot, get, put, released
from limen.analyse.whatif import SECONDS, Change, Hand, hand_of
from limen.decide.exact import FactVariables, Fold
from limen.decide.exact_rails import Formula, opposite
from limen.decide.shown import Shown
from limen.law.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Step:
    """The next items, and the fewest facts that have to be shown or mended for one more to go out."""

    unlocks: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Package(Shown):
    """`now` may go out as things stand. `largest` is the largest set that could go out at once, by acting on facts
    one may act on; `steps` lead there one showing after another; `never` are items that no such act releases.

    `complete` is false when time ran out: then `largest` and `never` say what was found, and not that it is all.
    """

    now: tuple[str, ...]
    steps: tuple[Step, ...]
    largest: tuple[str, ...]
    never: tuple[str, ...]
    complete: bool

    def _repr_html_(self) -> str:
        from limen.analyse.html import package_html

        return package_html(self)


def package(bench: Bench, facts: CaseFacts, pinned: frozenset[str] = frozenset(), seconds: float = SECONDS) -> Package:
    """The largest lawful package for a case, and the way there. `pinned` facts stay as they are."""
    until = time.perf_counter() + seconds
    now = _allowed(bench, facts)
    steps: list[Step] = []
    largest: tuple[str, ...] = now
    never: tuple[str, ...] = ()
    try:
        search = _Package(bench, facts, pinned, until)
        largest = search.largest()
        never = tuple(item.id for item in facts.items if not search.can_go(item.id))
        case = facts
        while len(_allowed(bench, case)) < len(largest):
            search = _Package(bench, case, pinned, until)
            changed = search.next_step(_allowed(bench, case))
            if changed is None:
                break
            after = put(case, changed)
            unlocked = tuple(item for item in _allowed(bench, after) if item not in _allowed(bench, case))
            steps.append(
                Step(
                    unlocked,
                    tuple(
                        Change(spot[0], spot[1], get(case, spot), (value,), hand_of(bench, facts, spot))
                        for spot, value in changed.items()
                    ),
                )
            )
            case = after
    except TimeoutError:
        return Package(now, tuple(steps), largest, never, False)
    return Package(now, tuple(steps), largest, never, True)


def _allowed(bench: Bench, facts: CaseFacts) -> tuple[str, ...]:
    verdicts = bench.verdicts(facts)
    return tuple(item.id for item, verdict in zip(facts.items, verdicts, strict=True) if verdict == "allow")


_OURS: tuple[Hand, ...] = ("mend", "find_out")


class _Package:
    """All items of a case at once: facts one may act on are free, the others as stated."""

    def __init__(self, bench: Bench, facts: CaseFacts, pinned: frozenset[str], until: float) -> None:
        self._until = until
        self.context = z3.Context()
        self.solver = z3.Solver(ctx=self.context)
        spots = bench.spots(facts)
        free = {spot for spot in spots if spot[0] not in pinned and hand_of(bench, facts, spot) in _OURS}

        def variables(item: str | None, shared: FactVariables | None) -> FactVariables:
            held = {
                name: value for name, of in spots if of == item and (name, of) not in free
                and (value := get(facts, (name, of))) is not None
            }  # fmt: skip
            silent = [name for name, of in spots if of == item and (name, of) not in free and name not in held]
            return FactVariables(bench.facts, self.context, f"{item} " if item else "", held, silent, shared)

        case = variables(None, None)
        self.of: dict[str | None, FactVariables] = {None: case}
        self.goes: dict[str, Formula] = {}
        for item in facts.items:
            self.of[item.id] = variables(item.id, case)
            goal = released(bench.settled(Fold(self.of[item.id])))
            flag = z3.Bool(f"goes {item.id}", self.context)
            self.solver.add(flag == goal)
            self.goes[item.id] = flag
        self.changed: dict[Spot, Formula] = {}
        for item_id, one in self.of.items():
            for name in one.made():
                spot = (name, item_id)
                before = get(facts, spot)
                flag = z3.Bool(f"changed {item_id} {name}", self.context)
                self.solver.add(flag == opposite(one.says(name, before)))
                if before is not None:
                    self.solver.add(one.known(name))
                self.changed[spot] = flag
            self.solver.add(*one.domain)

    def largest(self) -> tuple[str, ...]:
        """The most items that can go out at once."""
        best: tuple[str, ...] = ()
        for size in range(1, len(self.goes) + 1):
            if not self._can(z3.AtLeast(*self.goes.values(), size)):
                break
            model = self.solver.model()
            best = tuple(item for item, flag in self.goes.items() if z3.is_true(model.eval(flag)))
        return best

    def can_go(self, item: str) -> bool:
        """Whether this item can go out at all."""
        return self._can(self.goes[item])

    def next_step(self, kept: tuple[str, ...]) -> dict[Spot, Any] | None:
        """The fewest changes that release one item more and keep those released; `None` if there are none."""
        goal = [self.goes[item] for item in kept] + [z3.AtLeast(*self.goes.values(), len(kept) + 1)]
        if not self._can(*goal):
            return None
        for size in range(1, len(self.changed) + 1):
            if self._can(*goal, z3.AtMost(*self.changed.values(), size)):
                model = self.solver.model()
                return {
                    spot: self.of[spot[1]].value_in(model, spot[0])
                    for spot, flag in self.changed.items()
                    if z3.is_true(model.eval(flag))
                }
        return None

    def _can(self, *assumed: Formula) -> bool:
        left = self._until - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        self.solver.set("timeout", max(1, int(left * 1000)))
        answer = self.solver.check(*assumed)
        if answer == z3.unknown:
            raise TimeoutError
        return bool(answer == z3.sat)
