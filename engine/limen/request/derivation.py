"""What a derivation is: a named question to a whole request that one path cannot answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from limen.law.truth import Truth, conjunction
from limen.law.vocabulary import FactType, FactValue
from limen.request.batch import BatchContext
from limen.request.match import Match
from limen.request.model import Item, Recipient, Request


class Blank(Enum):
    """The document is in front of us and does not say it. Only this is silence; not known (`None`) never is."""

    BLANK = "blank"


BLANK = Blank.BLANK
Derived = FactValue | Blank | None


@dataclass(slots=True)
class Given:
    """All that a derivation may look at. `match` and `batch` are `None` where nobody has looked."""

    request: Request
    match: Match | None
    batch: BatchContext | None
    as_of: date


class Written(NamedTuple):
    """A derivation as an expression, for the form of reading that is written out: it gives what the function gives.

    It may speak of the fields of the request (`top`), of the document that is its part (`part`) and of the item
    (`said`), each by name, and of what `uses` binds; `ask()` asks the function itself.
    """

    expression: str
    uses: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivation: what type of value it gives (`values`: the closed set of an enum), and what it means in law.

    `source` is the provision or the practice it comes from; `part` the section of the request whose silence a
    `BLANK` is (`None`: of the request itself). Exactly one of the functions is there. It gives a value,
    `None` (not known) or `BLANK`, and never raises. `of_recipients` is shown the recipients and the agency that asks,
    and looks at nothing that says who a recipient is, so that its answer holds for all recipients of the same kind.
    `written` is for derivations that are asked of nearly every request.
    """

    name: str
    type: FactType
    meaning: str
    source: str
    values: tuple[str, ...] = ()
    part: str | None = None
    of_case: Callable[[Given], Derived] | None = None
    of_item: Callable[[Given, Item], Derived] | None = None
    of_recipients: Callable[[tuple[Recipient, ...], str | None], Derived] | None = None
    written: Written | None = None


def answer(said: bool | str | None) -> Truth:
    """Yes or no as said; neither `unknown` nor silence is known."""
    return said if isinstance(said, bool) else None


def is_one_of(word: str | None, words: Iterable[str]) -> Truth:
    """Whether a word that was said is one of `words`; not known where none was."""
    return None if word is None or word == "unknown" else word in words


def every(answers: Iterable[Truth]) -> Derived:
    """Whether all of a list hold; an empty list is blank, not true."""
    found = list(answers)
    return conjunction(found) if found else BLANK
