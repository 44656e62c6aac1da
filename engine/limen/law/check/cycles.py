"""Nothing is defined by itself, and no bar stops itself, however long the way round."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from limen.law.book import Book
from limen.law.check.report import Report
from limen.law.node import Node
from limen.law.rules import Bar
from limen.law.tree import Defined, walk


def check_cycles(book: Book, report: Report) -> bool:
    """Notes circles of definitions and readings, and of bars; whether there are none."""
    definitions = book.vocabulary.definitions
    meanings: dict[str, list[Node]] = {
        definition.meaning.address: [definition.meaning] for definition in definitions.values()
    }
    for reading in book.readings.values():
        meanings[reading.address] = [alternative.meaning for alternative in reading.alternatives]

    def uses(address: str) -> list[str]:
        used: list[str] = []
        for meaning in meanings[address]:
            for node in meaning.walk():
                if node.reading is not None:
                    used.append(node.reading)
                if node.test is not None:
                    used += [definitions[e.name].meaning.address for e in walk(node.test) if isinstance(e, Defined)]
        return used

    bars = {bar.address: bar for bar in book.bars}

    def stops(address: str) -> list[str]:
        return [target for target in bars[address].overrides if isinstance(book.rules[target], Bar)]

    circles = _circles(meanings, uses)
    for circle in circles:
        report("cycle", circle[0], f"its meaning leads back to itself: {_shown(circle)}",
               mend="say what it means without naming it")  # fmt: skip
    stopping = _circles(bars, stops)
    for circle in stopping:
        report("cycle", circle[0], f"the bar overrides itself: {_shown(circle)}", key="overrides",
               mend="leave one of them out")  # fmt: skip
    return not circles and not stopping


def _circles(names: Iterable[str], follow: Callable[[str], list[str]]) -> list[list[str]]:
    """One circle for each name that first closes one, in the order of `names`, without recursion."""
    done: set[str] = set()
    circles: list[list[str]] = []
    for start in names:
        path: list[str] = []
        trail = [iter([start])]
        while trail:
            name = next(trail[-1], None)
            if name is None:
                trail.pop()
                if path:
                    done.add(path.pop())
            elif name in path:
                circles.append(path[path.index(name) :])
            elif name not in done:
                path.append(name)
                trail.append(iter(follow(name)))
    return circles


def _shown(circle: list[str]) -> str:
    return " -> ".join(f"`{name}`" for name in [*circle, circle[0]])
