"""The packages a course can leave the house in, each by its name: what every face offers, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from limen.training.classroom import Classroom
from limen.training.cmi5 import cmi5_package
from limen.training.course import Course
from limen.training.h5p import h5p_package
from limen.training.paper import Mode
from limen.training.qti import qti_package
from limen.training.scorm import scorm_package

Maker = Callable[[Classroom, Course, Mode, str], bytes]


@dataclass(frozen=True, slots=True)
class Package:
    """A kind of package: its name, what it is called, how its file ends, what it tells who opens it, and who makes it.

    `keeps_answers` says that nobody reads an answer in it by accident; the others are for those who teach.
    """

    name: str
    title: str
    suffix: str
    keeps_answers: bool
    make: Maker

    def file(self, course: Course, mode: Mode) -> str:
        """What its file is called."""
        return f"{course.course}-{self.name}-{mode}.{self.suffix}"


PACKAGES: Final[Mapping[str, Package]] = {
    one.name: one
    for one in (
        Package("scorm", "SCORM 1.2 package", "zip", True, scorm_package),
        Package("cmi5", "cmi5 package", "zip", True, cmi5_package),
        Package("qti", "QTI 2.1 question bank", "zip", False, qti_package),
        Package("h5p", "H5P question set", "h5p", False, h5p_package),
    )
}
