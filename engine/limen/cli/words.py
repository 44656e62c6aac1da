"""The words and icons for what a decision says. Four verdict words, four outcome words, everywhere the same."""

from __future__ import annotations

from typing import Final, NamedTuple

from limen.cli.screen import Icon, Screen, Tone


class Sign(NamedTuple):
    """A word with the icon and the tone it always has."""

    word: str
    icon: Icon
    tone: Tone

    def on(self, screen: Screen) -> str:
        """Icon and word, painted."""
        return screen.paint(f"{screen.icon(self.icon)} {self.word}", self.tone)


RELEASE: Final = Sign("Release", "good", "good")
WITHHOLD: Final = Sign("Withhold", "bad", "bad")
MORE_NEEDED: Final = Sign("More needed", "open", "open")
READINGS_DIFFER: Final = Sign("Readings differ", "split", "split")
NOT_COVERED: Final = Sign("Not covered", "dot", "quiet")

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
    "met": Sign("met", "good", "good"),
    "not_met": Sign("not met", "bad", "bad"),
    "not_known": Sign("not known", "open", "open"),
    "barred": Sign("barred", "bar", "bad"),
}
WIDEST_OUTCOME: Final = max(len(sign.word) for sign in OUTCOMES.values())

EFFECTS: Final = {"must": "must be released on such a request", "may": "may be released"}
CERTAINTIES: Final = {"read": "", "reported": "reported", "assumed": "assumed"}
MOMENTS: Final = {"before_release": "before", "on_release": "on release", "after_release": "after"}


def day(value: object) -> str:
    """A date as people say it: 7 April 2025."""
    from datetime import date

    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 item, 2 items."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
