"""Every command on the pages about analysis is one that can be given, and those about a demo request run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from limen.cli.exits import BAD_INPUT, ENGINE_FAULT
from limen.cli.main import limen as group

PAGES = sorted((Path(__file__).parents[2] / "docs" / "analysis").glob("*.md"))
COMMANDS = sorted({line for page in PAGES for line in re.findall(r"^\$ limen (.+)$", page.read_text("utf-8"), re.M)})
QUICK = [line for line in COMMANDS if " demo-" in line]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_on_a_page_can_be_given(line: str) -> None:
    name, *words = shlex.split(line)
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    command.make_context(name, words)


def test_each_analysis_has_a_page_with_an_example() -> None:
    named = {line.split()[0] for line in COMMANDS}
    assert named >= {"whatif", "ask", "compare", "hinges", "diff", "prove", "coverage", "mutate", "twins", "argue"}


@pytest.mark.parametrize("line", QUICK)
def test_an_example_about_a_demo_request_runs_and_has_json(line: str, limen: Any) -> None:
    import json

    ran = limen(*shlex.split(line), "--json")
    assert ran.code not in (BAD_INPUT, ENGINE_FAULT), ran.err
    assert json.loads(ran.out.splitlines()[-1])
