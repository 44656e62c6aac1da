"""`make soak`: put the ledger through what is asked of trusted systems, at length, and print what happened.

    python -m benchmarks.soak [--scale N] [--seed N] [--only WORD] [--out FILE]

At scale 1 it takes some minutes. Every line of the table is a trial of `tests/ledger/trials.py`; PostgreSQL is tried
too where its server is installed. The last line says whether every promise was kept; the exit code is 1 if not.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests" / "ledger"), str(HERE.parent / "engine")]

if TYPE_CHECKING:
    from trials import Outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="how long: 1 is what docs/reliability.md reports")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", default="", metavar="WORD", help="only the trials whose name has this word")
    parser.add_argument("--out", type=Path, help="write the table here too, as Markdown")
    given = parser.parse_args()
    rows: list[tuple[str, Outcome, float]] = []
    for name, trial in _trials(given.scale, random.Random(given.seed)):
        if given.only not in name:
            continue
        start = time.perf_counter()
        outcome = trial()
        rows.append((name, outcome, time.perf_counter() - start))
        print(_line(*rows[-1]), flush=True)
    failures = [f"{name}: {failure}" for name, outcome, _ in rows for failure in outcome.failures]
    for failure in failures:
        print("FAILED", failure)
    print("every promise was kept" if not failures else f"{len(failures)} promises were not kept")
    if given.out:
        given.out.write_text("\n".join(_markdown(rows)) + "\n", encoding="utf-8")
    return 1 if failures else 0


def _trials(scale: float, chance: random.Random) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """Each trial by the words that stand for it in the table."""
    import trials

    def times(number: int) -> int:
        return max(1, round(number * scale))

    def in_folder(trial: Callable[..., Outcome], *given: object, **named: object) -> Callable[[], Outcome]:
        def run() -> Outcome:
            with tempfile.TemporaryDirectory(prefix="limen-soak-") as name:
                return trial(Path(name), *given, **named)

        return run

    writes = times(1000)
    yield "SQLite: writer killed (signal 9), one write a commit", in_folder(trials.kill_writers, chance, writes)
    yield "SQLite: writer killed, 25 writes a commit", in_folder(trials.kill_writers, chance, writes, 25)
    yield "SQLite: 4 processes of 4 threads write at once", in_folder(trials.crowd, 4, 4, times(100))
    yield (
        "SQLite: no file may grow further (40 limits)",
        lambda: _added([in_folder(trials.fill_disk, chance.randrange(80_000, 900_000))() for _ in range(times(40))]),
    )
    yield (
        "SQLite: the file system is full (tmpfs)",
        lambda: _added([_on_tmpfs(trials.fill_disk) for _ in range(times(3))]),
    )
    yield "one byte changed: store, keys, mark or checkpoints", in_folder(trials.flip_bytes, chance, times(5000))
    yield (
        "one byte changed: the first pages of the store",
        in_folder(trials.flip_bytes, chance, times(3000), lambda path: path.suffix == ".db", within=8192),
    )
    yield (
        "one byte changed: the write-ahead log",
        in_folder(trials.flip_bytes, chance, times(2000), lambda path: path.name.endswith("-wal"), stopped=True),
    )
    yield (
        "one byte changed: keys, mark or checkpoints alone",
        in_folder(trials.flip_bytes, chance, times(1500), lambda path: path.parent.name == "keys"),
    )
    yield "file cut off anywhere, or an older copy put back", in_folder(trials.cut_tails, chance, times(1500))
    yield from _postgresql_trials(trials, chance, writes, times(100))


def _postgresql_trials(trials: object, chance: random.Random, writes: int, each: int) -> Iterator[
    tuple[str, Callable[[], Outcome]]
]:  # fmt: skip
    from postgresql_server import programs, running_server

    if programs() is None:
        print("PostgreSQL: no server on this machine, not tried", file=sys.stderr)
        return

    def on_server(trial: str, *given: object) -> Callable[[], Outcome]:
        def run() -> Outcome:
            with running_server() as server, tempfile.TemporaryDirectory(prefix="limen-soak-") as name:
                (Path(name) / "url").write_text(server.url)
                first = (server,) if trial == "kill_server" else ()
                outcome: Outcome = getattr(trials, trial)(Path(name), *first, *given)
                return outcome

        return run

    yield "PostgreSQL: writer killed (signal 9), one write a commit", on_server("kill_writers", chance, writes)
    yield "PostgreSQL: the server killed under its writers", on_server("kill_server", chance, max(1, each // 10))
    yield "PostgreSQL: 4 processes of 4 threads write at once", on_server("crowd", 4, 4, each)


def _on_tmpfs(trial: Callable[[Path, int], Outcome]) -> Outcome:
    """The trial on a file system of its own of two megabytes; nothing is counted where none may be mounted."""
    from trials import Outcome

    with _small_file_system() as folder:
        return trial(folder / "ledger", 0) if folder is not None else Outcome({"not tried: may not mount": 1})


@contextmanager
def _small_file_system() -> Iterator[Path | None]:
    with tempfile.TemporaryDirectory(prefix="limen-soak-") as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", name], capture_output=True, check=False
        )
        if mounted.returncode:
            yield None
            return
        try:
            (Path(name) / "filler").write_bytes(b"x" * 200_000)
            (Path(name) / "ledger").mkdir()
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def _added(outcomes: list[Outcome]) -> Outcome:
    from trials import Outcome

    counts: dict[str, int] = {}
    for outcome in outcomes:
        for name, count in outcome.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Outcome(counts, tuple(failure for outcome in outcomes for failure in outcome.failures))


def _line(name: str, outcome: Outcome, seconds: float) -> str:
    counted = ", ".join(f"{count} {what}" for what, count in outcome.counts.items())
    return f"{name:<56} {counted}; {len(outcome.failures)} failures  ({seconds:.0f} s)"


def _markdown(rows: list[tuple[str, Outcome, float]]) -> Iterator[str]:
    yield "| trial | what happened | promises not kept |"
    yield "|---|---|---|"
    for name, outcome, _ in rows:
        counted = ", ".join(f"{count:,} {what}" for what, count in outcome.counts.items())
        yield f"| {name} | {counted} | {len(outcome.failures)} |"


if __name__ == "__main__":
    raise SystemExit(main())
