"""Events that a tracer left on are put out after each test: on Python 3.12 and 3.13 they slow verdicts a hundredfold.

Once an example has failed, Hypothesis traces lines to explain why. Afterwards it gives the id of its tool back, which
before Python 3.14 leaves the events on: nobody hears them, and every line still stops to tell, until the process ends.
"""

from __future__ import annotations

import sys

IDS = range(6)
"""The ids a tool of `sys.monitoring` may have."""


def put_out() -> None:
    """No event is on for a tool that is nobody's. What a tool listens to that somebody holds stays as it is."""
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        for number in IDS:
            if monitoring.get_tool(number) is None:
                monitoring.use_tool_id(number, "limen")
                if monitoring.get_events(number):
                    monitoring.set_events(number, 0)
                monitoring.free_tool_id(number)


def pytest_runtest_teardown() -> None:
    """After each test, whatever it did."""
    put_out()
