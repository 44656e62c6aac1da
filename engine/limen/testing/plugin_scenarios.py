"""Scenario files as tests: one for the scenario and one for each variant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from limen.law.facts import FactError
from limen.law.making import EditionError
from limen.request.problems import RequestError
from limen.scenario import Scenario, ScenarioError, find_scenarios
from limen.scenario.run import ScenarioRunner
from limen.testing.plugin import book_of


class ScenarioUnmet(Exception):
    """A scenario whose expectations were not all met."""


class ScenarioFile(pytest.File):
    """One file; a mistake in it is an error of collection, with its line."""

    def collect(self) -> Iterable[pytest.Item]:
        """The scenario, then its variants."""
        try:
            told = find_scenarios([self.path])
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        for _, scenario in told:
            yield ScenarioItem.from_parent(self, name=scenario.scenario, scenario=scenario)


class ScenarioItem(pytest.Item):
    """One scenario, decided under every profile that it expects something of."""

    def __init__(self, *, scenario: Scenario, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario

    def runtest(self) -> None:
        """Decide the case and compare."""
        from limen.testing.plugin_coverage import note_case

        runner = ScenarioRunner(book_of(self.config), _matcher(self.config))
        try:
            result = runner.run(self.scenario)
            facts, day, _ = runner.case(self.scenario)
        except (RequestError, FactError, EditionError) as error:
            raise ScenarioUnmet(f"the scenario does not fit the book:\n{error}") from None
        for profile in result.decisions:
            note_case(self.config, profile, day, facts)
        if not result.passed:
            raise ScenarioUnmet("\n".join(result.failures))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story, what it teaches and each expectation that was not met; no stack."""
        if not isinstance(excinfo.value, ScenarioUnmet):
            return super().repr_failure(excinfo, style)
        lines = [f"  {line}" for line in str(excinfo.value).splitlines()]
        return "\n".join([self.scenario.title, f"teaches: {self.scenario.teaches}", *lines])

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it is written, and its name."""
        return self.path, None, f"scenario {self.scenario.scenario}"


def _matcher(config: pytest.Config) -> Any:
    """The registry a scenario's subject is looked up in; opened when a scenario first needs one."""
    from limen.crossref import open_registry
    from limen.testing.plugin import named

    def match(subject: Any) -> Any:
        registry = open_registry(named(config, "limen_registry"))
        try:
            return registry.match(subject)
        finally:
            registry.close()

    return match
