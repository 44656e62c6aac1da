"""The decision log: append-only, chained, sealed, and silent about who a request was about.

The names below are loaded when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limen.ledger.checkpoint import Checkpoint
    from limen.ledger.entry import Entry
    from limen.ledger.errors import LedgerUnavailable, NoSuchRecord, RecordRefused
    from limen.ledger.forget import Forgotten
    from limen.ledger.keys import KeyRing, open_keys
    from limen.ledger.ledger import Ledger, open_ledger
    from limen.ledger.record import Receipt, Record
    from limen.ledger.verification import Problem, Verification

_HOMES = {
    "Checkpoint": "checkpoint",
    "Entry": "entry",
    "Forgotten": "forget",
    "LedgerUnavailable": "errors",
    "NoSuchRecord": "errors",
    "RecordRefused": "errors",
    "KeyRing": "keys",
    "open_keys": "keys",
    "Ledger": "ledger",
    "open_ledger": "ledger",
    "Receipt": "record",
    "Record": "record",
    "Problem": "verification",
    "Verification": "verification",
}

__all__ = [
    "Checkpoint",
    "Entry",
    "Forgotten",
    "KeyRing",
    "Ledger",
    "LedgerUnavailable",
    "NoSuchRecord",
    "Problem",
    "Receipt",
    "Record",
    "RecordRefused",
    "Verification",
    "open_keys",
    "open_ledger",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module `limen.ledger` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(f"limen.ledger.{home}"), name)
