"""A SCORM 1.2 package: the course with a player of its own, which runs in a learning system without our server.

Source: SCORM 1.2 content aggregation model (manifest) and run-time environment (what `player/scorm12.js` calls).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.load import one_problem
from limen.training.markup import clean
from limen.training.offline import played, zipped
from limen.training.paper import Mode, paper

MOST_QUESTIONS: Final = 60
"""Questions in one package: what was answered has to fit the 4,096 characters that SCORM 1.2 keeps."""


def scorm_package(classroom: Classroom, course: Course, mode: Mode = "practice", seed: str = "scorm") -> bytes:
    """The package as a zip file, the same bytes for the same course, book, mode and seed.

    Raises `CourseError` for a course whose paper is too long for the memory that SCORM 1.2 gives.
    """
    ids = paper(course, mode, seed)
    if len(ids) > MOST_QUESTIONS:
        raise one_problem(
            course.course, f"a SCORM 1.2 package holds at most {MOST_QUESTIONS} questions; this paper has {len(ids)}",
            "set `draw` in the course, or make two courses of it",
        )  # fmt: skip
    files = played(classroom, course, mode, seed).files("scorm12.js")
    files["imsmanifest.xml"] = manifest(course, list(files))
    return zipped(files, "imsmanifest.xml")


def manifest(course: Course, files: Iterable[str]) -> str:
    """The manifest: one organisation, one item, one sharable content object, every file listed.

    It names no mastery score: with one, a learning system would work out by itself who has passed, by one score of the
    four, and an unlawful release could pass.
    """
    name = "".join(letter if letter.isalnum() else "-" for letter in course.course)
    listed = "\n".join(f'      <file href="{escape(file)}"/>' for file in sorted(files) if file != "imsmanifest.xml")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="limen-{name}-{course.version}" version="{course.version}"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd
    http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="limen-organization">
    <organization identifier="limen-organization">
      <title>{escape(clean(course.title))}</title>
      <item identifier="limen-item" identifierref="limen-resource">
        <title>{escape(clean(course.title))}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="limen-resource" type="webcontent" adlcp:scormtype="sco" href="index.html">
{listed}
    </resource>
  </resources>
</manifest>
"""
