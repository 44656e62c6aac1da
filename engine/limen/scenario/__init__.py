"""Scenarios: a story, a request, and what the law answers under each profile, so that it can be told and tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.scenario.load import ScenarioError, find_scenarios, load_scenario, shipped
    from limen.scenario.model import Expectation, Scenario, scenario_schema
    from limen.scenario.run import ScenarioResult, ScenarioRunner, run_scenario

__all__ = [
    "Expectation",
    "Scenario",
    "ScenarioError",
    "ScenarioResult",
    "ScenarioRunner",
    "find_scenarios",
    "load_scenario",
    "run_scenario",
    "scenario_schema",
    "shipped",
]

_HOMES = {
    **dict.fromkeys(("Expectation", "Scenario", "scenario_schema"), "limen.scenario.model"),
    **dict.fromkeys(("ScenarioError", "find_scenarios", "load_scenario", "shipped"), "limen.scenario.load"),
    **dict.fromkeys(("ScenarioResult", "ScenarioRunner", "run_scenario"), "limen.scenario.run"),
}


def __getattr__(name: str) -> object:
    """The members of this room's face, imported at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `limen.scenario` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
