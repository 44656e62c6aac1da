"""What a tracer left on is put out after each test, and what somebody still listens to is left alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.testing.test_docs import run_pytest

from limen.testing.plugin_tracing import put_out

pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="Python monitors nothing before 3.12")

MINE = 4


@pytest.fixture
def held() -> Iterator[int]:
    """An event that a tool listens to."""
    monitoring = sys.monitoring
    event = monitoring.events.PY_UNWIND
    monitoring.use_tool_id(MINE, "a tool in use")
    monitoring.set_events(MINE, event)
    yield event
    monitoring.set_events(MINE, 0)
    monitoring.free_tool_id(MINE)


def test_a_tool_in_use_keeps_its_events(held: int) -> None:
    put_out()
    assert sys.monitoring.get_tool(MINE) == "a tool in use"
    assert sys.monitoring.get_events(MINE) == held


AFTER_A_FAILURE = """
import sys
from hypothesis import find, strategies as st

def test_something_is_found():
    assert find(st.integers(), lambda number: number > 100) == 101

def test_nothing_is_on_after_it():
    for number in range(6):
        if sys.monitoring.get_tool(number) is None:
            sys.monitoring.use_tool_id(number, "a look")
            events = sys.monitoring.get_events(number)
            sys.monitoring.free_tool_id(number)
            assert events == 0, number
"""


def test_after_an_example_that_failed_no_line_is_listened_to(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(AFTER_A_FAILURE, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
