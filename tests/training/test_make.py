"""Questions made from a provision and a difficulty have that difficulty; what they come to is worked out."""

from __future__ import annotations

from datetime import date

import pytest

from limen.training.cases import Cases
from limen.training.course import Course
from limen.training.key import KeyMaker
from limen.training.load import CourseError, read_course, write_course
from limen.training.make import Wish, make_questions, told_apart, twin_questions
from limen.training.twin import twin_of

LAW = "usc.26.6103.i.2"


def course_of(questions: list) -> Course:  # type: ignore[type-arg]
    return Course(course="made", title="t", summary="s", questions=tuple(questions))


@pytest.mark.parametrize("level", ["border", "missing", "readings"])
@pytest.mark.parametrize("origin", ["told", "made"])
def test_made_questions_have_the_difficulty_wished_for(cases: Cases, maker: KeyMaker, level: str, origin: str) -> None:
    count = 1 if (level, origin) == ("readings", "made") else 2
    questions = make_questions(cases, maker, Wish(LAW, level, count, origin))  # type: ignore[arg-type]
    assert questions
    course = course_of(questions)
    for question in questions:
        key = maker.key(course, question.id, cases.of(question))
        verdicts = {item.verdict for item in key.items}
        twin = twin_of(cases, maker, course, question, key)
        if level == "missing":
            assert "more_needed" in verdicts
            assert key.missing
        elif level == "readings":
            assert "readings_differ" in verdicts
            assert key.hinges
        else:
            assert not verdicts & {"more_needed", "readings_differ"}
            assert twin is not None
        if origin == "made":
            assert twin is not None
        if twin is not None:
            assert dict(twin.verdicts) != {item.item: item.verdict for item in key.items}
            assert 1 <= len(twin.differences) <= 8


def test_the_same_seed_makes_the_same_questions_and_they_are_written_and_read_back(
    cases: Cases, maker: KeyMaker
) -> None:
    first, again, other = (
        make_questions(cases, maker, Wish(LAW, "missing", 2, "made", seed)) for seed in ("1", "1", "2")
    )
    assert first == again != other
    course = course_of(first)
    assert read_course(write_course(course)) == course


def test_the_words_and_the_id_of_a_made_question_do_not_tell_what_was_changed(cases: Cases, maker: KeyMaker) -> None:
    for question in make_questions(cases, maker, Wish(LAW, "border", 3, "made")):
        assert question.wording.story is not None
        assert "before you decide" in question.wording.story
        for word in ("not-met", "delegate", "ambiguous", "true", "false", "unknown"):
            assert word not in question.id


def test_twins_of_the_solver_are_one_fact_apart_and_answered_otherwise(cases: Cases, maker: KeyMaker) -> None:
    pytest.importorskip("z3")
    questions = twin_questions(cases, f"{LAW}#sole_use", date(2026, 3, 1), "centro-2026")
    assert len(questions) == 2
    course = course_of(questions).model_copy(update={"profile": "centro-2026"})
    keys = [maker.key(course, question.id, cases.of(question)) for question in questions]
    assert keys[0].items[0].verdict != keys[1].items[0].verdict
    twin = twin_of(cases, maker, course, questions[0], keys[0])
    assert twin is not None
    assert len(twin.differences) == 1


def test_a_provision_nobody_knows_is_named_with_the_nearest(cases: Cases, maker: KeyMaker) -> None:
    with pytest.raises(CourseError, match=r"did you mean: `usc.26.6103.i.2`"):
        make_questions(cases, maker, Wish("usc.26.6103.i2", "border"))


def test_no_two_questions_are_called_the_same(cases: Cases, maker: KeyMaker) -> None:
    found = make_questions(cases, maker, Wish(LAW, "missing", 4, "made"))
    first = told_apart(found)
    again = told_apart(found, first)
    titles = [one.wording.title for one in (*first, *again)]
    assert len(set(titles)) == len(titles)
    assert [one.case for one in first] == [one.case for one in found], "and nothing else is changed"


def test_stories_are_of_as_many_families_as_there_are(cases: Cases, maker: KeyMaker) -> None:
    found = make_questions(cases, maker, Wish(LAW, "border", 4, "told"))
    assert len({str(one.scenario).partition("/")[0] for one in found}) == len(found)
