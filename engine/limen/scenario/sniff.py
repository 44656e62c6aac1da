"""Telling a scenario from a request, before either is read."""

from __future__ import annotations

from pathlib import Path


def is_scenario(path: Path) -> bool:
    """Whether a file says it is a scenario, looked at without reading it as one."""
    with path.open("rb") as file:
        start = file.read(4096).decode("utf-8", "replace")
    return any(line.startswith("scenario:") for line in start.splitlines())
