"""Which scenarios are about an address of the book."""

from __future__ import annotations

from limen.scenario.model import Scenario


def is_about(scenario: Scenario, address: str) -> bool:
    """Whether a scenario concerns the rule at `address`, or names it in what it expects or what that turns on.

    An element may be named by its id alone where the scenario concerns its rule.
    """
    return address in addresses_of(scenario)


def addresses_of(scenario: Scenario) -> frozenset[str]:
    """Every address that a scenario is about, as `is_about` says."""
    concerned = {one.partition("#")[0] for one in scenario.provisions}
    named = set(scenario.expect)
    for expectation in scenario.expect.values():
        named |= {*expectation.turns_on, *expectation.missing, *expectation.duties, *expectation.under}
    by_id = (f"{rule}#{part}" for rule in concerned for part in named)
    return frozenset({*scenario.provisions, *concerned, *named, *by_id})
