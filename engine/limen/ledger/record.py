"""A record of the ledger, and the two values that bind it: its hash and its seal.

The hash is SHA-256 over everything the record says and the hash before it, so anybody can follow the chain. The seal
is a keyed hash of that hash, with a key that is not in the store, so nobody without the key can write a chain of their
own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from limen.ledger.keyed import keyed_hash

GENESIS = "0" * 64
"""What the first record of a ledger gives as the hash before it."""

_LEDGER_ID = re.compile(r"[0-9a-f]{24}")

FIRST_KIND = "opened"
FORGOTTEN_KIND = "forgotten"
CHECKPOINT_KIND = "checkpoint"


class Receipt(NamedTuple):
    """What the writer of a record gets once the record will outlive a crash."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is stored.

    `at` is the clock of the writer (ISO 8601, UTC). `subject` is a pseudonym or `None`; `commitments` is JSON text
    that maps each stated part of the subject to a salted commitment. `body_text` is the JSON that was hashed.
    `key` names the key of the seal; `previous` is the hash of the record before.
    """

    sequence: int
    at: str
    kind: str
    subject: str | None
    commitments: str | None
    body_text: str
    key: str
    previous: str
    hash: str
    seal: str
    expand: Callable[[Any], Any] | None = field(default=None, repr=False, compare=False)

    @property
    def stored_body(self) -> dict[str, Any]:
        """The body as it is stored, with shared wording by name. Raises ValueError if it is not a JSON object."""
        value = json.loads(self.body_text)
        if not isinstance(value, dict):
            raise ValueError("the body of a record is not a JSON object")
        return value

    @property
    def body(self) -> dict[str, Any]:
        """The body in full. Raises ValueError also if a wording it needs is missing or was changed."""
        stored = self.stored_body
        return stored if self.expand is None else dict(self.expand(stored))

    def as_json(self) -> dict[str, Any]:
        """The record as it is shown to programs, its body in full. Raises ValueError as `body` does."""
        return {
            "sequence": self.sequence,
            "at": self.at,
            "kind": self.kind,
            "subject": self.subject,
            "body": self.body,
            "previous": self.previous,
            "hash": self.hash,
        }


def read_record(row: Sequence[Any], expand: Callable[[Any], Any] | None = None) -> Record:
    """The record in a row of the store. `expand` puts shared wording back into a body."""
    sequence, at, kind, subject, commitments, body, key, previous, hash_, seal = row
    return Record(sequence, at, kind, subject, commitments, body, key, previous, hash_, seal, expand)


def record_hash(
    sequence: int, at: str, kind: str, subject: str | None, commitments: str | None, body: str, key: str, previous: str
) -> str:
    """The hash of a record, in hexadecimal.

    Every field but the last is free of line feeds (the ledger sees to it, and JSON text escapes them), so two
    different records never give the same bytes.
    """
    said = f"limen record 1\n{sequence}\n{at}\n{kind}\n{subject or ''}\n{commitments or ''}\n{key}\n{previous}\n{body}"
    return hashlib.sha256(said.encode()).hexdigest()


def read_ledger_id(first: Record) -> str | None:
    """The name of the ledger, from its first record; `None` if that is no such record."""
    try:
        ledger = first.stored_body.get("ledger")
    except (ValueError, TypeError):
        return None
    return ledger if isinstance(ledger, str) and _LEDGER_ID.fullmatch(ledger) else None


def hash_of(record: Record) -> str:
    """The hash of a record, computed again from what it says."""
    return record_hash(
        record.sequence,
        record.at,
        record.kind,
        record.subject,
        record.commitments,
        record.body_text,
        record.key,
        record.previous,
    )


def record_seal(secret: bytes, hash_: str) -> str:
    """The keyed seal of a record's hash, in hexadecimal."""
    return keyed_hash(secret, hash_)
