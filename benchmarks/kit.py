"""How many examples a second the strategies of `limen.testing` draw, in processor time, beside plain integers.

    python -m benchmarks.kit --examples 2000 --out benchmarks/out/kit.json

A thousand a second of every strategy over cases is asked of the kit. What Hypothesis itself costs stands beside it, as
the ratio to drawing two integers in the same run.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import keep
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from limen.testing import strategies as draw

UNDER: dict[str, Any] = {"profile": "text-strict", "under": ("usc.26.6103.c",)}
WHOLE: dict[str, Any] = {"profile": "text-strict"}
STRATEGIES: dict[str, Any] = {
    "two integers": st.tuples(st.integers(), st.integers()),
    "facts": draw.facts(**UNDER),
    "facts, whole book": draw.facts(**WHOLE),
    "facts near a clock": draw.facts(near="usc.26.6103.c#in_time/within_days", **UNDER),
    "cases of up to three items": draw.cases(**UNDER),
    "cases of up to three items, whole book": draw.cases(**WHOLE),
    "allowed": draw.allowed(**UNDER),
    "denied": draw.denied(**UNDER),
    "twins": draw.twins(**UNDER),
    "requests": draw.requests(**UNDER),
    "ill-typed facts": draw.ill_typed_facts(profile="text-strict"),
    "timelines": draw.timelines(),
}


def per_second(strategy: Any, examples: int) -> float:
    """Examples drawn a second of processor time; what is made once is made before."""
    drawn = 0

    def run(count: int) -> None:
        @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(strategy)
        def one(_: Any) -> None:
            nonlocal drawn
            drawn += 1

        one()

    run(5)
    drawn = 0
    begun = time.process_time()
    run(examples)
    return drawn / (time.process_time() - begun)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    found = {name: per_second(strategy, asked.examples) for name, strategy in STRATEGIES.items()}
    floor = found["two integers"]
    for name, rate in found.items():
        print(f"{rate:>9,.0f} a second  {floor / rate:>6.1f} times two integers  {name}")
    keep(found, asked.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
