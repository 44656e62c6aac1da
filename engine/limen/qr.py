"""A square code for paper: what it holds can be read from a print by any telephone. Needs the `paper` extra (segno).

Without the extra there is no code, and whatever is printed says the same in words: a code is a comfort.
"""

from __future__ import annotations

from html import escape
from typing import Any, Final

MOST: Final = 1_300
"""Characters that a code of 40 mm still holds in dots that a telephone tells apart (version 26, 129 dots)."""


def svg(text: str, label: str) -> str:
    """The code of `text` as a picture for a page, read out as `label`; `""` where there can be none.

    That is: without the extra, and for a text longer than `MOST`. The code has its own white ground and keeps its quiet
    zone, so it can be read from a dark page and from black-and-white paper. No style and no script is in it.
    """
    made = _made(text)
    if made is None:
        return ""
    picture = made.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return f'<span class="qr" role="img" aria-label="{escape(label)}">{picture}</span>'


def png(text: str) -> bytes:
    """The same as a picture for a document, four dots to a module; `b""` where there is none."""
    import io

    made = _made(text)
    if made is None:
        return b""
    out = io.BytesIO()
    made.save(out, kind="png", scale=4, border=4)
    return out.getvalue()


def _made(text: str) -> Any:
    if not 0 < len(text) <= MOST:
        return None
    try:
        import segno
    except ModuleNotFoundError:
        return None
    return segno.make(text, error="l", boost_error=True, micro=False)
