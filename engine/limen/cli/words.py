"""The words for what a decision says, with the icon and tone they have on a terminal."""

from __future__ import annotations

from typing import Final, NamedTuple

from limen import words
from limen.cli.screen import Screen
from limen.words import CERTAINTIES, EFFECTS, MOMENTS, Icon, Tone, count, day

__all__ = [
    "CERTAINTIES", "DISPOSITIONS", "EFFECTS", "MOMENTS", "MORE_NEEDED", "NOT_COVERED", "OUTCOMES", "READINGS_DIFFER",
    "RELEASE", "VERDICTS", "WIDEST_OUTCOME", "WITHHOLD", "Sign", "count", "day",
]  # fmt: skip


class Sign(NamedTuple):
    """A word with the icon and the tone it always has."""

    word: str
    icon: Icon
    tone: Tone

    def on(self, screen: Screen) -> str:
        """Icon and word, painted."""
        return screen.paint(f"{screen.icon(self.icon)} {self.word}", self.tone)


RELEASE: Final = Sign(*words.RELEASE)
WITHHOLD: Final = Sign(*words.WITHHOLD)
MORE_NEEDED: Final = Sign(*words.MORE_NEEDED)
READINGS_DIFFER: Final = Sign(*words.READINGS_DIFFER)
NOT_COVERED: Final = Sign(*words.NOT_COVERED)

DISPOSITIONS: Final = {name: Sign(*word) for name, word in words.DISPOSITIONS.items()}
VERDICTS: Final = {name: Sign(*word) for name, word in words.VERDICTS.items()}
OUTCOMES: Final = {name: Sign(*word) for name, word in words.OUTCOMES.items()}
WIDEST_OUTCOME: Final = max(len(sign.word) for sign in OUTCOMES.values())
