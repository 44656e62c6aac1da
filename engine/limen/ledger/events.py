"""The ledger's events as JSON lines in a file beside it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from limen.ledger.entry import Entry
from limen.ledger.errors import LedgerUnavailable
from limen.ledger.log import about, open_log
from limen.ledger.record import Receipt

_OF_THE_DECISION = ("id", "request_id", "effect", "disposition", "profile", "as_of", "book_digest", "second_key")


class Events:
    """Writes a line for each record and each refusal. A line that cannot be written is a refusal too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unavailable(error) from None
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        self._log = open_log(self._file)

    def around(self, write: Callable[[list[Entry]], list[Receipt]], entries: list[Entry]) -> list[Receipt]:
        """Write the entries into the ledger and a line for each; a refusal is a line, and is raised on."""
        try:
            receipts = write(entries)
        except LedgerUnavailable as error:
            self._say("refused", None, code=error.code, count=len(entries), exc_info=error)
            raise
        for entry, receipt in zip(entries, receipts, strict=True):
            fields = _fields(entry.body)
            self._say("recorded", entry, kind=entry.kind, sequence=receipt.sequence, hash=receipt.hash, **fields)
        return receipts

    def close(self) -> None:
        # A line that could not be written was a refusal then; it is tried once more here, and not missed again.
        with contextlib.suppress(OSError):
            self._file.close()

    def _say(self, event: str, entry: Entry | None, **fields: Any) -> None:
        try:
            with about(entry.about if entry is not None else None):
                self._log.info(event, **fields)
        except OSError as error:
            raise self._unavailable(error) from None

    def _unavailable(self, error: OSError) -> LedgerUnavailable:
        return LedgerUnavailable(
            f"the log beside the ledger cannot be written: {error.strerror}",
            str(self._path),
            "make the file writable again, or name another",
        )


def _fields(body: Mapping[str, Any] | str) -> dict[str, Any]:
    """What a line says of a decision: what was decided, under what, and nothing of the case."""
    decision = body.get("decision") if isinstance(body, Mapping) else None
    if decision is None:
        return {}
    found = {
        name: decision.get(name) if isinstance(decision, Mapping) else getattr(decision, name, None)
        for name in _OF_THE_DECISION
    }
    return {name: str(value) for name, value in found.items() if value is not None}
