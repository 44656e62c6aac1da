"""The log of the command: JSON lines, where somebody asked for them.

`LIMEN_LOG` (or `--log`) names the file; `-` is standard error. Off by default: the ledger is the record, and what
writes the log costs as much to import as half of pydantic.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limen.desk import Handled
    from limen.request import Request


class CommandLog:
    """Writes what happened to requests, masked; without a place to write to it does nothing."""

    def __init__(self, logger: Any | None) -> None:
        self._logger = logger

    def decided(self, request: Request, handled: Handled) -> None:
        """A decision was made and recorded."""
        if self._logger is None:
            return
        from limen.ledger.log import about

        decision = handled.decision
        receipt: Any = handled.receipt
        with about(request.subject):
            self._logger.info(
                "decided",
                id=decision.id,
                request_id=decision.request_id,
                effect=decision.effect,
                disposition=decision.disposition,
                profile=decision.profile or "all",
                as_of=decision.as_of.isoformat(),
                second_key=decision.second_key,
                book_digest=decision.book_digest,
                sequence=receipt.sequence,
                hash=receipt.hash,
            )

    def failed(self, request: Request, error: Exception) -> None:
        """There is no decision, and why: the ledger's own code, or the class and places of anything else."""
        if self._logger is None:
            return
        from limen.ledger.log import about

        code = getattr(error, "code", None)
        with about(request.subject):
            if isinstance(code, str):
                self._logger.error("refused", code=code)
            else:
                self._logger.error("failed", exc_info=error)


@contextmanager
def command_log(named: str | None) -> Iterator[CommandLog]:
    """The log at `named` or, without, where `LIMEN_LOG` says; one that does nothing if neither is given."""
    where = named or os.environ.get("LIMEN_LOG")
    if not where:
        yield CommandLog(None)
        return
    from limen.ledger.log import open_log

    if where == "-":
        yield CommandLog(open_log(sys.stderr))
        return
    path = Path(where).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        yield CommandLog(open_log(file))
