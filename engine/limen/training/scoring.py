"""Scoring an answer: four scores, each by itself, from the key and from what accepted profiles answer.

An unlawful release (one that no accepted profile allows) takes away more than two right verdicts give; an unnecessary
refusal only earns nothing. An answer that holds under an accepted profile is defensible, and never marked wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from limen.training.course import PassMarks
from limen.training.key import ItemKey, Key, View
from limen.training.question import PutQuestion
from limen.training.response import Response
from limen.words import Word

FULL: Final = 4
"""Points for the verdict of the key, for each item; and the most there is for each other part of a question."""
DEFENSIBLE: Final = 3
"""Points for a verdict that holds under an accepted profile, but is not that of the key."""
UNLAWFUL: Final = -9
"""Points for a release that no accepted profile allows: it takes back more than two right verdicts."""
WITH_A_SLIP: Final = 2
"""Points for a correct ground with one beside it that does not decide."""

Mark = Literal["right", "defensible", "unlawful", "refused", "wrong"]
POINTS: Final[Mapping[Mark, int]] = {
    "right": FULL, "defensible": DEFENSIBLE, "unlawful": UNLAWFUL, "refused": 0, "wrong": 0,
}  # fmt: skip
"""What a verdict brings, by how it is marked."""
MARKS: Final[Mapping[Mark, Word]] = {
    "right": Word("Right", "good", "good"),
    "defensible": Word("Defensible", "split", "split"),
    "unlawful": Word("Released against the law", "bad", "bad"),
    "refused": Word("Refused without need", "open", "open"),
    "wrong": Word("Not right", "open", "open"),
}
"""How a verdict is marked, in the words that stand on every screen."""

PARTS: Final = ("verdict", "ground", "missing", "duties")
PART_NAMES: Final[Mapping[str, str]] = {
    "verdict": "Verdicts", "ground": "Grounds", "missing": "Missing facts", "duties": "Duties",
}  # fmt: skip
RULES: Final = (
    "You get four scores, each by itself: your verdicts, the grounds you mark, the missing facts you ask for, and the "
    "duties you name.",
    f"A release that the law does not allow costs {-UNLAWFUL} points: more than two right verdicts bring. A needless "
    "refusal brings nothing, but costs nothing. In doubt, do not release.",
    f"A right verdict brings {FULL} points. A verdict that holds under another accepted reading of the law brings "
    f"{DEFENSIBLE}, and is called defensible, not wrong.",
    "One correct ground is enough. Ask only for facts that could still change the answer. Name duties only for what is "
    "released.",
)
"""What a trainee is told before starting."""


@dataclass(frozen=True, slots=True)
class Part:
    """Points reached, of those there are."""

    points: int
    of: int

    @property
    def percent(self) -> int:
        """In whole percent, rounded down; not below nothing."""
        return max(0, self.points) * 100 // self.of if self.of else 100


@dataclass(frozen=True, slots=True)
class Score:
    """The scores of one answer, or of several added up. `unlawful` and `refused` name items: released against the law,
    and refused without need. `defensible` says under which profiles a verdict holds that is not that of the key."""

    verdict: Part
    ground: Part
    missing: Part
    duties: Part
    unlawful: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    defensible: Mapping[str, tuple[str, ...]] | None = None

    def part(self, name: str) -> Part:
        """One of the four parts by name."""
        found: Part = getattr(self, name)
        return found

    def mark(self, item: str, *, right: bool) -> Mark:
        """How the verdict on an item was marked; `right` says that it is that of the key."""
        if right:
            return "right"
        if item in (self.defensible or {}):
            return "defensible"
        return "unlawful" if item in self.unlawful else "refused" if item in self.refused else "wrong"

    def stored(self) -> dict[str, Any]:
        """As it is kept in the results."""
        return {
            **{name: [self.part(name).points, self.part(name).of] for name in PARTS},
            "unlawful": list(self.unlawful),
            "refused": list(self.refused),
            "defensible": {item: list(names) for item, names in (self.defensible or {}).items()},
        }


def score_of(stored: Mapping[str, Any]) -> Score:
    """A score as it was kept."""
    parts = {name: Part(*stored[name]) for name in PARTS}
    return Score(
        **parts,
        unlawful=tuple(stored["unlawful"]),
        refused=tuple(stored["refused"]),
        defensible={item: tuple(names) for item, names in stored["defensible"].items()},
    )


def total(scores: Iterable[Score]) -> Score:
    """Several scores added up. The order does not matter."""
    added = dict.fromkeys(PARTS, Part(0, 0))
    unlawful: list[str] = []
    refused: list[str] = []
    for score in scores:
        for name in PARTS:
            one, before = score.part(name), added[name]
            added[name] = Part(before.points + one.points, before.of + one.of)
        unlawful += score.unlawful
        refused += score.refused
    return Score(**added, unlawful=tuple(sorted(unlawful)), refused=tuple(sorted(refused)), defensible={})


def marked(key: Key, item: ItemKey, answer: str) -> tuple[Mark, tuple[str, ...]]:
    """How a verdict on an item is marked, and, if it is defensible, the accepted profiles under which it holds."""
    if answer == item.verdict:
        return "right", ()
    holds = key.supporters(item.item, answer)
    if holds or (answer == "readings_differ" and key.disputed(item.item)):
        return "defensible", holds or key.accepts
    if answer == "release":
        return "unlawful", ()
    return "refused" if item.verdict == "release" else "wrong", ()


def score(question: PutQuestion, key: Key, response: Response) -> Score:
    """The four scores of a checked response."""
    verdict = ground = 0
    unlawful, refused = [], []
    defensible: dict[str, tuple[str, ...]] = {}
    for item in key.items:
        answer = response.verdicts[item.item]
        mark, under = marked(key, item, answer)
        verdict += POINTS[mark]
        if mark == "defensible":
            defensible[item.item] = under
        elif mark == "unlawful":
            unlawful.append(item.item)
        elif mark == "refused":
            refused.append(item.item)
        ground += _ground(question, key, item.item, answer, response.grounds.get(item.item, ()))
    views = [view for view in key.views.values() if dict(view.verdicts) == response.verdicts]
    key_missing = {one.fact for one in key.missing}
    key_duties = {duty.address for duty in key.duties}
    return Score(
        verdict=Part(verdict, FULL * len(key.items)),
        ground=Part(ground, FULL * len(key.items)),
        missing=_best(response.missing, [key_missing, *(v.missing for v in views)], [c.name for c in question.missing]),
        duties=_best(response.duties, [key_duties, *(v.duties for v in views)], [c.name for c in question.duties]),
        unlawful=tuple(unlawful),
        refused=tuple(refused),
        defensible=defensible,
    )


def accepted_grounds(key: Key, item: str, answer: str) -> frozenset[str]:
    """Every ground that counts for a verdict on an item: those of the key, and of each profile that answers so."""
    views: list[View] = [view for view in key.views.values() if view.verdicts[item] == answer]
    grounds = frozenset().union(*(view.grounds[item] for view in views))
    return grounds | key.item(item).grounds


def passed(score: Score, marks: PassMarks) -> bool:
    """Whether every mark is reached, and, where the course says so, nothing was released against the law."""
    if marks.unlawful_release_fails and score.unlawful:
        return False
    return all(score.part(name).percent >= getattr(marks, name) for name in PARTS)


def _ground(question: PutQuestion, key: Key, item: str, answer: str, marked: Collection[str]) -> int:
    """Full points for a correct ground, fewer with a slip beside it, nothing without one.

    Where no correct ground can be offered for the verdict, none has to be marked.
    """
    right = accepted_grounds(key, item, answer)
    if not marked:
        offered = {choice.address for choice in question.grounds_for(answer)}
        settled = answer == key.item(item).verdict or bool(key.supporters(item, answer))
        return FULL if settled and not offered & right else 0
    if not set(marked) & right:
        return 0
    return FULL if set(marked) <= right else WITH_A_SLIP


def _best(chosen: Collection[str], ways: Iterable[Collection[str]], offered: Collection[str]) -> Part:
    """The best of several ways in which a choice may be right: hits less slips, of the hits there could be."""
    best = 0
    for way in ways:
        wanted = set(way) & set(offered)
        slips = len(set(chosen) - set(way))
        hits = len(set(chosen) & wanted)
        reached = FULL * max(0, hits - slips) // len(wanted) if wanted else FULL * (not chosen)
        best = max(best, reached)
    return Part(best, FULL)
