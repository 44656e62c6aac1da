"""The ledger: one chain of records, written by many, changed by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.canonical import encode
from limen.ledger.entry import Entry, check_kind
from limen.ledger.errors import LedgerUnavailable, NoSuchRecord
from limen.ledger.keys import KeyRing, open_keys
from limen.ledger.record import Receipt, Record, read_record
from limen.ledger.store import SqliteStore, Store
from limen.ledger.writer import Writer

if TYPE_CHECKING:
    from limen.ledger.batch import Batch
    from limen.ledger.checkpoint import Checkpoint
    from limen.ledger.events import Events
    from limen.ledger.forget import Forgotten
    from limen.ledger.verification import Verification
    from limen.request.model import Request
    from limen.request.subject import Subject

CHECKPOINT_EVERY = 1000
"""A checkpoint is made each time so many records have been added."""


def open_ledger(
    path_or_url: str | Path, keys: KeyRing | Path | str | None = None, log: Path | str | None = None
) -> Ledger:
    """The ledger at a path (SQLite) or a `postgresql://` URL; made if it is not there.

    `keys` is a ring, or the folder that holds one; by default `$LIMEN_KEYS` or the user's state folder. With `log`,
    each record and each refusal is also a masked JSON line in that file. Raises LedgerUnavailable, and then nothing may
    be decided.
    """
    ring = keys if isinstance(keys, KeyRing) else open_keys(keys)
    events = None
    if log is not None:
        from limen.ledger.events import Events

        events = Events(Path(log))
    return Ledger(_store(path_or_url), ring, events)


def _store(path_or_url: str | Path) -> Store:
    text = str(path_or_url)
    if text.startswith(("postgresql://", "postgres://")):
        from limen.ledger.postgresql import PostgresqlStore

        return PostgresqlStore(text)
    return SqliteStore(Path(text.removeprefix("sqlite:///")))


class Ledger:
    """An open ledger. Safe to share between threads; each process opens its own."""

    def __init__(self, store: Store, ring: KeyRing, events: Events | None = None) -> None:
        self.writer = Writer(store, ring)
        self.store = store
        self.lock = self.writer.lock
        self._events = events

    @property
    def id(self) -> str:
        """The ledger's own name, made with it."""
        return self.writer.id

    @property
    def where(self) -> str:
        """The path or URL of the store, without a password."""
        return self.store.where

    @property
    def keys(self) -> KeyRing:
        """The ring of keys; its current one seals what is written now."""
        return self.writer.ring

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
        if not given:
            return []
        receipts = self._write(given) if self._events is None else self._events.around(self._write, given)
        if receipts[-1].sequence // CHECKPOINT_EVERY > (receipts[0].sequence - 1) // CHECKPOINT_EVERY:
            self.checkpoint()
        return receipts

    @contextmanager
    def batch(self, size: int = 500) -> Iterator[Batch]:
        """Collect entries and record them `size` at a time; what remains is recorded on the way out.

        An entry is acknowledged when its receipt is in `Batch.receipts`, not before. If the block fails, what is not
        yet recorded is not.
        """
        from limen.ledger.batch import Batch

        batch = Batch(self, size)
        yield batch
        batch.flush()

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records in order, from the one that follows number `after`."""
        while True:
            with self.lock:
                page = self.store.run(self.store.sql.page, (after,))
            for row in page:
                if not isinstance(row[0], int) or row[0] <= after:
                    mend = "run `limen ledger verify`, and put the whole ledger back from a backup"
                    raise LedgerUnavailable("the store of the ledger is damaged", self.where, mend)
                after = row[0]
                yield read_record(row, self._expand)
            if not page:
                return

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
            return verify_ledger(self.store, self.keys, self.writer.mark, self.id, tuple(checkpoints))

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

    def _write(self, entries: list[Entry]) -> list[Receipt]:
        for kind in {entry.kind for entry in entries}:
            check_kind(kind, self.where)
        return self.writer.write(entries)

    def _expand(self, body: Any) -> Any:
        with self.lock:
            return self.writer.texts.expand(body)

    def close(self) -> None:
        with self.lock:
            self.writer.mark.close()
            self.store.close()
            if self._events is not None:
                self._events.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
