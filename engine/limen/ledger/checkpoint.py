"""Checkpoints: signed statements of how far a ledger had come, for those who do not trust its keeper.

A checkpoint says how many records there are, how many of each kind, and the hash of the last, which stands for all
before it. It is signed with Ed25519, so whoever has the public key can check it and nobody without the secret can make
one. Each is a record of the chain itself, and a copy is kept outside the store, beside the keys; give further copies
away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.canonical import encode
from limen.ledger.entry import Entry
from limen.ledger.errors import LedgerUnavailable
from limen.ledger.keys import Key, KeyRing
from limen.ledger.record import CHECKPOINT_KIND, read_record

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`records` records existed, `counts` of each kind, and the last had the hash `head`. All else says who says so."""

    ledger: str
    records: int
    head: str
    counts: Mapping[str, int]
    at: str
    key: str
    public_key: str
    signature: str = ""

    def statement(self) -> str:
        """What is signed, as canonical JSON."""
        said = self.as_json()
        del said["signature"]
        return encode(said)

    def as_json(self) -> dict[str, Any]:
        return {
            "ledger": self.ledger,
            "records": self.records,
            "head": self.head,
            "counts": dict(self.counts),
            "at": self.at,
            "key": self.key,
            "public_key": self.public_key,
            "signature": self.signature,
        }

    def is_signed_by(self, public_key: str) -> bool:
        """Whether the signature was made with the secret of `public_key` (hexadecimal)."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
                bytes.fromhex(self.signature), self.statement().encode()
            )
        except (InvalidSignature, ValueError):
            return False
        return self.public_key == public_key


def read_checkpoint(value: object) -> Checkpoint:
    """The checkpoint in a JSON value. Raises ValueError if it is not one."""
    if not isinstance(value, Mapping):
        raise ValueError("not a checkpoint")
    try:
        read = Checkpoint(**value)
    except TypeError:
        raise ValueError("not a checkpoint") from None
    texts = (read.ledger, read.head, read.at, read.key, read.public_key, read.signature)
    counted = isinstance(read.counts, Mapping) and all(type(n) is int for n in read.counts.values())
    if not (all(isinstance(text, str) for text in texts) and type(read.records) is int and counted):
        raise ValueError("not a checkpoint")
    return read


def public_key_of(key: Key) -> str:
    """What others need to check the checkpoints signed with `key`, in hexadecimal."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key.sign).public_key().public_bytes_raw().hex()


def make_checkpoint(ledger: Ledger) -> Checkpoint:
    """Sign what is recorded so far, record the statement and keep a copy outside the store."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = ledger.keys.current
    made: list[Checkpoint] = []

    def entries(sequence: int, head: str) -> list[Entry]:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        unsigned = Checkpoint(ledger.id, sequence, head, _counts(ledger), at, key.id, public_key_of(key))
        signature = Ed25519PrivateKey.from_private_bytes(key.sign).sign(unsigned.statement().encode()).hex()
        made.append(Checkpoint(**{**unsigned.as_json(), "signature": signature}))
        return [Entry(CHECKPOINT_KIND, made[0].as_json())]

    ledger.writer.write(entries)
    _keep_copy(ledger, made[0])
    return made[0]


def _counts(ledger: Ledger) -> dict[str, int]:
    """How many records of each kind there are: those of the last checkpoint, and what came after."""
    store = ledger.store
    rows = store.run(store.sql.newest_checkpoint)
    counts: dict[str, int] = {}
    after = 0
    if rows:
        try:
            last = read_checkpoint(read_record(rows[0]).stored_body)
        except ValueError:
            raise LedgerUnavailable(
                "the last checkpoint of the ledger was changed", ledger.where, "run `limen ledger verify`"
            ) from None
        counts, after = dict(last.counts), last.records
    for kind, count in store.run(store.sql.counts_after, (after,)):
        counts[kind] = counts.get(kind, 0) + count
    return counts


def copies_path(ring: KeyRing, ledger: str) -> Path:
    """Where our own copies of a ledger's checkpoints are, one JSON object a line."""
    return ring.folder / f"{ledger}.checkpoints"


def _keep_copy(ledger: Ledger, made: Checkpoint) -> None:
    path = copies_path(ledger.keys, ledger.id)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, f"{encode(made.as_json())}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LedgerUnavailable(
            f"the copy of a checkpoint cannot be kept: {error.strerror}",
            str(path.parent),
            "make the folder of the keys writable again",
        ) from None


def read_copies(path: Path) -> Iterator[Checkpoint | None]:
    """The checkpoints in a file; `None` for a line that is not one. A file that is not there has none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield read_checkpoint(json.loads(line))
        except ValueError:
            yield None
