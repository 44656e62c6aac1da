"""The ledger: one chain of records, written by many, changed by nobody."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.ledger.errors import LedgerUnavailable, NoSuchRecord, RecordRefused
from limen.ledger.keys import KeyRing, open_keys
from limen.ledger.mark import MarkFile
from limen.ledger.masking import mask_body, personal_values
from limen.ledger.record import FIRST_KIND, GENESIS, Receipt, Record, encode, record_hash, record_seal
from limen.ledger.store import SqliteStore, Store
from limen.ledger.subject import (
    Pseudonym,
    fresh_pseudonym,
    lookup_of_parts,
    lookup_of_person,
    row_proof,
    stated_parts,
)

if TYPE_CHECKING:
    from limen.ledger.verify import Verification
    from limen.request.subject import Subject

LEDGER_SCHEMA = 1
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded.

    `body` is a JSON object, or the text of one as a trusted serialiser wrote it. `subject` is whom it is about, as
    stated; `person` the registry's id where cross-reference found exactly one. Neither is stored.
    """

    kind: str
    body: Mapping[str, Any] | str = field(repr=False)
    subject: Subject | None = field(default=None, repr=False)
    person: str | None = field(default=None, repr=False)


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
        self._store = store
        self._ring = ring
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._last: tuple[int, str] | None = None
        self._known: dict[str, Pseudonym] = {}
        made = not store.run(store.sql.is_ledger)[0][0] and self._make()
        self.id = self._read_id()
        self._mark = MarkFile(ring, self.id)
        if made:
            self._move_mark(1, self.show(1).hash)

    @property
    def where(self) -> str:
        return self._store.where

    @property
    def keys(self) -> KeyRing:
        return self._ring

    def append(
        self,
        kind: str,
        body: Mapping[str, Any] | str,
        subject: Subject | None = None,
        person: str | None = None,
    ) -> Receipt:
        """Record `body` durably, and acknowledge it.

        Raises LedgerUnavailable if it could not be recorded; the caller then has no decision to give.
        """
        return self.append_many((Entry(kind, body, subject, person),))[0]

    def append_many(self, entries: Iterable[Entry]) -> list[Receipt]:
        """Record all entries in one commit, or none. Much cheaper than one by one: the disk is waited for once."""
        prepared = list(entries)
        if not prepared:
            return []
        with self._lock:
            self._check_process()
            with self._store.turn():
                self._store.run(self._store.sql.turn)
                rows, receipts = self._rows(prepared)
                self._store.run_many(self._store.sql.append, rows)
            self._last = (receipts[-1].sequence, receipts[-1].hash)
            self._move_mark(*self._last)
        return receipts

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records in order, from the one that follows number `after`."""
        while True:
            with self._lock:
                page = self._store.run(self._store.sql.page, (after,))
            for row in page:
                yield Record(*row)
            if not page:
                return
            after = page[-1][0]

    def show(self, id_: str | int) -> Record:
        """The record of a number, or the newest whose body has the `id` given (a decision's, for one).

        Raises NoSuchRecord.
        """
        text = str(id_)
        with self._lock:
            if text.isascii() and text.isdigit():
                rows = self._store.run(self._store.sql.one, (int(text),)) if len(text) < 18 else []
            else:
                sought = encode(text)
                for sign in "!%_":
                    sought = sought.replace(sign, "!" + sign)
                rows = self._store.run(self._store.sql.newest_holding, (f'%"id":{sought}%',))
        if not rows:
            raise NoSuchRecord(f"no record `{text}`", self.where, "`limen ledger show` lists what there is")
        return Record(*rows[0])

    def verify(self) -> Verification:
        """Whether what is recorded is what was written (integrity), and whether all of it is still there
        (completeness)."""
        from limen.ledger.verify import verify_ledger

        with self._lock:
            return verify_ledger(self._store, self._ring, self._mark, self.id)

    def close(self) -> None:
        with self._lock:
            self._mark.close()
            self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # How a record is made.

    def _make(self) -> bool:
        """Make the tables and the first record, unless another process was faster."""
        with self._store.turn():
            self._store.run(self._store.sql.turn)
            if self._store.run(self._store.sql.is_ledger)[0][0]:
                return False
            self._store.create()
            body = encode({"ledger": secrets.token_hex(12), "schema": LEDGER_SCHEMA})
            row, _ = self._row(1, _now(), FIRST_KIND, None, None, body, GENESIS)
            self._store.run_many(self._store.sql.append, [row])
            return True

    def _read_id(self) -> str:
        rows = self._store.run(self._store.sql.one, (1,))
        try:
            if rows:
                ledger = Record(*rows[0]).body["ledger"]
                if isinstance(ledger, str) and re.fullmatch(r"[0-9a-f]{24}", ledger):
                    return ledger
        except (ValueError, KeyError):
            pass
        raise LedgerUnavailable(
            "the first record of the ledger is gone or is not one", self.where, "put the ledger back from a backup"
        )

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            raise LedgerUnavailable(
                "the ledger was opened by another process", self.where, "open the ledger in each process that writes"
            )

    def _rows(self, entries: Sequence[Entry]) -> tuple[list[tuple[Any, ...]], list[Receipt]]:
        """The rows to insert for `entries`, chained to the last record. Must be called in a turn."""
        sequence, previous = self._head()
        rows: list[tuple[Any, ...]] = []
        receipts: list[Receipt] = []
        at = _now()
        for entry in entries:
            if _KIND.fullmatch(entry.kind) is None:
                raise RecordRefused(
                    f"`{entry.kind[:40]}` is not a kind of record", self.where, "use small letters and `_`"
                )
            pseudonym, commitments = self._subject(entry)
            sequence += 1
            body = self._body(entry, pseudonym)
            row, receipt = self._row(
                sequence, at, entry.kind, pseudonym.subject if pseudonym else None, commitments, body, previous
            )
            previous = receipt.hash
            rows.append(row)
            receipts.append(receipt)
        return rows, receipts

    def _row(
        self, sequence: int, at: str, kind: str, subject: str | None, commitments: str | None, body: str, previous: str
    ) -> tuple[tuple[Any, ...], Receipt]:
        key = self._ring.current
        hash_ = record_hash(sequence, at, kind, subject, commitments, body, key.id, previous)
        seal = record_seal(key.seal, hash_)
        row = (sequence, at, kind, subject, commitments, body, key.id, previous, hash_, seal)
        return row, Receipt(sequence, hash_)

    def _head(self) -> tuple[int, str]:
        """Number and hash of the last record, after making sure that nothing acknowledged has gone."""
        rows = self._store.run(self._store.sql.last)
        if not rows:
            raise self._lost("no record is left in the ledger")
        sequence, hash_ = int(rows[0][0]), str(rows[0][1])
        if self._last == (sequence, hash_):
            return self._last
        self._known.clear()
        if self._last is None:
            try:
                mark = self._mark.read()
            except (ValueError, OSError):
                raise self._lost("the mark of the ledger is not one that was written with these keys") from None
            if mark is None and sequence > 1:
                return self._begin_mark(sequence, hash_)
            floor = (mark.sequence, mark.hash) if mark else (sequence, hash_)
        else:
            floor = self._last
        held = self._store.run(self._store.sql.one, (floor[0],))
        if not held or Record(*held[0]).hash != floor[1]:
            raise self._lost("records that were acknowledged are gone from the ledger, or were changed")
        return sequence, hash_

    def _begin_mark(self, sequence: int, hash_: str) -> tuple[int, str]:
        """A ledger from elsewhere, or one whose mark was removed: say so in the chain before anything else."""
        body = encode({"records_before": sequence})
        row, receipt = self._row(sequence + 1, _now(), "mark_begun", None, None, body, hash_)
        self._store.run_many(self._store.sql.append, [row])
        return receipt.sequence, receipt.hash

    def _lost(self, what: str) -> LedgerUnavailable:
        return LedgerUnavailable(
            what, self.where, "run `limen ledger verify`, and put the whole ledger back from a backup"
        )

    def _move_mark(self, sequence: int, hash_: str) -> None:
        try:
            self._mark.move(self._ring.current, sequence, hash_)
        except OSError as error:
            raise LedgerUnavailable(
                f"the mark of the ledger cannot be moved: {error.strerror}",
                str(self._ring.folder),
                "make the folder of the keys writable again",
            ) from None

    def _subject(self, entry: Entry) -> tuple[Pseudonym | None, str | None]:
        parts = dict(stated_parts(entry.subject)) if entry.subject is not None else {}
        if not parts and entry.person is None:
            return None, None
        key = self._ring.current
        lookups = [lookup_of_person(key, entry.person)] if entry.person is not None else []
        if parts:
            lookups.append(lookup_of_parts(key, parts))
        found = [self._find(lookup) for lookup in lookups]
        pseudonym = next((one for one in found if one is not None), None)
        if pseudonym is None:
            pseudonym = fresh_pseudonym()
            proof = row_proof(key, pseudonym.subject, pseudonym.salt)
            self._store.run(self._store.sql.add_subject, (pseudonym.subject, pseudonym.salt, key.id, proof))
        for lookup, known in zip(lookups, found, strict=True):
            if known is None:
                proof = row_proof(key, lookup, pseudonym.subject)
                self._store.run(self._store.sql.add_lookup, (lookup, pseudonym.subject, key.id, proof))
                self._remember(lookup, pseudonym)
        commitments = {part: pseudonym.commit(part, value) for part, value in parts.items()}
        return pseudonym, encode(commitments)

    def _find(self, lookup: str) -> Pseudonym | None:
        known = self._known.get(lookup)
        if known is None:
            rows = self._store.run(self._store.sql.find_subject, (lookup,))
            if rows:
                known = Pseudonym(str(rows[0][0]), str(rows[0][1]))
                self._remember(lookup, known)
        return known

    def _remember(self, lookup: str, pseudonym: Pseudonym) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[lookup] = pseudonym

    def _body(self, entry: Entry, pseudonym: Pseudonym | None) -> str:
        import json

        body = entry.body
        try:
            if isinstance(body, str):
                body = json.loads(body)
            if not isinstance(body, Mapping):
                raise TypeError
            digest = body.get("request_digest")
            if isinstance(digest, str):
                # A plain digest of a request can be guessed from a name and an address; a commitment cannot.
                committed = (
                    pseudonym.commit("request", digest)
                    if pseudonym
                    else Pseudonym("", self._ring.current.mask.hex()).commit("request", digest)
                )
                body = {**body, "request_digest": committed}
            return encode(mask_body(body, personal_values(entry.subject), self._ring.current))
        except (TypeError, ValueError):
            raise RecordRefused(
                "the body of a record must be a JSON object", self.where, "give what `model_dump(mode='json')` gives"
            ) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
