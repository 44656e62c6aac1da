"""Each room knows only the rooms below it, and opening one is light."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMEN = ROOT / "engine" / "limen"

FLOORS = {
    "law": 1, "home": 1, "words": 1, "canonical": 1, "shared_file": 1, "qr": 1, "written_out": 1,
    "request": 2,
    "decide": 3, "crossref": 3, "ledger": 3,
    "desk": 4, "batch": 4, "casework": 4, "analyse": 4, "scenario": 4,
    "training": 5, "simulate": 5, "testing": 5, "publish": 5, "exports": 5,
    "web": 6, "cli": 7,
}  # fmt: skip
"""A room on one floor may use any room on a floor below it, and no other. The desk, home, words,
canonical, shared_file, qr and written_out are rooms of one module."""

DATA = {"data"}
"""Folders of the package that hold no code."""


def modules() -> list[Path]:
    return sorted(path for path in LIMEN.rglob("*.py") if path != LIMEN / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(LIMEN).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of each import of ours in a module, those inside functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the import in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "limen" and len(parts) > 1 and parts[1] != "__version__":
                yield node.lineno, parts[1]


def wrong_imports(path: Path, room: str) -> list[str]:
    floor = FLOORS[room]
    return [
        f"{path.name}:{line}: `{room}` (floor {floor}) imports `{used}` (floor {FLOORS.get(used, '?')})"
        for line, used in imported_rooms(path)
        if used != room and FLOORS.get(used, 99) >= floor
    ]


def test_every_module_is_in_a_room_with_a_floor() -> None:
    rooms = {room_of(path) for path in modules()} - DATA
    assert rooms <= set(FLOORS), f"rooms without a floor: {sorted(rooms - set(FLOORS))}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(LIMEN)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    assert wrong_imports(path, room_of(path)) == []


def test_an_import_from_above_or_beside_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text(
        "from limen.ledger import open_ledger\ndef f():\n    import limen.cli.main\n    from limen import web\n"
    )
    found = wrong_imports(module, "decide")
    assert [line.split(":")[1] for line in found] == ["1", "3", "4"]
    assert wrong_imports(module, "web")[0].endswith("imports `cli` (floor 7)")


HEAVY = [
    "pydantic", "yaml", "click", "structlog", "sqlalchemy", "sqlite3", "durable", "duckdb", "pyarrow", "ibis", "z3",
    "rapidfuzz", "hypothesis", "asyncio",
]  # fmt: skip

IMPORT_AND_LIST = """
import sys
import {module}
print(*[name for name in {heavy} if name in sys.modules])
"""


def fresh(code: str) -> str:
    """What `code` prints in an interpreter of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout


@pytest.mark.parametrize("room", ["", *(f".{room}" for room in FLOORS if (LIMEN / room).is_dir())])
def test_opening_a_room_loads_nothing_heavy(room: str) -> None:
    code = IMPORT_AND_LIST.format(module=f"limen{room}", heavy=HEAVY)
    assert fresh(code).split() == []


def test_help_loads_the_command_and_nothing_else() -> None:
    code = (
        "import sys\nfrom limen.cli.main import main\ncode = main(['--help'])\n"
        f"print('loaded:', *[name for name in {HEAVY} if name in sys.modules], 'code:', code)"
    )
    assert fresh(code).splitlines()[-1] == "loaded: click code: 0"


def test_the_public_face_is_what_it_says() -> None:
    import limen

    assert set(limen.__all__) == {"Book", "Decision", "Request", "__version__", "decide", "load_book"}
    for name in limen.__all__:
        assert getattr(limen, name) is not None
    assert set(dir(limen)) == set(limen.__all__)
    with pytest.raises(AttributeError, match="no attribute `nonesuch`"):
        _ = limen.nonesuch
