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

from limen.ledger.subject import plain

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

_HARMLESS = tuple(sign.encode() for sign in "§–—’‘“”…")
"""Signs of the rule book that are not ASCII and no part of anybody's name."""

_WORD = re.compile(r"\w+")
_NOT_DIGIT = re.compile(r"\D+")


@dataclass(frozen=True, slots=True, repr=False)
class Personal:
    """What must not be seen of one subject, each value made plain.

    `strong` values identify alone, `weak` ones are single words, `numbers` are digits that may be written with any
    separators. `forms` are byte strings one of which is in every ASCII text that holds any of the values.
    """

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    forms: tuple[bytes, ...] = ()

    def in_text(self, text: str, *, tool_words: bool = False) -> bool:
        """Whether `text` equals or contains a personal value. `tool_words`: the text is one of the tool's own."""
        folded = plain(text)
        if any(value in folded for value in self.strong):
            return True
        if self.numbers:
            digits = _NOT_DIGIT.sub("", folded)
            if any(number in digits for number in self.numbers):
                return True
        return not tool_words and any(
            word in folded if len(word) >= 4 else _as_word(word).search(folded) is not None for word in self.weak
        )

    def in_json(self, text: str) -> bool:
        """Whether a personal value may be in a JSON text. Quick, and never wrong when it says no."""
        raw = text.encode()
        if not raw.isascii():
            for sign in _HARMLESS:
                raw = raw.replace(sign, b"")
            if not raw.isascii():
                return True
        if b"\\u" in raw:
            return True
        raw = raw.lower()
        return any(form in raw for form in self.forms)

    def blank(self, text: str) -> str:
        """The text made plain, with every personal value left out."""
        folded = plain(text)
        for value in sorted((*self.strong, *self.numbers, *self.weak), key=len, reverse=True):
            folded = folded.replace(value, "_") if len(value) >= 4 else _as_word(value).sub("_", folded)
        return folded


NOBODY = Personal()


@lru_cache(maxsize=1024)
def _as_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")


def personal_values(subject: Subject | None) -> Personal:
    """Everything in `subject` that a log or a record must not show."""
    if subject is None:
        return NOBODY
    strong: list[str] = []
    weak: list[str] = []
    numbers: list[str] = []
    name, address = subject.name, subject.address
    if name is not None:
        parts = [plain(part) for part in (name.first, name.middle, name.last) if part]
        if len(parts) > 1:
            strong += (" ".join(parts), f"{parts[0]} {parts[-1]}", f"{parts[-1]}, {parts[0]}")
        for part in parts:
            weak.append(part)
            if not part.isalnum():
                weak += _WORD.findall(part)
    if address is not None:
        for line in address.lines:
            written = plain(line)
            telling = [word for word in _WORD.findall(written) if len(word) > 2 and word not in _COMMON]
            if " " in written and (telling or not written.isascii() or any(c.isdigit() for c in written)):
                strong.append(written)
            weak += telling
    if subject.tin:
        digits = _NOT_DIGIT.sub("", subject.tin)
        if len(digits) >= 7:
            numbers.append(digits)
        strong.append(plain(subject.tin))
    if subject.date_of_birth is not None:
        strong.append(subject.date_of_birth.isoformat())
    strong = [value for value in strong if value]
    weak = [word for word in weak if len(word) > 1]
    # A text that holds a value holds its longest word, and of a number the last digits, however they are grouped.
    # Quotes and backslashes are escaped in JSON.
    forms = {*(max(value.split(), key=len) for value in strong), *weak, *(number[-4:] for number in numbers)}
    written_forms = tuple(form.replace("\\", "\\\\").replace('"', '\\"').encode() for form in forms if form.isascii())
    return Personal(tuple(strong), tuple(weak), tuple(numbers), written_forms)


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
