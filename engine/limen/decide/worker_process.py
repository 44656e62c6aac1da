"""Our end of the worker: start it early, ask with a deadline, throw it away when it misbehaves."""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from limen.decide.worker import MAX_FRAME, PROTOCOL, frame

FaultKind = Literal["crash", "timeout", "error"]

WORKER_COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("worker.py")))
"""A fresh interpreter on the worker's file: never a fork, which would inherit threads and memory."""


class WorkerFault(Exception):
    """The worker died (`crash`), did not answer in time (`timeout`) or answered nonsense (`error`)."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: FaultKind = kind
        self.detail = detail

    def __reduce__(self) -> tuple[type[WorkerFault], tuple[FaultKind, str]]:
        return type(self), (self.kind, self.detail)


class WorkerProcess:
    """One worker, from start to end. It is not restarted here, and not shared between threads or forks."""

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        """Start the process and return at once; its greeting is read with the first answer.

        Raises `WorkerFault`.
        """
        self._greeted = False
        self._buffer = bytearray()
        self.owner = os.getpid()
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
            )
        except OSError as error:
            raise WorkerFault("crash", f"the worker cannot be started: {error.strerror}") from error
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerFault("crash", "the worker has no pipes")
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)

    @property
    def pid(self) -> int:
        """The process id of the worker."""
        return self._process.pid

    def exchange(self, message: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Send `message` and return the answer to it, both before `deadline` (of `time.monotonic`).

        Raises `WorkerFault`; after that this worker must not be used again.
        """
        self._send(frame(message), deadline)
        if not self._greeted:
            greeting = self._receive(deadline)
            if "error" in greeting:
                raise WorkerFault("error", str(greeting["error"]))
            if greeting.get("protocol") != PROTOCOL:
                raise WorkerFault("error", "the worker speaks another protocol")
            self._greeted = True
        answer = self._receive(deadline)
        if "error" in answer:
            raise WorkerFault("error", str(answer["error"]))
        if answer.get("id") != message["id"]:
            raise WorkerFault("error", "the answer belongs to another question")
        return answer

    def _send(self, data: bytes, deadline: float) -> None:
        """Write all of `data`. A worker that died before reading still has its say: its greeting may tell why."""
        view = memoryview(data)
        while view:
            self._wait(self._in, select.POLLOUT, deadline)
            try:
                view = view[os.write(self._in, view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return

    def _receive(self, deadline: float) -> dict[str, Any]:
        (length,) = struct.unpack(">I", self._take(4, deadline))
        if length > MAX_FRAME:
            raise WorkerFault("error", "the worker wrote something that is no message")
        try:
            message = json.loads(self._take(length, deadline))
        except ValueError as error:
            raise WorkerFault("error", "the worker wrote something that is no message") from error
        if not isinstance(message, dict):
            raise WorkerFault("error", "the worker wrote something that is no message")
        return message

    def _take(self, count: int, deadline: float) -> bytes:
        while len(self._buffer) < count:
            self._wait(self._out, select.POLLIN, deadline)
            chunk = os.read(self._out, 1 << 16)
            if not chunk:
                raise WorkerFault("crash", self._how_it_ended())
            self._buffer += chunk
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _wait(self, descriptor: int, what: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, what)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(max(1, int(left * 1000))):
            raise WorkerFault("timeout", "the worker did not answer in time")

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "the worker closed its pipe"
        return f"the worker died of signal {-status}" if status < 0 else f"the worker ended with status {status}"

    def close(self) -> None:
        """End the process, at once. Harmless when it has ended, and in a forked child (it is the parent's)."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()
