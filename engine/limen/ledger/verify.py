"""Is the ledger what was written, and is all of it there? Two questions, two answers."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from limen.ledger.errors import LedgerUnavailable
from limen.ledger.keys import KeyRing
from limen.ledger.mark import Mark, MarkFile
from limen.ledger.record import FIRST_KIND, FORGOTTEN_KIND, GENESIS, Record, record_hash, record_seal
from limen.ledger.store import Store
from limen.ledger.subject import row_proof
from limen.ledger.texts import name_of, names_in

Integrity = Literal["intact", "broken"]
Completeness = Literal["complete", "incomplete", "not_known"]

MOST_PROBLEMS = 100
"""No more problems than this are listed; the verdict does not depend on it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `about` is what it speaks against; `sequence` the record, where there is one."""

    about: Literal["integrity", "completeness"]
    code: str
    sequence: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found.

    `integrity`: every record still there is the one that was written, in its place. `completeness`: every record
    that was acknowledged is still there; `not_known` where nothing outside the store can tell.
    """

    records: int
    head: str
    integrity: Integrity
    completeness: Completeness
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.integrity == "intact" and self.completeness == "complete"


class _Findings:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.broken = False
        self.incomplete = False

    def add(self, about: Literal["integrity", "completeness"], code: str, sequence: int | None, what: str) -> None:
        if about == "integrity":
            self.broken = True
        else:
            self.incomplete = True
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(about, code, sequence, what))


def verify_ledger(store: Store, ring: KeyRing, mark_file: MarkFile, ledger: str) -> Verification:
    """Read every record and row of the store and compare them with each other, the keys and the mark outside."""
    found = _Findings()
    count, head = 0, GENESIS
    subjects_named: set[str] = set()
    forgotten: set[str] = set()
    texts_named: set[str] = set()
    mark = _read_mark(mark_file, found)
    mark_seen = False
    try:
        for line in store.check():
            found.add("integrity", "store-damaged", None, f"the store says of itself: {line}")
        _check_guards(store, found)
        previous, at, number = GENESIS, "", 0
        for record in _all_records(store):
            count += 1
            _check_record(record, number, previous, ring, ledger, found)
            if record.at < at:
                found.notes.append(f"the clock went back before record {record.sequence}")
            if record.subject is not None:
                subjects_named.add(record.subject)
            body = record.stored_body
            texts_named.update(names_in(body))
            if record.kind == FORGOTTEN_KIND:
                forgotten.add(str(body.get("subject")))
            if record.kind == "mark_begun":
                found.notes.append(
                    f"a new mark was begun at record {record.sequence}; no mark vouches for the time before"
                )
            if mark is not None and record.sequence == mark.sequence:
                mark_seen = True
                if record.hash != mark.hash:
                    found.add(
                        "integrity",
                        "chain-rewritten",
                        record.sequence,
                        "the mark outside the store names another record",
                    )
            previous, at, number = record.hash, record.at, record.sequence
        head = previous
        _check_rows(store, ring, subjects_named, forgotten, found)
        _check_texts(store, texts_named, found)
    except LedgerUnavailable as error:
        found.add("integrity", "store-damaged", None, error.what)
    except (ValueError, TypeError):
        found.add("integrity", "store-damaged", None, "the store holds something that is not a record")
    if count == 0:
        found.add("completeness", "records-missing", None, "no record is left")
    if mark is not None and not mark_seen:
        found.add(
            "completeness",
            "records-missing",
            None,
            f"{mark.sequence} records were acknowledged; the last ones are gone",
        )
    if found.incomplete:
        completeness: Completeness = "incomplete"
    else:
        completeness = "complete" if mark is not None else "not_known"
    if mark is None and not found.incomplete:
        found.notes.append("no mark outside the store says how many records there should be")
    return Verification(
        count, head, "broken" if found.broken else "intact", completeness, tuple(found.problems), tuple(found.notes)
    )


def _all_records(store: Store) -> Iterator[Record]:
    after = -(2**62)
    while page := store.run(store.sql.page, (after,)):
        for row in page:
            yield Record(*row)
        after = page[-1][0]


def _read_mark(mark_file: MarkFile, found: _Findings) -> Mark | None:
    try:
        return mark_file.read()
    except (ValueError, OSError):
        found.add("completeness", "mark-replaced", None, "the mark outside the store was not written with these keys")
        return None


def _check_record(record: Record, number: int, previous: str, ring: KeyRing, ledger: str, found: _Findings) -> None:
    sequence = record.sequence
    if sequence != number + 1:
        found.add("completeness", "records-missing", sequence, f"record {number + 1} is not there")
    if record.previous != previous:
        found.add("integrity", "chain-broken", sequence, "it does not follow the record before it")
    computed = record_hash(
        sequence,
        record.at,
        record.kind,
        record.subject,
        record.commitments,
        record.body_text,
        record.key,
        record.previous,
    )
    if computed != record.hash:
        found.add("integrity", "record-changed", sequence, "what it says is not what was hashed")
    key = ring.find(record.key)
    if key is None:
        found.add("integrity", "key-missing", sequence, "the key of its seal is not in the ring")
    elif not hmac.compare_digest(record_seal(key.seal, record.hash), record.seal):
        found.add("integrity", "seal-broken", sequence, "its seal was not made with the key it names")
    body = record.stored_body
    if (record.kind == FIRST_KIND) != (sequence == 1) or (sequence == 1 and body.get("ledger") != ledger):
        found.add("integrity", "wrong-beginning", sequence, "the ledger does not begin with its own first record")


def _check_guards(store: Store, found: _Findings) -> None:
    """The triggers that refuse changes must stand as they were made."""
    stands = {str(name): " ".join(str(sql).split()) for name, sql in store.run(store.sql.guards)}
    for statement in store.sql.create:
        words = statement.split()
        if words[:2] == ["CREATE", "TRIGGER"] and not store.guard_stands(statement, stands.get(words[2])):
            found.add("integrity", "guard-missing", None, f"the guard `{words[2]}` of the store was removed or changed")


def _check_rows(store: Store, ring: KeyRing, named: set[str], forgotten: set[str], found: _Findings) -> None:
    """The side tables: each row sealed, no salt lost but by forgetting, none back after it."""
    subjects = set()
    for subject, salt, key_id, proof in store.run(store.sql.all_subjects):
        subjects.add(subject)
        key = ring.find(key_id)
        if key is None or not hmac.compare_digest(row_proof(key, subject, salt), proof):
            found.add("integrity", "salt-changed", None, f"the salt of `{subject}` was changed")
    for lookup, subject, key_id, proof in store.run(store.sql.all_lookups):
        key = ring.find(key_id)
        if key is None or not hmac.compare_digest(row_proof(key, lookup, subject), proof):
            found.add("integrity", "lookup-changed", None, f"a lookup of `{subject}` was changed")
    for subject in sorted(named - subjects - forgotten):
        found.add("completeness", "salt-missing", None, f"the salt of `{subject}` is gone and nobody asked to forget")
    for subject in sorted(subjects & forgotten):
        found.add("integrity", "forgotten-returned", None, f"`{subject}` was forgotten and its salt is back")


def _check_texts(store: Store, named: set[str], found: _Findings) -> None:
    """The shared wordings: each has the name of what it says, and none that a record needs is gone."""
    there = set()
    for name, text in store.run(store.sql.all_texts):
        there.add(name)
        if name_of(text) != name:
            found.add("integrity", "text-changed", None, f"the wording `{name}` was changed")
    for name in sorted(named - there):
        found.add("completeness", "text-missing", None, f"the wording `{name}` is gone")
