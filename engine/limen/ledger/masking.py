"""Finding and hiding what was stated about a subject, in records and log lines.

Text that the tool itself wrote (a rule's address, an outcome) can hold a short name by chance: a subject called May
must not turn every "may" of the rule book into a mask. So in fields that hold only the tool's own words just the strong
values (a whole name, an address line, a number) are looked for; everywhere else any single word of a name or street is
enough.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from limen.ledger.subject import plain

if TYPE_CHECKING:
    from limen.ledger.keys import Key
    from limen.request.subject import Subject

MASK = "[masked]"

TOOL_FIELDS = frozenset({
    "address", "as_of", "ask", "authority", "basis", "book_digest", "book_name", "book_version", "breach", "caveat",
    "certainty", "citation", "code", "cure", "deadline", "decided_at", "disposition", "duty", "effect", "elements",
    "engine", "fact", "gateway", "kind", "known_at", "label", "outcome", "profile", "reading", "rule", "second_key",
    "sentence", "verdict", "when", "who", "words",
})  # fmt: skip
"""Fields of a record's body that the tool fills from the rule book or from a fixed list, never from a request."""

_COMMON = frozenset({
    "and", "apt", "avenue", "ave", "box", "building", "blvd", "boulevard", "circle", "court", "drive", "east", "floor",
    "highway", "lane", "line", "north", "number", "place", "po", "road", "route", "south", "square", "street", "suite",
    "terrace", "the", "unit", "way", "west",
})  # fmt: skip
"""Words of an address that say nothing about anybody."""

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True, repr=False)
class Personal:
    """What must not be seen of one subject. `strong` values identify alone, `weak` ones are single words."""

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    _pattern: re.Pattern[str] | None = field(init=False, compare=False, default=None)

    def __post_init__(self) -> None:
        short = [re.escape(word) for word in self.weak if len(word) < 4]
        if short:
            object.__setattr__(self, "_pattern", re.compile(rf"(?<![^\W_])(?:{'|'.join(short)})(?![^\W_])"))

    def in_text(self, text: str, *, tool_words: bool = False) -> bool:
        """Whether `text` equals or contains a personal value. `tool_words`: the text is one of the tool's own."""
        folded = plain(text)
        if any(value in folded for value in self.strong):
            return True
        if self.numbers:
            digits = "".join(_DIGITS.findall(folded))
            if any(number in digits for number in self.numbers):
                return True
        if tool_words:
            return False
        if any(word in folded for word in self.weak if len(word) >= 4):
            return True
        return self._pattern is not None and self._pattern.search(folded) is not None


NOBODY = Personal()


def personal_values(subject: Subject | None) -> Personal:
    """Everything in `subject` that a log or a record must not show."""
    if subject is None:
        return NOBODY
    strong: dict[str, None] = {}
    weak: dict[str, None] = {}
    numbers: list[str] = []
    name, address = subject.name, subject.address
    if name is not None:
        parts = [plain(part) for part in (name.first, name.middle, name.last) if part]
        if len(parts) > 1:
            strong[" ".join(parts)] = None
            strong[f"{parts[0]} {parts[-1]}"] = None
            strong[f"{parts[-1]}, {parts[0]}"] = None
        for part in parts:
            weak.update(dict.fromkeys([part, *_WORD.findall(part)]))
    if address is not None:
        for line in address.lines:
            written = plain(line)
            if " " in written:
                strong[written] = None
            weak.update(dict.fromkeys(w for w in _WORD.findall(written) if len(w) > 2 and w not in _COMMON))
    if subject.tin:
        digits = "".join(_DIGITS.findall(subject.tin))
        if len(digits) >= 7:
            numbers.append(digits)
        strong[plain(subject.tin)] = None
    if subject.date_of_birth is not None:
        strong[subject.date_of_birth.isoformat()] = None
    return Personal(tuple(v for v in strong if v), tuple(w for w in weak if len(w) > 1), tuple(numbers))


def mask_body(body: Mapping[str, Any], personal: Personal, key: Key) -> dict[str, Any]:
    """The body with every personal value replaced. Equal values get equal masks, so that an item keeps its name."""

    def hidden(text: str) -> str:
        return f"[masked:{hmac.digest(key.mask, plain(text).encode(), 'sha256').hex()[:12]}]"

    def walk(value: Any, field_name: str) -> Any:
        if isinstance(value, str):
            return hidden(value) if personal.in_text(value, tool_words=field_name in TOOL_FIELDS) else value
        if isinstance(value, Mapping):
            return {walk(str(name), field_name) if str(name) not in TOOL_FIELDS else name: walk(child, str(name))
                    for name, child in value.items()}  # fmt: skip
        if isinstance(value, list | tuple):
            return [walk(child, field_name) for child in value]
        if isinstance(value, int) and not isinstance(value, bool):
            return hidden(str(value)) if personal.in_text(str(value), tool_words=True) else value
        return value

    return {name: walk(child, name) for name, child in body.items()}
