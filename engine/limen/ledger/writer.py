"""Writing: how entries become rows of the chain, in a turn that no other writer shares."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from limen.canonical import encode
from limen.ledger.entry import Entry, body_text
from limen.ledger.errors import LedgerUnavailable
from limen.ledger.keys import Key, KeyRing
from limen.ledger.mark import MarkFile
from limen.ledger.masking import Personal
from limen.ledger.record import (
    FIRST_KIND,
    GENESIS,
    Receipt,
    read_ledger_id,
    read_record,
    record_hash,
    record_seal,
)
from limen.ledger.store import Store
from limen.ledger.subject import Pseudonym
from limen.ledger.subjects import Subjects
from limen.ledger.texts import Texts
from limen.ledger.written import QuickWriter

LEDGER_SCHEMA = 1
MARK_BEGUN_KIND = "mark_begun"
AT_ONCE = 100
"""Rows handed to the store together."""

Row = tuple[Any, ...]
Entries = list[Entry] | Callable[[int, str], list[Entry]]
"""Entries, or what makes them of number and hash of the last record, inside the turn."""


class Writer:
    """Appends to one store with one ring of keys. Makes the ledger if the store is empty."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        self.store = store
        self.lock = threading.RLock()
        self.subjects = Subjects(store, ring)
        self.texts = Texts(store)
        self._quick = QuickWriter(self.texts)
        self._process = os.getpid()
        self._last: tuple[int, str] | None = None
        made = not store.run(store.sql.is_ledger)[0][0] and self._make()
        self.id = self._read_id()
        self.mark = MarkFile(ring, self.id)
        if made:
            self._move_mark(1, read_record(store.run(store.sql.one, (1,))[0]).hash)

    @property
    def ring(self) -> KeyRing:
        return self.subjects.ring

    def use_keys(self, ring: KeyRing) -> None:
        """Seal with the current key of `ring` from now on."""
        with self.lock:
            self.subjects = Subjects(self.store, ring)
            self.mark.close()
            self.mark = MarkFile(ring, self.id)

    def write(self, entries: Entries) -> list[Receipt]:
        """Record `entries` in one turn, durably, or none of them. Raises LedgerUnavailable."""
        with self.lock:
            if os.getpid() != self._process:
                raise LedgerUnavailable(
                    "the ledger was opened by another process",
                    self.store.where,
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

    def _append(self, given: Entries) -> list[Receipt]:
        """Chain entries to the last record. Must be called in a turn."""
        sequence, previous = self._head()
        entries = given if isinstance(given, list) else given(sequence, previous)
        key = self.ring.current
        receipts: list[Receipt] = []
        at = now()
        for begun in range(0, len(entries), AT_ONCE):
            # Still one commit; but so many texts are in memory at a time, and near.
            some = entries[begun : begun + AT_ONCE]
            rows: list[Row] = []
            for entry, (pseudonym, commitments, body) in zip(some, self._written(some, key), strict=True):
                sequence += 1
                subject = pseudonym.subject if pseudonym else None
                row = _row(key, sequence, at, entry.kind, subject, commitments, body, previous)
                previous = row[8]
                rows.append(row)
                receipts.append(Receipt(sequence, previous))
            self.store.run_many(self.store.sql.append, rows)
        self.subjects.write()
        self.texts.write()
        return receipts

    def _written(self, entries: Sequence[Entry], key: Key) -> list[tuple[Pseudonym | None, str | None, str]]:
        """Pseudonym, commitments and body of each. Each step for all before the next: what it needs is near then."""
        quick, where = self._quick, self.store.where
        found = [Personal(entry.about) for entry in entries]
        subjects = [
            self.subjects.of(personal.parts, entry.person) for entry, personal in zip(entries, found, strict=True)
        ]
        return [
            (pseudonym, commitments, body_text(entry, personal, pseudonym, key, quick, where))
            for entry, personal, (pseudonym, commitments) in zip(entries, found, subjects, strict=True)
        ]

    def _head(self) -> tuple[int, str]:
        """Number and hash of the last record, after making sure that nothing acknowledged has gone."""
        rows = self.store.run(self.store.sql.last)
        if not rows:
            raise self._lost("no record is left in the ledger")
        sequence, hash_ = int(rows[0][0]), str(rows[0][1])
        if self._last == (sequence, hash_):
            return self._last
        # Somebody else wrote since: what we remember of subjects may have been erased.
        self.subjects.forget_memory()
        floor = self._last or self._marked()
        if floor is None:
            return (sequence, hash_) if sequence == 1 else self._begin_mark(sequence, hash_)
        held = self.store.run(self.store.sql.one, (floor[0],))
        if not held or read_record(held[0]).hash != floor[1]:
            raise self._lost("records that were acknowledged are gone from the ledger, or were changed")
        return sequence, hash_

    def _marked(self) -> tuple[int, str] | None:
        try:
            mark = self.mark.read()
        except (ValueError, OSError):
            raise self._lost("the mark of the ledger is not one that was written with these keys") from None
        return (mark.sequence, mark.hash) if mark else None

    def _begin_mark(self, sequence: int, hash_: str) -> tuple[int, str]:
        """A ledger from elsewhere, or one whose mark was removed: say so in the chain before anything else."""
        body = encode({"records_before": sequence})
        row = _row(self.ring.current, sequence + 1, now(), MARK_BEGUN_KIND, None, None, body, hash_)
        self.store.run_many(self.store.sql.append, [row])
        return sequence + 1, row[8]

    def _move_mark(self, sequence: int, hash_: str) -> None:
        try:
            self.mark.move(self.ring.current, sequence, hash_)
        except OSError as error:
            raise LedgerUnavailable(
                f"the mark of the ledger cannot be moved: {error.strerror}",
                str(self.ring.folder),
                "make the folder of the keys writable again",
            ) from None

    def _lost(self, what: str) -> LedgerUnavailable:
        mend = "run `limen ledger verify`, and put the whole ledger back from a backup"
        return LedgerUnavailable(what, self.store.where, mend)

    def _make(self) -> bool:
        """Make the tables and the first record, unless another process was faster."""
        with self.store.turn():
            if self.store.run(self.store.sql.is_ledger)[0][0]:
                return False
            self.store.create()
            body = encode({"ledger": secrets.token_hex(12), "schema": LEDGER_SCHEMA})
            row = _row(self.ring.current, 1, now(), FIRST_KIND, None, None, body, GENESIS)
            self.store.run_many(self.store.sql.append, [row])
            return True

    def _read_id(self) -> str:
        rows = self.store.run(self.store.sql.one, (1,))
        ledger = read_ledger_id(read_record(rows[0])) if rows else None
        if ledger is None:
            raise LedgerUnavailable(
                "the first record of the ledger is gone or is not one",
                self.store.where,
                "put the ledger back from a backup",
            )
        return ledger


def _row(
    key: Key,
    sequence: int,
    at: str,
    kind: str,
    subject: str | None,
    commitments: str | None,
    body: str,
    previous: str,
) -> Row:
    hash_ = record_hash(sequence, at, kind, subject, commitments, body, key.id, previous)
    return (sequence, at, kind, subject, commitments, body, key.id, previous, hash_, record_seal(key.seal, hash_))


def now() -> str:
    """The clock, as records have it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
