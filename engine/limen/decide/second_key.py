"""The second key: durable-rules asked again, in a process of its own, about every single decision.

It never decides alone. What it finds is compared with the generated evaluator; when they differ, or when there is
nothing to compare because it crashed, hung or talked nonsense, the answer is deny with an engine fault.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from limen.decide.worker import MAX_FACTS
from limen.decide.worker_process import WORKER_COMMAND, WorkerFault, WorkerProcess

if TYPE_CHECKING:
    from limen.decide.findings import Findings
    from limen.decide.rete import Firings, Play, Questions, Session
    from limen.law.edition import Edition
    from limen.law.facts import CaseFacts

DEADLINE = 5.0
"""Seconds for one request, with the start of the worker when it has to start."""

MOST_RULESETS = 400
"""Rulesets in one worker before it is replaced; the library never frees one (about 55 KB each)."""


class SecondKeyFault(WorkerFault):
    """The second key gave no findings: `crash`, `timeout` or `error`, with one line of `detail`."""


class SecondKey:
    """The second key, ready to be asked. Safe to share between threads; a copy sent to another process starts afresh.

    The worker starts at the first question, or early with `start()`, and again after it failed. The rest of this room
    is imported with the first question, so that the worker is starting meanwhile.

    >>> with SecondKey() as key:          # doctest: +SKIP
    ...     key.find(edition, facts)
    """

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        most_rulesets: int = MOST_RULESETS,
        command: Sequence[str] = WORKER_COMMAND,
    ) -> None:
        """`deadline` in seconds per request; `command` starts the worker."""
        self._deadline = deadline
        self._most_rulesets = most_rulesets
        self._command = tuple(command)
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._loaded: set[str] = set()
        self._questions: Questions | None = None
        self._last_id = 0

    def __getstate__(self) -> dict[str, Any]:
        return {"deadline": self._deadline, "most_rulesets": self._most_rulesets, "command": self._command}

    def __setstate__(self, settings: dict[str, Any]) -> None:
        SecondKey.__init__(self, **settings)

    def __enter__(self) -> SecondKey:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker while there is one."""
        return None if self._worker is None else self._worker.pid

    def start(self) -> None:
        """Start the worker and return at once, so that its start overlaps other work. Raises `SecondKeyFault`."""
        with self._lock:
            try:
                self._ready()
            except WorkerFault as fault:
                raise SecondKeyFault(fault.kind, fault.detail) from fault

    def close(self) -> None:
        """End the worker. The key can be used again; it would start another."""
        with self._lock:
            self._drop()

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        """What the network finds, point by point. Raises `SecondKeyFault`."""
        with self._lock:
            until = time.monotonic() + self._deadline
            try:
                self._ready()
                from limen.decide.rete import Questions, find
                from limen.decide.rete_rails import NetworkError
            except WorkerFault as fault:
                raise SecondKeyFault(fault.kind, fault.detail) from fault
            try:
                questions = self._questions = self._questions or Questions()
                plan = questions.plan(edition)
                if len(questions.rulesets) > self._most_rulesets:
                    self._drop()
                    questions = self._questions = Questions()
                    plan = questions.plan(edition)
                rulesets = questions.rulesets
                return find(plan, facts, lambda sessions: self._play(rulesets, sessions, until))
            except NetworkError as error:
                self._drop()
                raise SecondKeyFault("error", str(error)) from error
            except WorkerFault as fault:
                self._drop()
                raise SecondKeyFault(fault.kind, fault.detail) from fault

    def play_with(self, rulesets: Mapping[str, Any]) -> Play:
        """A way to play sessions on rulesets of one's own, by the same worker and under the same guard.

        What it returns raises `SecondKeyFault`. The rulesets are told apart by their content, not by their names.
        """
        digest = hashlib.sha256(json.dumps(rulesets, sort_keys=True).encode()).hexdigest()[:16]
        named = {f"{name}@{digest}": rules for name, rules in rulesets.items()}

        def play(sessions: Sequence[Session]) -> Sequence[Firings]:
            with self._lock:
                try:
                    renamed = [replace(one, ruleset=f"{one.ruleset}@{digest}") for one in sessions]
                    return self._play(named, renamed, time.monotonic() + self._deadline)
                except WorkerFault as fault:
                    self._drop()
                    raise SecondKeyFault(fault.kind, fault.detail) from fault

        return play

    def _ready(self) -> WorkerProcess:
        """The worker, started if there is none; one inherited through a fork is another process's."""
        if self._worker is not None and self._worker.owner != os.getpid():
            self._drop()
        if self._worker is None:
            self._worker = WorkerProcess(self._command)
            self._loaded.clear()
        return self._worker

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        self._loaded.clear()
        if worker is not None:
            worker.close()

    def _play(self, rulesets: Mapping[str, Any], sessions: Sequence[Session], until: float) -> Sequence[Firings]:
        worker = self._ready()
        load = {one.ruleset: rulesets[one.ruleset] for one in sessions}
        chunks = [
            {"of": number, "ruleset": one.ruleset, "facts": one.facts[first : first + MAX_FACTS]}
            for number, one in enumerate(sessions)
            for first in range(0, max(1, len(one.facts)), MAX_FACTS)
        ]
        self._last_id += 1
        message = {
            "id": self._last_id,
            "load": {name: rules for name, rules in load.items() if name not in self._loaded},
            "sessions": [{"ruleset": one["ruleset"], "facts": one["facts"]} for one in chunks],
        }
        answer = worker.exchange(message, until)
        self._loaded.update(load)
        return _joined(sessions, chunks, answer.get("sessions"))


def _joined(sessions: Sequence[Session], chunks: Sequence[dict[str, Any]], replies: Any) -> Sequence[Firings]:
    """The worker's replies, one for each session; checked to be answers before anybody reads them."""
    if not isinstance(replies, list) or len(replies) != len(chunks):
        raise WorkerFault("error", "the worker answered another number of sessions than it was asked")
    together: list[list[Any]] = [[] for _ in sessions]
    for chunk, reply in zip(chunks, replies, strict=True):
        if not isinstance(reply, list) or len(reply) != len(chunk["facts"]):
            raise WorkerFault("error", "the worker answered another number of questions than it was asked")
        if not all(isinstance(fired, list) and all(_is_firing(one) for one in fired) for fired in reply):
            raise WorkerFault("error", "the worker answered with something that is no firing")
        together[chunk["of"]].extend(reply)
    return together


def _is_firing(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)
