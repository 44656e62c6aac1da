"""What was issued, who sat, and what they answered: an append-only store in one SQLite file.

What is acknowledged is on the disk, so neither a crash nor a kill loses an answered question. Nothing in it can be
changed or removed, but for people's names, which are kept apart and can be forgotten; what they answered then belongs
to nobody.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlite3

VERSION: Final = 1
_SCHEMA: Final = """
create table issue (
  id integer primary key, course text not null, version integer not null, content text not null,
  content_digest text not null, book_name text not null, book_version text not null, book_digest text not null,
  keys text not null, at text not null);
create table sitting (
  id text primary key, issue integer not null references issue (id), person text not null, mode text not null,
  seed text not null, at text not null);
create table event (
  id integer primary key autoincrement, sitting text not null references sitting (id), kind text not null,
  question text not null, body text not null, at text not null);
create table person (id text primary key, name text);
create index event_of_sitting on event (sitting, id);
create unique index answered_once on event (sitting, question) where kind = 'answered';
create unique index handed_in_once on event (sitting) where kind = 'handed_in';
"""
_FROZEN: Final = ("issue", "sitting", "event")


class StoreError(Exception):
    """The results cannot be kept or read. What was not acknowledged was not kept."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A course as it was given out: its whole text, the book, and the digest of each answer at that time."""

    id: int
    course: str
    version: int
    content: str
    content_digest: str
    book_name: str
    book_version: str
    book_digest: str
    keys: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredSitting:
    """One person at one paper."""

    id: str
    issue: int
    person: str
    mode: str
    seed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a sitting. `kind`: put, opened, hinted, drafted, answered, handed_in."""

    id: int
    sitting: str
    kind: str
    question: str
    body: Mapping[str, Any]
    at: datetime


class Store:
    """The store in the file `path`, which is made if it is not there. Safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        import sqlite3

        from limen.shared_file import SharedFile

        self.path = path
        self._errors: type[sqlite3.Error] = sqlite3.Error
        try:
            self._file = SharedFile(path, wait_seconds=20)
            self._make()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the training results at `{path}` cannot be opened: {type(error).__name__}") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make(self) -> None:
        with self._writing() as connection:
            (version,) = connection.execute("pragma user_version").fetchone()
            if version == VERSION:
                return
            if version != 0:
                raise StoreError(f"the training results at `{self.path}` are of another version ({version})")
            for statement in _SCHEMA.strip().split(";\n"):
                connection.execute(statement)
            for table in _FROZEN:
                for deed in ("update", "delete"):
                    connection.execute(
                        f"create trigger no_{deed}_of_{table} before {deed} on {table} "
                        "begin select raise(abort, 'append-only'); end"
                    )
            connection.execute(f"pragma user_version = {VERSION}")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; on the disk when it is left."""
        try:
            with self._file.turn() as connection:
                yield connection
        except self._errors as error:
            raise StoreError(f"nothing was kept: the results could not be written ({error})") from error

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._file.rows(statement, values)
        except self._errors as error:
            raise StoreError(f"the results cannot be read ({error})") from error

    def add_issue(
        self, course: str, version: int, content: str, content_digest: str, book: tuple[str, str, str],
        keys: Mapping[str, str],
    ) -> Issue:  # fmt: skip
        """Keep a course as it is given out; the same content under the same book is kept once.

        Raises `StoreError` where this version of the course was already given out with other content.
        """
        with self._writing() as connection:
            rows = connection.execute(
                "select id, content_digest, book_digest from issue where course = ? and version = ?", (course, version)
            ).fetchall()
            if any(digest != content_digest for _, digest, _ in rows):
                raise StoreError(
                    f"version {version} of the course `{course}` was given out with other content; "
                    "raise `version` in the course file"
                )
            known = [id for id, _, book_digest in rows if book_digest == book[2]]
            if known:
                id = known[0]
            else:
                id = connection.execute(
                    "insert into issue (course, version, content, content_digest, book_name, book_version, book_digest,"
                    " keys, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (course, version, content, content_digest, *book, json.dumps(dict(keys)), _now()),
                ).lastrowid
        return self.issue(int(id or 0))

    def issue(self, id: int) -> Issue:
        """The issue with this number. Raises `StoreError`."""
        for issue in self._issues("where id = ?", (id,)):
            return issue
        raise StoreError(f"there is no issue {id} in these results")

    def issues(self, course: str | None = None) -> list[Issue]:
        """Every issue (of one course), the earliest first."""
        return list(self._issues("where course = ?", (course,)) if course is not None else self._issues("", ()))

    def _issues(self, where: str, values: tuple[object, ...]) -> Iterator[Issue]:
        rows = self._rows(
            "select id, course, version, content, content_digest, book_name, book_version, book_digest, keys, at "
            f"from issue {where} order by id",
            values,
        )
        for row in rows:
            parts: list[Any] = [*row[:8], json.loads(row[8]), datetime.fromisoformat(row[9])]
            yield Issue(*parts)

    def add_sitting(self, issue: int, person: str, name: str | None, mode: str, seed: str) -> StoredSitting:
        """Begin a sitting. `person` is an id of the caller's; `name` is kept apart from what is answered."""
        id = secrets.token_hex(8)
        with self._writing() as connection:
            if name:
                connection.execute(
                    "insert into person (id, name) values (?, ?) on conflict (id) do update set name = excluded.name",
                    (person, name),
                )
            connection.execute(
                "insert into sitting (id, issue, person, mode, seed, at) values (?, ?, ?, ?, ?, ?)",
                (id, issue, person, mode, seed, _now()),
            )
        return self.sitting(id)

    def sitting(self, id: str) -> StoredSitting:
        """The sitting with this id. Raises `StoreError`."""
        for row in self._rows("select id, issue, person, mode, seed, at from sitting where id = ?", (id,)):
            return _sitting(row)
        raise StoreError("there is no such sitting in these results")

    def sittings(self, person: str | None = None) -> list[StoredSitting]:
        """Every sitting (of one person), the earliest first."""
        where, values = ("", ()) if person is None else ("where person = ?", (person,))
        rows = self._rows(f"select id, issue, person, mode, seed, at from sitting {where} order by at, id", values)
        return [_sitting(row) for row in rows]

    def add_event(self, sitting: str, kind: str, question: str, body: Mapping[str, Any]) -> Event:
        """Keep one event. Once this returns it is on the disk. Raises `StoreError`, and then nothing was kept."""
        with self._writing() as connection:
            id = connection.execute(
                "insert into event (sitting, kind, question, body, at) values (?, ?, ?, ?, ?)",
                (sitting, kind, question, json.dumps(body, ensure_ascii=False), at := _now()),
            ).lastrowid
        return Event(int(id or 0), sitting, kind, question, body, datetime.fromisoformat(at))

    def events(self, sitting: str) -> list[Event]:
        """The events of a sitting, in order."""
        rows = self._rows(
            "select id, sitting, kind, question, body, at from event where sitting = ? order by id", (sitting,)
        )
        return [_event(row) for row in rows]

    def names(self) -> dict[str, str]:
        """The names of people, by their ids; those that were forgotten are not there."""
        return {id: name for id, name in self._rows("select id, name from person") if name}

    def forget(self, person: str) -> bool:
        """Forget a person's name, in the file too. What was answered stays, under the id. Whether there was a name."""
        with self._writing() as connection:
            had = connection.execute("delete from person where id = ?", (person,)).rowcount > 0
        self._rows("pragma wal_checkpoint (truncate)")  # what was deleted is overwritten; the log has it until then
        return had


def _sitting(row: tuple[Any, ...]) -> StoredSitting:
    values: list[Any] = [*row[:5], datetime.fromisoformat(row[5])]
    return StoredSitting(*values)


def _event(row: tuple[Any, ...]) -> Event:
    values: list[Any] = [*row[:4], json.loads(row[4]), datetime.fromisoformat(row[5])]
    return Event(*values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
