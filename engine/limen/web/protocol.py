"""HTTP as the server speaks it, with an end to how long a caller may take to say what it wants."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
"""From the first byte of a call, or from connecting, to the end of its headers."""


class PromptProtocol(H11Protocol):
    """uvicorn's own protocol, closed to connections that open and say nothing, or one letter at a time.

    A server that waits for them without end can be filled by a single machine that never asks for anything.
    """

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A caller connects: from here on it has so long to ask."""
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        """Something was said: a whole head ends the wait, a part of one does not."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._patience is None:
            self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller has gone."""
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        self._patience = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
