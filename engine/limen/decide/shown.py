"""What shows itself in a notebook, as HTML and as text that says no more than the HTML."""

from __future__ import annotations

from html import unescape
from re import sub
from typing import Any


class Shown:
    """Has `_repr_html_`; the plain text that a notebook keeps beside it is the text of that HTML, and not `repr`."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return bundle(self._repr_html_())


def bundle(page: str) -> dict[str, str]:
    """HTML and its text, as IPython takes them."""
    return {"text/html": page, "text/plain": plain_text(page)}


def plain_text(page: str) -> str:
    """The text of HTML made here: a line for each row and paragraph.

    >>> plain_text("<p>a &amp; b</p><table><tr><td>c</td><td>d</td></tr></table>")
    'a & b\\nc  d'
    """
    broken = sub(r"</(?:p|tr|caption|summary|strong)>", "\n", sub(r"</t[dh]>", "  ", page))
    lines = (unescape(sub(r"<[^>]*>", "", line)).rstrip() for line in broken.split("\n"))
    return "\n".join(line for line in lines if line)
