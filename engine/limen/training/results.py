"""Results: by person, by provision, by misconception, and the health of each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Any

from limen.law.book import Book
from limen.law.rules import Bar, Gateway
from limen.training.classroom import Classroom, Sitting, provisions
from limen.training.course import Course
from limen.training.misconceptions import MISCONCEPTIONS
from limen.training.scoring import PARTS, score_of


@dataclass(frozen=True, slots=True)
class PersonResult:
    """One sitting. `percents` has the four scores; `state` is passed, not passed, practice or under way."""

    sitting: str
    person: str
    course: str
    version: int
    profile: str
    mode: str
    seed: str
    day: str
    answered: int
    questions: int
    percents: Mapping[str, int]
    unlawful: int
    refused: int
    state: str


@dataclass(frozen=True, slots=True)
class ProvisionResult:
    """How answers on questions about one rule went: how many, how many verdicts were right or defensible, of how many;
    how many releases were against the law."""

    address: str
    title: str
    answers: int
    held: int
    items: int
    unlawful: int


@dataclass(frozen=True, slots=True)
class MisconceptionResult:
    """How often a misconception was shown, and by how many people."""

    id: str
    title: str
    instead: str
    times: int
    people: int


@dataclass(frozen=True, slots=True)
class QuestionHealth:
    """A question in figures. `difficulty` is the share of verdict points reached (1: everybody is right);
    `discrimination` the correlation with the rest of the paper (`None` with fewer than five papers or no spread);
    `changed` says that the answer is another than when the course was last given out."""

    id: str
    title: str
    level: str
    answers: int
    difficulty: float | None
    discrimination: float | None
    changed: bool
    verdicts: Mapping[str, str]


def by_person(sittings: Iterable[Sitting], names: Mapping[str, str]) -> list[PersonResult]:
    """One line for each sitting, the earliest first."""
    return [_person(sitting, names) for sitting in sittings]


def _person(sitting: Sitting, names: Mapping[str, str]) -> PersonResult:
    score = sitting.score
    if not sitting.finished:
        state = "under way"
    elif sitting.mode == "practice":
        state = "practised"
    else:
        state = "passed" if sitting.passed else "not passed"
    return PersonResult(
        sitting.id, names.get(sitting.person, f"without a name, {sitting.person[:8]}"), sitting.course.course,
        sitting.issue.version, sitting.course.profile, sitting.mode, sitting.seed, f"{sitting.started:%Y-%m-%d}",
        len(sitting.answered), len(sitting.questions),
        {name: score.part(name).percent if sitting.answered else 0 for name in PARTS},
        len(score.unlawful), len(score.refused), state,
    )  # fmt: skip


def _bodies(sittings: Iterable[Sitting]) -> Iterator[tuple[Sitting, str, Mapping[str, Any]]]:
    for sitting in sittings:
        for question, body in sitting.answered.items():
            yield sitting, question, body


def by_provision(sittings: Iterable[Sitting], book: Book) -> list[ProvisionResult]:
    """One line for each rule that answered questions were about, the weakest first."""
    found: dict[str, list[int]] = {}
    for _, _, body in _bodies(sittings):
        score = score_of(body["score"])
        answers = body["response"]["verdicts"]
        held = sum(answers[item] == right or item in (score.defensible or {}) for item, right in body["right"].items())
        for address in body["provisions"]:
            figures = found.setdefault(address, [0, 0, 0, 0])
            for place, more in enumerate((1, held, len(body["right"]), len(score.unlawful))):
                figures[place] += more
    lines = [
        ProvisionResult(address, book.rules[address].title if address in book.rules else address, *figures)
        for address, figures in found.items()
    ]
    return sorted(lines, key=lambda line: (line.held / line.items if line.items else 1, line.address))


def by_misconception(sittings: Iterable[Sitting]) -> list[MisconceptionResult]:
    """One line for each misconception shown, the most frequent first."""
    times: dict[str, int] = {}
    people: dict[str, set[str]] = {}
    for sitting, _, body in _bodies(sittings):
        for id in body["misconceptions"]:
            times[id] = times.get(id, 0) + 1
            people.setdefault(id, set()).add(sitting.person)
    return [
        MisconceptionResult(
            id, MISCONCEPTIONS[id].title, MISCONCEPTIONS[id].instead, count, len(people[id])
        )
        for id, count in sorted(times.items(), key=lambda one: (-one[1], one[0]))
        if id in MISCONCEPTIONS
    ]  # fmt: skip


def health(classroom: Classroom, course: Course, sittings: Sequence[Sitting]) -> list[QuestionHealth]:
    """The health of each question of a course, in its order. `sittings` are those of the course.

    Raises `CourseError` where a question has no key under the book of today.
    """
    issues = classroom.store.issues(course.course)
    before = issues[-1].keys if issues else {}
    points: dict[str, dict[str, float]] = {}
    for sitting, id, body in _bodies(sittings):
        score = score_of(body["score"])
        points.setdefault(sitting.id, {})[id] = max(0, score.verdict.points) / score.verdict.of
    lines = []
    for question in course.questions:
        case, key = classroom.key(course, question.id)
        reached = [paper[question.id] for paper in points.values() if question.id in paper]
        pairs = [
            (paper[question.id], fmean(rest))
            for paper in points.values()
            if question.id in paper and (rest := [v for other, v in paper.items() if other != question.id])
        ]
        lines.append(
            QuestionHealth(
                question.id, case.title, question.level or "", len(reached), fmean(reached) if reached else None,
                _correlation(pairs), before.get(question.id, key.answer_digest) != key.answer_digest,
                {item.item: item.verdict for item in key.items},
            )
        )  # fmt: skip
    return lines


def never_exercised(classroom: Classroom, course: Course) -> list[tuple[str, str]]:
    """The gateways and bars of the book that no question of a course is about: address and title, in their order."""
    tried: set[str] = set()
    for question in course.questions:
        case, key = classroom.key(course, question.id)
        tried |= set(provisions(key, case))
        tried |= {address for item in key.items for address in item.grounds if "#" not in address}
    return [
        (rule.address, rule.title)
        for rule in classroom.book.rules.values()
        if isinstance(rule, Gateway | Bar) and rule.address not in tried
    ]


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < 5:
        return None
    first, second = zip(*pairs, strict=True)
    spread: float = pstdev(first) * pstdev(second)
    if spread == 0:
        return None
    means = fmean(first), fmean(second)
    return float(fmean((a - means[0]) * (b - means[1]) for a, b in pairs) / spread)
