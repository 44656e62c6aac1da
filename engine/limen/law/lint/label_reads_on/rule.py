"""A label reads on in "... is met because of ...": it names a thing, and is no sentence, question or order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from limen.law.book import Book
from limen.law.lint.finding import Context, Finding
from limen.law.node import Node

NAME = "label-reads-on"
MAX_LENGTH = 160
"""A longer label does not read as part of a sentence."""

_WRONG_START = re.compile(
    r"(?:if|when|whether|must|should|shall|is|are|was|were|does|do|has|have|check|see)\b", re.IGNORECASE
)
_PROPER = re.compile(
    r"[A-Z][A-Za-z]*[A-Z.]|[A-Z]\b|(?:Federal|State|Treasury|Justice|Congress|Secretary|Attorney|Inspector)"
)
"""What may start a label with a capital: an abbreviation, or a word that always has one."""


def find(context: Context) -> Iterator[Finding]:
    """Every element, ground, condition, definition and alternative whose label is missing or does not read on."""
    for node in _labelled(context.book):
        fault = fault_of(node.label)
        if fault is not None:
            yield context.finding(
                NAME, node.address, fault, 'write a label that completes "the rule is met because of ...", such as '
                "`a request in writing`",
            )  # fmt: skip


def fault_of(label: str) -> str | None:
    """Why `label` does not read on, or `None` if it does.

    >>> fault_of("a request in writing") is None
    True
    >>> fault_of("Is the request in writing?")
    'the label is a question'
    """
    if not label:
        return "there is no label, so a reason has only the id to show"
    if label.endswith("?"):
        return "the label is a question"
    if label.endswith("."):
        return "the label ends like a sentence"
    if len(label) > MAX_LENGTH:
        return f"the label has {len(label)} characters, more than {MAX_LENGTH}"
    if _WRONG_START.match(label):
        return f"the label starts with `{label.split()[0]}`, which does not read on"
    if label[0].isupper() and not _PROPER.match(label):
        return "the label starts with a capital, like a sentence"
    return None


def _labelled(book: Book) -> Iterator[Node]:
    for gateway in book.gateways:
        yield from gateway.elements
        yield from gateway.releases
    for bar in book.bars:
        yield from bar.conditions
    for definition in book.vocabulary.definitions.values():
        yield definition.meaning
    for reading in book.readings.values():
        for alternative in reading.alternatives:
            yield alternative.meaning
