"""What the shares of a batch would have to be for the public figures to come out, reckoned from one run.

A release count is a sum over kinds of row: how many there are of a kind, times how often that kind is released. A run
tells how often; the public figures tell the sum; the shares are solved for. Nothing is told to the rules or to
cross-reference, and a share is still an assumption: other knobs (how many rows have a number, how names are written)
would be met by other shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from limen.simulate.counting import open_outcomes, releases
from limen.simulate.errors import SimulationError
from limen.simulate.outcome import Outcome

KINDS = ("held, current", "held, former", "elsewhere", "insufficient")


class Calibrated(NamedTuple):
    """The settings that would meet the public figures, by dotted name."""

    settings: dict[str, float]

    @property
    def changes(self) -> list[str]:
        """As `key=value`, to be given back as `--set`."""
        return [f"{name}={value:g}" for name, value in self.settings.items()]


def calibrate(outcome: Outcome, outcomes: Sequence[Path]) -> Calibrated:
    """The shares of `batch.about`, and `batch.former_address`, that would meet the targets of the plan.

    Of all shares that would, those nearest to the plan's in proportion. Raises `SimulationError` where the plan has
    no targets, the run no rows of a kind, or only negative shares would do.
    """
    plan = outcome.plan
    if not plan.targets:
        raise SimulationError("the plan has no `targets`, so there is nothing to calibrate to")
    names = [policy.name for policy in plan.compare]
    db = open_outcomes(outcomes)
    columns = ["count(*)", *(releases(target.measure, names.index(target.policy)) for target in plan.targets)]
    rows = db.execute(
        f"""select case when about = 'held' then if(current, 'held, current', 'held, former') else about end kind,
        {", ".join(columns)} from outcome group by 1"""
    ).fetchall()
    db.close()
    counts = {kind: np.array(figures, dtype=float) for kind, *figures in rows}
    absent = [kind for kind in (*KINDS, "nobody") if kind not in counts]
    if absent:
        raise SimulationError(
            f"the run has no row of the kind `{absent[0]}`: calibrate on a larger one, or give a share"
        )
    aims = np.array([target.aimed_at for target in plan.targets], dtype=float) / outcome.full_size
    shares = _solve(counts, aims, plan.batch.size)
    held = shares[0] + shares[1]
    former_before = counts[KINDS[1]][0] / (counts[KINDS[0]][0] + counts[KINDS[1]][0])
    former = plan.batch.former_address * (shares[1] / held) / former_before
    if shares.min() < 0 or shares.sum() > 1 or not 0 <= former <= 1:
        told = ", ".join(f"{kind} {share:.4f}" for kind, share in zip(KINDS, shares, strict=True))
        raise SimulationError(
            f"no shares of the batch meet the targets as the other knobs stand (it would take {told}); turn another "
            "knob, for example `batch.with_tin`"
        )
    found = {"held": held, "elsewhere": shares[2], "insufficient": shares[3]}
    settings = {f"batch.about.{name}": round(float(share), 6) for name, share in found.items()}
    settings["batch.about.nobody"] = round(1 - sum(settings.values()), 6)
    return Calibrated(settings | {"batch.former_address": round(float(former), 4)})


def _solve(counts: dict[str, Any], aims: Any, size: int) -> Any:
    """The shares of the four kinds; `nobody` is what is left. Least change in proportion to what they are."""
    before = np.array([counts[kind][0] / size for kind in KINDS])
    nobody = counts["nobody"][1:] / counts["nobody"][0]
    rates = np.stack([counts[kind][1:] / counts[kind][0] for kind in KINDS], axis=1)
    above = rates - nobody[:, None]
    scale = aims[:, None]
    change, *_ = np.linalg.lstsq(above * before / scale, (aims - nobody - above @ before) / aims, rcond=1e-6)
    return before * (1 + change)
