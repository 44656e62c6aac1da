"""The top nodes of a book (elements, grounds, conditions, definitions, alternatives), and which are built on which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from limen.law.book import Book
from limen.law.node import Node
from limen.law.tree import Compare, Defined, Parameter, walk


def node_at(book: Book, top: str) -> Node | None:
    """The top node at an address, if the book has one there."""
    rule = book.rules[top.partition("#")[0]]
    for field in ("elements", "releases", "conditions"):
        for node in getattr(rule, field, ()):
            if node.address == top:
                found: Node = node
                return found
    for field in ("applies_when", "forbids"):
        limb = getattr(rule, field, None)
        if limb is not None and limb.address == top:
            return limb  # type: ignore[no-any-return]
    return None


def users_of(book: Book) -> Mapping[str, frozenset[str]]:
    """For each top node and parameter: itself, and every top node whose meaning is built on it by definition."""
    names: dict[str, set[str]] = {}
    for top in _top_nodes(book):
        used: set[str] = set()
        for node in top.walk():
            for part in walk(node.test) if node.test is not None else ():
                match part:
                    case Defined(name):
                        used.add(book.vocabulary.definitions[name].meaning.address)
                    case Compare(_, _, Parameter(name)):
                        used.add(f"param.{name}")
        names[top.address] = used
    direct: dict[str, set[str]] = {}
    for top_address, used in names.items():
        for one in used:
            direct.setdefault(one, set()).add(top_address)
    return {one: frozenset(_closure(one, direct)) for one in {*names, *direct}}


def _closure(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        for user in direct.get(todo.pop(), ()):
            if user not in found:
                found.add(user)
                todo.append(user)
    return found


def _top_nodes(book: Book) -> Iterator[Node]:
    for rule in book.rules.values():
        for field in ("elements", "releases", "conditions"):
            yield from getattr(rule, field, ())
        for field in ("applies_when", "forbids"):
            if hasattr(rule, field):
                yield getattr(rule, field)
    for definition in book.vocabulary.definitions.values():
        yield definition.meaning
    for reading in book.readings.values():
        for alternative in reading.alternatives:
            yield alternative.meaning
