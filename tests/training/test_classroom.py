"""Sitting a paper: what is kept, what is shown, and when."""

from __future__ import annotations

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from limen.law import Book
from limen.law.digest import book_digest
from limen.training.classroom import Classroom, ClassroomError, NotYet, Sitting
from limen.training.course import Course
from limen.training.documents import TITLES
from limen.training.load import load_course, read_course, shipped_courses, write_course
from limen.training.paper import SeedError, paper
from limen.training.response import Response, keys_own
from limen.training.store import Store, StoreError
from limen.training.tables import decisions_csv


def own(classroom: Classroom, sitting: Sitting, question: str) -> Response:
    return keys_own(classroom.question(sitting, question), classroom.key(sitting.course, question)[1])


def test_a_paper_answered_as_the_key_does_passes(classroom: Classroom, course: Course) -> None:
    sitting = classroom.start(classroom.issue(course), "p1", "Ada")
    while (question := sitting.next) is not None:
        classroom.put(sitting, question)
        sitting = classroom.answer(sitting, question, own(classroom, sitting, question))
    assert sitting.handed_in is not None
    assert sitting.passed
    assert sitting.score.verdict.percent == 100


def test_in_practice_feedback_comes_at_once_and_names_provision_and_twin(classroom: Classroom, course: Course) -> None:
    sitting = classroom.start(classroom.issue(course), "p1")
    with pytest.raises(NotYet):
        classroom.feedback(sitting, "no-address")
    answer = Response(verdicts={"last-known-address": "release"})
    sitting = classroom.answer(sitting, "no-address", answer)
    told = classroom.feedback(sitting, "no-address")
    assert told.items[0].mark == "defensible"
    assert told.items[0].defensible_under == ("irs-2025-08",)
    assert told.items[0].gateway == "usc.26.6103.i.2"
    assert "On a complete written request" in told.items[0].gateway_summary
    assert {step.citation for step in told.items[0].steps if step.decides} == {"26 U.S.C. § 6103(i)(2)(B)(i)"}
    assert told.twin is not None
    assert told.twin.verdicts != (("Last known address", "readings_differ"),)
    assert told.twin.differences
    assert [one.id for one in told.misconceptions] == ["number-for-an-address", "one-reading-only"]


def test_in_an_assessment_nothing_is_told_before_all_is_handed_in(classroom: Classroom, course: Course) -> None:
    sitting = classroom.start(classroom.issue(course), "p1", mode="assessment", seed="7")
    first = sitting.questions[0]
    sitting = classroom.answer(sitting, first, own(classroom, sitting, first))
    with pytest.raises(NotYet, match="when all is handed in"):
        classroom.feedback(sitting, first)
    sitting = classroom.hand_in(sitting)
    assert classroom.feedback(sitting, first).items[0].mark == "right"
    assert not sitting.passed
    with pytest.raises(ClassroomError):
        classroom.answer(sitting, sitting.questions[1], own(classroom, sitting, sitting.questions[1]))


def test_a_question_is_answered_once(classroom: Classroom, course: Course, store: Store) -> None:
    before = classroom.start(classroom.issue(course), "p1")
    answer = own(classroom, before, "complete")
    classroom.answer(before, "complete", answer)
    with pytest.raises(StoreError):
        classroom.answer(before, "complete", answer)  # as if a second window had not noticed
    assert sum(event.kind == "answered" for event in store.events(before.id)) == 1


def test_what_was_drafted_and_opened_is_there_after_a_closed_browser(classroom: Classroom, course: Course) -> None:
    sitting = classroom.start(classroom.issue(course), "p1")
    classroom.opened(sitting, "complete", "letter")
    classroom.draft(sitting, "complete", {"verdicts": {"mailing-address": "release"}})
    with Store(classroom.store.path) as again:
        back = Classroom(classroom.book, again).sitting(sitting.id)
    assert back.opened == {"complete": ("letter",)}
    assert back.drafts["complete"] == {"verdicts": {"mailing-address": "release"}}
    assert back.next == "no-address"


def test_the_same_seed_is_the_same_paper(course: Course) -> None:
    drawn = course.model_copy(update={"draw": 2})
    papers = {paper(drawn, "assessment", str(seed)) for seed in range(30)}
    assert paper(drawn, "assessment", "7") == paper(drawn, "assessment", "7")
    assert all(len(one) == 2 for one in papers)
    assert len(papers) > 3
    assert paper(course, "practice", "7") == tuple(question.id for question in course.questions)


def test_a_seed_is_letters_and_digits(classroom: Classroom, course: Course) -> None:
    with pytest.raises(SeedError):
        classroom.start(classroom.issue(course), "p1", seed="../7")


def test_a_version_means_one_content(classroom: Classroom, course: Course) -> None:
    first = classroom.issue(course)
    assert classroom.issue(course) == first
    with pytest.raises(StoreError, match="raise `version`"):
        classroom.issue(course.model_copy(update={"title": "Five words"}))
    assert classroom.issue(course.model_copy(update={"title": "Five words", "version": 2})).id != first.id


def test_when_the_book_changes_a_sitting_ends_and_the_course_is_given_out_again(
    classroom: Classroom, course: Course, book: Book, store: Store
) -> None:
    sitting = classroom.start(classroom.issue(course), "p1")
    changed = replace(book, title="Another")
    after = Classroom(replace(changed, digest=book_digest(changed)), store)
    with pytest.raises(ClassroomError, match="the rule book has changed"):
        after.put(after.sitting(sitting.id), "complete")
    assert after.issue(course).id != sitting.issue.id


def test_nothing_kept_can_be_changed_and_a_name_can_be_forgotten(
    classroom: Classroom, course: Course, store: Store
) -> None:
    sitting = classroom.start(classroom.issue(course), "p1", "Ada")
    classroom.answer(sitting, "complete", own(classroom, sitting, "complete"))
    with sqlite3.connect(store.path) as connection:
        for statement in (
            "update event set body = '{}'",
            "delete from event",
            "delete from sitting",
            "delete from issue",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    connection.close()
    assert store.names() == {"p1": "Ada"}
    assert store.forget("p1")
    assert store.names() == {}
    assert classroom.sitting(sitting.id).answered


def test_who_is_forgotten_stands_nowhere_in_the_file_and_nobody_else_reads_it(
    classroom: Classroom, course: Course, store: Store
) -> None:
    classroom.start(classroom.issue(course), "p1", "Adalgisa Sand")
    files = [path for path in store.path.parent.iterdir() if path.name.startswith(store.path.name)]
    assert any(b"Adalgisa" in path.read_bytes() for path in files)
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []
    assert store.forget("p1")
    assert not any(b"Adalgisa" in path.read_bytes() for path in files if path.exists())


KILLED = """
import sys
from pathlib import Path
from limen.training.store import Store
store = Store(Path(sys.argv[1]))
issue = store.add_issue("c", 1, "x", "x", ("b", "1", "d"), {})
sitting = store.add_sitting(issue.id, "p", None, "practice", "1")
print(sitting.id, flush=True)
for number in range(100_000):
    store.add_event(sitting.id, "answered", str(number), {"response": {}})
    print(number, flush=True)
"""


def test_a_kill_loses_no_answer_that_was_acknowledged(tmp_path: Path) -> None:
    place = tmp_path / "training.sqlite"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    sitting = child.stdout.readline().strip()
    acknowledged = [child.stdout.readline().strip() for _ in range(25)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [line.strip() for line in child.stdout.read().splitlines()]
    child.wait()
    with Store(place) as store:
        kept = [event.question for event in store.events(sitting)]
    assert len(acknowledged) >= 25
    assert set(acknowledged) <= set(kept)
    assert len(kept) - len(acknowledged) <= 1


def test_a_course_edited_after_it_was_given_out_leaves_sittings_as_they_were(
    classroom: Classroom, course: Course
) -> None:
    sitting = classroom.start(classroom.issue(course), "p1")
    edited = read_course(write_course(course).replace("The four words", "Something else"))
    classroom.issue(edited.model_copy(update={"version": 2}))
    assert classroom.sitting(sitting.id).course.title == "The four words"


def test_a_hint_names_documents_and_is_kept_and_there_is_none_in_an_assessment(
    classroom: Classroom, course: Course
) -> None:
    sitting = classroom.start(classroom.issue(course), "p", "Ada", "practice", "7")
    question = "no-address"
    before = classroom.question(sitting, question)
    where = classroom.hint(sitting, question)
    assert where == classroom.hint(sitting, question), "asked twice, and kept once"
    assert 1 <= len(where) <= 2
    assert set(where) <= set(TITLES.values())
    assert "The letter" in where, "the address stands there"
    events = [one.kind for one in classroom.store.events(sitting.id)]
    assert events.count("hinted") == 1
    assert classroom.question(sitting, question) == before
    after = classroom.answer(sitting, question, keys_own(before, classroom.key(course, question)[1]))
    assert after.answered[question]["hinted"] is True
    assert after.score.verdict.percent == 100, "and it costs nothing"
    (line,) = csv.DictReader(io.StringIO(decisions_csv([after], {})))
    assert line["hinted"] == "yes"
    examined = classroom.start(classroom.issue(course), "p", "Ada", "assessment", "7")
    with pytest.raises(NotYet, match="in practice only"):
        classroom.hint(examined, question)


def test_every_shipped_question_has_a_hint_that_tells_no_verdict(classroom: Classroom) -> None:
    for path in shipped_courses():
        course = load_course(path)
        sitting = classroom.start(classroom.issue(course), "p", "Ada", "practice", "7")
        for question in sitting.questions:
            where = classroom.hint(sitting, question)
            assert 1 <= len(where) <= 2, (course.course, question)
