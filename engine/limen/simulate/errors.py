"""What can keep a simulation from running."""

from __future__ import annotations


class SimulationError(Exception):
    """A plan cannot be read or run; the message says what, where and how to mend it."""
