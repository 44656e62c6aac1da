"""Which scenarios are about an address of the book."""

from __future__ import annotations

from limen.scenario.model import Scenario


def is_about(scenario: Scenario, address: str) -> bool:
    """Whether a scenario concerns the rule at `address`, or names it in what it expects or what that turns on.

    An element may be named by its id alone where the scenario concerns its rule.
    """
    rule, _, part = address.partition("#")
    concerned = {one.partition("#")[0] for one in scenario.provisions}
    if address in scenario.provisions or (not part and rule in concerned):
        return True
    named = set(scenario.expect)
    for expectation in scenario.expect.values():
        named |= {*expectation.turns_on, *expectation.missing, *expectation.duties, *expectation.under}
    return address in named or (bool(part) and rule in concerned and part in named)
