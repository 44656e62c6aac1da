"""Where what outlives a run is kept: the ledger, its keys, and reports of faults.

`LIMEN_HOME` names the folder; without it, it is the user's own data folder on this platform.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The folder for state. It is not created by asking."""
    named = os.environ.get("LIMEN_HOME")
    if named:
        return Path(named).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "limen"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "limen"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "limen"


def default_ledger() -> str:
    """Where decisions are logged when nothing else is said."""
    return str(home() / "ledger.sqlite")


def faults() -> Path:
    """Where reports of engine faults are written."""
    return home() / "faults"


def keys() -> Path | None:
    """The folder of the ledger's keys; `None` leaves it to the ledger's own default, which is apart from the data."""
    named = os.environ.get("LIMEN_HOME") and not os.environ.get("LIMEN_KEYS")
    return home() / "keys" if named else None


def ledger_place(where: str) -> str:
    """A ledger's path, with `~` for home, or its URL as it is."""
    return where if "://" in where else str(Path(where).expanduser())
