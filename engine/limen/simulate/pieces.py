"""The small pieces a report is made of, as HTML: sections, tables, pictures, shares with their denominators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from limen.simulate.plots import percent


class Raw(str):
    """Text that is HTML already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table and, where it is one, the share it is of a whole."""

    count: int
    whole: int | None = None


Content = str | Raw | Cell


def section(title: str, *body: str) -> str:
    """A part of the page, with an address of its own."""
    name = "".join(letter if letter.isalnum() else "-" for letter in title.casefold())
    return f'<section id="{name}"><h2>{escape(title)}</h2>{"".join(body)}</section>'


def para(text: str, quiet: bool = False) -> str:
    """A paragraph of HTML."""
    return f'<p class="note">{text}</p>' if quiet else f"<p>{text}</p>"


def picture(pictures: Mapping[str, str], name: str, told: str) -> str:
    """A picture, where there is one; `told` says what it shows to somebody who does not see it."""
    if name not in pictures:
        return ""
    return f'<figure class="wide" role="img" aria-label="{escape(told, quote=True)}">{pictures[name]}</figure>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Content]], words: int = 1) -> str:
    """A table; the first `words` columns hold words, the others numbers. What is too wide scrolls inside its frame."""
    top = "".join(f'<th scope="col"{_kind(place, words)}>{escape(name)}</th>' for place, name in enumerate(head))
    body = "".join(
        "<tr>" + "".join(_cell(content, place, words) for place, content in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<p class="note caption">{escape(caption)}</p><div class="wide" tabindex="0" role="region" '
        f'aria-label="{escape(caption, quote=True)}"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
        "</div>"
    )


def _cell(content: Content, place: int, words: int) -> str:
    tag = 'th scope="row"' if place == 0 else "td"
    return f"<{tag}{_kind(place, words)}>{_shown(content)}</{tag.split()[0]}>"


def _kind(place: int, words: int) -> str:
    return ' class="words"' if place < words else ""


def _shown(content: Content) -> str:
    if isinstance(content, Cell):
        if not content.whole:
            return f"{content.count:,}"
        return f"{content.count:,} <small>{escape(percent(content.count, content.whole))}</small>"
    return content if isinstance(content, Raw) else escape(content)


def mark(certainty: str) -> Raw:
    """How sure something is: a word in a box; words, not colours, carry the meaning."""
    return Raw(f'<span class="mark {escape(certainty)}">{escape(certainty)}</span>')


def quoted(text: str) -> Raw:
    """Plain text in which what stands in backticks is as it is written in files."""
    return Raw(re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text)))


def code(text: str) -> Raw:
    """A word as it is written in files and on the command line."""
    return Raw(f"<code>{escape(text)}</code>")


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
