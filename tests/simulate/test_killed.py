"""A run that is killed goes on, and ends with the figures of one that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.simulate.small import AUGUST, MANY_HELD

LIMEN = [sys.executable, "-c", "import sys; from limen.cli.main import run; sys.exit(run())"]
STAGES = {
    "the registry is written": "registry-*/part-*",
    "requests are made": "requests-*/rows-*",
    "requests are looked up": "requests-*/keys-*",
    "matches are found": "matches-*.parquet",
    "answers are given": "outcome-*/part-*",
}
"""When a run is killed: as soon as there is a file, finished or not, of this kind."""


def command(out: Path) -> list[str]:
    shares = [f"--set={share}" for share in MANY_HELD]
    plan = ["simulate", str(AUGUST), "--size", "600", *shares, "--profile", "irs-2025-08", "--no-sweep"]
    return [*LIMEN, *plan, "--workers", "1", "--out", str(out)]


def run_to_its_end(out: Path) -> bytes:
    done = subprocess.run(command(out), capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr  # 1: a target is missed, as in so small a run
    return (out / "figures.json").read_bytes()


def killed_when_there_is(out: Path, files: str) -> None:
    before = set(out.glob(f"stages/{files}"))
    process = subprocess.Popen(command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not set(out.glob(f"stages/{files}")) - before:
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the run was over before it was killed"


@pytest.mark.slow
def test_a_run_killed_in_every_stage_ends_with_the_figures_of_one_that_was_not(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    figures = run_to_its_end(whole)
    for stage, files in STAGES.items():
        killed_when_there_is(killed, files)
        assert not (killed / "figures.json").exists(), stage
    assert run_to_its_end(killed) == figures
    assert not list(killed.rglob("*.building"))


@pytest.mark.slow
def test_a_finished_run_asked_again_makes_nothing_again(tmp_path: Path) -> None:
    figures = run_to_its_end(tmp_path)
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("stages/**/*.parquet")}
    assert run_to_its_end(tmp_path) == figures
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("stages/**/*.parquet")} == made
