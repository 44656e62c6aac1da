"""The names of decisions: 64 random bits each, drawn from the system many at a time."""

from __future__ import annotations

import os
from collections import deque

BYTES = 8
AT_ONCE = 512
"""Names drawn in one go: asking the system costs as much for one as for hundreds."""

_drawn: deque[str] = deque()
if hasattr(os, "register_at_fork"):
    # Two processes must never give out the same names.
    os.register_at_fork(after_in_child=_drawn.clear)


def new_id() -> str:
    """A name that no other decision has: 16 hexadecimal digits. Safe to call from several threads."""
    try:
        return _drawn.popleft()
    except IndexError:
        drawn = os.urandom(BYTES * AT_ONCE).hex()
        width = BYTES * 2
        first, *others = (drawn[start : start + width] for start in range(0, len(drawn), width))
        _drawn.extend(others)
        return first
