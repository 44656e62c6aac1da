"""Finding and hiding what was stated about a subject, in records and log lines.

Text that the tool itself wrote (a rule's address, an outcome) can hold a short name by chance: a subject called May
must not turn every "may" of the rule book into a mask. So in fields that hold only the tool's own words just the strong
values (a whole name, an address line, a number) are looked for; everywhere else any single word of a name or street is
enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limen.ledger.subject import plain, stated_number

if TYPE_CHECKING:
    from limen.ledger.subject import Pseudonym
    from limen.request.subject import Subject

MASK = "[masked]"

TOOL_FIELDS = frozenset({
    "address", "agency", "as_of", "ask", "authority", "basis", "book_digest", "book_name", "book_version", "breach",
    "caveat", "certainty", "citation", "code", "cure", "deadline", "decided_at", "disposition", "duty", "effect",
    "elements", "engine", "fact", "gateway", "hash", "kind", "known_at", "label", "office", "outcome", "profile",
    "chosen", "purposes", "reading", "received", "rule", "second_key", "sentence", "stage", "together_with", "under",
    "verdict", "when", "who", "words",
})  # fmt: skip
"""Fields of a record's body that the tool fills from the rule book or from a fixed list, never from a request."""

_COMMON = frozenset({
    "address", "and", "applicable", "apt", "available", "ave", "avenue", "blvd", "boulevard", "box", "building", "care",
    "circle", "court", "delivery", "drive", "east", "failed", "file", "floor", "general", "given", "highway",
    "homeless", "known", "lane", "last", "line", "missing", "none", "north", "not", "number", "place", "provide",
    "provided", "record", "refused", "road", "route", "same", "south", "square", "street", "suite", "terrace", "the",
    "transient", "unit", "unknown", "various", "way", "west",
})  # fmt: skip
"""Words in the place of an address that say nothing about anybody. A line of nothing else is a placeholder."""

_HARMLESS = {ord(sign): None for sign in "§–—’‘“”…"}
"""Signs of the rule book that are not ASCII and no part of anybody's name."""

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = 7
_NOT_DIGIT = re.compile(r"\D+")


class Personal:
    """What must not be seen of one subject.

    `parts` is each part of the subject that was stated, made alike: `name`, `address`, `tin`, `date_of_birth`. `forms`
    are strings one of which is in every ASCII text that holds any of the values; they are all that most records need.
    The values themselves, made plain, are found when first asked for.
    """

    __slots__ = ("_subject", "_values", "forms", "parts")

    def __init__(self, subject: Subject | None) -> None:
        self._subject = subject
        self._values: Values | None = None
        self.parts: dict[str, str] = {}
        self.forms: list[str] = [] if subject is None else _forms(subject, self.parts)

    @property
    def values(self) -> Values:
        """The values that must not be seen."""
        if self._values is None:
            self._values = Values() if self._subject is None else _values(self._subject)
        return self._values

    def in_text(self, text: str, *, tool_words: bool = False) -> bool:
        """Whether `text` equals or contains a personal value. `tool_words`: the text is one of the tool's own."""
        folded = plain(text)
        values = self.values
        if any(value in folded for value in values.strong):
            return True
        if values.numbers:
            digits = _NOT_DIGIT.sub("", folded)
            if any(number in digits for number in values.numbers):
                return True
        return not tool_words and any(
            word in folded if len(word) >= 4 else _as_word(word).search(folded) is not None for word in values.weak
        )

    def in_json(self, text: str) -> bool:
        """Whether a personal value may be in a JSON text. Quick, and never wrong when it says no.

        The text must have been written without escapes for what is not ASCII, as ours is.
        """
        if not text.isascii():
            text = text.translate(_HARMLESS)
            if not text.isascii():
                return True
        folded = text.lower()
        for form in self.forms:  # noqa: SIM110 (a loop is several times quicker than `any` here, and this is every record)
            if form in folded:
                return True
        return False

    def blank(self, text: str) -> str:
        """The text made plain, with every personal value left out."""
        folded = plain(text)
        if not self.in_json(folded):
            return folded
        values = self.values
        for value in sorted((*values.strong, *values.numbers, *values.weak), key=len, reverse=True):
            folded = folded.replace(value, "_") if len(value) >= 4 else _as_word(value).sub("_", folded)
        return folded


NOBODY = Personal(None)


@dataclass(frozen=True, slots=True, repr=False)
class Values:
    """The values of one subject, made plain. `strong` ones identify alone, `weak` ones are single words, `numbers` are
    digits that may be written with any separators."""

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def _as_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")


def _values(subject: Subject) -> Values:
    strong: list[str] = []
    weak: list[str] = []
    numbers: list[str] = []
    name, address = subject.name, subject.address
    if name is not None:
        parts = [plain(part) for part in (name.first, name.middle, name.last) if part]
        if len(parts) > 1:
            strong += (" ".join(parts), f"{parts[0]} {parts[-1]}", f"{parts[-1]}, {parts[0]}")
        for part in parts:
            weak += [part, *_WORD.findall(part)]
    if address is not None:
        for line in address.lines:
            written = plain(line)
            telling = _telling(_WORD.findall(written))
            if " " in written and (telling or not written.isascii() or _DIGIT.search(written)):
                strong.append(written)
            weak += telling
    if subject.tin:
        digits = _NOT_DIGIT.sub("", subject.tin)
        if len(digits) >= _LONG_NUMBER:
            numbers.append(digits)
        strong.append(plain(subject.tin))
    if subject.date_of_birth is not None:
        strong.append(subject.date_of_birth.isoformat())
    return Values(
        tuple(value for value in strong if _names_somebody(value)),
        tuple(dict.fromkeys(word for word in weak if _names_somebody(word))),
        tuple(numbers),
    )


def _names_somebody(value: str) -> bool:
    """Whether a value may tell who it is: a sign or an initial does not ("18 U.S.C." has one)."""
    return sum(map(str.isalnum, value)) > 1


def _forms(subject: Subject, parts: dict[str, str]) -> list[str]:
    """For each value of the subject a part of it that any ASCII text with the value must hold.

    A name or line has one of its words, however it is spaced; a number its last digits, however it is grouped. Words
    are letters and digits, so JSON writes them as they are. What was stated is put into `parts` on the way, for both
    are made of the same plain words, and every record needs both.
    """
    name, address = subject.name, subject.address
    words: list[str] = []
    if name is not None:
        stated = [part for part in (name.first, name.middle, name.last) if part]
        said = " ".join(stated)
        written = plain(said)
        found = _WORD.findall(written)
        whole = [word for word in found if len(word) > 1]
        words += whole or found or [written]
        if len(whole) < len(found):
            words += _letters(stated)
        if name.suffix:
            parts["name"] = plain(f"{said} {name.suffix}")
        elif said:
            parts["name"] = written
    if address is not None and address.lines:
        lines = [plain(line) for line in address.lines]
        parts["address"] = " ".join([line for line in lines if line])
        for written in lines:
            found = _WORD.findall(written)
            words += _telling(found) or found[:1]
    if subject.tin:
        parts["tin"] = stated_number(subject.tin)
        words.append(_last_digits(subject.tin))
    if subject.date_of_birth is not None:
        parts["date_of_birth"] = day = subject.date_of_birth.isoformat()
        words.append(day)
    return [word for word in dict.fromkeys(words) if word and word.isascii()]


def _letters(parts: list[str]) -> list[str]:
    """The single letters without which a name may stand in no text: of a part that has nothing but letters, and of a
    name turned round or without its middle, where both ends have nothing but letters."""
    spelt = [(_WORD.findall(plain(part)), part) for part in parts]
    alone = [words for words, part in spelt if _names_somebody(part) and all(len(word) == 1 for word in words)]
    ends = [*spelt[0][0], *spelt[-1][0]]
    if len(parts) > 1 and all(len(word) == 1 for word in ends):
        alone.append(ends)
    return [word for words in alone for word in words]


def _telling(words: list[str]) -> list[str]:
    """Those of the words of an address line that say where somebody lives."""
    return [word for word in words if len(word) > 2 and word not in _COMMON]


def _last_digits(number: str) -> str:
    digits = _NOT_DIGIT.sub("", number)
    return digits[-4:] if len(digits) >= _LONG_NUMBER else max(_WORD.findall(plain(number)), key=len, default="")


def mask_body(body: Mapping[str, Any], personal: Personal, salt: Pseudonym) -> dict[str, Any]:
    """The body with every personal value replaced. Equal values get equal masks, so that an item keeps its name.

    A mask is a commitment with the subject's salt: once the subject is forgotten nobody can guess behind it.
    """

    def hidden(text: str) -> str:
        return f"[masked:{salt.commit('mask', plain(text))[:12]}]"

    def walk(value: Any, field: str) -> Any:
        if isinstance(value, str):
            return hidden(value) if personal.in_text(value, tool_words=field in TOOL_FIELDS) else value
        if isinstance(value, Mapping):
            return {name if name in TOOL_FIELDS else walk(name, ""): walk(child, name) for name, child in value.items()}
        if isinstance(value, list | tuple):
            return [walk(child, field) for child in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return hidden(str(value)) if personal.in_text(str(value), tool_words=True) else value
        return value

    return {name if name in TOOL_FIELDS else walk(name, ""): walk(child, name) for name, child in body.items()}
