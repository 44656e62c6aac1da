"""Every example of the pages runs, as a stranger would run it: in an empty folder, with pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "testing"
BLOCK = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run_pytest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """pytest in `folder`, with the plugin as an installed copy has it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTEST_ADDOPTS": ""}
    known = any(one.name == "limen" for one in entry_points(group="pytest11"))
    plugin = [] if known else ["-p", "limen.testing.plugin"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *plugin,
        "--rootdir",
        str(folder),
        *words,
    ]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def write_examples(page: str, folder: Path) -> list[str]:
    found = BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    for name, code in found:
        (folder / name).write_text(code, encoding="utf-8")
    return [name for name, _ in found]


@pytest.mark.parametrize("page", ["conformance.md", "strategies.md", "plugin.md"])
def test_the_examples_of_a_page_run(page: str, tmp_path: Path) -> None:
    assert write_examples(page, tmp_path)
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ten_lines_find_the_planted_fail_open_bug(tmp_path: Path) -> None:
    assert write_examples("README.md", tmp_path) == ["toy_service.py", "test_toy_service.py"]
    suite = (tmp_path / "test_toy_service.py").read_text(encoding="utf-8").split("\n")
    assert len([line for line in suite if line]) <= 10
    found = run_pytest(tmp_path)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "usc.26.6103.c.impairment#impairment" in found.stdout
    assert "`secretary.finds_tax_administration_harm` is not stated" in found.stdout
    service = tmp_path / "toy_service.py"
    text = service.read_text(encoding="utf-8")
    bug = 'facts.get("secretary.finds_tax_administration_harm")'
    service.write_text(text.replace(bug, f"{bug} is not False"), encoding="utf-8")
    mended = run_pytest(tmp_path)
    assert mended.returncode == 0, mended.stdout + mended.stderr


@pytest.mark.parametrize("system", ["sut_correct", "sut_http"])
def test_the_suite_of_an_example_passes(system: str, tmp_path: Path) -> None:
    for folder in ("sut_correct", system):
        for path in (ROOT / "docs" / "examples" / folder).glob("*.py"):
            if folder == system or not path.name.startswith("test_"):
                (tmp_path / path.name).write_bytes(path.read_bytes())
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
