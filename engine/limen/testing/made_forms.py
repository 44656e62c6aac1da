"""Parts of a rule book made together with their canonical text, so that nobody has to write out the whole book again.

The digest of a book is taken from its canonical text (`limen.law.digest`). A form is the canonical text of one way to
make a part, with gaps where other parts go; it is had by making the part once with marked parts and looking for the
marks. So nothing here knows what a canonical text looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from limen.law.digest import content_text
from limen.law.node import Node
from limen.law.period import Period
from limen.law.tree import BoolFact

T = TypeVar("T")
Made = tuple[T, str]
"""A part and its canonical text."""


def made(part: T) -> Made[T]:
    """`part`, written out."""
    return part, content_text(part)


@cache
def said(text: str) -> Made[str]:
    """A text of which there are only so many."""
    return made(text)


def several(parts: Sequence[Made[T]]) -> Made[tuple[T, ...]]:
    """Parts that stand one after another in a tuple."""
    return tuple([part for part, _ in parts]), "".join([text for _, text in parts])


class Gap(NamedTuple):
    """What stands for a part that a form leaves open, and the mark by which its canonical text is known."""

    sample: Any
    mark: str


def gap(sample: Any) -> Gap:
    """A gap for a part like `sample`, which is like no other part."""
    return Gap(sample, content_text(sample))


def gaps(sample: Any) -> Gap:
    """A gap for several parts like `sample` in a tuple."""
    return Gap((sample,), content_text(sample))


A_TEST, ANOTHER_TEST = (gap(BoolFact(f"\0 {which} test")) for which in ("one", "another"))
NODES, MORE_NODES = (gaps(Node(f"\0 {which} node", "", "test")) for which in ("one", "another"))
A_TEXT, TEXTS = gap("\0 a text"), gaps("\0 one text of several")
A_PERIOD = gap(Period(by="\0 a period"))


class Form(Generic[T]):
    """Makes a part of others, and its canonical text of theirs.

    `make` is given the other parts in the order in which their texts stand in the whole, each of them once.
    """

    __slots__ = ("_text", "make")

    def __init__(self, make: Callable[..., T], *left_open: Gap, write: Callable[[T], str] = content_text) -> None:
        text = write(make(*[gap.sample for gap in left_open])).replace("%", "%%")
        places = [text.find(gap.mark) for gap in left_open]
        if any(text.count(gap.mark) != 1 for gap in left_open) or places != sorted(places):
            raise ValueError("what is left open has to stand in the whole once, in the order given")
        for gap in left_open:
            text = text.replace(gap.mark, "%s")
        self.make, self._text = make, text

    def __call__(self, *parts: Made[Any]) -> Made[T]:
        if len(parts) == 2:  # as most have: the same, without lists
            (one, text), (other, other_text) = parts
            return self.make(one, other), self._text % (text, other_text)
        return self.make(*[part for part, _ in parts]), self.text(*parts)

    def text(self, *parts: Made[Any]) -> str:
        """The canonical text of what is made of `parts`."""
        return self._text % tuple([text for _, text in parts])
