"""How one value is written: plain where that is safe, else in quotes, folded or as a block."""

from __future__ import annotations

import re

from limen.law.format.tree import Scalar
from limen.law.load.scalars import plain_value

_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<.~]")
_BLOCK_TROUBLE = re.compile(r":(?:\s|$)|\s#|\s$")
_ROW_TROUBLE = re.compile(r"[,\[\]{}]|:(?:\s|$|[,\[\]{}])|\s#|\s$")


def scalar_text(text: str, plain: bool, in_row: bool) -> str:
    """`text` on one line. `plain` values mean what they look like; any other is text whatever it looks like."""
    if plain and not isinstance(plain_value(text), str):
        return text
    if _is_safe(text, in_row):
        return text
    if "\\" in text or '"' in text:
        if text.isprintable():
            doubled = text.replace("'", "''")
            return f"'{doubled}'"
        return _escaped(text)
    return f'"{text}"' if text.isprintable() else _escaped(text)


def foldable(value: Scalar) -> bool:
    """Whether a text can be folded over several lines and read back as it was."""
    text = value.text
    if value.plain and not isinstance(plain_value(text), str):
        return False
    return text.isprintable() and text == " ".join(text.split()) and bool(text)


def block_lines(value: Scalar) -> list[str] | None:
    """A text of several lines as a literal block, head first; `None` if it has one line or would not read back."""
    text = value.text
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if len(lines) < 2 or not lines[0] or lines[0][0].isspace() or not lines[-1]:
        return None
    if any(line != line.rstrip() or not line.isprintable() for line in lines):
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]


def _is_safe(text: str, in_row: bool) -> bool:
    """Whether `text` reads back as text when written plain."""
    if not text.isprintable() or not isinstance(plain_value(text), str) or not _PLAIN_START.match(text):
        return False
    return not (_ROW_TROUBLE if in_row else _BLOCK_TROUBLE).search(text)


_ESCAPES = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _escaped(text: str) -> str:
    """`text` in double quotes, with everything that cannot be seen escaped."""
    return f'"{"".join(map(_escape, text))}"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
