"""The shelf: courses somebody made, each a file in one folder, beside those that are shipped.

They are the same files that the command takes, and are replaced whole or not at all.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from limen.law.digest import content_digest
from limen.training.course import Course
from limen.training.load import CourseError, load_course, one_problem, shipped_courses, write_course
from limen.training.store import Store

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Shelved:
    """One course on the shelf, or why its file cannot be used. `shipped` ones are not changed, but copied."""

    name: str
    shipped: bool
    course: Course | None
    trouble: str = ""


class Shelf:
    """The courses in `folder`, which is made when something is put there, and the shipped ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Shelved]:
        """Every course: one's own first, then those that are shipped, by name."""
        own = sorted(self.folder.glob("*.yaml")) if self.folder.is_dir() else []
        return [*(_read(path, False) for path in own), *(_read(path, True) for path in shipped_courses())]

    def get(self, name: str) -> Shelved:
        """The course called `name`, one's own before a shipped one. Raises `CourseError`."""
        if _NAME.fullmatch(name):
            for path, shipped in ((self.folder / f"{name}.yaml", False), *((p, True) for p in shipped_courses())):
                if path.stem == name and path.is_file():
                    return _read(path, shipped)
        raise one_problem(name, "there is no course of that name", "`limen train list` shows those there are")

    def free_name(self, title: str) -> str:
        """A name made from a title, which no course has yet."""
        wanted = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "course"
        taken = {one.name for one in self.all()}
        names = (wanted, *(f"{wanted}-{number}" for number in range(2, 1000)))
        return next(name for name in names if name not in taken)

    def save(self, course: Course, store: Store) -> Course:
        """Keep a course, as the next version if this one was given out otherwise. The course as it was kept."""
        issued = [issue for issue in store.issues(course.course) if issue.version >= course.version]
        plain = course
        if issued and all(issue.content_digest != content_digest(write_course(course)) for issue in issued):
            plain = course.model_copy(update={"version": max(issue.version for issue in issued) + 1})
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=self.folder, prefix=".course-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(write_course(plain))
                file.flush()
                os.fsync(file.fileno())
            Path(made).replace(self.folder / f"{plain.course}.yaml")
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise
        return plain


def _read(path: Path, shipped: bool) -> Shelved:
    try:
        course = load_course(path)
    except (CourseError, OSError) as error:
        return Shelved(path.stem, shipped, None, str(error))
    if course.course != path.stem:
        return Shelved(
            path.stem, shipped, None, f"the file is called `{path.stem}`, the course in it `{course.course}`"
        )
    return Shelved(path.stem, shipped, course)
