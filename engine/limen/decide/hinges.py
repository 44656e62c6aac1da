"""Which readings the answer turns on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from limen.decide.decision import Disposition, Hinge
from limen.decide.opinion import Opinion
from limen.decide.panel import Hearing
from limen.law.rules import Reading


class HingeFinder:
    """Finds hinges for one case: the answer of `basis`, with one reading after another chosen otherwise."""

    def __init__(self, hearing: Hearing, readings: Mapping[str, Reading], basis: Opinion) -> None:
        self._hearing = hearing
        self._readings = readings
        self._basis = basis

    def pivots(self) -> tuple[Hinge, ...]:
        """Every reading that changes some item's verdict by itself."""
        choices = self._basis.choices
        hinges = []
        for address, reading in self._readings.items():
            chosen = choices[address]
            truths = {
                alternative.id: self._hearing.truths(address, alternative.id, choices)
                for alternative in reading.alternatives
            }
            under: dict[str, Disposition] = {}
            flips = False
            for id, comes_to in truths.items():
                # What the words come to is all that an answer can depend on: no need to ask when it is the same.
                opinion = self._basis if comes_to == truths[chosen] else self._opinion({address: id})
                under[id] = opinion.disposition
                flips = flips or opinion.verdicts != self._basis.verdicts
            if flips:
                hinges.append(Hinge(reading=address, words=reading.words, chosen=chosen, under=under))
        return tuple(hinges)

    def between(self, other: Opinion) -> tuple[Hinge, ...]:
        """A smallest set of readings that, chosen as `other` chooses them, already moves the answer of the basis.

        Smallest in the sense that no reading can be left out of it.
        """
        theirs = other.choices
        needed = {r: theirs[r] for r, choice in self._basis.choices.items() if theirs.get(r, choice) != choice}
        for address in sorted(needed):
            fewer = {key: choice for key, choice in needed.items() if key != address}
            if self._opinion(fewer).verdicts != self._basis.verdicts:
                needed = fewer
        after = self._opinion(needed).disposition
        return tuple(self._joint_hinge(address, choice, after, sorted(needed)) for address, choice in needed.items())

    def _joint_hinge(self, address: str, choice: str, after: Disposition, all_of: Sequence[str]) -> Hinge:
        chosen = self._basis.choices[address]
        return Hinge(
            reading=address,
            words=self._readings[address].words,
            chosen=chosen,
            under={chosen: self._basis.disposition, choice: after},
            together_with=tuple(other for other in all_of if other != address),
        )

    def _opinion(self, changes: Mapping[str, str]) -> Opinion:
        """The answer of the basis with some readings chosen otherwise."""
        choices = {**self._basis.choices, **changes}
        return Opinion(self._basis.profile, choices, self._hearing.find(choices))
