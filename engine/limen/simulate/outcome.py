"""What a plan came to: the counts of each policy, and the public figures they are held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from limen.simulate.counting import Flip, FlowPart, PolicyCount
from limen.simulate.plan import Plan, Policy, Target, ToldKnob

CHANCE = 1.96
"""Standard deviations either side that hold 95% of what chance gives."""


@dataclass(frozen=True, slots=True)
class TargetMet:
    """A public figure, what the simulation gives, and whether that meets it.

    A run at another size is scaled: `found` is what the full size would give, and `chance` how far the smaller number
    of rows alone moves that (95%). At full size `chance` is 0 and only what the target allows counts.
    """

    target: Target
    found: float
    chance: float
    met: bool

    @property
    def off(self) -> float | None:
        """How far `found` is from the public figure, as a share of it; `None` from a limit, and from nothing."""
        return self.found / self.target.value - 1 if self.target.compare == "about" and self.target.value else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan came to. `flow` is under the first policy; `full_size` is the size that the targets are about."""

    plan: Plan
    digest: str
    book: str
    policies: tuple[PolicyCount, ...]
    flips: tuple[Flip, ...]
    flow: tuple[FlowPart, ...]
    targets: tuple[TargetMet, ...]
    knobs: tuple[ToldKnob, ...]
    full_size: int

    def changed_by(self, twin: Policy) -> tuple[Flip, ...]:
        """How the answers of the policy that `twin` stands beside change into those of `twin`, whichever of the two
        comes first among those compared."""
        pair = (twin.beside, twin.name)
        flips = (flip if flip.before == twin.beside else flip.turned for flip in self.flips)
        return tuple(flip for flip in flips if (flip.before, flip.after) == pair)


def meets(target: Target, counted: Iterable[PolicyCount], scale: float) -> TargetMet:
    """Hold a public figure against the counts of its policy, each row of which stands for `scale` rows."""
    one = next(count for count in counted if count.name == target.policy)
    figure = {
        "released": one.released,
        "released_by_tin": one.by_tin,
        "released_by_address": one.by_address,
        "released_defective": one.defective,
        "released_updated": one.updated,
    }[target.measure]
    chance = 0.0 if scale == 1 else CHANCE * scale * max(figure, 1) ** 0.5
    found = scale * figure
    if target.compare == "under":
        return TargetMet(target, found, chance, found - chance < target.value)
    return TargetMet(target, found, chance, abs(found - target.value) <= target.within * target.value + chance)
