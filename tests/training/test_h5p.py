"""The H5P package: built as the file format and the two content types ask, its key the one that follows."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest

from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.h5p import h5p_package
from limen.training.key import ANSWERS, WORDS
from limen.training.paper import paper
from limen.training.scoring import marked

ALLOWED = {"p", "div", "strong", "h2", "h3"}
"""Tags that the field `question` of a Multiple Choice keeps."""


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert not attrs
        self.tags.add(tag)


def read(package: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    opened = zipfile.ZipFile(io.BytesIO(package))
    assert opened.namelist() == ["h5p.json", "content/content.json"], "and no library"
    return json.loads(opened.read("h5p.json")), json.loads(opened.read("content/content.json"))


def test_the_description_has_what_the_format_asks(classroom: Classroom, course: Course) -> None:
    about, _ = read(h5p_package(classroom, course))
    assert 1 <= len(about["title"]) <= 255
    assert re.fullmatch(r"[-a-zA-Z]{1,10}", about["language"])
    assert set(about["embedTypes"]) <= {"iframe", "div"}
    needed = {one["machineName"]: (one["majorVersion"], one["minorVersion"]) for one in about["preloadedDependencies"]}
    assert about["mainLibrary"] in needed
    assert needed == {"H5P.QuestionSet": (1, 20), "H5P.MultiChoice": (1, 16)}
    assert about["license"] == "U"
    assert "simulation" in about["authorComments"].lower()


@pytest.mark.parametrize("mode", ["practice", "assessment"])
def test_every_question_is_a_multiple_choice_with_something_that_counts(
    classroom: Classroom, course: Course, mode: str
) -> None:
    _, content = read(h5p_package(classroom, course, mode))  # type: ignore[arg-type]
    assert content["disableBackwardsNavigation"] is True, "a later question tells what an earlier one asked"
    assert content["override"]["checkButton"] is (mode == "practice")
    assert content["endGame"]["showSolutionButton"] is (mode == "practice")
    assert 0 <= content["passPercentage"] <= 100
    assert {"@current", "@total"} <= set(re.findall(r"@\w+", content["texts"]["textualProgress"]))
    assert {"@finals", "@totals"} <= set(re.findall(r"@\w+", content["endGame"]["scoreBarLabel"]))
    ids = [one["subContentId"] for one in content["questions"]]
    assert len(set(ids)) == len(ids)
    assert all(str(uuid.UUID(id)) == id for id in ids)
    for one in content["questions"]:
        assert one["library"] == "H5P.MultiChoice 1.16"
        assert one["metadata"]["contentType"] == "Multiple Choice"
        params = one["params"]
        assert Tags(params["question"]).tags <= ALLOWED
        assert params["behaviour"]["type"] in ("single", "multi")
        assert all(set(answer) == {"text", "correct", "tipsAndFeedback"} for answer in params["answers"])
        assert any(answer["correct"] for answer in params["answers"])
        assert not all(answer["correct"] for answer in params["answers"])


def test_the_key_follows_from_facts_and_profile(classroom: Classroom, course: Course) -> None:
    for profile in ("all", "text-strict", "irs-2025-08"):
        asked = course.model_copy(update={"profile": profile})
        _, content = read(h5p_package(classroom, asked))
        verdicts = [one["params"] for one in content["questions"] if "what do you decide?" in one["params"]["question"]]
        keys = [classroom.key(asked, id)[1] for id in paper(asked, "practice", "h5p")]
        items = [(key, item) for key in keys for item in key.items]
        assert len(verdicts) == len(items)
        for params, (key, item) in zip(verdicts, items, strict=True):
            assert params["behaviour"]["type"] == "single"
            for answer, option in zip(ANSWERS, params["answers"], strict=True):
                mark, under = marked(key, item, answer)
                assert option["text"] == f"<div>{WORDS[answer]}</div>"
                assert option["correct"] is (mark in ("right", "defensible"))
                assert all(name in option["tipsAndFeedback"]["chosenFeedback"] for name in under)
        for one in content["questions"]:
            if "What would you ask for first?" in one["params"]["question"]:
                right = [answer["text"] for answer in one["params"]["answers"] if answer["correct"]]
                assert len(right) >= 1
                assert any("Nothing:" in text for text in right) == (len(right) == 1 and "Nothing:" in right[0])


def test_words_of_a_course_stay_words(classroom: Classroom, course: Course) -> None:
    strange = course.model_copy(update={"title": "<img src=x onerror=alert(1)>"})
    _, content = read(h5p_package(classroom, strange))
    assert "<img" not in content["introPage"]["title"]


def test_a_package_is_the_same_each_time(classroom: Classroom, course: Course) -> None:
    assert h5p_package(classroom, course) == h5p_package(classroom, course)
