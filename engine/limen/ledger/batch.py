"""Group commit: entries on their way into a ledger, for loops that cannot wait for the disk each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limen.ledger.entry import Entry
from limen.ledger.record import Receipt

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger


class Batch:
    """Collects entries and records them together. See `Ledger.batch`."""

    def __init__(self, ledger: Ledger, size: int) -> None:
        self._ledger = ledger
        self._size = size
        self._waiting: list[Entry] = []
        self.receipts: list[Receipt] = []

    def append(self, entry: Entry) -> None:
        """Add one entry; every `size` of them are recorded in one commit. Raises LedgerUnavailable."""
        self._waiting.append(entry)
        if len(self._waiting) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Record what waits, and acknowledge it."""
        self.receipts += self._ledger.append_many(self._waiting)
        self._waiting.clear()
