"""What people install: the constraints, the version, and a wheel that works where no checkout is."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line)


def test_constraints_are_plain_and_sorted() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][A-Za-z0-9.+!]*", line) for line in lines)


def test_every_declared_dependency_is_held_at_a_version_it_allows() -> None:
    held = constraints()
    declared = [
        *PROJECT["dependencies"],
        *(one for group in PROJECT["optional-dependencies"].values() for one in group),
    ]
    for line in declared:
        requirement = Requirement(line)
        if canonical(requirement.name) == "limen":
            continue  # an extra that takes in another
        version = held.get(canonical(requirement.name))
        assert version is not None, f"constraints.txt does not hold {requirement.name}"
        assert requirement.specifier.contains(version), f"{line} does not allow {version}"


IMPORT_NAMES = {
    "durable-rules": "durable",
    "python-docx": "docx",
    "pyyaml": "yaml",
    "z3-solver": "z3",
    "ibis-framework": "ibis",
    "vl-convert-python": "vl_convert",
    "argon2-cffi": "argon2",
}
"""Where a distribution is imported by another name than its own."""


def declared(*extras: str) -> set[str]:
    """The import names of the core's dependencies and of these extras."""
    lines = [*PROJECT["dependencies"], *(one for name in extras for one in PROJECT["optional-dependencies"][name])]
    names = {canonical(Requirement(line).name) for line in lines}
    return {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}


@cache
def ours() -> set[str]:
    """What is no package of others, though it is imported by a name like one."""
    found = {"limen", "tests", "benchmarks"} | {one.stem for one in [*TESTS, *(ROOT / "benchmarks").glob("*.py")]}
    found |= {one.name for one in (ROOT / "benchmarks").iterdir() if one.is_dir()}
    return found | {one.stem for one in (ROOT / "docs" / "examples").rglob("*.py")}


@cache
def outside(path: Path, *, at_once: bool = False) -> set[str]:
    """The packages of others that a file imports; `at_once`: only those it needs to be imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - ours()


TESTS = sorted((ROOT / "tests").rglob("*.py"))
ENGINE = sorted((ROOT / "engine").rglob("*.py"))


def test_whatever_the_engine_imports_is_declared() -> None:
    known = declared(*(name for name in PROJECT["optional-dependencies"] if name != "dev"))
    known |= {"pydantic_core", "sqlalchemy"}  # pydantic's own; and what generates statements, which only tests do
    known |= {"anyio", "starlette", "markupsafe"}  # what FastAPI and Jinja are made on, whose names their users import
    assert {str(path.relative_to(ROOT)): outside(path) - known for path in ENGINE if outside(path) - known} == {}


def test_whatever_the_tests_import_comes_with_what_make_test_installs() -> None:
    installed = re.search(r"^DEV_EXTRAS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert installed is not None
    known = declared(*installed[1].split(","))
    undeclared = {str(path.relative_to(ROOT)): outside(path, at_once=True) - known for path in TESTS}
    assert {path: names for path, names in undeclared.items() if names} == {}


def test_every_dependency_is_imported_somewhere() -> None:
    imported = set().union(*(outside(path) for path in ENGINE))
    assert declared() - imported == set()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment, outside the checkout, with the wheel in it. The folder of its programs."""
    place = tmp_path_factory.mktemp("wheel")
    environment = {**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(place), str(ROOT)],
        check=True,
        env=environment,
    )
    venv.create(place / "venv", with_pip=True)
    (wheel,) = place.glob("limen-*.whl")
    programs = place / "venv" / "bin"
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True, env=environment)
    return programs


def run(programs: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "LIMEN_HOME": str(folder / "home"),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        [str(programs / "limen"), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_wheel_carries_book_scenarios_and_registry(installed: Path) -> None:
    (wheel,) = installed.parents[1].glob("limen-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "limen/py.typed" in names
    assert any(re.fullmatch(r"limen/data/rules/.*/i2\.yaml", name) for name in names)
    assert any(re.fullmatch(r"limen/data/scenarios/.*\.yaml", name) for name in names)
    assert any(name.startswith("limen/data/registry/") for name in names)
    assert {"limen/web/templates/base.html", "limen/web/static/limen.css", "limen/web/static/htmx.min.js"} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_the_installed_command_decides_a_shipped_scenario(installed: Path, tmp_path: Path) -> None:
    listed = run(installed, tmp_path, "scenario", "list")
    assert listed.returncode == 0, listed.stderr
    decided = run(installed, tmp_path, "decide", "demo/01-textbook", "--profile", "irs-2025-08")
    assert decided.returncode == 0, decided.stdout + decided.stderr
    assert "Release" in decided.stdout
    assert "26 U.S.C. § 6103(i)(2)" in decided.stdout
    verified = run(installed, tmp_path, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.slow
def test_the_installed_command_runs_every_shipped_scenario(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "scenario", "run")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_installed_package_is_typed_and_small_to_import(installed: Path, tmp_path: Path) -> None:
    code = "import limen, sys; print(limen.load_book().name, 'yaml' in sys.modules)"
    done = subprocess.run([installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "us-6103"
