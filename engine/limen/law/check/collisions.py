"""Names that the second key could not tell apart.

durable-rules compares names by a 32-bit hash (FNV-1a), so two different names with one hash would be one and the same
to it. Dots are written `__` there.
"""

from __future__ import annotations

from limen.law.book import Book
from limen.law.check.report import Report


def fnv1a_32(text: str) -> int:
    """The 32-bit FNV-1a hash of `text` in UTF-8.

    >>> fnv1a_32("costarring") == fnv1a_32("liquid")
    True
    """
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def check_collisions(book: Book, report: Report) -> None:
    """Notes two names or values of the vocabulary that hash alike."""
    seen: dict[int, str] = {}
    addresses = {address.rpartition("#")[2]: address for address in book.locations}
    for fact in book.vocabulary.facts.values():
        for name in (fact.name.replace(".", "__"), *fact.values):
            other = seen.setdefault(fnv1a_32(name), name)
            if other != name:
                report("hash-collision", addresses[fact.name],
                       f"`{name}` and `{other}` have the same 32-bit hash, so the second key cannot tell them apart",
                       mend="rename one of the two")  # fmt: skip
