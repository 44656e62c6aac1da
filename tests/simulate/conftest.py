"""One small simulation, made once for all tests that only look at it."""

from __future__ import annotations

import pytest

pytest.importorskip("duckdb")

from tests.simulate.small import AUGUST, MANY_HELD, Run

from limen.simulate import read_plan, run_plan


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """August 2025, 400 rows."""
    plan = read_plan(AUGUST, 400, MANY_HELD)
    out = tmp_path_factory.mktemp("simulation")
    return Run(plan, *run_plan(plan, out), out)
