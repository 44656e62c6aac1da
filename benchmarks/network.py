"""durable_rules on the same policy, through our second key: a process of its own, with the floor in turns.

The library takes a missing fact for false. Our second key is the way of using it that does not: two rules for every
point, and a guard around what the network can take. So this is what that engine costs when it has to answer the same
question. The time is that which passed, for the work is done in another process.
"""

from __future__ import annotations

import importlib.metadata
import time
from typing import Any

from benchmarks import floor
from benchmarks.cases import make_cases
from benchmarks.ours import percentiles
from benchmarks.policy import RULES, policy_edition, programmes

from limen.decide import reference
from limen.decide.second_key import SecondKey


def measure(count: int) -> dict[str, Any]:
    """Time, ratio to the floor, and how many findings were not those of the reference interpreter."""
    edition = policy_edition()
    cases = make_cases(edition, programmes(RULES), count)
    pairs = [(case.facts, case.items[0].facts) for case in cases] * 10
    with SecondKey() as key:
        begun = time.perf_counter()
        key.find(edition, cases[0])
        load = (time.perf_counter() - begun) * 1e3
        wrong = sum(key.find(edition, case) != reference.find(edition, case) for case in cases)
        laps = [
            (
                percentiles(lambda pair: floor.decide(*pair), pairs),
                percentiles(lambda case: key.find(edition, case), cases),
            )
            for _ in range(3)
        ]
    base, (p50, p99) = min(one[0] for one, _ in laps), min(other for _, other in laps)
    size = {
        "load_ms": load, "p50_us": p50, "p99_us": p99, "us": p50, "floor_us": base, "over_floor": p50 / base,
        "asked": count, "wrong": wrong,
    }  # fmt: skip
    return {"version": importlib.metadata.version("durable_rules"), "sizes": {str(RULES): size}}
