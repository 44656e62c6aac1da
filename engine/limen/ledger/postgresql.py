"""The PostgreSQL store: the same statements and the same chain, for many writers on many machines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from limen.ledger.errors import LedgerUnavailable
from limen.ledger.statements import POSTGRESQL
from limen.ledger.store import WAIT_SECONDS

if TYPE_CHECKING:
    from psycopg import Connection

_SCHEMA = re.compile(r'(?:\w+|"[^"]+")\.(?=limen_)')


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or "local"
    return f"postgresql://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


class PostgresqlStore:
    """One connection. A writer's turn is an advisory lock held to the end of its transaction."""

    sql = POSTGRESQL

    def __init__(self, url: str) -> None:
        self.where = _without_password(url)
        try:
            import psycopg
        except ImportError:
            raise LedgerUnavailable(
                "PostgreSQL needs a driver", self.where, "install it with `pip install 'limen[postgres]'`"
            ) from None
        self._error = psycopg.Error
        self._connect = partial(psycopg.connect, url, autocommit=True, connect_timeout=10)
        self._db = self._open()

    def _open(self) -> Connection[Any]:
        try:
            db = self._connect()
            db.execute("SET synchronous_commit TO on")
            db.execute(f"SET lock_timeout TO '{WAIT_SECONDS}s'")
            # A turn looks at the chain after it has waited for others, so it must see what they wrote meanwhile.
            db.execute("SET default_transaction_isolation TO 'read committed'")
        except self._error as error:
            raise self._unavailable("the ledger cannot be opened", error) from None
        return db

    def _unavailable(self, what: str, error: Exception) -> LedgerUnavailable:
        # The driver's message may quote a row; its class and SQLSTATE say enough and quote nothing.
        state = getattr(error, "sqlstate", None)
        return LedgerUnavailable(
            f"{what}: {type(error).__name__}{f' {state}' if state else ''}",
            self.where,
            "nothing was recorded and nothing may be decided until the ledger can be written again",
        )

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            cursor = self._db.execute(sql, values or None)
            return cursor.fetchall() if cursor.description is not None else []
        except self._error as error:
            raise self._unavailable("the ledger failed", error) from None

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            with self._db.cursor() as cursor:
                cursor.executemany(sql, rows)
        except self._error as error:
            raise self._unavailable("the ledger failed", error) from None

    @contextmanager
    def turn(self) -> Iterator[None]:
        if self._db.closed:
            # The server went away in an earlier turn; it may be back.
            self._db = self._open()
        self.run(self.sql.begin)
        try:
            self.run(self.sql.turn)
            yield
            self.run("COMMIT")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        try:
            self._db.execute("ROLLBACK")
        except self._error:
            self._db.close()

    def create(self) -> None:
        for statement in self.sql.create:
            self.run(statement)

    def check(self) -> list[str]:
        return []

    def guard_stands(self, made: str, found: str | None) -> bool:
        if found is None:
            return False
        # The server gives trigger, state (`O` is on) and function, and names the schema; we did not.
        found = _SCHEMA.sub("", found)
        called = made.rsplit(" ", 1)[1]
        function = next(text for text in self.sql.create if text.startswith(f"CREATE FUNCTION {called}"))
        return found.startswith(f"{made}O") and function.split("$$")[1] in found

    def scrub(self) -> bool:
        # A plain VACUUM leaves the bytes in their pages; only a new file has them no more.
        self.run("VACUUM FULL limen_subjects")
        self.run("VACUUM FULL limen_lookups")
        return True

    def close(self) -> None:
        self._db.close()
