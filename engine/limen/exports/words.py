"""The words for what a decision says, with the icon and tone they have on paper; and values of facts in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from limen import words
from limen.law.vocabulary import Fact, FactValue
from limen.words import EFFECTS, MOMENTS, Icon, Tone, count, day

__all__ = [
    "CERTAINTIES", "DISPOSITIONS", "EFFECTS", "HANDS", "MOMENTS", "OUTCOMES", "SENTENCES", "VERDICTS", "Sign", "count",
    "day", "label_of", "profile_words", "value_words",
]  # fmt: skip

_ICONS: Final[Mapping[Icon, str]] = {
    "good": "✔", "bad": "✘", "open": "?", "split": "≠", "bar": "⊘", "dot": "·",
}  # fmt: skip


class Sign(NamedTuple):
    """A word with its icon, and the tone in which it is shown."""

    word: str
    icon: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.icon} {self.word}"


def _signs(of: Mapping[str, words.Word]) -> Mapping[str, Sign]:
    return {name: Sign(word.word, _ICONS[word.icon], word.tone) for name, word in of.items()}


DISPOSITIONS: Final = _signs(words.DISPOSITIONS)
VERDICTS: Final = _signs(words.VERDICTS)
OUTCOMES: Final = _signs(words.OUTCOMES)
SENTENCES: Final[Mapping[str, str]] = {
    "release": "Every item asked for is released.",
    "withhold": "Not every item asked for can be released, and nothing that could still be said would change that.",
    "more_needed": "Nothing more is released yet: something that nobody has stated could still change the answer.",
    "readings_differ": "The profiles asked do not agree, so what they differ on is not released.",
}
CERTAINTIES: Final[Mapping[str, str]] = {
    "read": "the text was read",
    "reported": "as others report it; the text was not read",
    "assumed": "our assumption",
}
HANDS: Final[Mapping[str, str]] = {
    "mend": "the requester can mend it",
    "find_out": "nobody has said it yet",
    "authority": "only the authority knows it",
    "given": "it is as it is",
}


def value_words(fact: Fact | None, value: FactValue | None) -> str:
    """A value of a fact in words; `None` is *not stated*, `"unknown"` *not known*."""
    if value is None:
        return "not stated"
    if value == "unknown":
        return "I do not know"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return f"{value:,}"
    if fact is not None and fact.type == "date":
        return day(date.fromisoformat(value))
    return label_of(fact, value)


def label_of(fact: Fact | None, value: str) -> str:
    """A value of an enum in words."""
    labels = fact.labels if fact is not None and fact.labels else {}
    return labels.get(value, value.replace("_", " "))


def profile_words(profile: str | None) -> str:
    """The profile asked, or that all were."""
    return f"profile {profile}" if profile else "all profiles"
