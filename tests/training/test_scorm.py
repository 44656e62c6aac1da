"""The SCORM 1.2 package: whole, valid, the same each time, and with no answer in clear."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
import zipfile

import pytest

from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.load import CourseError
from limen.training.offline import digest
from limen.training.scorm import scorm_package

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


def opened(package: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package))


def content(package: bytes) -> dict:  # type: ignore[type-arg]
    text = opened(package).read("course.js").decode()
    return json.loads(text.removeprefix("var LIMEN_COURSE = ").rstrip().removesuffix(";"))  # type: ignore[no-any-return]


def test_the_manifest_keeps_the_rules_of_scorm_1_2(classroom: Classroom, course: Course) -> None:
    package = opened(scorm_package(classroom, course))
    assert package.namelist()[0] == "imsmanifest.xml"
    assert {entry.external_attr >> 16 for entry in package.infolist()} == {0o644}
    root = ET.fromstring(package.read("imsmanifest.xml"))
    assert [child.tag for child in root] == [f"{CP}metadata", f"{CP}organizations", f"{CP}resources"]
    assert root.get("identifier") == "limen-four-words-1"
    assert root.findtext(f"{CP}metadata/{CP}schema") == "ADL SCORM"
    assert root.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"
    organisations = root.find(f"{CP}organizations")
    assert organisations is not None
    (organisation,) = organisations
    assert organisations.get("default") == organisation.get("identifier")
    (item,) = organisation.findall(f"{CP}item")
    assert item.findtext(f"{CP}title") == "The four words"
    assert item.find(f"{ADL}masteryscore") is None, "or a learning system would pass an unlawful release by one score"
    (resource,) = root.iter(f"{CP}resource")
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("type"), resource.get(f"{ADL}scormtype")) == ("webcontent", "sco")
    assert resource.get("href") in package.namelist()
    listed = {file.get("href") for file in resource.iter(f"{CP}file")}
    assert listed == set(package.namelist()) - {"imsmanifest.xml"}
    ids = [element.get("identifier") for element in root.iter() if element.get("identifier")]
    assert len(ids) == len(set(ids))


def test_a_package_is_the_same_each_time(classroom: Classroom, course: Course) -> None:
    assert scorm_package(classroom, course) == scorm_package(classroom, course)
    assert scorm_package(classroom, course) != scorm_package(classroom, course, "assessment")


@pytest.mark.parametrize("mode", ["practice", "assessment"])
def test_no_answer_stands_in_a_package_in_clear(classroom: Classroom, course: Course, mode: str) -> None:
    package = scorm_package(classroom, course, mode)  # type: ignore[arg-type]
    whole = b"".join(opened(package).read(name) for name in opened(package).namelist()).decode()
    for question in course.questions:
        case, key = classroom.key(course, question.id)
        assert case.teaches not in whole
        for item in key.items:
            assert not [one.sentence for one in item.reasons if one.outcome != "met" and one.sentence in whole]
    questions = content(package)["questions"]
    assert all(("told" in one) == (mode == "practice") for one in questions)


def test_marking_by_digests_says_what_the_key_says(classroom: Classroom, course: Course) -> None:
    told = content(scorm_package(classroom, course, "assessment", "7"))
    for one in told["questions"]:
        _, key = classroom.key(course, one["id"])
        for item in key.items:
            points, mark, _ = one["marking"]["verdicts"][digest(told["salt"], one["id"], item.item, item.verdict)]
            assert (points, mark) == (4, "right")
            marks = [mark for _, mark, _ in one["marking"]["verdicts"].values()]
            assert marks.count("right") == len(key.items)


def test_a_paper_that_does_not_fit_is_refused(classroom: Classroom, course: Course) -> None:
    many = [course.questions[2].model_copy(update={"id": f"q{n}"}) for n in range(61)]
    with pytest.raises(CourseError, match="at most 60 questions"):
        scorm_package(classroom, course.model_copy(update={"questions": tuple(many)}))
