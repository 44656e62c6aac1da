"""A kit for other people's test suites: cases at random and at the boundary, and a check of one's own system.

    from limen.testing import conformance

    def test_our_service_keeps_the_law():
        conformance(our_decide, under=["usc.26.6103.c"]).check()

`strategies` draws cases, requests, books, registries and timelines with Hypothesis; `plugin` is the pytest plugin.
Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.testing import conformance, strategies
    from limen.testing.case import Case
    from limen.testing.machine import casework_machine
    from limen.testing.oracle import Oracle
    from limen.testing.report import ConformanceError, Disagreement, Report

__all__ = [
    "Case",
    "ConformanceError",
    "Disagreement",
    "Oracle",
    "Report",
    "casework_machine",
    "conformance",
    "strategies",
]

_HOMES = {
    "Case": "case",
    "ConformanceError": "report",
    "Disagreement": "report",
    "Oracle": "oracle",
    "Report": "report",
    "casework_machine": "machine",
}
_MODULES = ("conformance", "strategies")


def __getattr__(name: str) -> object:
    """The members of this room's face, imported at first use."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"limen.testing.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module `limen.testing` has no attribute `{name}`")
    return getattr(import_module(f"limen.testing.{_HOMES[name]}"), name)
