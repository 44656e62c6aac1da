"""Running the command in this process, in a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_run import Limen, Ran

from limen.cli.main import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for state, and a terminal of 100 columns without colour."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LIMEN_HOME", str(folder))
    monkeypatch.delenv("LIMEN_KEYS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return folder


@pytest.fixture
def limen(home: Path, capsys: pytest.CaptureFixture[str]) -> Limen:
    """Run the command with these words."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run
