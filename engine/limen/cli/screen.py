"""What goes on a terminal: tones, icons that never stand alone, wrapped lines.

Colour is for terminals that want it: not when `NO_COLOR` is set, not into a file or a pipe (unless `FORCE_COLOR`
asks for it). An icon always has its word beside it, so nothing is lost without colour or without Unicode.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Final, TextIO

from limen.words import Icon, Tone

_CODES: Final[dict[Tone, str]] = {
    "good": "32",
    "bad": "31",
    "open": "33",
    "split": "35",
    "quiet": "2",
    "strong": "1",
    "plain": "",
}

_ICONS: Final[dict[Icon, str]] = {
    "good": "✔", "bad": "✘", "open": "?", "split": "≠", "bar": "■", "then": "→", "dot": "·", "line": "─",
}  # fmt: skip
_PLAIN_ICONS: Final[dict[Icon, str]] = {
    "good": "+", "bad": "x", "open": "?", "split": "#", "bar": "!", "then": "->", "dot": "-", "line": "-",
}  # fmt: skip
_LETTERS: Final = {"§": "s.", "—": "-", "–": "-", "’": "'", "“": '"', "”": '"', "…": "..."}
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

WIDEST: Final = 110


class Screen:
    """A place to write lines to, which knows what it can show."""

    def __init__(self, stream: TextIO | None = None, *, colour: bool | None = None, width: int | None = None) -> None:
        self.stream = stream or sys.stdout
        self.colour = _wants_colour(self.stream) if colour is None else colour
        self.unicode = (getattr(self.stream, "encoding", None) or "ascii").lower().replace("-", "").startswith("utf")
        self.width = width or min(WIDEST, _columns())

    def paint(self, text: str, tone: Tone) -> str:
        """`text` in a tone, or as it is where colour is not wanted."""
        code = _CODES[tone]
        text = _CONTROL.sub("", text)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def icon(self, icon: Icon) -> str:
        """An icon this place can show. Always print its word beside it."""
        return (_ICONS if self.unicode else _PLAIN_ICONS)[icon]

    def line(self, text: str = "") -> None:
        """One line, as it is. Control characters that came in with a file are dropped."""
        text = "".join(_safe(text)) if self.colour else _CONTROL.sub("", text)
        if not self.unicode:
            for letter, plain in _LETTERS.items():
                text = text.replace(letter, plain)
            text = text.encode("ascii", "replace").decode("ascii")
        self.stream.write(text + "\n")

    def wrapped(self, text: str, indent: int = 0, hanging: int | None = None, tone: Tone = "plain") -> None:
        """Plain `text` folded to the width, indented; following lines by `hanging`."""
        rest = indent if hanging is None else hanging
        for number, part in enumerate(fold(text, self.width - indent, self.width - rest)):
            self.line(" " * (indent if number == 0 else rest) + self.paint(part, tone))

    def column(self, left: str, text: str, tone: Tone = "plain") -> None:
        """`left` as it is, then plain `text` folded beside it."""
        edge = visible(left)
        for number, part in enumerate(fold(text, self.width - edge, self.width - edge)):
            self.line((" " * edge if number else left) + self.paint(part, tone))

    def pair(self, left: str, right: str, indent: int = 0) -> None:
        """`left`, and `right` at the margin if both fit on a line, else under it."""
        room = self.width - indent - visible(left) - visible(right)
        if room >= 2:
            self.line(" " * indent + left + " " * room + right)
        else:
            self.line(" " * indent + left)
            self.line(" " * (indent + 12) + right)

    def rule(self) -> None:
        """A line across."""
        self.line(self.paint(self.icon("line") * self.width, "quiet"))


def visible(text: str) -> int:
    """How many columns `text` takes, colour codes left out."""
    return len(_ESCAPE.sub("", text))


def fold(text: str, first: int, rest: int) -> list[str]:
    """Words of `text` in lines of at most `first`, then `rest`, columns; a longer word keeps a line of its own.

    >>> fold("one two three", 7, 5)
    ['one two', 'three']
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        room = first if not lines else rest
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return lines


def _safe(text: str) -> list[str]:
    """`text` without control characters, our own colour codes kept."""
    parts: list[str] = []
    end = 0
    for found in _ESCAPE.finditer(text):
        parts += [_CONTROL.sub("", text[end : found.start()]), found.group()]
        end = found.end()
    parts.append(_CONTROL.sub("", text[end:]))
    return parts


def _wants_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _columns() -> int:
    """The width of the terminal, 100 where there is none."""
    named = os.environ.get("COLUMNS", "")
    if named.isdigit() and int(named) > 0:
        return max(40, int(named))
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return 100
