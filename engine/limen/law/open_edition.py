"""An edition with its readings left open: one law for every profile of a day.

Each reading stands in it as a fact of its own, true or false as the alternative somebody chooses comes to. What a
whole choice of readings leads to can then be asked without making an edition for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from limen.law.book import Book
from limen.law.closing import Closing, reading_fact
from limen.law.edition import Edition
from limen.law.making import make_open
from limen.law.tree import Expr, facts_in
from limen.law.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class OpenEdition:
    """`edition` has the points of every edition of that day, in the same order, with readings as facts.

    `meanings` gives each alternative of each reading, closed but for other readings; `per_item` names the readings
    that have to be asked for each item. `order` lists readings so that one comes after those it is built on. `alone`
    has each reading with each of its alternatives that is built on no other reading.
    """

    edition: Edition
    meanings: Mapping[str, Mapping[str, Expr]]
    per_item: frozenset[str]
    order: tuple[str, ...]
    alone: frozenset[tuple[str, str]]


def make_open_edition(book: Book, as_of: date) -> OpenEdition:
    """The law of `book` on `as_of` with every reading open. Raises `EditionError`."""
    closing = Closing(book.vocabulary, book.readings, None, as_of)
    meanings = {
        address: {alternative.id: closing.alternative(alternative) for alternative in reading.alternatives}
        for address, reading in book.readings.items()
    }
    each = {address: {id: facts_in(expr) for id, expr in meaning.items()} for address, meaning in meanings.items()}
    reads = {address: frozenset().union(*read.values()) for address, read in each.items()}
    order = _order(reads)
    per_item: set[str] = set()
    for address in order:
        if any(
            fact.per_item for name in reads[address] if (fact := book.vocabulary.facts.get(name)) is not None
        ) or any(reading_fact(other) in reads[address] for other in per_item):
            per_item.add(address)
    facts = {
        reading_fact(address): Fact(reading_fact(address), "bool", reading.question, None, per_item=address in per_item)
        for address, reading in book.readings.items()
    }
    edition = make_open(book, as_of, closing, {**book.vocabulary.facts, **facts})
    alone = {(address, id) for address, of in each.items() for id, read in of.items() if read.isdisjoint(facts)}
    return OpenEdition(edition, meanings, frozenset(per_item), order, frozenset(alone))


def _order(reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Readings, each after those it reads. The loader has made sure that there is no circle."""
    placed: dict[str, None] = {}

    def place(address: str) -> None:
        if address in placed:
            return
        for other in reads:
            if other != address and reading_fact(other) in reads[address]:
                place(other)
        placed.setdefault(address)

    for address in reads:
        place(address)
    return tuple(placed)
