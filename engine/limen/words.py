"""The words for what a decision says. Four verdict words, four outcome words, the same on every face.

A word has an icon and a tone that always go with it; how they look is the face's own business, but neither ever stands
without the word.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

Tone = Literal["good", "bad", "open", "split", "quiet", "strong", "plain"]
Icon = Literal["good", "bad", "open", "split", "bar", "then", "dot", "line"]


class Word(NamedTuple):
    """A word with the icon and the tone it always has."""

    word: str
    icon: Icon
    tone: Tone


RELEASE: Final = Word("Release", "good", "good")
WITHHOLD: Final = Word("Withhold", "bad", "bad")
MORE_NEEDED: Final = Word("More needed", "open", "open")
READINGS_DIFFER: Final = Word("Readings differ", "split", "split")
NOT_COVERED: Final = Word("Not covered", "dot", "quiet")

DISPOSITIONS: Final = {
    "release": RELEASE,
    "withhold": WITHHOLD,
    "more_needed": MORE_NEEDED,
    "readings_differ": READINGS_DIFFER,
}
VERDICTS: Final = {
    "allow": RELEASE,
    "deny": WITHHOLD,
    "open": MORE_NEEDED,
    "readings_differ": READINGS_DIFFER,
    "not_covered": NOT_COVERED,
}
OUTCOMES: Final = {
    "met": Word("met", "good", "good"),
    "not_met": Word("not met", "bad", "bad"),
    "not_known": Word("not known", "open", "open"),
    "barred": Word("barred", "bar", "bad"),
}

EFFECTS: Final = {"must": "must be released on such a request", "may": "may be released"}
CERTAINTIES: Final = {"read": "", "reported": "reported", "assumed": "assumed"}
MOMENTS: Final = {"before_release": "before", "on_release": "on release", "after_release": "after"}


def day(value: object) -> str:
    """A date as people say it: 7 April 2025."""
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 item, 2 items."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
