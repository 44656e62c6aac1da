"""The cmi5 package: a course structure as its schema asks, entry points that are there, and no answer in clear.

What the player then sends is tried in a browser, against a learning record store that holds it to the specification.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest

from limen.training.classroom import Classroom
from limen.training.cmi5 import cmi5_package
from limen.training.course import Course

C = "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}"
IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")


def opened(package: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package))


def structure(package: bytes) -> ET.Element:
    return ET.fromstring(opened(package).read("cmi5.xml"))


def tags(element: ET.Element) -> list[str]:
    return [child.tag.removeprefix(C) for child in element]


@pytest.mark.parametrize("mode", ["practice", "assessment"])
def test_the_course_structure_keeps_the_rules_of_its_schema(classroom: Classroom, course: Course, mode: str) -> None:
    package = cmi5_package(classroom, course, mode)  # type: ignore[arg-type]
    assert opened(package).namelist()[0] == "cmi5.xml"
    root = structure(package)
    assert root.tag == f"{C}courseStructure"
    assert tags(root) == ["course", "objectives", "au"]
    whole, objectives, unit = root
    assert tags(whole) == ["title", "description"]
    assert tags(unit) == ["title", "description", "objectives", "url"]
    for text in (*root.iter(f"{C}title"), *root.iter(f"{C}description")):
        (told,) = text
        assert told.tag == f"{C}langstring"
        assert told.text and re.fullmatch(r"[a-z]{2}-[A-Z]{2}", told.attrib["lang"])
    ids = [whole.attrib["id"], unit.attrib["id"], *(one.attrib["id"] for one in objectives)]
    assert len(set(ids)) == len(ids)
    assert all(IRI.fullmatch(id) for id in ids)
    assert {one.attrib["idref"] for one in unit.iter(f"{C}objective")} == {one.attrib["id"] for one in objectives}
    assert unit.findtext(f"{C}url") in opened(package).namelist()
    assert set(unit.attrib) <= {"id", "moveOn", "masteryScore", "launchMethod", "activityType"}
    assert unit.attrib["launchMethod"] in ("AnyWindow", "OwnWindow")
    assert unit.attrib["moveOn"] == {"practice": "Completed", "assessment": "CompletedAndPassed"}[mode]
    assert unit.get("masteryScore") == {"practice": None, "assessment": "0.75"}[mode]


def test_other_contents_have_other_identifiers(classroom: Classroom, course: Course) -> None:
    def id_of(course: Course, mode: str = "practice") -> str:
        return structure(cmi5_package(classroom, course, mode))[-1].attrib["id"]  # type: ignore[arg-type]

    assert id_of(course) == id_of(course)
    assert id_of(course) != id_of(course, "assessment")
    assert id_of(course) != id_of(course.model_copy(update={"profile": "text-strict"}))


@pytest.mark.parametrize("mode", ["practice", "assessment"])
def test_no_answer_stands_in_a_package_in_clear(classroom: Classroom, course: Course, mode: str) -> None:
    package = opened(cmi5_package(classroom, course, mode))  # type: ignore[arg-type]
    whole = b"".join(package.read(name) for name in package.namelist()).decode()
    for question in course.questions:
        case, key = classroom.key(course, question.id)
        assert case.teaches not in whole
        for item in key.items:
            assert not [one.sentence for one in item.reasons if one.outcome != "met" and one.sentence in whole]
