"""From a person to a pseudonym, and from what was stated about the person to salted commitments.

A record names its subject by a random pseudonym. Which pseudonym belongs to whom is written only in two side tables,
under a keyed hash of what was stated, with a random salt. Erase those rows and the pseudonym is nobody's, while every
record, hash and seal stays as it was.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from limen.ledger.keyed import keyed_hash
from limen.ledger.keys import Key


@dataclass(frozen=True, slots=True, repr=False)
class Pseudonym:
    """A subject's name in the ledger, and the salt of its commitments."""

    subject: str
    salt: bytes

    def commit(self, part: str, value: str) -> str:
        """A commitment to `value` as this subject's `part`: it can be checked by whoever holds salt and value."""
        return keyed_hash(self.salt, f"{part}\n{value}")


def fresh_pseudonym() -> Pseudonym:
    """A pseudonym nobody has yet, with the salt of its commitments."""
    return Pseudonym("s-" + secrets.token_hex(12), secrets.token_bytes(32))


def plain(text: str) -> str:
    """The text without case, accents and differences of width, with single spaces.

    >>> plain("  Ana   MARÍA ")
    'ana maria'
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.casefold().split())


def stated_number(number: str) -> str:
    """A taxpayer's number however it was grouped."""
    return "".join([c for c in number if c.isalnum()]).casefold()


def lookup_of_parts(key: Key, parts: dict[str, str]) -> str:
    """The keyed hash under which a subject, as it was stated, is looked up."""
    stated = "\n".join(f"{part}:{value}" for part, value in parts.items())
    return keyed_hash(key.lookup, f"stated\n{stated}")


def lookup_of_person(key: Key, person: str) -> str:
    """The keyed hash under which a person of the registry is looked up."""
    return keyed_hash(key.lookup, f"person\n{person}")


def row_proof(key: Key, *values: str) -> str:
    """What shows that a row of the side tables was written by a holder of the key."""
    return keyed_hash(key.mark, "\n".join(("row", *values)))
