"""Is the ledger what was written, and is all of it there? Two questions, two answers."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from limen.ledger.checkpoint import Checkpoint
from limen.ledger.errors import LedgerUnavailable
from limen.ledger.expand import names_in
from limen.ledger.keys import KeyRing
from limen.ledger.mark import Mark, MarkFile
from limen.ledger.record import FIRST_KIND, FORGOTTEN_KIND, GENESIS, Record, hash_of, read_record, record_seal
from limen.ledger.shared import name_of
from limen.ledger.store import Store
from limen.ledger.subject import row_proof
from limen.ledger.verification import Completeness, Findings, Integrity, Verification
from limen.ledger.verify_checkpoints import Checkpoints
from limen.ledger.writer import MARK_BEGUN_KIND


def verify_ledger(
    store: Store, ring: KeyRing, mark_file: MarkFile, ledger: str, others: Sequence[Checkpoint] = ()
) -> Verification:
    """Read every record and row of the store and compare them with each other, the keys, and what is kept outside:
    the mark and the copies of the checkpoints (`others` are further copies)."""
    found = Findings()
    mark = _read_mark(mark_file, found)
    walk = _Walk(ring, ledger, mark, Checkpoints(ledger, ring, others, found), found)
    read_all = False
    try:
        for line in store.check():
            found.add("integrity", "store-damaged", None, f"the store says of itself: {line}")
        _check_guards(store, found)
        for record in _all_records(store):
            walk.step(record)
        read_all = True
        walk.end()
        _check_rows(store, ring, walk, found)
        _check_texts(store, walk.texts, found)
    except LedgerUnavailable as error:
        found.add("integrity", "store-damaged", None, error.what)
    except (ValueError, TypeError):
        found.add("integrity", "store-damaged", None, "the store holds something that is not a record")
    if mark is None:
        found.note("no mark outside the store says how many records there should be")
    known = read_all and mark is not None
    completeness: Completeness = "incomplete" if found.incomplete else "complete" if known else "not_known"
    integrity: Integrity = "broken" if found.broken else "intact"
    return Verification(walk.count, walk.head, integrity, completeness, tuple(found.problems), tuple(found.notes))


class _Walk:
    """Follows the chain from its first record to its last."""

    def __init__(
        self, ring: KeyRing, ledger: str, mark: Mark | None, checkpoints: Checkpoints, found: Findings
    ) -> None:
        self._ring = ring
        self._ledger = ledger
        self._mark = mark
        self._mark_seen = False
        self._checkpoints = checkpoints
        self._found = found
        self._at = ""
        self._number = 0
        self.count = 0
        self.head = GENESIS
        self.subjects: set[str] = set()
        self.forgotten: set[str] = set()
        self.texts: set[str] = set()

    def step(self, record: Record) -> None:
        """Look at the next record."""
        self._check(record)
        self._checkpoints.see(record, self.count, self.head)
        if record.subject is not None:
            self.subjects.add(record.subject)
        if record.at < self._at:
            self._found.note(f"the clock went back before record {record.sequence}")
        if record.kind == MARK_BEGUN_KIND:
            self._found.note(f"a new mark was begun at record {record.sequence}; none vouches for the time before")
        if self._mark is not None and record.sequence == self._mark.sequence:
            self._mark_seen = True
            if record.hash != self._mark.hash:
                what = "the mark outside the store names another record"
                self._found.add("integrity", "chain-rewritten", record.sequence, what)
        self.count += 1
        self.head, self._at, self._number = record.hash, record.at, record.sequence

    def end(self) -> None:
        """There are no more records."""
        self._checkpoints.end(self.count, self.head)
        if self.count == 0:
            self._found.add("completeness", "records-missing", None, "no record is left")
        if self._mark is not None and not self._mark_seen:
            what = f"{self._mark.sequence} records were acknowledged; the last ones are gone"
            self._found.add("completeness", "records-missing", None, what)

    def _check(self, record: Record) -> None:
        sequence, found = record.sequence, self._found
        if sequence != self._number + 1:
            found.add("completeness", "records-missing", sequence, f"record {self._number + 1} is not there")
        if record.previous != self.head:
            found.add("integrity", "chain-broken", sequence, "it does not follow the record before it")
        if hash_of(record) != record.hash:
            found.add("integrity", "record-changed", sequence, "what it says is not what was hashed")
        key = self._ring.find(record.key)
        if key is None:
            found.add("integrity", "key-missing", sequence, "the key of its seal is not in the ring")
        elif not hmac.compare_digest(record_seal(key.seal, record.hash), record.seal):
            found.add("integrity", "seal-broken", sequence, "its seal was not made with the key it names")
        try:
            body = record.stored_body
            self.texts.update(names_in(body))
        except (ValueError, TypeError):
            found.add("integrity", "record-changed", sequence, "its body is not a JSON object")
            return
        if record.kind == FORGOTTEN_KIND:
            self.forgotten.add(str(body.get("subject")))
        if (record.kind == FIRST_KIND) != (sequence == 1) or (sequence == 1 and body.get("ledger") != self._ledger):
            found.add("integrity", "wrong-beginning", sequence, "the ledger does not begin with its own first record")


def _all_records(store: Store) -> Iterator[Record]:
    """Every record in order. Raises ValueError where a damaged store gives what no store can hold."""
    after = -(2**62)
    while page := store.run(store.sql.page, (after,)):
        for row in page:
            sequence, *texts = row
            if not isinstance(sequence, int) or sequence <= after:
                raise ValueError("the numbers of the records do not rise")
            if not all(isinstance(text, str) or text is None for text in texts):
                raise ValueError("a column holds what no column of a record can hold")
            yield read_record(row)
            after = sequence


def _all_rows(store: Store, sql: str) -> list[tuple[str, ...]]:
    """The rows of a side table, every column a text."""
    rows = store.run(sql)
    if not all(isinstance(text, str) for row in rows for text in row):
        raise ValueError("a column holds what no column of a side table can hold")
    return rows


def _read_mark(mark_file: MarkFile, found: Findings) -> Mark | None:
    try:
        return mark_file.read()
    except (ValueError, OSError):
        found.add("completeness", "mark-replaced", None, "the mark outside the store was not written with these keys")
        return None


def _check_guards(store: Store, found: Findings) -> None:
    """The triggers that refuse changes must stand as they were made."""
    stands = {str(name): " ".join(str(sql).split()) for name, sql in store.run(store.sql.guards)}
    for statement in store.sql.create:
        words = statement.split()
        if words[:2] == ["CREATE", "TRIGGER"] and not store.guard_stands(statement, stands.get(words[2])):
            found.add("integrity", "guard-missing", None, f"the guard `{words[2]}` of the store was removed or changed")


def _check_rows(store: Store, ring: KeyRing, walk: _Walk, found: Findings) -> None:
    """The side tables: each row sealed, no salt lost but by forgetting, none back after it."""
    subjects = set()
    for subject, salt, key_id, proof in _all_rows(store, store.sql.all_subjects):
        subjects.add(subject)
        key = ring.find(key_id)
        if key is None or not hmac.compare_digest(row_proof(key, subject, salt), proof):
            found.add("integrity", "salt-changed", None, f"the salt of `{subject}` was changed")
    found_by = set()
    for lookup, subject, key_id, proof in _all_rows(store, store.sql.all_lookups):
        found_by.add(subject)
        key = ring.find(key_id)
        if key is None or not hmac.compare_digest(row_proof(key, lookup, subject), proof):
            found.add("integrity", "lookup-changed", None, f"a lookup of `{subject}` was changed")
    for subject in sorted(walk.subjects - (subjects & found_by) - walk.forgotten):
        found.add("completeness", "salt-missing", None, f"the salt of `{subject}` is gone and nobody asked to forget")
    for subject in sorted((subjects | found_by) & walk.forgotten):
        found.add("integrity", "forgotten-returned", None, f"`{subject}` was forgotten and its salt is back")


def _check_texts(store: Store, named: set[str], found: Findings) -> None:
    """The shared wordings: each has the name of what it says, and none that a record needs is gone."""
    there = set()
    for name, text in _all_rows(store, store.sql.all_texts):
        there.add(name)
        if name_of(text) != name:
            found.add("integrity", "text-changed", None, f"the wording `{name}` was changed")
    for name in sorted(named - there):
        found.add("completeness", "text-missing", None, f"the wording `{name}` is gone")
