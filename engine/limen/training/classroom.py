"""The classroom: courses given out, papers sat, answers kept, feedback when it is due.

Every face goes through here, so all of them keep the same promises: an answer is on the disk before it is
acknowledged; a question is answered once; in an assessment nothing that tells what is right leaves before all
is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from limen.law.book import Book
from limen.law.digest import content_digest
from limen.training.cases import Cases, TrainingCase
from limen.training.course import Course, PassMarks
from limen.training.feedback import Feedback, feedback
from limen.training.hint import hint
from limen.training.key import Key, KeyMaker
from limen.training.load import read_course, write_course
from limen.training.misconceptions import misconceptions
from limen.training.paper import Mode, check_seed, new_seed, paper
from limen.training.question import PutQuestion, put_question
from limen.training.response import Response, check_response, response_of
from limen.training.scoring import Score, passed, score, score_of, total
from limen.training.store import Event, Issue, Store, StoredSitting
from limen.training.twin import twin_of


class NotYet(Exception):
    """What was asked for is not shown before the paper is handed in."""


class ClassroomError(Exception):
    """Something that cannot be done in this sitting."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting as it stands: the paper, what has been opened, drafted and answered, and whether it is handed in."""

    id: str
    course: Course
    issue: Issue
    person: str
    mode: Mode
    seed: str
    started: datetime
    questions: tuple[str, ...]
    opened: Mapping[str, tuple[str, ...]]
    drafts: Mapping[str, Mapping[str, Any]]
    answered: Mapping[str, Mapping[str, Any]]
    times: Mapping[str, tuple[datetime, datetime]]
    handed_in: datetime | None
    hinted: frozenset[str]

    @property
    def next(self) -> str | None:
        """The first question not answered yet; `None` when there is none, or all is handed in."""
        if self.handed_in is not None:
            return None
        return next((id for id in self.questions if id not in self.answered), None)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to answer."""
        return self.next is None

    @property
    def score(self) -> Score:
        """The scores of what was answered, added up. Questions handed in without an answer count for nothing."""
        return total(score_of(body["score"]) for body in self.answered.values())

    @property
    def passed(self) -> bool:
        """Whether everything was answered, and the marks reached."""
        return all(id in self.answered for id in self.questions) and passed(self.score, self.marks)

    @property
    def marks(self) -> PassMarks:
        """What has to be reached."""
        return self.course.pass_marks

    @property
    def may_see_answers(self) -> bool:
        """Whether feedback is due: at once in practice, at the end in an assessment."""
        return self.mode == "practice" or self.handed_in is not None


class Classroom:
    """Courses under one book, and one store of results."""

    def __init__(self, book: Book, store: Store, cases: Cases | None = None, keys: KeyMaker | None = None) -> None:
        """`cases` and `keys` of the same book may be shared with other classrooms; what they made is then there."""
        self.book, self.store = book, store
        self.cases = cases or Cases(book)
        self.keys = keys or KeyMaker(book)
        self._courses: dict[int, Course] = {}
        self._made: dict[tuple[str, str], tuple[TrainingCase, Key]] = {}

    def check(self, course: Course) -> dict[str, Key]:
        """The key of every question. Raises `CourseError` for the first that has none, `KeyFault` on disagreement."""
        return {question.id: self._key(course, question.id)[1] for question in course.questions}

    def issue(self, course: Course) -> Issue:
        """Give a course out: its text and the digest of each answer are kept. Raises `CourseError`, `StoreError`."""
        keys = self.check(course)
        content = write_course(course)
        return self.store.add_issue(
            course.course, course.version, content, content_digest(content),
            (self.book.name, self.book.version, self.book.digest),
            {id: key.answer_digest for id, key in keys.items()},
        )  # fmt: skip

    def start(
        self, issue: Issue, person: str, name: str | None = None, mode: Mode = "practice", seed: str | None = None
    ) -> Sitting:
        """Begin a sitting of an issue. The same seed gives the same paper. Raises `SeedError`, `StoreError`."""
        self._same_book(issue)
        seed = check_seed(seed) if seed else new_seed()
        return self._sitting(self.store.add_sitting(issue.id, person, name, mode, seed))

    def sitting(self, id: str) -> Sitting:
        """A sitting as it stands. Raises `StoreError` if there is none."""
        return self._sitting(self.store.sitting(id))

    def sittings(self, person: str | None = None) -> list[Sitting]:
        """All sittings (of one person), the earliest first."""
        return [self._sitting(stored) for stored in self.store.sittings(person)]

    def put(self, sitting: Sitting, question: str) -> PutQuestion:
        """A question as it is put to the trainee; that it was put is noted once."""
        made = self.question(sitting, question)
        if question not in sitting.times and question not in sitting.answered and sitting.handed_in is None:
            self.store.add_event(sitting.id, "put", question, {})
        return made

    def question(self, sitting: Sitting, question: str) -> PutQuestion:
        """A question of a sitting's paper, without noting anything."""
        if question not in sitting.questions:
            raise ClassroomError("this question is not on the paper")
        self._same_book(sitting.issue)
        case, key = self._key(sitting.course, question)
        edition = self.keys.edition(key.accepts[0], case)
        return put_question(self.book, edition, question, case, key, sitting.seed)

    def opened(self, sitting: Sitting, question: str, document: str) -> None:
        """Note that a document was read."""
        if document not in sitting.opened.get(question, ()) and self._open(sitting, question):
            self.store.add_event(sitting.id, "opened", question, {"document": document})

    def hint(self, sitting: Sitting, question: str) -> tuple[str, ...]:
        """The documents to look at again; that somebody asked is kept. Raises `NotYet` in an assessment."""
        if sitting.mode != "practice":
            raise NotYet("there are hints in practice only")
        sitting = self.sitting(sitting.id)
        case, key = self._key(sitting.course, question)
        if question not in sitting.hinted and self._open(sitting, question):
            self.store.add_event(sitting.id, "hinted", question, {})
        twin = twin_of(self.cases, self.keys, sitting.course, sitting.course.question(question), key)
        return hint(self.keys.edition(key.accepts[0], case), key, twin)

    def draft(self, sitting: Sitting, question: str, part: Mapping[str, Any]) -> None:
        """Keep part of an answer, so that a closed browser loses nothing. The answer is not given by it."""
        if self._open(sitting, question):
            self.store.add_event(sitting.id, "drafted", question, part)

    def answer(self, sitting: Sitting, question: str, response: Response) -> Sitting:
        """Keep an answer: once, and for good. Raises `ResponseError`, `ClassroomError` and `StoreError`.

        The last answer of a paper hands it in.
        """
        put = self.question(sitting, question)
        if not self._open(sitting, question):
            raise ClassroomError("this question has been answered, or the paper handed in")
        checked = check_response(put, response)
        case, key = self._key(sitting.course, question)
        body = {
            "response": checked.model_dump(mode="json"),
            "score": score(put, key, checked).stored(),
            "right": {item.item: item.verdict for item in key.items},
            "misconceptions": list(misconceptions(case, key, checked)),
            "provisions": provisions(key, case),
            "key": key.digest,
            "hinted": question in self.sitting(sitting.id).hinted,
        }
        self.store.add_event(sitting.id, "answered", question, body)
        after = self.sitting(sitting.id)
        return self.hand_in(after) if after.next is None and after.handed_in is None else after

    def hand_in(self, sitting: Sitting) -> Sitting:
        """End a sitting; what was not answered stays so."""
        if sitting.handed_in is None:
            self.store.add_event(sitting.id, "handed_in", "", {})
        return self.sitting(sitting.id)

    def feedback(self, sitting: Sitting, question: str) -> Feedback:
        """The feedback on an answered question. Raises `NotYet` while it is not due."""
        if question not in sitting.answered:
            if sitting.handed_in is None or question not in sitting.questions:
                raise NotYet("answer the question first")
            raise ClassroomError("this question was handed in without an answer")
        if not sitting.may_see_answers:
            raise NotYet("in an assessment feedback comes when all is handed in")
        put = self.question(sitting, question)
        case, key = self._key(sitting.course, question)
        body = sitting.answered[question]
        twin = twin_of(self.cases, self.keys, sitting.course, sitting.course.question(question), key)
        return feedback(
            self.book, case, put, key, response_of(body["response"]), score_of(body["score"]),
            tuple(body["misconceptions"]), twin,
        )  # fmt: skip

    def key(self, course: Course, question: str) -> tuple[TrainingCase, Key]:
        """Case and key of a question, for those who may see them."""
        return self._key(course, question)

    def _key(self, course: Course, question: str) -> tuple[TrainingCase, Key]:
        asked = course.question(question)
        mark = (content_digest([course.profile, list(course.accepts), asked.model_dump_json()]), self.book.digest)
        if mark not in self._made:
            case = self.cases.of(asked)
            self._made[mark] = (case, self.keys.key(course, question, case))
        return self._made[mark]

    def _open(self, sitting: Sitting, question: str) -> bool:
        return question in sitting.questions and question not in sitting.answered and sitting.handed_in is None

    def _same_book(self, issue: Issue) -> None:
        if issue.book_digest != self.book.digest:
            raise ClassroomError(
                f"the rule book has changed since version {issue.version} of `{issue.course}` was given out; "
                "give the course out again, and start anew"
            )

    def _course(self, issue: int) -> tuple[Course, Issue]:
        kept = self.store.issue(issue)
        if issue not in self._courses:
            self._courses[issue] = read_course(kept.content, kept.course)
        return self._courses[issue], kept

    def _sitting(self, stored: StoredSitting) -> Sitting:
        course, issue = self._course(stored.issue)
        mode: Mode = "assessment" if stored.mode == "assessment" else "practice"
        events = self.store.events(stored.id)
        return Sitting(
            stored.id, course, issue, stored.person, mode, stored.seed, stored.at,
            paper(course, mode, stored.seed), **_folded(events),
        )  # fmt: skip


def provisions(key: Key, case: TrainingCase) -> list[str]:
    """The rules a question is about: the gateways that answer, and those the case names."""
    named = [one.partition("#")[0].partition("/")[0] for one in case.provisions]
    return list(dict.fromkeys([*(item.gateway for item in key.items if item.gateway), *named]))


def _folded(events: list[Event]) -> dict[str, Any]:
    """What the events of a sitting come to."""
    opened: dict[str, tuple[str, ...]] = {}
    drafts: dict[str, Mapping[str, Any]] = {}
    answered: dict[str, Mapping[str, Any]] = {}
    times: dict[str, tuple[datetime, datetime]] = {}
    handed_in: datetime | None = None
    hinted: set[str] = set()
    for event in events:
        id = event.question
        match event.kind:
            case "opened":
                opened[id] = (*opened.get(id, ()), event.body["document"])
            case "drafted":
                drafts[id] = {**drafts.get(id, {}), **event.body}
            case "hinted":
                hinted.add(id)
            case "answered":
                answered[id] = event.body
            case "handed_in":
                handed_in = event.at
        if id:
            times[id] = (times[id][0] if id in times else event.at, event.at)
    return {
        "opened": opened,
        "drafts": drafts,
        "answered": answered,
        "times": times,
        "handed_in": handed_in,
        "hinted": frozenset(hinted),
    }
