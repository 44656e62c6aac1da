"""What a cold command does not pay for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DECIDE = """
import sys
from limen.cli.main import run
sys.argv = ["limen", "decide", "demo-textbook", "--no-second-key", "--json"]
code = run()
print(*[name for name in {names} if name in sys.modules], file=sys.stderr)
sys.exit(code)
"""

NOT_NEEDED = [
    "importlib.metadata", "asyncio", "structlog", "sqlalchemy", "durable", "duckdb", "ibis", "pyarrow", "numpy", "z3",
    "rich", "unittest", "multiprocessing", "http", "xml", "limen.law.load.loader", "limen.decide.reproduction",
    "limen.casework", "limen.publish", "limen.simulate", "limen.training", "limen.testing", "limen.web",
]  # fmt: skip


def test_deciding_imports_nothing_it_does_not_need(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "LIMEN_HOME": str(tmp_path)}
    for _ in range(2):  # the second time the book comes from its cache
        done = subprocess.run(
            [sys.executable, "-c", DECIDE.format(names=NOT_NEEDED)],
            capture_output=True, text=True, env=environment, cwd=tmp_path, check=True,
        )  # fmt: skip
    assert done.stderr.split() == []


def test_models_still_check_without_the_search_for_plugins() -> None:
    code = (
        "from limen.cli.quick import no_plugins\nno_plugins()\nno_plugins()\n"
        "from pydantic import BaseModel, ValidationError\n"
        "class Model(BaseModel):\n    number: int\n"
        "assert Model(number=1).number == 1\n"
        "try:\n    Model(number='x')\nexcept ValidationError:\n    print('checked')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "checked\n"


def test_a_loader_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from limen.cli.quick import no_plugins

    there = object()
    monkeypatch.setitem(sys.modules, "pydantic.plugin._loader", there)  # type: ignore[arg-type]
    no_plugins()
    assert sys.modules["pydantic.plugin._loader"] is there
