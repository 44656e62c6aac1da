"""Comparing what was read back with the source tree, for every case there can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import z3

from limen.decide.exact import ExactItem, FactVariables, Fold, Settled, can_hold, same
from limen.decide.exact_rails import Formula, Rails, opposite, some
from limen.law.edition import Edition
from limen.law.vocabulary import FactValue

VERDICTS = ("allow", "deny", "open", "not_covered")


class UnknownFormError(Exception):
    """A reader met something that its writer is not known to emit; nothing is proved about it."""

    def __init__(self, language: str, what: str) -> None:
        super().__init__(f"the {language} reader does not know `{what}`")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read back of an edition in one language. `None` for what that language does not settle."""

    language: str
    case: Sequence[Rails]
    item: Sequence[Rails]
    bars: Sequence[Rails] | None = None
    gateways: Sequence[Rails] | None = None
    verdicts: Mapping[str, Formula] | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A place where the emitted text means something else than the tree, and facts that show it."""

    language: str
    address: str
    facts: Mapping[str, FactValue]


class Proof:
    """The source tree of one edition in formulas; the readers share its `variables`."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.variables = FactVariables(edition.facts, z3.Context())
        self.exact = ExactItem(edition, Fold(self.variables))
        self.settled: Settled = self.exact.settled
        self.proved = 0

    def mismatches(self, reading: Reading) -> list[Mismatch]:
        """Every place at which `reading` differs from the tree, in the order of the edition; empty if it is proved."""
        edition = self.edition
        pairs: list[tuple[str, Rails, Rails]] = []
        places: list[tuple[Sequence[str], Sequence[Rails], Sequence[Rails] | None]] = [
            ([point.address for point in edition.case_points], self.exact.case, reading.case),
            ([point.address for point in edition.item_points], self.exact.points, reading.item),
            ([bar.rule.address for bar in edition.bars], self.settled.bars, reading.bars),
            ([gateway.rule.address for gateway in edition.gateways], self.settled.gateways, reading.gateways),
        ]
        for addresses, wanted, found in places:
            if found is not None:
                pairs += zip(addresses, wanted, found, strict=True)
        different = [
            (address, some((opposite(same(one.true, other.true)), opposite(same(one.false, other.false)))))
            for address, one, other in pairs
        ]
        if reading.verdicts is not None:
            different += [
                (f"verdict {name}", opposite(same(self.settled.verdict(name), reading.verdicts.get(name, False))))
                for name in VERDICTS
            ]
        solver = z3.Solver(ctx=self.variables.context)
        solver.add(*self.variables.domain)
        found_different = []
        for address, formula in different:
            if can_hold(solver, formula):
                found_different.append(Mismatch(reading.language, address, self._witness(formula)))
            self.proved += 1
        return found_different

    def _witness(self, formula: Formula) -> Mapping[str, FactValue]:
        solver = z3.Solver(ctx=self.variables.context)
        solver.add(*self.variables.domain)
        if formula is not True:
            solver.add(formula)
        solver.check()
        return self.variables.read(solver.model())
