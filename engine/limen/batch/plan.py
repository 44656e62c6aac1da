"""What a batch is to do: the whole of its settings, so that a resumed batch can be held to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from limen.batch.errors import BatchError

CHUNK = 1 << 17
"""Requests decided together; one part of the output holds so many."""
AUDIT = 6
"""Requests of each part that are decided again."""
SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_EDGE = 1 << 20


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """One batch.

    `profile` `None` asks every profile that existed at `known_at`. `as_of` `None` decides each request under the law of
    the day it was received, or of `today` where it does not say. With `context`, how requests of the batch stand to
    each other (the same recipient, the same reasons) is counted first. `audit` requests of each part are decided again
    by the reference interpreter and, with `second_key`, by that; a fault is kept in the folder `faults`. `registry` is
    a registry file or folder; without one nobody is cross-referenced. With `reasons` each row has all that is in the
    way, not only the first.
    """

    requests: Path
    out: Path
    today: date
    book: Path | None = None
    registry: Path | None = None
    profile: str | None = None
    as_of: date | None = None
    known_at: date | None = None
    context: bool = True
    audit: int = AUDIT
    second_key: bool = False
    faults: Path | None = None
    reasons: bool = False
    chunk: int = CHUNK

    def check(self) -> None:
        """Raise `BatchError` unless the files can be what they should be."""
        if not self.requests.is_file():
            raise BatchError(f"there is no file `{self.requests}`")
        for what, path in (("requests", self.requests), ("out", self.out)):
            if path.suffix.lower() not in SUFFIXES:
                raise BatchError(f"`{path}`: {what} are read and written as {', '.join(SUFFIXES)}; name the file so")
        if self.requests.resolve() == self.out.resolve():
            raise BatchError(f"`{self.out}` would overwrite the requests; choose another name")
        if self.chunk < 1 or self.audit < 0:
            raise BatchError("`chunk` must be at least 1 and `audit` at least 0")

    @property
    def work(self) -> Path:
        """The folder of finished parts, beside the output."""
        return self.out.with_name(f"{self.out.name}.parts")

    @property
    def rejects(self) -> Path:
        """The file of rows that are no requests, with the reasons."""
        return self.out.with_name(f"{self.out.name}.rejects.jsonl")

    def identity(self, book_digest: str) -> Mapping[str, Any]:
        """What must be the same when a batch is resumed: input, law and settings."""
        return {
            "format": 4,
            "requests": _fingerprint(self.requests),
            "registry": None if self.registry is None else _fingerprint(self.registry),
            "book": book_digest,
            "profile": self.profile,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "known_at": None if self.known_at is None else self.known_at.isoformat(),
            "today": self.today.isoformat() if self.as_of is None else None,
            "context": self.context,
            "reasons": self.reasons,
            "chunk": self.chunk,
        }


def _fingerprint(path: Path) -> str:
    """Size and digest of both ends of a file: enough to notice another file without reading a large one twice."""
    if path.is_dir():
        parts = sorted(path.glob("*"))
        return hashlib.sha256("".join(f"{part.name} {part.stat().st_size}\n" for part in parts).encode()).hexdigest()
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        if size > _EDGE:
            file.seek(max(_EDGE, size - _EDGE))
            digest.update(file.read(_EDGE))
    return digest.hexdigest()
