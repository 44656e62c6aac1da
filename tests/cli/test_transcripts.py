"""What the pages show is what the command says.

A fence marked `console` under a line `<!-- run -->` holds a command and, under it, all that it prints. To write them
anew after a change:
`LIMEN_WRITE_TRANSCRIPTS=1 python -m pytest tests/cli/test_transcripts.py`, and read the difference.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from cli_run import Limen

ROOT = Path(__file__).parents[2]
PAGES = [
    path for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if "<!-- run -->" in path.read_text()
]
FENCE = re.compile(
    r"^<!-- run -->\n```console\n\$ (?P<command>limen [^\n]+)\n(?P<shown>.*?)^```$", re.MULTILINE | re.DOTALL
)
WIDTH = "92"


def settled(text: str) -> str:
    """`text` with what differs from run to run made equal."""
    text = re.sub(r"\bdecision [0-9a-f]{16}\b", "decision 5f0c1b9e3a7d2468", text)
    text = re.sub(r"\brecord \d+ of the ledger", "record 2 of the ledger", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def test_there_are_transcripts() -> None:
    assert ROOT / "README.md" in PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_the_command_says(page: Path, limen: Limen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", WIDTH)
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")

    def said(fence: re.Match[str]) -> str:
        ran = limen(*shlex.split(fence["command"])[1:])
        assert ran.err == "", f"{fence['command']}: {ran.err}"
        return f"<!-- run -->\n```console\n$ {fence['command']}\n{settled(ran.out)}```"

    fresh = FENCE.sub(said, text)
    if os.environ.get("LIMEN_WRITE_TRANSCRIPTS"):
        page.write_text(fresh, encoding="utf-8")
    assert fresh == text
