"""Elements are asked once for a case, so they cannot speak of one item."""

from __future__ import annotations

from limen.law.book import Book
from limen.law.check.report import Report
from limen.law.node import Node
from limen.law.tree import Defined, facts_in, walk


def check_elements(book: Book, report: Report) -> None:
    """Notes every element that reads an item fact, by itself, through a definition or through a reading."""
    reads = ItemFactsRead(book)
    for gateway in book.gateways:
        for element in gateway.elements:
            for node in element.walk():
                found = reads.own(node)
                if found:
                    report("item-fact-in-element", node.address,
                           f"an element is asked once for the whole case, and `{found[0]}` is a fact about an item",
                           key="reading" if node.op == "reading" else "test",
                           mend="move this to `releases`, where it is asked for each item")  # fmt: skip


class ItemFactsRead:
    """Which item facts a node reads, through definitions and every alternative of every reading."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._meanings: dict[str, tuple[str, ...]] = {}

    def of(self, node: Node) -> tuple[str, ...]:
        """The item facts read by `node` and everything under it."""
        return tuple(dict.fromkeys(fact for part in node.walk() for fact in self.own(part)))

    def own(self, node: Node) -> tuple[str, ...]:
        """The item facts read by the test or the reading of `node` itself."""
        if node.reading is not None:
            meanings = [alternative.meaning for alternative in self._book.readings[node.reading].alternatives]
            return tuple(dict.fromkeys(fact for meaning in meanings for fact in self._meaning(meaning)))
        if node.test is None:
            return ()
        facts = self._book.vocabulary.facts
        own = [name for name in sorted(facts_in(node.test)) if facts[name].per_item]
        for expr in walk(node.test):
            if isinstance(expr, Defined):
                own += self._meaning(self._book.vocabulary.definitions[expr.name].meaning)
        return tuple(dict.fromkeys(own))

    def _meaning(self, meaning: Node) -> tuple[str, ...]:
        if meaning.address not in self._meanings:
            self._meanings[meaning.address] = self.of(meaning)
        return self._meanings[meaning.address]
