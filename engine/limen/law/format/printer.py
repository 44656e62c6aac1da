"""From the tree of a rule file to its canonical text."""

from __future__ import annotations

import textwrap

from limen.law.format.order import key_order
from limen.law.format.scalars import block_lines, foldable, scalar_text
from limen.law.format.tree import Collection, Document, Scalar, Slot, Value

WIDTH = 120
"""Columns of a line. Only a text that cannot be folded may be longer."""


def printed(document: Document) -> str:
    """The canonical text, with one line break at its end."""
    value = document.value
    lines = list(document.head)
    if lines and isinstance(value, Collection) and value.slots and value.slots[0].blank:
        lines.append("")
    if isinstance(value, Collection) and value.slots and not (value.row and _is_row(value, 0)):
        body = _collection(value, 0, None)
        lines += body[1:] if body and not body[0] and not document.head else body
    else:
        lines.append(_row(value))
    if document.foot:
        lines += ["", *document.foot]
    return "\n".join(lines) + "\n"


def _collection(value: Collection, indent: int, under: str | None) -> list[str]:
    """The lines of a list or mapping written one entry to a line."""
    lines: list[str] = []
    for number, slot in enumerate(_sorted(value, under)):
        if slot.blank and (number or slot.before):
            lines.append("")
        lines += [" " * indent + comment for comment in slot.before]
        lines += _pair(slot, indent) if value.is_map else _entry(slot, indent, under)
    return lines


def _sorted(value: Collection, under: str | None) -> list[Slot]:
    if not value.is_map:
        return value.slots
    keys = [slot.key or "" for slot in value.slots]
    order = key_order(keys, under)
    if order is None:
        return value.slots
    first_blank = value.slots[0].blank if value.slots else False
    ordered = sorted(value.slots, key=lambda slot: order(slot.key or ""))
    if ordered and ordered[0] is not value.slots[0]:
        value.slots[0].blank, ordered[0].blank = ordered[0].blank, first_blank
    return ordered


def _pair(slot: Slot, indent: int) -> list[str]:
    head = f"{' ' * indent}{scalar_text(slot.key or '', plain=False, in_row=False)}:"
    return _value(slot, head, indent + 2, slot.key)


def _entry(slot: Slot, indent: int, under: str | None) -> list[str]:
    dash = f"{' ' * indent}-"
    if isinstance(slot.value, Collection) and slot.value.slots and not _stays_row(slot, dash):
        inner = _collection(slot.value, indent + 2, under)
        comments = [line for line in inner[: _first_content(inner)] if line]
        first, *rest = inner[_first_content(inner) :]
        after = [" " * indent + comment for comment in slot.after]
        return [*(" " * indent + line.lstrip() for line in comments), *after, f"{dash} {first[indent + 2 :]}", *rest]
    return _value(slot, dash, indent + 2, under)


def _first_content(lines: list[str]) -> int:
    """The first line that is neither empty nor a comment: what a dash can stand before."""
    return next(number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))


def _value(slot: Slot, head: str, indent: int, under: str | None) -> list[str]:
    """The lines of a value that follows `head` (a key and colon, or a dash)."""
    value = slot.value
    after = "".join(f" {comment}" for comment in slot.after)
    if isinstance(value, Collection):
        if not value.slots or _fits_row(slot, head):
            return [f"{head} {_row(value)}{after}"]
        if value.row and not value.is_map and _all_scalars(value) and not _commented(value):
            return _wrapped_row(value, head, indent, after)
        return [f"{head}{after}", *_collection(value, indent, under)]
    inline = f"{head} {scalar_text(value.text, value.plain, in_row=False)}"
    block = block_lines(value)
    if block is not None:
        return [f"{head} {block[0]}{after}", *(f"{' ' * indent}{line}" if line else "" for line in block[1:])]
    if len(inline) <= WIDTH or not foldable(value):
        return [inline + after]
    wrapped = textwrap.wrap(
        value.text, WIDTH - indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return [f"{head} >-{after}", *(" " * indent + line for line in wrapped)]


def _all_scalars(value: Collection) -> bool:
    return all(isinstance(slot.value, Scalar) for slot in value.slots)


def _wrapped_row(value: Collection, head: str, indent: int, after: str) -> list[str]:
    """A long list of plain values in a row, over several lines."""
    words = [_row(slot.value) for slot in value.slots]
    words = [f"[{words[0]}", *words[1:-1], f"{words[-1]}]"] if len(words) > 1 else [f"[{words[0]}]"]
    lines = [head]
    for number, word in enumerate(words):
        piece = word if number == len(words) - 1 else f"{word},"
        if number and len(lines[-1]) + 1 + len(piece) > WIDTH:
            lines.append(" " * indent + piece)
        else:
            lines[-1] += f" {piece}"
    lines[-1] += after
    return lines


def _fits_row(slot: Slot, head: str) -> bool:
    value = slot.value
    return isinstance(value, Collection) and value.row and _is_row(value, len(head) + 1)


def _stays_row(slot: Slot, head: str) -> bool:
    """Whether an entry of a list is written in a row, on one line or on several."""
    value = slot.value
    if _fits_row(slot, head) or not isinstance(value, Collection):
        return True
    return value.row and not value.is_map and _all_scalars(value) and not _commented(value)


def _is_row(value: Collection, column: int) -> bool:
    """Whether a collection written in a row stays one: no comment in it, no text with line breaks, not too long."""
    return not _commented(value) and column + len(_row(value)) <= WIDTH


def _commented(value: Value) -> bool:
    if isinstance(value, Scalar):
        return False
    return any(slot.before or slot.after or _commented(slot.value) for slot in value.slots)


def _row(value: Value, under: str | None = None) -> str:
    """A value in a row."""
    if isinstance(value, Scalar):
        return scalar_text(value.text, value.plain, in_row=True)
    if not value.is_map:
        return f"[{', '.join(_row(slot.value, under) for slot in value.slots)}]"
    pairs = (
        f"{scalar_text(slot.key or '', plain=False, in_row=True)}: {_row(slot.value, slot.key)}"
        for slot in _sorted(value, under)
    )
    return f"{{{', '.join(pairs)}}}"
