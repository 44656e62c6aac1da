"""Where what outlives a run is kept, as every face has it."""

from __future__ import annotations

from limen.home import default_ledger, faults, home, keys, ledger_place

__all__ = ["default_ledger", "faults", "home", "keys", "ledger_place"]
