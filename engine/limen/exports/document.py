"""A memo as blocks of words, before it is Markdown, a page or a Word file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["", "strong", "code", "note", "quiet"]


class Run(NamedTuple):
    """Some words and how they stand; a `note` is the number of a footnote."""

    text: str
    kind: Kind = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the memo's own."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words in a row. `tone` is that of a verdict, where it tells one."""

    runs: Runs
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    entries: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with headers; the first cell of a row heads it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A square code that holds `text`, with what it is for in words."""

    text: str
    words: str


Block = Heading | Paragraph | Bullets | Table | Code


class Note(NamedTuple):
    """A footnote: what is cited, how sure we are of its text, and the address in the book."""

    number: int
    citation: str
    certainty: str
    address: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole memo. `running` stands at the top of every page, `footer` at its foot, with a code that holds `mark`."""

    title: str
    running: str
    footer: str
    mark: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


def plain(*words: str | Run) -> Runs:
    """Runs from words and runs."""
    return tuple(word if isinstance(word, Run) else Run(word) for word in words)
