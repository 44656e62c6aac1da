"""The small simulation that the tests of this room look at."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from limen.simulate.outcome import Outcome
from limen.simulate.plan import Plan
from limen.simulate.run import Kept

PLANS = Path(__file__).parents[2] / "scenarios" / "plans"
AUGUST = PLANS / "august-2025.yaml"
MANY_HELD = (
    "batch.about.held=0.5", "batch.about.elsewhere=0.2", "batch.about.nobody=0.2", "batch.about.insufficient=0.1",
    "batch.without_order=0.1",
)  # fmt: skip
"""Shares under which a few hundred rows hold every kind of answer."""


class Run(NamedTuple):
    """A finished simulation and the folder it is in."""

    plan: Plan
    outcome: Outcome
    kept: Kept
    out: Path
