"""The mark: how far a ledger had come, noted outside the store at every commit.

A store cut short, or put back from an older copy, is still a perfect chain; only something outside it can tell. The
mark is one fixed-size line in the folder of the keys. It says how many records were acknowledged and the hash of the
last, under a key. It only ever moves forward, whoever of several writers comes last.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from limen.ledger.keyed import keyed_hash
from limen.ledger.keys import Key, KeyRing


@dataclass(frozen=True, slots=True)
class Mark:
    """At least `sequence` records exist, and the one of that number has this `hash`."""

    sequence: int
    hash: str


def _proof(key: Key, ledger: str, sequence: int, hash_: str) -> str:
    return keyed_hash(key.mark, f"mark\n{ledger}\n{sequence}\n{hash_}")


class MarkFile:
    """The mark of one ledger. Opened once; every move is one small write in place."""

    def __init__(self, ring: KeyRing, ledger: str) -> None:
        self.path: Path = ring.folder / f"{ledger}.mark"
        self._ring = ring
        self._ledger = ledger
        self._descriptor: int | None = None
        self._moved: tuple[int, bytes] | None = None

    def read(self) -> Mark | None:
        """The mark, or `None` if there is none. Raises ValueError if the file is there but was not written by us."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return self._parse(text)

    def _parse(self, text: str) -> Mark:
        words = text.split()
        if len(words) != 7 or words[:3] != ["limen", "mark", "1"]:
            raise ValueError("the mark is not one")
        key = self._ring.find(words[3])
        sequence, hash_ = int(words[4]), words[5]
        if key is None or not hmac.compare_digest(words[6], _proof(key, self._ledger, sequence, hash_)):
            raise ValueError("the mark was not written with a key of this ring")
        return Mark(sequence, hash_)

    def move(self, key: Key, sequence: int, hash_: str) -> None:
        """Move the mark forward to `sequence`; a mark that is already further stays. Raises OSError."""
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        descriptor = self._descriptor
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            held = os.pread(descriptor, 512, 0)
            # What we wrote last is still there, and is behind: there is nothing to read in it.
            ours = self._moved is not None and self._moved[1] == held and self._moved[0] <= sequence
            if not ours and self._is_further(held.decode("utf-8", "replace"), sequence):
                return
            proof = _proof(key, self._ledger, sequence, hash_)
            line = f"limen mark 1 {key.id:<16} {sequence:020d} {hash_} {proof}\n".encode()
            os.pwrite(descriptor, line, 0)
            self._moved = (sequence, line)
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _is_further(self, held: str, sequence: int) -> bool:
        """Whether what the file holds is a mark beyond `sequence`, written by us or another writer."""
        words = held.split()
        if len(words) != 7 or not words[4].isdigit() or int(words[4]) <= sequence:
            return False
        try:
            self._parse(held)
        except ValueError:
            return False
        return True

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
