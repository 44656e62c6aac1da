"""Training: courses made of cases, papers sat, four scores, and keys that nobody can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.training.classroom import Classroom, ClassroomError, NotYet, Sitting
    from limen.training.course import Course, course_schema
    from limen.training.load import CourseError, find_course, load_course, shipped_courses
    from limen.training.response import Response, ResponseError
    from limen.training.store import Store, StoreError

_HOMES = {
    **dict.fromkeys(("Classroom", "ClassroomError", "NotYet", "Sitting"), "limen.training.classroom"),
    **dict.fromkeys(("Course", "course_schema"), "limen.training.course"),
    **dict.fromkeys(("CourseError", "find_course", "load_course", "shipped_courses"), "limen.training.load"),
    **dict.fromkeys(("Response", "ResponseError"), "limen.training.response"),
    **dict.fromkeys(("Store", "StoreError"), "limen.training.store"),
}

__all__ = [
    "Classroom",
    "ClassroomError",
    "Course",
    "CourseError",
    "NotYet",
    "Response",
    "ResponseError",
    "Sitting",
    "Store",
    "StoreError",
    "course_schema",
    "find_course",
    "load_course",
    "shipped_courses",
]


def __getattr__(name: str) -> object:
    """The members of this room's face, imported at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `limen.training` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
