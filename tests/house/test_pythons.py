"""Which Pythons are promised, how `make` finds those of a machine, and where each has its environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"


def test_the_documents_name_the_versions_that_the_package_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r":: 3\.\d+$", one)]
    assert project["requires-python"] == f">={declared[0]}"
    *but_last, last = declared
    assert f"Python {', '.join(but_last)} or {last}" in (ROOT / "README.md").read_text(encoding="utf-8")
    held = re.findall(r"^\| (3\.\d+)\.\d+ \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert held == declared


class Machine:
    """A machine on which only these Pythons are found: shell scripts that answer what a Python is asked."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.headers = folder / "include"
        self.programs.mkdir()
        self.headers.mkdir()
        (self.headers / "Python.h").touch()

    def has(self, version: str, *, headers: Path | None = None) -> str:
        """A Python of this version, `3.98.1`; returns its path."""
        minor, _, micro = version.rpartition(".")
        return self.program(
            f"python{minor}",
            f"case $* in *ensurepip*) echo {minor} {micro} $0 ;; *get_path*) echo {headers or self.headers} ;; "
            f"*) echo {minor} ;; esac",
        )

    def program(self, name: str, line: str) -> str:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    def asked(self, script: str, *words: str, folder: Path = ROOT, **environment: str) -> tuple[list[str], str]:
        """What a script of `.ci` prints on this machine, and what it says beside it. It never fails."""
        for tool in ("sh", "sort", "awk", "sed", "dirname", "cc"):
            path = shutil.which(tool)
            assert path is not None, f"`{tool}` is needed to set up"
            if not (self.programs / tool).exists():
                (self.programs / tool).symlink_to(path)
        clean = {"PATH": str(self.programs), "HOME": str(self.programs), "CC": "", **environment}
        done = subprocess.run(
            ["sh", CI / script, *words], cwd=folder, env=clean, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines(), done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_python_comes_first_and_what_does_not_start_is_left_out(machine: Machine) -> None:
    older, newest = machine.has("3.98.4"), machine.has("3.99.1")
    machine.program("python3.97", "echo 'pyenv: python3.97: command not found' >&2; exit 127")
    assert machine.asked("pythons") == ([f"3.99 {newest}", f"3.98 {older}"], "")


def test_no_other_python_is_no_failure(machine: Machine) -> None:
    assert machine.asked("pythons") == ([], "")
    assert machine.asked("pythons", "--other-than", sys.executable) == ([], "")


def test_a_python_of_the_same_version_is_no_other(machine: Machine) -> None:
    same, other = machine.has("3.99.1"), machine.has("3.98.4")
    assert machine.asked("pythons", "--other-than", same) == ([f"3.98 {other}"], "")


def test_a_python_that_nothing_can_be_built_for_is_passed_over_and_named(machine: Machine, tmp_path: Path) -> None:
    bare, whole = machine.has("3.99.1", headers=tmp_path), machine.has("3.98.4")
    found, said = machine.asked("pythons", "--other-than", sys.executable)
    assert found == [f"3.98 {whole}"]
    assert (
        said == f"limen: passed over {bare}: durable-rules cannot be built for it without a C compiler and `Python.h`\n"
    )
    found, said = machine.asked("pythons", "--other-than", sys.executable, CC="/no/compiler")
    assert found == []
    assert len(said.splitlines()) == 2


def test_a_python_that_is_named_gets_an_environment_beside_one_of_another_version(
    machine: Machine, tmp_path: Path
) -> None:
    named = machine.has("3.99.1")
    assert machine.asked("environment", named, folder=tmp_path)[0] == [".venv"], "nothing is there yet"
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(machine.has("3.98.4"))
    assert machine.asked("environment", named, folder=tmp_path)[0] == [".venv/python3.99"]
    assert machine.asked("environment", "python3.98", folder=tmp_path)[0] == [".venv"]
    assert machine.asked("environment", "python3.97", folder=tmp_path)[0] == [".venv/none"], "it does not start"
