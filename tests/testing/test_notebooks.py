"""The worked notebooks run from top to bottom, and show tables that give nothing away."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def test_each_group_of_users_has_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["analyst", "tester", "trainer"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_keeps_shows_no_place_and_no_script(path: Path) -> None:
    kept = path.read_text(encoding="utf-8")
    assert "<script" not in kept and "Traceback" not in kept and "Decision(" not in kept
    assert "site-packages" not in kept and '"/' not in kept
    for cell in nbformat.reads(kept, as_version=4).cells:
        assert cell.cell_type == "markdown" or cell.outputs is not None


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_kept(path: Path) -> None:
    kept = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    ran = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    client = NotebookClient(ran, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}})
    client.execute()
    for before, after in zip(kept.cells, ran.cells, strict=True):
        if before.cell_type == "code":
            kinds = [sorted(output.get("data", {"stream": ""})) for output in after.outputs]
            assert kinds == [sorted(output.get("data", {"stream": ""})) for output in before.outputs], before.source
