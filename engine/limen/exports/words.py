"""The words and icons for what a decision says, on paper: always icon and word, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from limen.law.english import day
from limen.law.vocabulary import Fact, FactValue


class Sign(NamedTuple):
    """A word, its icon, and the tone (`good`, `bad`, `open`, `split`, `quiet`) in which it is shown."""

    word: str
    icon: str
    tone: str

    def __str__(self) -> str:
        return f"{self.icon} {self.word}"


RELEASE, WITHHOLD = Sign("Release", "✔", "good"), Sign("Withhold", "✘", "bad")
MORE_NEEDED, READINGS_DIFFER = Sign("More needed", "?", "open"), Sign("Readings differ", "≠", "split")

DISPOSITIONS: Mapping[str, Sign] = {
    "release": RELEASE, "withhold": WITHHOLD, "more_needed": MORE_NEEDED, "readings_differ": READINGS_DIFFER,
}  # fmt: skip
VERDICTS: Mapping[str, Sign] = {
    "allow": RELEASE, "deny": WITHHOLD, "open": MORE_NEEDED, "readings_differ": READINGS_DIFFER,
    "not_covered": Sign("Not covered", "·", "quiet"),
}  # fmt: skip
OUTCOMES: Mapping[str, Sign] = {
    "met": Sign("met", "✔", "good"),
    "not_met": Sign("not met", "✘", "bad"),
    "not_known": Sign("not known", "?", "open"),
    "barred": Sign("barred", "⊘", "bad"),
}
SENTENCES: Mapping[str, str] = {
    "release": "Every item asked for is released.",
    "withhold": "Not every item asked for can be released, and nothing that could still be said would change that.",
    "more_needed": "Nothing more is released yet: something that nobody has stated could still change the answer.",
    "readings_differ": "The profiles asked do not agree, so what they differ on is not released.",
}
CERTAINTIES: Mapping[str, str] = {
    "read": "the text was read",
    "reported": "as others report it; the text was not read",
    "assumed": "our assumption",
}
EFFECTS: Mapping[str, str] = {"must": "must be released on such a request", "may": "may be released"}
MOMENTS: Mapping[str, str] = {"before_release": "before", "on_release": "on release", "after_release": "after"}
HANDS: Mapping[str, str] = {
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


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 item, 2 items."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
