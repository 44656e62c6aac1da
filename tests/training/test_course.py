"""A course says which cases are put, and in what words; what is right it cannot say."""

from __future__ import annotations

import json

import pytest

from limen.training.classroom import Classroom
from limen.training.course import Course, course_schema
from limen.training.load import CourseError, find_course, load_course, read_course, shipped_courses, write_course

HEAD = "course: c\ntitle: T\nsummary: S.\n"


def problem(text: str) -> str:
    with pytest.raises(CourseError) as caught:
        read_course(text, "c.yaml")
    return str(caught.value)


@pytest.mark.parametrize("word", ["answer", "key", "expect", "verdict", "correct"])
def test_an_answer_written_into_a_course_is_refused_with_its_line(word: str) -> None:
    said = problem(f"{HEAD}questions:\n  - id: q\n    scenario: i2\n    {word}: release\n")
    assert "c.yaml:7:5" in said
    assert "the key follows from facts and profile" in said
    assert "change the facts of the case or the profile" in said


def test_an_answer_written_into_a_case_or_twin_is_refused_too() -> None:
    case = "{as_of: 2026-01-01, items: {a: {}}, expect: {all: {disposition: release}}}"
    said = problem(f"{HEAD}questions:\n  - id: q\n    wording: {{title: t, story: s}}\n    case: {case}\n")
    assert "the key follows from facts and profile" in said
    said = problem(f"{HEAD}questions:\n  - {{id: q, scenario: i2, twin: {{scenario: i1, answer: withhold}}}}\n")
    assert "the key follows from facts and profile" in said


def test_a_word_nobody_knows_gets_the_nearest_one() -> None:
    assert "did you mean: `pass_marks`" in problem(f"{HEAD}pass_mark: {{}}\nquestions: [{{id: q, scenario: i2}}]\n")
    assert "did you mean: `scenario`" in problem(f"{HEAD}questions: [{{id: q, scenari: i2}}]\n")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = problem("course: c\ndraw: 3\nquestions: [{id: q}]\n")
    assert "`title` is missing" in said
    assert "`summary` is missing" in said
    assert "a question is a `scenario` or a `case`" in said


def test_a_scenario_nobody_knows_is_named_with_the_nearest(classroom: Classroom) -> None:
    course = read_course(f"{HEAD}questions: [{{id: q, scenario: textbok-request}}]\n")
    with pytest.raises(CourseError, match="did you mean: `textbook-request`"):
        classroom.check(course)


def test_a_profile_nobody_knows_is_named_with_the_nearest(classroom: Classroom) -> None:
    course = read_course(f"{HEAD}profile: ddc-2025\nquestions: [{{id: q, scenario: i2}}]\n")
    with pytest.raises(CourseError, match="did you mean: `ddc-2025-26`"):
        classroom.check(course)


def test_an_item_the_general_rule_does_not_reach_has_no_question(classroom: Classroom) -> None:
    text = "case: {as_of: 2026-01-01, facts: {holder.agency: other_local}, items: {a: {item.kind: statistic}}}"
    course = read_course(f"{HEAD}questions:\n  - id: q\n    wording: {{title: t, story: s}}\n    {text}\n")
    with pytest.raises(CourseError, match="none of the four verdicts answers it"):
        classroom.check(course)


def test_a_course_is_written_and_read_back_as_the_same(course: Course) -> None:
    assert read_course(write_course(course)) == course


@pytest.mark.parametrize("path", shipped_courses(), ids=lambda path: path.stem)
def test_shipped_courses_load_and_every_question_has_a_key(path, classroom: Classroom) -> None:  # type: ignore[no-untyped-def]
    course = load_course(path)
    assert course.course == path.stem
    keys = classroom.check(course)
    assert len(keys) == len(course.questions)


def test_a_course_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(CourseError, match="no shipped course of that name"):
        find_course("nonesuch")


def test_the_schema_is_json_and_has_no_place_for_an_answer() -> None:
    schema = json.dumps(course_schema())
    assert '"answer"' not in schema
    assert '"expect"' not in schema
