"""Checking an export without the store and without the keys: what an auditor can do with a public key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from limen.canonical import encode
from limen.ledger.checkpoint import Checkpoint, read_checkpoint
from limen.ledger.expand import names_in
from limen.ledger.record import CHECKPOINT_KIND, GENESIS, Record, hash_of
from limen.ledger.shared import name_of
from limen.ledger.verification import Completeness, Findings, Verification

_BODY = ',"body":'


def audit_export(
    lines: Iterable[str], public_keys: Sequence[str], checkpoints: Iterable[Checkpoint] = ()
) -> Verification:
    """Follow the chain in an export of JSON lines and compare it with the checkpoints signed with `public_keys`:
    those in it, and copies the auditor kept.

    Integrity is `intact` only as far as a checkpoint vouches: records after the last one are chained but could have
    been written by anybody, which a note says. Completeness is `complete` if the export reaches every checkpoint kept.
    """
    audit = _Audit(public_keys, checkpoints)
    for line in lines:
        try:
            value = json.loads(line)
            if "text" in value:
                audit.wording(value["text"], value["says"])
            else:
                text = line.rstrip("\n")[line.index(_BODY) + len(_BODY) : -1]
                audit.record(_record(value, text), value["body"])
        except (ValueError, KeyError, TypeError):
            audit.found.add("integrity", "line-damaged", audit.number + 1, "a line of the export is not a record")
    return audit.verification()


def _record(value: Mapping[str, Any], body_text: str) -> Record:
    fields = ("sequence", "at", "kind", "subject", "commitments", "key", "previous", "hash", "seal")
    sequence, at, kind, subject, commitments, key, previous, hash_, seal = (value[field] for field in fields)
    return Record(sequence, at, kind, subject, commitments, body_text, key, previous, hash_, seal)


class _Audit:
    """Follows an export from its first line to its last."""

    def __init__(self, public_keys: Sequence[str], checkpoints: Iterable[Checkpoint]) -> None:
        self.found = Findings()
        self.number = 0
        self._public_keys = public_keys
        self._kept = {copy.records: copy for copy in checkpoints if self._is_signed(copy)}
        self._counts: Counter[str] = Counter()
        self._texts: set[str] = set()
        self._head = GENESIS
        self._vouched = 0

    def wording(self, name: str, said: object) -> None:
        if name_of(encode(said)) != name:
            self.found.add("integrity", "text-changed", None, f"the wording `{name}` was changed")
        self._texts.add(name)

    def record(self, record: Record, body: object) -> None:
        sequence, found = record.sequence, self.found
        if sequence != self.number + 1:
            found.add("completeness", "records-missing", sequence, f"record {self.number + 1} is not there")
        if record.previous != self._head:
            found.add("integrity", "chain-broken", sequence, "it does not follow the record before it")
        if hash_of(record) != record.hash:
            found.add("integrity", "record-changed", sequence, "what it says is not what was hashed")
        for name in names_in(body):
            if name not in self._texts:
                found.add("completeness", "text-missing", sequence, f"the wording `{name}` is gone")
        claims = [self._kept[self.number]] if self.number in self._kept else []
        if record.kind == CHECKPOINT_KIND:
            claims += self._claimed(body, sequence)
        for claim in claims:
            if self._agrees(claim):
                self._vouched = self.number
            else:
                what = "a signed checkpoint says otherwise of the records before"
                found.add("integrity", "checkpoint-wrong", sequence, what)
        self._counts[record.kind] += 1
        self.number, self._head = sequence, record.hash

    def verification(self) -> Verification:
        if self.number in self._kept:
            if self._agrees(self._kept[self.number]):
                self._vouched = self.number
            else:
                self.found.add("integrity", "checkpoint-wrong", None, "a signed checkpoint says otherwise of the whole")
        longest = max(self._kept, default=0)
        if longest > self.number:
            what = f"a signed checkpoint says that there were {longest} records"
            self.found.add("completeness", "records-missing", None, what)
        if self._vouched < self.number:
            self.found.note(f"no signed checkpoint vouches for what follows record {self._vouched}")
        completeness: Completeness = (
            "incomplete" if self.found.incomplete else "complete" if self._kept else "not_known"
        )
        return Verification(
            sum(self._counts.values()),
            self._head,
            "broken" if self.found.broken else "intact",
            completeness,
            tuple(self.found.problems),
            tuple(self.found.notes),
        )

    def _claimed(self, body: object, sequence: int) -> list[Checkpoint]:
        try:
            said = read_checkpoint(body)
        except ValueError:
            said = None
        if said is None or not self._is_signed(said):
            what = "the checkpoint was not signed with a key given"
            self.found.add("integrity", "checkpoint-replaced", sequence, what)
            return []
        return [said]

    def _agrees(self, claim: Checkpoint) -> bool:
        return (claim.records, claim.head) == (self.number, self._head) and dict(claim.counts) == dict(self._counts)

    def _is_signed(self, checkpoint: Checkpoint) -> bool:
        return any(checkpoint.is_signed_by(key) for key in self._public_keys)
