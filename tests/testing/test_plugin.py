"""The plugin: scenario files as tests, the report by provision, and nothing at all where it is not used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.testing.test_docs import ROOT, run_pytest

SCENARIO = (ROOT / "scenarios" / "demo" / "01-textbook.yaml").read_text(encoding="utf-8")


def test_a_scenario_file_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "textbook.limen.yaml").write_text(SCENARIO, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_an_unmet_expectation_is_shown_as_a_story_not_as_a_stack(tmp_path: Path) -> None:
    wrong = SCENARIO.replace("disposition: release", "disposition: withhold", 1)
    (tmp_path / "textbook.limen.yaml").write_text(wrong, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "teaches: Once every element is there" in done.stdout
    assert "expected `withhold`, decided" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_mistake_in_a_file_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "textbook.limen.yaml").write_text(SCENARIO.replace("story:", "storey:", 1), encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 2
    assert "textbook.limen.yaml:3" in done.stdout and "`storey` is not a key" in done.stdout


def test_any_yaml_file_that_says_so_is_a_scenario_where_the_configuration_says_so(tmp_path: Path) -> None:
    (tmp_path / "textbook.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("kind: something\n", encoding="utf-8")
    assert run_pytest(tmp_path).returncode == 5
    (tmp_path / "pytest.ini").write_text("[pytest]\nlimen_scenarios = true\n", encoding="utf-8")
    assert run_pytest(tmp_path).returncode == 0


def test_the_report_counts_met_and_not_met_by_provision(tmp_path: Path) -> None:
    (tmp_path / "textbook.limen.yaml").write_text(SCENARIO, encoding="utf-8")
    done = run_pytest(tmp_path, "--limen-coverage", "--limen-profile", "text-strict")
    assert "limen: provisions tried" in done.stdout, done.stdout + done.stderr


def test_the_report_counts_the_cases_of_the_kit(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "from limen.testing import conformance\n"
        "def test_it():\n"
        "    conformance(lambda case: 'deny', profile='text-strict', under=['usc.26.6103.c'], examples=0)\n",
        encoding="utf-8",
    )
    done = run_pytest(tmp_path, "--limen-coverage")
    row = next(line for line in done.stdout.splitlines() if line.startswith("usc.26.6103.c#recipient "))
    assert all(int(count) > 0 for count in row.split()[1:])
    assert "provisions were found both met and not met" in done.stdout


def test_a_plugin_that_is_not_used_loads_nothing() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import limen.testing.plugin; "
        "print(*sorted(name for name in set(sys.modules) - before))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["limen", "limen.testing", "limen.testing.plugin"]
