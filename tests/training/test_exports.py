"""Results, and what is handed on: tables, statements, prints. None but the facilitator's key tells before its time."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid

import pytest

from limen import qr
from limen.training.classroom import Classroom, Sitting
from limen.training.course import Course
from limen.training.load import CourseError
from limen.training.prints import certificate, facilitator_key, sign_in_sheet, workbook
from limen.training.response import Response, keys_own
from limen.training.results import by_misconception, by_person, by_provision, health, never_exercised
from limen.training.tables import decisions_csv, sittings_csv
from limen.training.xapi import statements, statements_json


def sat(
    classroom: Classroom, course: Course, name: str, mode: str = "assessment", wrong: tuple[str, ...] = ()
) -> Sitting:
    """A sitting in which everything is answered as the key does, but for `wrong`, which is released."""
    sitting = classroom.start(classroom.issue(course), name.lower(), name, mode, "7")  # type: ignore[arg-type]
    while (question := sitting.next) is not None:
        classroom.put(sitting, question)
        response = keys_own(classroom.question(sitting, question), classroom.key(course, question)[1])
        if question in wrong:
            response = Response.model_validate({"verdicts": dict.fromkeys(response.verdicts, "release")})
        sitting = classroom.answer(sitting, question, response)
    return sitting


@pytest.fixture
def two(classroom: Classroom, course: Course) -> list[Sitting]:
    return [sat(classroom, course, "Ada"), sat(classroom, course, "=Bob", wrong=("signed-for", "four-things"))]


def test_results_by_person_provision_and_misconception(classroom: Classroom, two: list[Sitting]) -> None:
    ada, bob = by_person(two, classroom.store.names())
    assert (ada.person, ada.state, ada.unlawful, ada.percents["verdict"]) == ("Ada", "passed", 0, 100)
    assert (bob.state, bob.unlawful, bob.percents["verdict"]) == ("not passed", 4, 0)
    (law,) = (line for line in by_provision(two, classroom.book) if line.address == "usc.26.6103.i.2")
    assert (law.answers, law.items - law.held, law.unlawful) == (8, 4, 4)
    shown = {line.id: (line.times, line.people) for line in by_misconception(two)}
    assert shown == {"anybody-may-sign": (1, 1), "silence-as-yes": (1, 1)}


def test_the_health_of_questions(classroom: Classroom, course: Course) -> None:
    sittings = [sat(classroom, course, f"P{n}", wrong=("signed-for", "four-things")[: n % 3]) for n in range(6)]
    lines = {line.id: line for line in health(classroom, course, sittings)}
    assert lines["complete"].difficulty == 1.0
    assert lines["complete"].discrimination is None
    assert lines["signed-for"].difficulty == pytest.approx(1 / 3)
    assert lines["signed-for"].discrimination == pytest.approx(0.5)
    assert not any(line.changed for line in lines.values())
    never = dict(never_exercised(classroom, course))
    assert "usc.26.6103.i.5" in never
    assert "usc.26.6103.i.2" not in never


def test_a_question_whose_answer_is_another_than_when_it_was_given_out_is_marked(
    classroom: Classroom, course: Course
) -> None:
    issue = classroom.issue(course)
    old = {**issue.keys, "complete": "0" * 64}
    classroom.store.add_issue(course.course, 2, issue.content, issue.content_digest, ("b", "1", "d"), old)
    assert [line.id for line in health(classroom, course, []) if line.changed] == ["complete"]


def test_tables_have_a_line_for_each_sitting_and_each_decision(classroom: Classroom, two: list[Sitting]) -> None:
    names = classroom.store.names()
    sittings = list(csv.DictReader(io.StringIO(sittings_csv(two, names))))
    assert [line["state"] for line in sittings] == ["passed", "not passed"]
    assert sittings[1]["person"] == "'=Bob"
    decisions = list(csv.DictReader(io.StringIO(decisions_csv(two, names))))
    assert len(decisions) == sum(len(body["right"]) for sitting in two for body in sitting.answered.values())
    assert {line["mark"] for line in decisions} == {"right", "unlawful"}


def test_nothing_is_exported_of_an_assessment_under_way(classroom: Classroom, course: Course) -> None:
    sitting = classroom.start(classroom.issue(course), "p", "Ada", "assessment", "7")
    first = sitting.questions[0]
    sitting = classroom.answer(
        sitting, first, keys_own(classroom.question(sitting, first), classroom.key(course, first)[1])
    )
    assert statements([sitting], {}) == []
    assert len(decisions_csv([sitting], {}).splitlines()) == 1
    with pytest.raises(CourseError, match="no certificate"):
        certificate(classroom, sitting, "Ada")


IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")
DURATION = re.compile(r"PT\d+(\.\d+)?S")


def test_statements_keep_the_rules_of_xapi(classroom: Classroom, two: list[Sitting]) -> None:
    made = statements(two, classroom.store.names(), "https://training.example.org")
    assert made == json.loads(statements_json(two, classroom.store.names(), "https://training.example.org"))
    assert len({one["id"] for one in made}) == len(made)
    decisions = [one for one in made if one["verb"]["id"].endswith("/answered")]
    assert len(decisions) == sum(len(body["right"]) for sitting in two for body in sitting.answered.values())
    for one in made:
        assert str(uuid.UUID(one["id"])) == one["id"]
        assert set(one) <= {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
        assert one["version"] == "1.0.3"
        assert one["actor"]["account"]["homePage"].startswith("https://")
        assert set(one["actor"]) <= {"objectType", "account", "name"}
        assert IRI.fullmatch(one["verb"]["id"])
        assert IRI.fullmatch(one["object"]["id"])
        uuid.UUID(one["context"]["registration"])
        for group in one["context"]["contextActivities"].values():
            assert all(IRI.fullmatch(activity["id"]) for activity in group)
        assert all(IRI.fullmatch(name) for name in one["context"]["extensions"])
        result = one.get("result", {})
        if "score" in result:
            assert -1 <= result["score"]["scaled"] <= 1
            if "raw" in result["score"]:
                assert result["score"]["min"] <= result["score"]["raw"] <= result["score"]["max"]
        if "duration" in result:
            assert DURATION.fullmatch(result["duration"])
        assert all(IRI.fullmatch(name) for name in result.get("extensions", {}))
    for one in decisions:
        definition = one["object"]["definition"]
        ids = {choice["id"] for choice in definition["choices"]}
        assert set(definition["correctResponsesPattern"]) <= ids
        assert one["result"]["response"] in ids
        assert one["result"]["success"] == (one["result"]["response"] in definition["correctResponsesPattern"])
    ends = [
        [one["verb"]["display"]["en-US"] for one in made if one["actor"]["name"] == name] for name in ("Ada", "=Bob")
    ]
    assert [(verbs[0], sorted(verbs[-2:])) for verbs in ends] == [
        ("initialized", ["completed", "passed"]), ("initialized", ["completed", "failed"])
    ]  # fmt: skip


def test_the_workbook_holds_no_answer_and_the_key_all_of_them(classroom: Classroom, course: Course) -> None:
    pytest.importorskip("jinja2")
    book, key = workbook(classroom, course, "7"), facilitator_key(classroom, course, "7")
    teaches = [classroom.key(course, question.id)[0].teaches for question in course.questions]
    for sentence in teaches:
        assert sentence not in book
        assert sentence.replace("'", "&#39;") in key
    for question in course.questions:
        _, one = classroom.key(course, question.id)
        assert one.digest[:16] in key
        assert one.digest[:16] not in book
        for item in one.items:
            assert all(reason.sentence not in book for reason in item.reasons if reason.outcome != "met")
    assert "not for participants" in key
    assert "all profiles asked together" in book


def test_certificate_and_sign_in_sheet(classroom: Classroom, course: Course, two: list[Sitting]) -> None:
    pytest.importorskip("jinja2")
    paper = certificate(classroom, two[0], "Ada <b>")
    assert "Ada &lt;b&gt;" in paper
    assert "has passed the assessment in" in paper
    with pytest.raises(CourseError, match="not passed"):
        certificate(classroom, two[1], "Bob")
    assert sign_in_sheet(classroom, course, 12).count("<tr>") == 13


def test_every_print_says_at_its_foot_what_it_belongs_to_and_a_telephone_reads_it_too(
    classroom: Classroom, course: Course, two: list[Sitting]
) -> None:
    pytest.importorskip("jinja2")
    marks = {
        "urn:limen:course:four-words:1:paper:7": [made(classroom, course, "7") for made in (workbook, facilitator_key)],
        "urn:limen:course:four-words:1": [sign_in_sheet(classroom, course)],
        f"urn:limen:sitting:{two[0].id}": [certificate(classroom, two[0], "Ada")],
    }  # fmt: skip
    for mark, prints in marks.items():
        for one in prints:
            foot = one.partition("<footer>")[2]
            assert "four-words, version 1" in foot
            assert mark in foot
            assert classroom.book.digest[:16] in foot
            assert qr.svg(mark, f"{mark}, as a code") in foot
            assert ("<svg" in foot) == bool(qr.svg(mark, ""))
