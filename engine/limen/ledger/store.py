"""The SQLite store: one file, opened in a few milliseconds, durable at every commit."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from limen.ledger.errors import LedgerUnavailable
from limen.ledger.statements import SQLITE, Statements

_FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What the driver raises; the second where a damaged file makes SQLite say something that is no text."""

WAIT_SECONDS = 30
"""How long a writer waits for its turn before it gives up."""


class Store(Protocol):
    """What the ledger needs of a store. Every failure is a LedgerUnavailable, and then nothing was written."""

    where: str
    sql: Statements

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def turn(self) -> Any:
        """A context in which this writer alone writes; leaving it commits durably, an error undoes everything."""

    def create(self) -> None:
        """Make the tables and guards, inside a turn."""

    def check(self) -> list[str]:
        """What the store itself finds wrong with its files."""

    def scrub(self) -> bool:
        """Remove what was deleted from the files too; whether that was possible now."""

    def guard_stands(self, made: str, found: str | None) -> bool:
        """Whether the guard found is the one that `made` makes."""

    def close(self) -> None: ...


class _Turn(AbstractContextManager[None]):
    """A writer's turn in one store: committed on the way out, or undone."""

    __slots__ = ("_store",)

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._store.begin()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._store.commit()
        else:
            self._store.undo()


class SqliteStore:
    """Write-ahead log, synchronised at every commit; what is deleted is overwritten."""

    sql = SQLITE

    def __init__(self, path: Path, *, make: bool = True) -> None:
        self.where = str(path)
        self._path = path
        self._made = False
        mode = "rwc" if make else "rw"
        if make and not path.exists():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise self._unavailable("the ledger cannot be made", error.strerror or "") from None
        self._db = self._open(mode)
        self._files = self._identity()

    def _open(self, mode: str) -> sqlite3.Connection:
        try:
            try:
                return self._connect(mode)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                    raise
                # A store that may only be read can still be shown and verified.
                log = self._path.with_name(self._path.name + "-wal")
                return self._connect("ro" if log.exists() else "ro&immutable=1")
        except _FAILURES as error:
            raise self._unavailable("the ledger cannot be opened", str(error)) from None

    def _connect(self, mode: str) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode={mode}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal" and not mode.startswith("ro"):
            self._claim(db)
        db.executescript("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;")
        return db

    def _claim(self, db: sqlite3.Connection) -> None:
        """Take an empty file, or a ledger whose journal somebody changed, but no other database."""
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if tables and "limen_records" not in tables:
            raise LedgerUnavailable(
                "the file holds something else than a ledger", self.where, "give the path of a ledger, or a new one"
            )
        db.execute("PRAGMA journal_mode=WAL")

    def _unavailable(self, what: str, why: str) -> LedgerUnavailable:
        return LedgerUnavailable(
            f"{what}: {why}" if why else what,
            self.where,
            "nothing was recorded and nothing may be decided until the ledger can be written again",
        )

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self.where)  # noqa: PTH116 (twice at every commit: the plain call is the fast one)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except _FAILURES as error:
            raise self._unavailable("the ledger failed", str(error)) from None

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            self._db.executemany(sql, rows)
        except _FAILURES as error:
            raise self._unavailable("the ledger failed", str(error)) from None

    def turn(self) -> AbstractContextManager[None]:
        return _Turn(self)

    def begin(self) -> None:
        self.run(self.sql.begin)

    def commit(self) -> None:
        """Commit, if the file is still where it was; it is looked for once more when it has been written."""
        try:
            self._present()
            self.run("COMMIT")
        except BaseException:
            self.undo()
            raise
        # The file may have gone while we wrote: what went into a file nobody can find was not recorded.
        self._present()

    def undo(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except _FAILURES:
            self._db.close()

    def _present(self) -> None:
        if self._files is None or self._identity() != self._files:
            raise self._unavailable("the ledger is no longer where it was", "its file was moved, replaced or removed")

    def create(self) -> None:
        for statement in self.sql.create:
            self.run(statement)

    def check(self) -> list[str]:
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check")]
        except _FAILURES as error:
            return [str(error)]
        return [line for line in found if line != "ok"]

    def guard_stands(self, made: str, found: str | None) -> bool:
        return found == made

    def scrub(self) -> bool:
        # Deleted rows are overwritten already; the write-ahead log still has them until it is emptied.
        return bool(self.run("PRAGMA wal_checkpoint(TRUNCATE)")[0][0] == 0)

    def close(self) -> None:
        self._db.close()
