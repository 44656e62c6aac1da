"""Each misconception is found by its rule in an answer that shows it."""

from __future__ import annotations

import pytest

from limen.training.cases import Cases
from limen.training.course import Course, Question
from limen.training.key import KeyMaker
from limen.training.misconceptions import MISCONCEPTIONS, misconceptions
from limen.training.response import Response

SHOWN = {
    "not-known-as-not-met": ("four-things-missing", "withhold"),
    "silence-as-yes": ("four-things-missing", "release"),
    "asking-on-when-settled": ("four-things-missing/and-one-thing-wrong", "more_needed"),
    "number-for-an-address": ("perfect-number-no-address", "release"),
    "anybody-may-sign": ("i2/requester-not-met", "release"),
    "one-officer-for-all": ("i2/personally-engaged-not-met", "release"),
    "label-for-the-use": ("civil-removal-only", "release"),
    "content-not-source": ("employer-and-wages", "release"),
    "a-bar-forgotten": ("demo-informant", "release"),
    "somebody-who-may-be-another": ("demo-two-people", "release"),
    "refusing-to-be-safe": ("i2", "withhold"),
    "one-reading-only": ("perfect-number-no-address", "withhold"),
    "readings-where-the-text-is-plain": ("i2", "readings_differ"),
    "duties-forgotten": ("i2", "release"),
    "one-answer-for-all-items": ("employer-and-wages", "release"),
}


def test_every_misconception_has_a_case_that_shows_it() -> None:
    assert set(SHOWN) == set(MISCONCEPTIONS)


@pytest.mark.parametrize("id", SHOWN)
def test_an_answer_that_shows_it_is_found(id: str, cases: Cases, maker: KeyMaker) -> None:
    name, answer = SHOWN[id]
    course = Course(course="c", title="t", summary="s", questions=(Question(id="q", scenario=name),))
    case = cases.of(course.questions[0])
    key = maker.key(course, "q", case)
    response = Response.model_validate({"verdicts": {item.item: answer for item in key.items}})
    assert id in misconceptions(case, key, response)
