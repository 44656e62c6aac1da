"""What a policy does to a population: a made registry, a made batch, and every profile's answer to all of it.

Light to import; what needs tables is imported where it is used. Needs the `columns` extra, and `plots` for pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.simulate.errors import SimulationError
    from limen.simulate.plan import Changes, Plan
    from limen.simulate.plan_file import read_plan
    from limen.simulate.run import run_plan

__all__ = ["Changes", "Plan", "SimulationError", "read_plan", "run_plan"]

_HOMES = {"Changes": "plan", "Plan": "plan", "SimulationError": "errors", "read_plan": "plan_file", "run_plan": "run"}


def __getattr__(name: str) -> object:
    """The members of this room's face, imported at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `limen.simulate` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(f"limen.simulate.{_HOMES[name]}"), name)
