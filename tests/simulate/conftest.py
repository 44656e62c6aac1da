"""One small simulation, made once for all tests that only look at it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("duckdb")

from limen.simulate import read_plan, run_plan
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


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """August 2025, 400 rows."""
    plan = read_plan(AUGUST, 400, MANY_HELD)
    out = tmp_path_factory.mktemp("simulation")
    return Run(plan, *run_plan(plan, out), out)
