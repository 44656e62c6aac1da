"""The side tables: which pseudonym and salt belong to which subject. The only rows of a ledger that can be erased."""

from __future__ import annotations

from typing import Any

from limen.ledger.keys import Key, KeyRing
from limen.ledger.store import Store
from limen.ledger.subject import (
    Pseudonym,
    fresh_pseudonym,
    lookup_of_parts,
    lookup_of_person,
    row_proof,
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

    def of(self, parts: dict[str, str], person: str | None) -> tuple[Pseudonym | None, str | None]:
        """The pseudonym of a subject as stated, or of a person, and JSON text with a commitment to each part stated."""
        if not parts and person is None:
            return None, None
        key = self.ring.current
        lookups = _lookups(key, parts, person)
        found = [self._known.get(lookup) or self._find(lookup) for lookup in lookups]
        pseudonym = next((one for one in found if one is not None), None) or self._find_under_old_keys(parts, person)
        if pseudonym is None:
            pseudonym = fresh_pseudonym()
            salt = pseudonym.salt.hex()
            self._new_subjects.append((pseudonym.subject, salt, key.id, row_proof(key, pseudonym.subject, salt)))
        if None in found:
            for lookup, known in zip(lookups, found, strict=True):
                if known is None:
                    proof = row_proof(key, lookup, pseudonym.subject)
                    self._new_lookups.append((lookup, pseudonym.subject, key.id, proof))
                    self._remember(lookup, pseudonym)
        commit = pseudonym.commit
        commitments = ",".join([f'"{part}":"{commit(part, parts[part])}"' for part in sorted(parts)])
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
