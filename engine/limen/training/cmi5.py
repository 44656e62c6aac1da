"""A cmi5 course package: the player of the SCORM package, which reports to a learning record store in xAPI statements.

The learning system launches it and says where to report; nothing of ours has to run. What the player may send, and in
which order, is told in `player/cmi5.js`.

Source: cmi5 (AICC and ADL, Quartz edition), sections 7 to 10 for what the player does, 13 and 14 for the package.
"""

from __future__ import annotations

from typing import Final

from limen.law.rules import Gateway
from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.markup import Element, document, element
from limen.training.offline import Played, played, zipped
from limen.training.paper import Mode
from limen.training.xapi import course_activity

MOVE_ON: Final[dict[Mode, str]] = {"practice": "Completed", "assessment": "CompletedAndPassed"}
"""What satisfies a learning system: practice when it is worked through, an assessment when it is passed as well."""
KINDS: Final[dict[Mode, str]] = {
    "practice": "http://adlnet.gov/expapi/activities/lesson",
    "assessment": "http://adlnet.gov/expapi/activities/assessment",
}
"""What kind of activity a package is."""


def cmi5_package(classroom: Classroom, course: Course, mode: Mode = "practice", seed: str = "cmi5") -> bytes:
    """The package as a zip file, the same bytes for the same course, book, mode and seed. Raises `CourseError`."""
    made = played(classroom, course, mode, seed)
    return zipped({"cmi5.xml": structure(classroom, made), **made.files("cmi5.js")}, "cmi5.xml")


def structure(classroom: Classroom, made: Played) -> str:
    """The course structure: one course with the provisions it is about as objectives, one assignable unit.

    The identifiers hold a digest of all that is played, so that two courses of one name are never taken for the same.
    The mark for verdicts is the mastery score; the player holds to the other three, and to the rule on unlawful
    releases, as well.
    """
    course, mode = made.course, made.mode
    ours = f"{course_activity(course)}:{made.digest[:16]}"
    rules = [classroom.book.rules[address] for address in made.content["provisions"]]
    gateways = {f"urn:limen:provision:{rule.address}": rule for rule in rules if isinstance(rule, Gateway)}
    objectives = [
        element("objective", *_told(rule.title, f"{rule.cite.text}. {rule.summary}"), id=id)
        for id, rule in gateways.items()
    ]
    unit = element(
        "au", *_told(f"{course.title}: {mode}", course.introduction or course.summary),
        *([element("objectives", *(element("objective", idref=id) for id in gateways))] if gateways else []),
        element("url", "index.html"),
        id=f"{ours}:{mode}", moveOn=MOVE_ON[mode], launchMethod="AnyWindow", activityType=KINDS[mode],
        **({"masteryScore": f"{course.pass_marks.verdict / 100:.2f}"} if mode == "assessment" else {}),
    )  # fmt: skip
    return document(
        element(
            "courseStructure",
            element("course", *_told(course.title, course.summary), id=ours),
            *([element("objectives", *objectives)] if objectives else []),
            unit,
            xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd",
        )
    )


def _told(title: str, description: str) -> tuple[Element, Element]:
    return tuple(  # type: ignore[return-value]
        element(name, element("langstring", text, lang="en-US"))
        for name, text in (("title", title), ("description", description))
    )
