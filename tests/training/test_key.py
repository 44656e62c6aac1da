"""The key follows from facts, profile and book, and from nothing that anybody writes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from limen.crossref import open_registry
from limen.law import Book
from limen.law.digest import book_digest
from limen.scenario.run import ScenarioRunner
from limen.training.cases import Cases
from limen.training.classroom import Classroom
from limen.training.course import Course, Question
from limen.training.key import KeyMaker
from limen.training.load import read_course

SOME = [
    "perfect-number-no-address", "four-things-missing", "i2", "i2/requester-not-met", "demo-two-people", "i5",
    "demo-one-officer", "demo-informant",
]  # fmt: skip


def course_of(*scenarios: str, profile: str = "all") -> Course:
    questions = [Question(id=f"q{n}", scenario=name) for n, name in enumerate(scenarios)]
    return Course(course="c", title="t", summary="s", profile=profile, questions=tuple(questions))


def test_the_key_is_what_the_desk_decides(book: Book, cases: Cases, maker: KeyMaker) -> None:
    runner = ScenarioRunner(book, open_registry().match)
    words = {"allow": "release", "deny": "withhold", "open": "more_needed", "readings_differ": "readings_differ"}
    course = course_of(*SOME)
    for question in course.questions:
        case = cases.of(question)
        decision = runner.run(case.told, ["all"]).decisions["all"]
        key = maker.key(course, question.id, case)
        assert {i.item: i.verdict for i in key.items} == {i.item: words[i.verdict] for i in decision.items}
        assert {m.fact for m in key.missing} == {m.fact for m in decision.missing}
        assert {hinge.reading for hinge in decision.hinges} <= {hinge.reading for hinge in key.hinges} or not key.hinges


@pytest.mark.parametrize("profile", ["irs-2025-08", "ddc-2025-26"])
def test_under_one_profile_the_key_is_what_that_profile_decides(
    book: Book, cases: Cases, maker: KeyMaker, profile: str
) -> None:
    runner = ScenarioRunner(book, open_registry().match)
    words = {"allow": "release", "deny": "withhold", "open": "more_needed"}
    course = course_of(*SOME, profile=profile)
    for question in course.questions:
        case = cases.of(question)
        decision = runner.run(case.told, [profile]).decisions[profile]
        key = maker.key(course, question.id, case)
        assert {i.item: i.verdict for i in key.items} == {i.item: words[i.verdict] for i in decision.items}
        assert {duty.address for duty in key.duties} == {duty.address for duty in decision.duties}


def test_an_expectation_edited_into_a_scenario_changes_no_key(book: Book, maker: KeyMaker) -> None:
    cases = Cases(book)
    course = course_of("i2/requester-not-met")
    question = course.questions[0]
    honest = maker.key(course, question.id, cases.of(question))
    told = cases.scenario("i2/requester-not-met")
    forged = told.model_copy(update={"expect": {"all": {"disposition": "release"}}, "teaches": "Anybody may sign."})
    cases._read["i2/requester-not-met"] = forged
    assert maker.key(course, question.id, cases.of(question)) == honest
    assert honest.items[0].verdict == "withhold"


def test_a_digest_edited_into_the_store_changes_no_score(classroom: Classroom, course: Course) -> None:
    issue = classroom.issue(course)
    forged = classroom.store.add_issue(
        "forged", 1, issue.content.replace("four-words", "forged"), "x",
        (issue.book_name, issue.book_version, issue.book_digest), {"complete": "0" * 64},
    )  # fmt: skip
    sitting = classroom.start(forged, "p1")
    assert classroom.key(sitting.course, "complete")[1].items[0].verdict == "release"


def test_another_wording_is_the_same_key_and_other_facts_are_another(classroom: Classroom) -> None:
    plain = read_course("course: c\ntitle: t\nsummary: s\nquestions: [{id: q, scenario: i2}]\n")
    told = read_course(
        "course: c\ntitle: t\nsummary: s\nquestions:\n"
        "  - {id: q, scenario: i2, wording: {title: It must be withheld, story: The right answer is to withhold.}}\n"
    )
    other = read_course("course: c\ntitle: t\nsummary: s\nquestions: [{id: q, scenario: i2/requester-not-met}]\n")
    keys = [classroom.check(one)["q"].digest for one in (plain, told, other)]
    assert keys[0] == keys[1] != keys[2]


def test_the_digest_changes_with_the_book(book: Book) -> None:
    course = course_of("i2")
    changed = replace(book, title=f"{book.title} (a draft)")
    changed = replace(changed, digest=book_digest(changed))
    case = Cases(book).of(course.questions[0])
    before, after = (KeyMaker(one).key(course, "q0", case) for one in (book, changed))
    assert before.answer_digest == after.answer_digest
    assert before.digest != after.digest
