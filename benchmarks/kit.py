"""How many examples a second the strategies of `limen.testing` draw, in processor time, beside what Hypothesis costs.

    python -m benchmarks.kit --rounds 10 --out benchmarks/out/kit.json

A thousand a second is asked of the kit. Two floors are drawn in the same rounds: two integers, which is what Hypothesis
itself costs, and a plain dictionary of as many choices as a case of the whole book may state facts, which is how one
would draw a case without the kit. The best of the rounds is shown: what else the machine does only makes a round slower.
A book is put together as the loader would leave it, its digest included (`tests/testing/test_made_books.py` shows it).
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
from limen.testing.strategies import _kit

UNDER: dict[str, Any] = {"profile": "text-strict", "under": ("usc.26.6103.c",)}
WHOLE: dict[str, Any] = {"profile": "text-strict"}
FACTS = _kit(None, "text-strict", None, ()).oracle.facts_read
STRATEGIES: dict[str, Any] = {
    f"a dictionary of {len(FACTS)} choices": st.fixed_dictionaries(
        {name: st.sampled_from((None, True, False)) for name in FACTS}
    ),
    "two integers": st.tuples(st.integers(), st.integers()),
    "facts": draw.facts(**UNDER),
    "facts, whole book": draw.facts(**WHOLE),
    "facts near a clock": draw.facts(near="usc.26.6103.c#in_time/within_days", **UNDER),
    "cases of up to three items": draw.cases(**UNDER),
    "cases of up to three items, whole book": draw.cases(**WHOLE),
    "allowed": draw.allowed(**UNDER),
    "denied": draw.denied(**UNDER),
    "twins": draw.twins(**UNDER),
    "twins, whole book": draw.twins(**WHOLE),
    "requests": draw.requests(**UNDER),
    "requests, whole book": draw.requests(**WHOLE),
    "ill-typed facts": draw.ill_typed_facts(profile="text-strict"),
    "ill-typed requests": draw.ill_typed_requests(profile="text-strict"),
    "timelines": draw.timelines(),
    "books": draw.books(),
    "registries": draw.registries(),
}


def per_second(strategy: Any, examples: int) -> float:
    """Examples drawn a second of processor time; what is made once is made before."""
    drawn = 0

    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def one(_: Any) -> None:
        nonlocal drawn
        drawn += 1

    begun = time.process_time()
    one()
    return drawn / (time.process_time() - begun)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--examples", type=int, default=200, help="drawn of each strategy in each round")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    found = dict.fromkeys(STRATEGIES, 0.0)
    for strategy in STRATEGIES.values():
        per_second(strategy, 5)
    for _ in range(asked.rounds):
        for name, strategy in STRATEGIES.items():
            found[name] = max(found[name], per_second(strategy, asked.examples))
    floor = found["two integers"]
    for name, rate in found.items():
        print(f"{rate:>9,.0f} a second  {floor / rate:>6.1f} times two integers  {name}")
    keep(found, asked.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
