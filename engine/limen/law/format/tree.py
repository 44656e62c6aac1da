"""A rule file as a tree that remembers its comments, blank lines and which collections were written in a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from limen.law.load.yaml_file import Loader


@dataclass(slots=True)
class Slot:
    """A place for a value: an entry of a list, or a key with its value.

    `before` are the comments on the lines above, `after` the one at the end of its line; `blank` says that an empty
    line stands above.
    """

    start: int
    line: int
    value: Value
    key: str | None = None
    row_end: int | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    blank: bool = False


@dataclass(slots=True)
class Scalar:
    """A plain value as it is written, or a text in quotes or a block."""

    text: str
    plain: bool


@dataclass(slots=True)
class Collection:
    """A list or mapping; `row` says that it was written in a row, in brackets."""

    is_map: bool
    row: bool
    slots: list[Slot] = field(default_factory=list)


Value = Scalar | Collection


@dataclass(slots=True)
class Document:
    """A whole file: comments at its head and foot, and what is between."""

    value: Value
    head: list[str] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


def tree_of(text: str) -> Document:
    """The tree of a file that `read_yaml` has accepted."""
    reader = _Reader(text)
    for event in yaml.parse(text, Loader=Loader):
        reader.take(event)
    document = Document(reader.root or Scalar("", True))
    slots = list(_slots(document.value))
    lines = text.splitlines(keepends=True)
    starts = _line_starts(lines)
    first_on_line = {slot.line: slot for slot in reversed(slots)}
    for line, slot in first_on_line.items():
        slot.blank = _blank_above(lines, line)
    for at, line, comment in _comments(text, starts, reader.spans):
        _attach(comment, at, line, _own_line(lines[line], at - starts[line]), document, slots)
    return document


class _Reader:
    """Builds the tree from the parser's events, and notes what every scalar covers in the text."""

    def __init__(self, text: str) -> None:
        self.root: Value | None = None
        self._text = text
        self.spans: list[tuple[int, int]] = []
        self._stack: list[Collection] = []
        self._key: tuple[str, Any] | None = None

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._cover(event)
            if self._stack and self._stack[-1].is_map and self._key is None:
                self._key = (event.value, event.start_mark)
            else:
                self._place(Scalar(event.value, bool(event.implicit[0])), event.start_mark)
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            value = Collection(kind is yaml.MappingStartEvent, bool(event.flow_style))
            self._place(value, event.start_mark)
            self._stack.append(value)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            closed = self._stack.pop()
            if closed.row:
                self._close_row(closed, event.end_mark.index)

    def _cover(self, event: Any) -> None:
        """Notes what the scalar covers; beside the head of a block (`>-`) there may be a comment."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            start = min(end, self._text.find("\n", start) + 1)
        if start != end:
            self.spans.append((start, end))

    def _place(self, value: Value, mark: Any) -> None:
        if not self._stack:
            self.root = value
            return
        key, self._key = self._key, None
        slot = Slot(mark.index, mark.line, value) if key is None else Slot(key[1].index, key[1].line, value, key[0])
        self._stack[-1].slots.append(slot)

    def _close_row(self, closed: Collection, end: int) -> None:
        """What stands in a row belongs to the row up to its closing bracket."""
        if any(outer.row for outer in self._stack):
            return
        for slot in _slots(closed):
            slot.row_end = end


def _slots(value: Value) -> Iterator[Slot]:
    """Every slot in reading order."""
    if isinstance(value, Collection):
        for slot in value.slots:
            yield slot
            yield from _slots(slot.value)


def _line_starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line)
    return starts


def _own_line(line: str, column: int) -> bool:
    return not line[:column].strip()


def _blank_above(lines: list[str], line: int) -> bool:
    """Whether an empty line stands above `line` and the comments that belong to it."""
    above = line - 1
    while above >= 0 and lines[above].lstrip().startswith("#"):
        above -= 1
    return above >= 0 and not lines[above].strip()


def _comments(text: str, starts: list[int], spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Every comment: its index in the text, its line, and its words from the `#` on."""
    next_span = 0
    for line, start in enumerate(starts):
        end = starts[line + 1] if line + 1 < len(starts) else len(text)
        at = start
        while at < end:
            while next_span < len(spans) and spans[next_span][1] <= at:
                next_span += 1
            if next_span < len(spans) and spans[next_span][0] <= at:
                at = spans[next_span][1]
            elif text[at] == "#" and (at == start or text[at - 1].isspace()):
                yield at, line, text[at:end].rstrip()
                break
            else:
                at += 1


def _attach(comment: str, at: int, line: int, own_line: bool, document: Document, slots: list[Slot]) -> None:
    """Gives a comment to what it stands above or beside."""
    if own_line:
        below = next((slot for slot in slots if slot.start > at), None)
        if below is None:
            document.foot.append(comment)
        elif below is slots[0]:
            document.head.append(comment)
        else:
            below.before.append(comment)
        return
    beside = [slot for slot in slots if slot.start < at and (slot.row_end is None or at < slot.row_end)]
    same_line = [slot for slot in beside if slot.line == line]
    if same_line or beside:
        (same_line or beside)[-1].after.append(comment)
    else:
        document.head.append(comment)
