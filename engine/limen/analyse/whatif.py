"""What would have to be otherwise: every minimal set of facts that flips a verdict.

A set is minimal when none of its facts can be left out. Sets are found smallest first, so that whatever the time
allows, every set up to a size that is named has been found; `complete` says that there is no other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import z3

from limen.analyse.bench import Bench, Spot, get, put, released, withheld
from limen.decide.exact import FactVariables, Fold
from limen.decide.exact_rails import Formula, opposite
from limen.decide.shown import Shown
from limen.law.facts import CaseFacts
from limen.law.vocabulary import FactValue

Hand = Literal["mend", "find_out", "authority", "given"]
"""Who could bring a change about: the requester mends it; somebody says what nobody has said yet; only the authority
knows it; or it is as it is."""

SECONDS, MOST = 0.9, 40


@dataclass(frozen=True, slots=True)
class Change:
    """One fact stated otherwise. `after` are the values that do, the rest of its set being as shown first."""

    fact: str
    item: str | None
    before: FactValue | None
    after: tuple[FactValue, ...]
    hand: Hand


@dataclass(frozen=True, slots=True)
class Flip:
    """One minimal set of changes, and the verdict it brings; `gateways` are those it opens."""

    changes: tuple[Change, ...]
    verdict: str
    gateways: tuple[str, ...]

    @property
    def in_hand(self) -> bool:
        """Whether each change can be brought about by whoever asks."""
        return all(change.hand in ("mend", "find_out") for change in self.changes)


@dataclass(frozen=True, slots=True)
class Flips(Shown):
    """The ways to flip one item's verdict.

    `in_hand` are those that rest on facts one may act on, `others` need at least one that one may not. Each of the
    two was searched up to sets of so many facts (`in_hand_up_to`, `others_up_to`); `None` says that all were found.
    """

    item: str
    verdict: str
    in_hand: tuple[Flip, ...]
    others: tuple[Flip, ...]
    in_hand_up_to: int | None
    others_up_to: int | None

    @property
    def complete(self) -> bool:
        """Whether every minimal set is listed."""
        return self.in_hand_up_to is None and self.others_up_to is None

    def _repr_html_(self) -> str:
        from limen.analyse.html import flips_html

        return flips_html(self)


def hand_of(bench: Bench, facts: CaseFacts, spot: Spot) -> Hand:
    """Who could bring a change of this fact about."""
    if bench.is_authoritys(spot[0]):
        return "authority"
    if get(facts, spot) is None:
        return "find_out"
    return "mend" if spot[0] in bench.curable else "given"


def whatif(
    bench: Bench,
    facts: CaseFacts,
    item: int = 0,
    pinned: frozenset[str] = frozenset(),
    seconds: float = SECONDS,
    most: int = MOST,
) -> Flips:
    """Every minimal set of facts that flips the verdict on one item: to allow, or, where it is allowed, to deny.

    `pinned` facts stay as they are. Stops after `seconds`, or when `most` sets of either sort have been found.
    """
    one = CaseFacts(facts.facts, (facts.items[item],))
    start = time.perf_counter()
    search = _Search(bench, one, pinned)
    near, near_up_to = search.sets(True, start + seconds / 2, most)
    far, far_up_to = search.sets(False, start + seconds, most)
    return Flips(facts.items[item].id, bench.verdicts(one)[0], near, far, near_up_to, far_up_to)


class _Search:
    """The solver for one item: facts may change, and the verdict has to."""

    def __init__(self, bench: Bench, facts: CaseFacts, pinned: frozenset[str]) -> None:
        self.bench = bench
        self.facts = facts
        self.allowed = bench.verdicts(facts)[0] == "allow"
        spots = bench.spots(facts)
        stated = {spot[0]: get(facts, spot) for spot in spots}
        fixed = {name: value for name, value in stated.items() if name in pinned and value is not None}
        self.context = z3.Context()
        variables = FactVariables(
            bench.facts, self.context, fixed=fixed, silent=[name for name in pinned if name not in fixed]
        )
        settled = bench.settled(Fold(variables))
        self.goal: Formula = withheld(settled) if self.allowed else released(settled)
        self.changed: dict[Spot, Formula] = {}
        self.solver = z3.Solver(ctx=self.context)
        made = set(variables.made())
        for spot in spots:
            name = spot[0]
            if name in made:
                flag = z3.Bool(f"changed {name}", self.context)
                self.solver.add(flag == opposite(variables.says(name, stated[name])))
                if stated[name] is not None:
                    self.solver.add(variables.known(name))
                self.changed[spot] = flag
        self.solver.add(*variables.domain)
        if self.goal is not True and self.goal is not False:
            self.solver.add(self.goal)
        self.variables = variables
        self.hands = {spot: hand_of(bench, facts, spot) for spot in self.changed}
        self.found: list[Any] = []
        self.sort: tuple[Any, ...] = ()
        self.minimal_up_to: float = float("inf")

    def sets(self, in_hand: bool, until: float, most: int) -> tuple[tuple[Flip, ...], int | None]:
        """The minimal sets, smallest first, and the size up to which all were found (`None`: all there are)."""
        if self.goal is False:
            return (), None
        self.solver.push()
        self.solver.add(*self.found)
        flags = dict(self.changed)
        far = [flag for spot, flag in flags.items() if self.hands[spot] not in ("mend", "find_out")]
        if in_hand:
            flags = {spot: flag for spot, flag in flags.items() if self.hands[spot] in ("mend", "find_out")}
            self.solver.add(*map(z3.Not, far))
        # An assumption and not a fact of the search: whether a set is minimal is asked without it.
        self.sort = () if in_hand else (z3.Or(far) if far else z3.BoolVal(False, self.context),)
        found: list[Flip] = []
        size, complete = 0, False
        try:
            while not complete:
                if self._check(until, *self.sort) == z3.unsat:
                    complete = True
                    break
                size += 1
                for model in self._models(flags, size, until):
                    found.append(self._flip(model, flags))
                    if len(found) >= most:
                        raise TimeoutError
        except TimeoutError:
            size -= 1
        finally:
            self.solver.pop()
        if in_hand and not complete:
            self.minimal_up_to = size
        return tuple(found), None if complete else max(size, 0)

    def _models(self, flags: Mapping[Spot, Formula], size: int, until: float) -> Iterator[z3.ModelRef]:
        """A model for each set of `size` changes that holds no smaller one."""
        few = z3.AtMost(*flags.values(), size)
        while self._check(until, few, *self.sort) == z3.sat:
            model = self.solver.model()
            chosen = [flag for flag in flags.values() if z3.is_true(model.eval(flag))]
            if size <= self.minimal_up_to or self._is_minimal(flags, chosen, until):
                yield model
            self.found.append(z3.Or([z3.Not(flag) for flag in chosen]))
            self.solver.add(self.found[-1])

    def _is_minimal(self, flags: Mapping[Spot, Formula], chosen: list[Any], until: float) -> bool:
        """Whether nothing can be left out, asked where smaller sets may have been passed over."""
        inside = set(map(str, chosen))
        self.solver.push()
        self.solver.add(*(z3.Not(flag) for flag in flags.values() if str(flag) not in inside))
        self.solver.add(z3.AtMost(*chosen, len(chosen) - 1))
        try:
            return bool(self._check(until) == z3.unsat)
        finally:
            self.solver.pop()

    def _check(self, until: float, *assumed: Any) -> Any:
        left = until - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        self.solver.set("timeout", max(1, int(left * 1000)))
        answer = self.solver.check(*assumed)
        if answer == z3.unknown:
            raise TimeoutError
        return answer

    def _flip(self, model: z3.ModelRef, flags: Mapping[Spot, Formula]) -> Flip:
        """The set in a model, with every value of each fact that does as well."""
        chosen = {
            spot: self.variables.value_in(model, spot[0])
            for spot, flag in flags.items()
            if z3.is_true(model.eval(flag))
        }
        placed = {(name, self.facts.items[0].id if self.bench.facts[name].per_item else None): value
                  for (name, _), value in chosen.items()}  # fmt: skip
        case = put(self.facts, placed)
        changes = []
        for spot, value in placed.items():
            before = get(self.facts, spot)
            others = [v for v in self.bench.candidates(spot, case) if v not in (value, before)]
            does = [value, *(other for other in others if self._reaches(put(case, {spot: other})))]
            fact = self.bench.facts[spot[0]]
            if fact.type in ("int", "date"):
                does = [_nearest(before, does)]
                case = put(case, {spot: does[0]})
            elif fact.type == "enum":
                does.sort(key=lambda one: fact.values.index(str(one)))
            changes.append(Change(spot[0], spot[1], before, tuple(v for v in does if v is not None), self.hands[spot]))
        return Flip(tuple(changes), self.bench.verdicts(case)[0], self.bench.open_gateways(case, 0))

    def _reaches(self, case: CaseFacts) -> bool:
        verdicts = {evaluator.find(case).items[0].verdict for evaluator in self.bench.evaluators}
        return "deny" in verdicts if self.allowed else verdicts == {"allow"}


def _nearest(before: FactValue | None, values: list[Any]) -> FactValue:
    """Of several numbers or days the one nearest to what was stated; else the last at a bound, or the solver's own."""
    if before is None:
        return max(values[1:], default=values[0])  # type: ignore[no-any-return]
    return min(values, key=lambda value: (abs(value - before), value))  # type: ignore[no-any-return]
