"""Many requests at once: from a file of requests to a file of decisions, in bounded memory.

Light to import; what needs tables is imported where it is used. Needs the `columns` extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limen.batch.audit import Fault
    from limen.batch.errors import BatchError
    from limen.batch.plan import BatchPlan
    from limen.batch.run import BatchResult, run_batch

__all__ = ["BatchError", "BatchPlan", "BatchResult", "Fault", "run_batch"]

_HOMES = {
    "BatchError": "errors",
    "BatchPlan": "plan",
    "BatchResult": "run",
    "Fault": "audit",
    "run_batch": "run",
}


def __getattr__(name: str) -> Any:
    """The members of this room's face, imported at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `limen.batch` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(f"limen.batch.{_HOMES[name]}"), name)
