"""What Limen costs, beside its peers: one run, one policy, the same requests, every answer held against an oracle.

    python -m benchmarks [--quick] [--without-peers]

Prints the table, and writes `benchmarks/out/summary.json`, `summary.md` and the picture (`peers.svg`, `peers.png`). All
figures that matter are ratios of two things measured in turns.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import cold_start, network, ours, report
from benchmarks.figures import keep
from benchmarks.peers import Rivals, environment, names
from benchmarks.policy import RULES

OUT = Path(__file__).parent / "out"


class Scale(NamedTuple):
    """How much is done: cases, cases checked, seconds for each figure of ours and of a peer, starts, scale of tables."""

    cases: int
    check: int
    seconds: float
    peer_seconds: float
    limit: float
    starts: int
    tables: float


FULL = Scale(3000, 1000, 8.0, 1.5, 120.0, 9, 1.0)
QUICK = Scale(600, 150, 1.5, 0.2, 25.0, 3, 0.1)
SIZES = (50, 500, 2000)


def peers(scale: Scale, quick: bool) -> dict[str, Any]:
    """What each peer took and answered; a reason where there is none."""
    python = environment()
    if python is None:
        return {name: {"absent": "their environment could not be made"} for name in names()}
    rivals = Rivals(SIZES[:2] if quick else SIZES, 400, scale.check // 5, scale.peer_seconds)
    found: dict[str, Any] = {}
    for name in names():
        print(f"  {name}", file=sys.stderr)
        found[name] = rivals.measure(python, name, scale.limit)
    return found


def tables(name: str, scale: float) -> dict[str, float] | str:
    """What `benchmarks/NAME.py` measures, or why there is nothing."""
    try:
        module = importlib.import_module(f"benchmarks.{name}")
    except ModuleNotFoundError as error:
        return f"absent: no module `{error.name}`"
    measured: dict[str, float] = module.measure(scale)
    return measured


def main() -> int:
    """Measure, check, print, write. The exit code is 1 if any answer was not the oracle's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="about a minute; for looking whether it still works")
    parser.add_argument("--without-peers", action="store_true", help="ourselves only")
    given = parser.parse_args()
    scale = QUICK if given.quick else FULL
    begun = time.perf_counter()
    found: dict[str, Any] = {"quick": given.quick}
    for title, part, measure in (
        ("the evaluator", "single", lambda: ours.evaluator(SIZES, scale.cases, scale.check, scale.seconds)),
        ("decisions", "decide", lambda: ours.decisions(scale.cases, scale.seconds)),
        ("the ledger", "logged", lambda: ours.logged(max(500, scale.cases // 3), scale.seconds)),
        ("columns", "columns", lambda: tables("columns", scale.tables)),
        ("batch", "batch", lambda: tables("batch", scale.tables)),
        ("peers", "peers", lambda: {} if given.without_peers else peers(scale, given.quick)),
        ("durable_rules", "network", lambda: network.measure(min(200, scale.check))),
        ("cold starts", "cold", lambda: cold_start.figures(scale.starts)),
    ):
        print(title, file=sys.stderr)
        found[part] = measure()
        # As it comes: a run that is stopped leaves what it had.
        keep(found, OUT / "found.json")
    found["seconds"] = time.perf_counter() - begun
    summary = report.summarise(found, RULES)
    text = report.table(found, summary, RULES)
    print(text)
    keep(summary, OUT / "summary.json")
    (OUT / "summary.md").write_text(text + "\n", encoding="utf-8")
    report.picture(summary, OUT)
    wrong = [name for name, value in summary.items() if name.endswith("_agrees") and value is False]
    for name in wrong:
        print(f"not the oracle's answers: {name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
