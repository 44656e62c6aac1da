"""Figures of a measurement: what a step costs, and all of them kept as a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


def keep(figures: Any, path: Path | None) -> None:
    """Write `figures` to `path` as JSON, its folder made if need be; nothing where no path was given."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


class Timed(NamedTuple):
    """Seconds that passed, and seconds of processor time (which other programs on the machine disturb less)."""

    seconds: float
    processor: float
    result: Any


def timed(work: Callable[[], Any]) -> Timed:
    """Do some work and say what it cost."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    return Timed(round(time.perf_counter() - start, 3), round(time.process_time() - used, 3), result)
