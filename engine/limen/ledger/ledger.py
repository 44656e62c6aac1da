"""The ledger: one chain of records, written by many, changed by nobody."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.ledger.entry import Entry, body_text, check_kind
from limen.ledger.errors import LedgerUnavailable, NoSuchRecord
from limen.ledger.keys import KeyRing, open_keys
from limen.ledger.mark import MarkFile
from limen.ledger.record import FIRST_KIND, GENESIS, Receipt, Record, encode, read_record, record_hash, record_seal
from limen.ledger.store import SqliteStore, Store
from limen.ledger.subjects import Subjects
from limen.ledger.texts import Texts

if TYPE_CHECKING:
    from limen.ledger.checkpoint import Checkpoint
    from limen.ledger.forget import Forgotten
    from limen.ledger.verification import Verification
    from limen.request.model import Request
    from limen.request.subject import Subject

LEDGER_SCHEMA = 1
CHECKPOINT_EVERY = 1000
"""A checkpoint is made each time so many records have been added."""

_ID = re.compile(r"[0-9a-f]{24}")

Row = tuple[Any, ...]


def open_ledger(path_or_url: str | Path, keys: KeyRing | Path | str | None = None) -> Ledger:
    """The ledger at a path (SQLite) or a `postgresql://` URL; made if it is not there.

    `keys` is a ring, or the folder that holds one; by default `$LIMEN_KEYS` or the user's state folder. Raises
    LedgerUnavailable, and then nothing may be decided.
    """
    ring = keys if isinstance(keys, KeyRing) else open_keys(keys)
    return Ledger(_store(path_or_url), ring)


def _store(path_or_url: str | Path) -> Store:
    text = str(path_or_url)
    if text.startswith(("postgresql://", "postgres://")):
        from limen.ledger.postgresql import PostgresqlStore

        return PostgresqlStore(text)
    return SqliteStore(Path(text.removeprefix("sqlite:///")))


class Ledger:
    """An open ledger. Safe to share between threads; each process opens its own."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        self.store = store
        self.lock = threading.RLock()
        self._process = os.getpid()
        self._last: tuple[int, str] | None = None
        self.subjects = Subjects(store, ring)
        self.texts = Texts(store)
        made = not store.run(store.sql.is_ledger)[0][0] and self._make()
        self.id = self._read_id()
        self.mark = MarkFile(ring, self.id)
        if made:
            self._move_mark(1, self.show(1).hash)

    @property
    def where(self) -> str:
        """The path or URL of the store, without a password."""
        return self.store.where

    @property
    def keys(self) -> KeyRing:
        return self.subjects.ring

    def use_keys(self, ring: KeyRing) -> None:
        """Seal with the current key of `ring` from now on."""
        with self.lock:
            self.subjects = Subjects(self.store, ring)
            self.mark.close()
            self.mark = MarkFile(ring, self.id)

    def append(
        self,
        kind: str,
        body: Mapping[str, Any] | str,
        subject: Subject | None = None,
        *,
        person: str | None = None,
        request: Request | None = None,
    ) -> Receipt:
        """Record `body` durably, and acknowledge it. For the parameters see `Entry`.

        Raises LedgerUnavailable if it could not be recorded; the caller then has no decision to give.
        """
        return self.append_many((Entry(kind, body, subject, person, request),))[0]

    def append_many(self, entries: Iterable[Entry]) -> list[Receipt]:
        """Record all entries in one commit, or none. Much cheaper than one by one: the disk is waited for once."""
        given = list(entries)
        for entry in given:
            check_kind(entry.kind, self.where)
        if not given:
            return []
        receipts = self.write(given)
        if receipts[-1].sequence // CHECKPOINT_EVERY > (receipts[0].sequence - 1) // CHECKPOINT_EVERY:
            self.checkpoint()
        return receipts

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records in order, from the one that follows number `after`."""
        while True:
            with self.lock:
                page = self.store.run(self.store.sql.page, (after,))
            for row in page:
                yield read_record(row, self._expand)
            if not page:
                return
            after = page[-1][0]

    def show(self, id_: str | int) -> Record:
        """The record of a number, or the newest whose body has the `id` given (a decision's, for one).

        Raises NoSuchRecord.
        """
        text = str(id_)
        with self.lock:
            if text.isascii() and text.isdigit():
                rows = self.store.run(self.store.sql.one, (int(text),)) if len(text) < 18 else []
            else:
                sought = encode(text)
                for sign in "!%_":
                    sought = sought.replace(sign, "!" + sign)
                rows = self.store.run(self.store.sql.newest_holding, (f'%"id":{sought}%',))
        if not rows:
            raise NoSuchRecord(f"there is no record `{text[:80]}`", self.where, "`limen ledger show` lists them")
        return read_record(rows[0], self._expand)

    def verify(self, checkpoints: Iterable[Checkpoint] = ()) -> Verification:
        """Whether what is recorded is what was written (integrity), and whether all of it is still there
        (completeness). `checkpoints` are copies that somebody else kept; ours are looked at anyway."""
        from limen.ledger.verify import verify_ledger

        with self.lock:
            return verify_ledger(self.store, self.keys, self.mark, self.id, tuple(checkpoints))

    def checkpoint(self) -> Checkpoint:
        """A signed statement of what is recorded so far. It is recorded, and a copy is kept with the keys."""
        from limen.ledger.checkpoint import make_checkpoint

        return make_checkpoint(self)

    def forget(self, subject: Subject | None = None, *, person: str | None = None) -> Forgotten:
        """Erase what links the records of a subject, as stated, or of a person of the registry, to them."""
        from limen.ledger.forget import forget_subject

        return forget_subject(self, subject, person)

    def rotate_keys(self) -> str:
        """Seal with a fresh key from now on; the old ones stay to prove old records. Gives the new key's name."""
        from limen.ledger.rotation import rotate

        return rotate(self)

    def _expand(self, body: Any) -> Any:
        with self.lock:
            return self.texts.expand(body)

    def close(self) -> None:
        with self.lock:
            self.mark.close()
            self.store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # How records are written.

    def write(self, entries: list[Entry] | Callable[[int, str], list[Entry]]) -> list[Receipt]:
        """Record `entries` in one turn. Kinds of the ledger's own are allowed.

        Entries that depend on what is recorded already are given as a function of number and hash of the last record,
        which is called inside the turn; it may give none.
        """
        with self.lock:
            if os.getpid() != self._process:
                raise LedgerUnavailable(
                    "the ledger was opened by another process",
                    self.where,
                    "open the ledger in each process that writes",
                )
            try:
                with self.store.turn():
                    receipts = self._append(entries)
            except BaseException:
                self.subjects.forget_memory()
                self.texts.forget_memory()
                raise
            if receipts:
                last = receipts[-1]
                self._last = (last.sequence, last.hash)
                self._move_mark(last.sequence, last.hash)
        return receipts

    def _append(self, given: list[Entry] | Callable[[int, str], list[Entry]]) -> list[Receipt]:
        """Chain entries to the last record. Must be called in a turn."""
        sequence, previous = self._head()
        entries = given if isinstance(given, list) else given(sequence, previous)
        key, where = self.keys.current, self.where
        rows: list[Row] = []
        receipts: list[Receipt] = []
        at = _now()
        for entry in entries:
            pseudonym, commitments = self.subjects.of(entry)
            body = body_text(entry, pseudonym, key, self.texts, where)
            sequence += 1
            subject = pseudonym.subject if pseudonym else None
            row = self._row(sequence, at, entry.kind, subject, commitments, body, previous)
            previous = row[8]
            rows.append(row)
            receipts.append(Receipt(sequence, previous))
        self.subjects.write()
        self.texts.write()
        self.store.run_many(self.store.sql.append, rows)
        return receipts

    def _row(
        self, sequence: int, at: str, kind: str, subject: str | None, commitments: str | None, body: str, previous: str
    ) -> Row:
        key = self.keys.current
        hash_ = record_hash(sequence, at, kind, subject, commitments, body, key.id, previous)
        return (sequence, at, kind, subject, commitments, body, key.id, previous, hash_, record_seal(key.seal, hash_))

    def _head(self) -> tuple[int, str]:
        """Number and hash of the last record, after making sure that nothing acknowledged has gone."""
        rows = self.store.run(self.store.sql.last)
        if not rows:
            raise self._lost("no record is left in the ledger")
        sequence, hash_ = int(rows[0][0]), str(rows[0][1])
        if self._last == (sequence, hash_):
            return self._last
        self.subjects.forget_memory()
        floor = self._last
        if floor is None:
            try:
                mark = self.mark.read()
            except (ValueError, OSError):
                raise self._lost("the mark of the ledger is not one that was written with these keys") from None
            if mark is None:
                return self._begin_mark(sequence, hash_)
            floor = (mark.sequence, mark.hash)
        held = self.store.run(self.store.sql.one, (floor[0],))
        if not held or read_record(held[0]).hash != floor[1]:
            raise self._lost("records that were acknowledged are gone from the ledger, or were changed")
        return sequence, hash_

    def _begin_mark(self, sequence: int, hash_: str) -> tuple[int, str]:
        """A ledger from elsewhere, or one whose mark was removed: say so in the chain before anything else."""
        body = encode({"records_before": sequence})
        row = self._row(sequence + 1, _now(), "mark_begun", None, None, body, hash_)
        self.store.run_many(self.store.sql.append, [row])
        return sequence + 1, row[8]

    def _move_mark(self, sequence: int, hash_: str) -> None:
        try:
            self.mark.move(self.keys.current, sequence, hash_)
        except OSError as error:
            raise LedgerUnavailable(
                f"the mark of the ledger cannot be moved: {error.strerror}",
                str(self.keys.folder),
                "make the folder of the keys writable again",
            ) from None

    def _lost(self, what: str) -> LedgerUnavailable:
        return LedgerUnavailable(
            what, self.where, "run `limen ledger verify`, and put the whole ledger back from a backup"
        )

    def _make(self) -> bool:
        """Make the tables and the first record, unless another process was faster."""
        with self.store.turn():
            if self.store.run(self.store.sql.is_ledger)[0][0]:
                return False
            self.store.create()
            body = encode({"ledger": secrets.token_hex(12), "schema": LEDGER_SCHEMA})
            row = self._row(1, _now(), FIRST_KIND, None, None, body, GENESIS)
            self.store.run_many(self.store.sql.append, [row])
            return True

    def _read_id(self) -> str:
        rows = self.store.run(self.store.sql.one, (1,))
        try:
            ledger = read_record(rows[0]).stored_body["ledger"] if rows else None
        except (ValueError, KeyError):
            ledger = None
        if not isinstance(ledger, str) or _ID.fullmatch(ledger) is None:
            raise LedgerUnavailable(
                "the first record of the ledger is gone or is not one", self.where, "put the ledger back from a backup"
            )
        return ledger


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
