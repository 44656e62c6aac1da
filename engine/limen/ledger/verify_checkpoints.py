"""Checking a ledger against its checkpoints: those in the chain, and the copies kept outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from limen.ledger.checkpoint import Checkpoint, copies_path, public_key_of, read_checkpoint, read_copies
from limen.ledger.keys import KeyRing
from limen.ledger.record import CHECKPOINT_KIND, Record
from limen.ledger.verification import Findings


class Checkpoints:
    """Is shown every record in order, and says which checkpoint does not agree with what it saw."""

    def __init__(self, ledger: str, ring: KeyRing, others: Sequence[Checkpoint], found: Findings) -> None:
        self._ledger = ledger
        self._ring = ring
        self._found = found
        self._counts: Counter[str] = Counter()
        self._in_chain: set[int] = set()
        self._copies: defaultdict[int, list[Checkpoint]] = defaultdict(list)
        try:
            ours = list(read_copies(copies_path(ring, ledger)))
        except OSError:
            ours = [None]
        for copy in (*ours, *others):
            if copy is None or not self._genuine(copy):
                found.add(
                    "integrity", "checkpoint-replaced", None, "a copy of a checkpoint was not signed by this ledger"
                )
            else:
                self._copies[copy.records].append(copy)

    def see(self, record: Record, records: int, head: str) -> None:
        """`record` follows `records` others, the last with the hash `head`."""
        self._compare_copies(records, head)
        if record.kind == CHECKPOINT_KIND:
            self._in_chain.add(records)
            try:
                said = read_checkpoint(record.stored_body)
            except ValueError:
                said = None
            if said is None or not self._genuine(said) or not self._agrees(said, records, head):
                what = "the checkpoint recorded here does not say what is recorded"
                self._found.add("integrity", "checkpoint-wrong", record.sequence, what)
        self._counts[record.kind] += 1

    def end(self, records: int, head: str) -> None:
        """There are no more than `records`."""
        self._compare_copies(records, head)
        if self.furthest > records:
            what = f"a signed checkpoint says that there were {self.furthest} records"
            self._found.add("completeness", "records-missing", None, what)
        for missing in sorted(self._in_chain - self._copies.keys()):
            self._found.note(f"no copy of the checkpoint at record {missing} is kept outside the store")

    @property
    def furthest(self) -> int:
        """How many records the copies vouch for."""
        return max(self._copies, default=0)

    def _compare_copies(self, records: int, head: str) -> None:
        for copy in self._copies.get(records, ()):
            if not self._agrees(copy, records, head):
                what = "a signed checkpoint kept outside says otherwise of the records up to here"
                self._found.add("integrity", "chain-rewritten", records, what)

    def _agrees(self, said: Checkpoint, records: int, head: str) -> bool:
        return said.records == records and said.head == head and dict(said.counts) == dict(self._counts)

    def _genuine(self, copy: Checkpoint) -> bool:
        key = self._ring.find(copy.key)
        return copy.ledger == self._ledger and key is not None and copy.is_signed_by(public_key_of(key))
