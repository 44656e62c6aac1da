"""A SQLite file that threads and processes share: opened in one way, written to in turns.

What is acknowledged is on the disk. Only its owner may read the file, and what is deleted is overwritten.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class SharedFile:
    """The database in the file `path`, which is made if it is not there; whoever waits for a turn waits `wait_seconds`.

    Every method raises the driver's own errors (`sqlite3.Error`), and opening also `OSError`.
    """

    def __init__(self, path: Path, wait_seconds: float) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            self._db.close()
            raise

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, while nobody else writes; on the disk when it is left."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """What one statement finds; a statement that writes is a turn of its own."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()
