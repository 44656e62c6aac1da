"""What a cold command costs, with `python -c "import pydantic"` as the unit.

    python -m benchmarks.cold_start [--runs N] [--out FILE]

Each command is started afresh, in turns with the unit, so that a busy machine slows both. Two figures for each: the
median of the time that passed, and the least processor time (which other programs disturb less; with the second key it
has that of the worker too, which runs beside the command and not after it).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import keep

ROOT = Path(__file__).resolve().parents[1]
RUN = "import sys; from limen.cli.main import run; sys.exit(run())"
UNIT = "import pydantic"
MOST = {"without the second key": 4.0, "with the second key": 8.0}
"""How many units `limen decide` of one file may take."""

DECIDED = (0, 1, 3, 4)
"""Exit codes of a decision, whatever it is."""

REQUEST = "scenarios/demo/01-textbook.yaml"


def request_file(folder: Path) -> Path:
    """The request of a shipped scenario, as a file of its own."""
    import yaml

    told = yaml.safe_load((ROOT / REQUEST).read_text(encoding="utf-8"))
    path = folder / "request.yaml"
    path.write_text(yaml.safe_dump({"id": "cold-start", **told["request"]}, sort_keys=False), encoding="utf-8")
    return path


def commands(request: Path) -> dict[str, list[str]]:
    """What is measured, by the words that stand for it."""
    decide = ["-c", RUN, "decide", str(request)]
    one = ["--profile", "irs-2025-08"]
    return {
        UNIT: ["-c", UNIT],
        "without the second key": [*decide, "--no-second-key"],
        "with the second key": decide,
        "without, one profile": [*decide, "--no-second-key", *one],
        "with, one profile": [*decide, *one],
        "--help": ["-c", RUN, "--help"],
    }


def measure(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds passed, and of processor time, for one start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL, check=False)
    passed = time.perf_counter() - start
    if done.returncode not in DECIDED:
        raise SystemExit(f"exit code {done.returncode} is no decision: there is nothing to measure")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(runs: int) -> dict[str, dict[str, float]]:
    """For each command the median time and the least processor time, in units."""
    with tempfile.TemporaryDirectory(prefix="limen-cold-") as name:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "engine"),
            "LIMEN_HOME": str(Path(name) / "home"),
            "LIMEN_CACHE": str(Path(name) / "cache"),
            "PYTHONPYCACHEPREFIX": str(Path(name) / "bytecode"),
        }
        # Like every installed program this one runs from bytecode, which pydantic got when it was installed.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        told = commands(request_file(Path(name)))
        taken: dict[str, list[tuple[float, float]]] = {what: [] for what in told}
        for _ in range(2):  # the first run writes what the second finds
            for words in told.values():
                measure(words, environment)
        for _ in range(runs):
            for what, words in told.items():
                taken[what].append(measure(words, environment))
    passed = {what: statistics.median(one for one, _ in all_) for what, all_ in taken.items()}
    spent = {what: min(one for _, one in all_) for what, all_ in taken.items()}
    return {
        what: {"time": passed[what] / passed[UNIT], "processor": spent[what] / spent[UNIT], "ms": passed[what] * 1e3}
        for what in told
    }


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    given = parser.parse_args()
    found = figures(given.runs)
    print(f"{'limen decide, cold':<26} {'time':>7} {'processor':>10}   at most")
    for what, one in found.items():
        bound = f"{MOST[what]:.0f}{' (over)' if one['time'] > MOST[what] else ''}" if what in MOST else ""
        print(f"{what:<26} {one['time']:>6.2f}x {one['processor']:>9.2f}x   {bound:<8}   {one['ms']:>5.0f} ms")
    keep(found, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
