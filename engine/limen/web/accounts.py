"""Who may use a shared server: accounts, sessions, one-time course codes and tokens, in one SQLite file.

Passwords are kept as Argon2id hashes; sessions, codes and tokens as SHA-256 of random secrets, so that who reads the
file can sign in as nobody. Failed sign-ins are counted here too, so that all workers of a server count together.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.shared_file import SharedFile
from limen.web.credentials import (
    FAILURES,
    LOCAL,
    LONGEST_PASSWORD,
    ROLES,
    WINDOW_SECONDS,
    AccountsError,
    Role,
    SignInRefused,
    User,
    checked_name,
    checked_password,
    checked_roles,
)

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = [
    "FAILURES", "LOCAL", "LONGEST_PASSWORD", "ROLES", "WINDOW_SECONDS", "Accounts", "AccountsError", "GivenCodes",
    "Role", "SignInRefused", "User",
]  # fmt: skip

IDLE_SECONDS = 12 * 3600
SESSION_SECONDS = 14 * 24 * 3600
CODE_SECONDS = 60 * 24 * 3600
TOKEN_SECONDS = 365 * 24 * 3600
FAILURES_OF_ADDRESS = 40
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits of a course code: none that look alike."""

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS users (
  name TEXT PRIMARY KEY, roles TEXT NOT NULL, password TEXT, course TEXT, made REAL NOT NULL, open INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
  secret TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE, made REAL NOT NULL,
  seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
  secret TEXT PRIMARY KEY, course TEXT NOT NULL, made_by TEXT NOT NULL, made REAL NOT NULL, used_by TEXT);
CREATE INDEX IF NOT EXISTS codes_of ON codes (course, made);
CREATE TABLE IF NOT EXISTS tokens (
  secret TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS failures (who TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS failures_of ON failures (who, at);
"""


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """Codes given out at one time: by whom, when (seconds since 1970), how many, how many used, how many still good."""

    course: str
    made_by: str
    made: float
    count: int
    used: int
    left: int


class Accounts:
    """The accounts in one file, made if it is not there. Safe to share between threads and processes.

    `now` is the clock, in seconds. Raises `AccountsError` if the file cannot be opened.
    """

    def __init__(self, path: Path | str, now: Callable[[], float] = time.time) -> None:
        self.path = Path(path)
        self._now = now
        try:
            self._file = SharedFile(self.path, wait_seconds=10)
            with self._file.turn() as db:
                for statement in _TABLES.strip().split(";\n"):
                    db.execute(statement)
        except (OSError, sqlite3.Error) as error:
            raise AccountsError(f"`{self.path}` cannot be used for accounts: {error}") from None
        self._turn = self._file.turn

    def __enter__(self) -> Accounts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._file.rows(sql, values)

    @property
    def secret(self) -> str:
        """The server's own secret, made once: form tokens are derived from it."""
        with self._turn() as db:
            db.execute("INSERT OR IGNORE INTO about VALUES ('secret', ?)", (secrets.token_hex(32),))
            return str(db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()[0])

    # accounts

    def add(self, name: str, roles: Iterable[Role], password: str | None, course: str | None = None) -> User:
        """A new account. Raises `AccountsError` if the name is taken, or name, roles or password will not do."""
        user = User(checked_name(name), checked_roles(roles), course)
        hashed = self._hashed(password)
        with self._turn() as db:
            self._insert(db, user, hashed)
        return user

    def _hashed(self, password: str | None) -> str | None:
        return None if password is None else self._hasher.hash(checked_password(password))

    def _insert(self, db: sqlite3.Connection, user: User, hashed: str | None) -> None:
        if db.execute("SELECT 1 FROM users WHERE lower(name) = lower(?)", (user.name,)).fetchone():
            raise AccountsError("there is an account of that name already")
        db.execute(
            "INSERT INTO users VALUES (?, ?, ?, ?, ?, 1)",
            (user.name, json.dumps(sorted(user.roles)), hashed, user.course, self._now()),
        )

    def user(self, name: str) -> User | None:
        """The account of that name, if there is one and it is open."""
        rows = self._all("SELECT name, roles, course FROM users WHERE lower(name) = lower(?) AND open", name)
        return _user(rows[0]) if rows else None

    def users(self) -> list[tuple[User, bool]]:
        """All accounts by name, and whether each is open."""
        rows = self._all("SELECT name, roles, course, open FROM users ORDER BY name")
        return [(_user(row[:3]), bool(row[3])) for row in rows]

    def set_password(self, name: str, password: str) -> None:
        """Another password; whoever was signed in under the name no longer is."""
        self._change(name, "password = ?", self._hashed(password))

    def set_roles(self, name: str, roles: Iterable[Role]) -> None:
        """Other roles; whoever was signed in under the name has to sign in again."""
        self._change(name, "roles = ?", json.dumps(sorted(checked_roles(roles))))

    def set_open(self, name: str, open_: bool) -> None:
        """Close an account, or open it again. Closing ends its sessions and tokens at once."""
        self._change(name, "open = ?", int(open_))

    def _change(self, name: str, what: str, value: Any) -> None:
        with self._turn() as db:
            found = db.execute("SELECT name FROM users WHERE lower(name) = lower(?)", (name,)).fetchone()
            if found is None:
                raise AccountsError("there is no account of that name; `limen serve user list` shows them")
            db.execute(f"UPDATE users SET {what} WHERE name = ?", (value, found[0]))
            db.execute("DELETE FROM sessions WHERE user = ?", found)
            if what.startswith("open"):
                db.execute("DELETE FROM tokens WHERE user = ?", found)

    # signing in

    def sign_in(self, name: str, password: str, address: str = "") -> User:
        """The account that name and password belong to. Raises `SignInRefused`, always after the same work."""
        self._refuse_if_locked(name, address)
        password = password[:LONGEST_PASSWORD]
        rows = self._all(
            "SELECT name, roles, course, password FROM users WHERE lower(name) = lower(?) AND open", name.strip()
        )
        held = rows[0][3] if rows and rows[0][3] else self._nobodys_hash
        if not self._matches(held, password) or not rows or not rows[0][3]:
            self._failed(name, address)
            raise SignInRefused
        user = _user(rows[0][:3])
        anew = self._hasher.hash(password) if self._hasher.check_needs_rehash(held) else None
        with self._turn() as db:
            db.execute("DELETE FROM failures WHERE who = ?", (_of_name(name),))
            if anew is not None:  # unless somebody gave it another password meanwhile
                db.execute("UPDATE users SET password = ? WHERE name = ? AND password = ?", (anew, user.name, held))
        return user

    @cached_property
    def _nobodys_hash(self) -> str:
        """What a password is compared with where there is no account, so that it takes as long."""
        return self._hasher.hash(secrets.token_hex(16))

    def _matches(self, held: str, password: str) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        try:
            return self._hasher.verify(held, password)
        except (Argon2Error, InvalidHashError):
            return False

    def _refuse_if_locked(self, name: str | None, address: str) -> None:
        since = self._now() - WINDOW_SECONDS
        for who, most in _counted(name, address).items():
            if self._all("SELECT count(*) FROM failures WHERE who = ? AND at > ?", who, since)[0][0] >= most:
                raise SignInRefused

    def _failed(self, name: str | None, address: str) -> None:
        now = self._now()
        with self._turn() as db:
            db.execute("DELETE FROM failures WHERE at < ?", (now - WINDOW_SECONDS,))
            db.executemany("INSERT INTO failures VALUES (?, ?)", [(who, now) for who in _counted(name, address)])

    # sessions

    def open_session(self, user: User) -> str:
        """A fresh session for `user`; what is returned goes into the cookie and is kept nowhere."""
        secret, now = secrets.token_urlsafe(32), self._now()
        with self._turn() as db:
            db.execute("DELETE FROM sessions WHERE made < ? OR seen < ?", (now - SESSION_SECONDS, now - IDLE_SECONDS))
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_hash(secret), user.name, now, now))
        return secret

    def session(self, secret: str) -> User | None:
        """Who a session belongs to, while it lasts."""
        now, hashed = self._now(), _hash(secret)
        rows = self._all(
            "SELECT u.name, u.roles, u.course, s.seen FROM sessions s JOIN users u ON u.name = s.user"
            " WHERE s.secret = ? AND u.open AND s.made > ? AND s.seen > ?",
            hashed, now - SESSION_SECONDS, now - IDLE_SECONDS,
        )  # fmt: skip
        if not rows:
            return None
        if now - rows[0][3] > 60:
            self._all("UPDATE sessions SET seen = ? WHERE secret = ?", now, hashed)
        return _user(rows[0][:3])

    def end_session(self, secret: str) -> None:
        """Sign out."""
        self._all("DELETE FROM sessions WHERE secret = ?", _hash(secret))

    # course codes

    def make_codes(self, course: str, count: int, made_by: str) -> list[str]:
        """So many one-time codes for a course, shown once: `K7QM-2XWR-9DPT`. They end after sixty days."""
        codes = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(count)]
        with self._turn() as db:
            db.executemany(
                "INSERT INTO codes VALUES (?, ?, ?, ?, NULL)",
                [(_hash(_code(code)), course, made_by, self._now()) for code in codes],
            )
        return codes

    def codes_left(self, course: str) -> int:
        """How many codes of a course nobody has used yet."""
        since = self._now() - CODE_SECONDS
        unused = "SELECT count(*) FROM codes WHERE course = ? AND used_by IS NULL AND made > ?"
        return int(self._all(unused, course, since)[0][0])

    def codes_of(self, course: str) -> list[GivenCodes]:
        """The codes of a course as they were given out, the latest first: a code itself is kept nowhere."""
        since = self._now() - CODE_SECONDS
        rows = self._all(
            "SELECT made_by, made, count(*), sum(used_by IS NOT NULL), sum(used_by IS NULL AND made > ?) FROM codes"
            " WHERE course = ? GROUP BY made_by, made ORDER BY made DESC", since, course,
        )  # fmt: skip
        return [GivenCodes(course, *row) for row in rows]

    def revoke_codes(self, course: str) -> int:
        """Take back every code of a course that nobody has used yet; how many there were. Who is in already stays."""
        with self._turn() as db:
            return db.execute("DELETE FROM codes WHERE course = ? AND used_by IS NULL", (course,)).rowcount

    def redeem(self, code: str, name: str, password: str | None = None, address: str = "") -> User:
        """Use a code once: a new trainee of its course. Without a password the account ends with its session.

        Raises `SignInRefused` for a code that is wrong, used or old, `AccountsError` for a name or password that will
        not do; then the code is still good.
        """
        self._refuse_if_locked(None, address)
        secret, since = _hash(_code(code)), self._now() - CODE_SECONDS
        rows = self._all("SELECT course FROM codes WHERE secret = ? AND used_by IS NULL AND made > ?", secret, since)
        if not rows:
            self._failed(None, address)
            raise SignInRefused
        user = User(checked_name(name), checked_roles(("trainee",)), rows[0][0])
        hashed = self._hashed(password)
        with self._turn() as db:
            self._insert(db, user, hashed)
            taken = db.execute("UPDATE codes SET used_by = ? WHERE secret = ? AND used_by IS NULL", (user.name, secret))
            if taken.rowcount != 1:
                raise SignInRefused
        return user

    # tokens

    def make_token(self, name: str) -> str:
        """A token with which a program acts for an account, shown once; it ends after a year."""
        user = self.user(name)
        if user is None:
            raise AccountsError("there is no open account of that name; `limen serve user list` shows them")
        token = "limen_" + secrets.token_urlsafe(32)
        with self._turn() as db:
            db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (_hash(token), user.name, self._now()))
        return token

    def by_token(self, token: str) -> User | None:
        """Whose token it is."""
        rows = self._all(
            "SELECT u.name, u.roles, u.course FROM tokens t JOIN users u ON u.name = t.user"
            " WHERE t.secret = ? AND u.open AND t.made > ?",
            _hash(token), self._now() - TOKEN_SECONDS,
        )  # fmt: skip
        return _user(rows[0]) if rows else None

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def _user(row: tuple[Any, ...]) -> User:
    return User(row[0], frozenset(json.loads(row[1])), row[2])


def _of_name(name: str) -> str:
    return _hash(f"name {name.strip().lower()}")


def _counted(name: str | None, address: str) -> dict[str, int]:
    """Under what a failed attempt is counted, and how many are too many. A code is tried under no name."""
    counted = {_hash(f"from {address}"): FAILURES_OF_ADDRESS}
    return counted if name is None else {_of_name(name): FAILURES, **counted}


def _code(code: str) -> str:
    return "code " + re.sub(r"[^0-9A-Z]", "", code.upper())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
