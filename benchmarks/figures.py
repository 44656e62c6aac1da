"""Figures of a measurement, kept as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def keep(figures: Any, path: Path | None) -> None:
    """Write `figures` to `path` as JSON, its folder made if need be; nothing where no path was given."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
