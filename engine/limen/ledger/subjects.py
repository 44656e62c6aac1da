"""The side tables: which pseudonym and salt belong to which subject. The only rows of a ledger that can be erased."""

from __future__ import annotations

from typing import Any

from limen.ledger.entry import Entry
from limen.ledger.keys import Key, KeyRing
from limen.ledger.store import Store
from limen.ledger.subject import (
    Pseudonym,
    fresh_pseudonym,
    lookup_of_parts,
    lookup_of_person,
    row_proof,
    stated_parts,
)

_REMEMBERED = 20_000
"""So many lookups are kept in memory."""


class Subjects:
    """Finds and makes pseudonyms inside a writer's turn. New rows wait until `write`."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        self._store = store
        self.ring = ring
        self._known: dict[str, Pseudonym] = {}
        self._new_subjects: list[tuple[str, ...]] = []
        self._new_lookups: list[tuple[str, ...]] = []

    def forget_memory(self) -> None:
        """Trust nothing remembered: another writer may have erased it, or our own turn came to nothing."""
        self._known.clear()
        self._new_subjects.clear()
        self._new_lookups.clear()

    def of(self, entry: Entry) -> tuple[Pseudonym | None, str | None]:
        """The pseudonym of whom `entry` is about, and JSON text with a commitment to each part that was stated."""
        subject = entry.about
        parts = dict(stated_parts(subject)) if subject is not None else {}
        if not parts and entry.person is None:
            return None, None
        key = self.ring.current
        lookups = _lookups(key, parts, entry.person)
        found = [self._find(lookup) for lookup in lookups]
        pseudonym = next((one for one in found if one is not None), None) or self._find_under_old_keys(
            parts, entry.person
        )
        if pseudonym is None:
            pseudonym = fresh_pseudonym()
            salt = pseudonym.salt.hex()
            self._new_subjects.append((pseudonym.subject, salt, key.id, row_proof(key, pseudonym.subject, salt)))
        for lookup, known in zip(lookups, found, strict=True):
            if known is None:
                self._new_lookups.append((lookup, pseudonym.subject, key.id, row_proof(key, lookup, pseudonym.subject)))
                self._remember(lookup, pseudonym)
        commitments = ",".join(f'"{part}":"{pseudonym.commit(part, value)}"' for part, value in sorted(parts.items()))
        return pseudonym, f"{{{commitments}}}"

    def write(self) -> None:
        """Insert the rows that wait."""
        if self._new_subjects:
            self._store.run_many(self._store.sql.add_subject, self._new_subjects)
            self._new_subjects.clear()
        if self._new_lookups:
            self._store.run_many(self._store.sql.add_lookup, self._new_lookups)
            self._new_lookups.clear()

    def find_all(self, parts: dict[str, str], person: str | None) -> list[Pseudonym]:
        """Every pseudonym of a subject as stated, or of a person, under any key of the ring."""
        found: dict[str, Pseudonym] = {}
        for key in reversed(self.ring.keys):
            for lookup in _lookups(key, parts, person):
                for row in self._store.run(self._store.sql.find_subject, (lookup,)):
                    found[row[0]] = Pseudonym(row[0], bytes.fromhex(row[1]))
        return list(found.values())

    def erase(self, pseudonym: Pseudonym) -> None:
        """Remove salt and lookups of a subject."""
        self._store.run(self._store.sql.drop_lookups, (pseudonym.subject,))
        self._store.run(self._store.sql.drop_subject, (pseudonym.subject,))

    def _find(self, lookup: str) -> Pseudonym | None:
        known = self._known.get(lookup)
        if known is None:
            rows: list[tuple[Any, ...]] = self._store.run(self._store.sql.find_subject, (lookup,))
            if rows:
                known = Pseudonym(rows[0][0], bytes.fromhex(rows[0][1]))
                self._remember(lookup, known)
        return known

    def _find_under_old_keys(self, parts: dict[str, str], person: str | None) -> Pseudonym | None:
        for key in reversed(self.ring.keys[:-1]):
            for lookup in _lookups(key, parts, person):
                if (known := self._find(lookup)) is not None:
                    return known
        return None

    def _remember(self, lookup: str, pseudonym: Pseudonym) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[lookup] = pseudonym


def _lookups(key: Key, parts: dict[str, str], person: str | None) -> list[str]:
    lookups = [lookup_of_person(key, person)] if person is not None else []
    if parts:
        lookups.append(lookup_of_parts(key, parts))
    return lookups
