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
    f"A release that the law does not allow costs {-UNLAWFUL} points: more than two right verdicts bring. A needless "
    "refusal brings nothing, but costs nothing. In doubt, do not release.",
    "You get four scores, each by itself: your verdicts, the grounds you mark, the missing facts you ask for, and the "
    "duties you name.",
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


@dataclass(frozen=True, slots=True)
class Way:
    """A choice that is right for who gives these `verdicts`; for everybody where there are none."""

    verdicts: Mapping[str, str] | None
    right: frozenset[str]


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
    return Score(
        verdict=Part(verdict, FULL * len(key.items)),
        ground=Part(ground, FULL * len(key.items)),
        missing=_best(response.missing, response, ways(question, key, "missing")),
        duties=_best(response.duties, response, ways(question, key, "duties")),
        unlawful=tuple(unlawful),
        refused=tuple(refused),
        defensible=defensible,
    )


def accepted_grounds(key: Key, item: str, answer: str) -> frozenset[str]:
    """Every ground that counts for a verdict on an item: those of the key, and of each profile that answers so."""
    views: list[View] = [view for view in key.views.values() if view.verdicts[item] == answer]
    grounds = frozenset().union(*(view.grounds[item] for view in views))
    return grounds | key.item(item).grounds


def right_grounds(question: PutQuestion, key: Key, item: str, answer: str) -> frozenset[str]:
    """The grounds that count for a verdict on an item, of those that are offered for it."""
    return accepted_grounds(key, item, answer) & {choice.address for choice in question.grounds_for(answer)}


def needs_no_ground(question: PutQuestion, key: Key, item: str, answer: str) -> bool:
    """Whether a verdict that holds has full points without a ground, as none that counts is offered for it."""
    mark, _ = marked(key, key.item(item), answer)
    return mark in ("right", "defensible") and not right_grounds(question, key, item, answer)


def ways(question: PutQuestion, key: Key, part: Literal["missing", "duties"]) -> tuple[Way, ...]:
    """The ways in which a choice of missing facts or of duties is right: as the key has it, whatever the verdicts; and,
    for who answers every item as an accepted profile does, as that profile has it. Only what is offered counts."""
    offered = {choice.name for choice in (question.missing if part == "missing" else question.duties)}
    own = {one.fact for one in key.missing} if part == "missing" else {duty.address for duty in key.duties}
    found = [Way(None, frozenset(own & offered))]
    for view in key.views.values():
        found.append(Way(view.verdicts, (view.missing if part == "missing" else view.duties) & offered))
    return tuple(found)


def passed(score: Score, marks: PassMarks) -> bool:
    """Whether every mark is reached, and, where the course says so, nothing was released against the law."""
    if marks.unlawful_release_fails and score.unlawful:
        return False
    return all(score.part(name).percent >= getattr(marks, name) for name in PARTS)


def _ground(question: PutQuestion, key: Key, item: str, answer: str, marked: Collection[str]) -> int:
    """Full points for a correct ground, fewer with a slip beside it, nothing without one where one can be given."""
    right = right_grounds(question, key, item, answer)
    if not marked:
        return FULL if needs_no_ground(question, key, item, answer) else 0
    if not set(marked) & right:
        return 0
    return FULL if set(marked) <= right else WITH_A_SLIP


def _best(chosen: Collection[str], response: Response, ways: Iterable[Way]) -> Part:
    """The best of several ways in which a choice may be right: hits less slips, of the hits there could be."""
    best = 0
    for way in ways:
        if way.verdicts is not None and dict(way.verdicts) != response.verdicts:
            continue
        hits, slips = len(set(chosen) & way.right), len(set(chosen) - way.right)
        reached = FULL * max(0, hits - slips) // len(way.right) if way.right else FULL * (not chosen)
        best = max(best, reached)
    return Part(best, FULL)
