"""A fact, definition, parameter or reading that no rule uses."""

from __future__ import annotations

from collections.abc import Iterator

from limen.law.lint.finding import Context, Finding
from limen.law.tree import Compare, Defined, Parameter, facts_in, walk

NAME = "unused-name"


def find(context: Context) -> Iterator[Finding]:
    """Every name of the vocabulary, and every reading, that nothing reads."""
    book = context.book
    used: set[str] = set()
    for node in book.nodes():
        if node.reading is not None:
            used.add(node.reading)
        if node.test is not None:
            used |= facts_in(node.test)
            for expr in walk(node.test):
                if isinstance(expr, Defined):
                    used.add(expr.name)
                elif isinstance(expr, Compare) and isinstance(expr.value, Parameter):
                    used.add(f"param.{expr.value.name}")
    names = {
        **dict.fromkeys(book.vocabulary.facts, "fact"),
        **dict.fromkeys(book.vocabulary.definitions, "definition"),
        **{f"param.{name}": "parameter" for name in book.vocabulary.parameters},
        **dict.fromkeys(book.readings, "reading"),
    }
    addresses = {address.rpartition("#")[2]: address for address in book.locations}
    for name, what in names.items():
        if name not in used:
            yield context.finding(NAME, addresses[name], f"no rule uses the {what} `{name}`",
                                  "use it, or take it out of the book", weight="note")  # fmt: skip
