"""Forgetting a subject: the records stay, and nobody can say any more whom they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from limen.ledger.entry import Entry
from limen.ledger.masking import Personal
from limen.ledger.record import FORGOTTEN_KIND

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger
    from limen.request.subject import Subject


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`pseudonyms` belong to nobody now. `scrubbed`: the erased bytes are gone from the store's files too."""

    pseudonyms: tuple[str, ...]
    scrubbed: bool


def forget_subject(ledger: Ledger, subject: Subject | None, person: str | None) -> Forgotten:
    """Erase salt and lookups of every pseudonym that the subject as stated, or the person, has in the ledger.

    What remains of each is a random name, and commitments and masks that cannot be opened or guessed without the
    salt. That a pseudonym was forgotten is recorded. Backups of the store and its archived logs are not reached.
    """
    parts = Personal(subject).parts
    gone: list[str] = []

    def entries(_sequence: int, _head: str) -> list[Entry]:
        for pseudonym in ledger.writer.subjects.find_all(parts, person):
            ledger.writer.subjects.erase(pseudonym)
            gone.append(pseudonym.subject)
        return [Entry(FORGOTTEN_KIND, {"subject": name}) for name in gone]

    with ledger.lock:
        ledger.writer.write(entries)
        ledger.writer.subjects.forget_memory()
        scrubbed = ledger.store.scrub() if gone else True
    return Forgotten(tuple(gone), scrubbed)
