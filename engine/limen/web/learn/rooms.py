"""What the pages of training share: the classroom of this server, its shelf, and who sits where."""

from __future__ import annotations

import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

from limen.training.classroom import Classroom, ClassroomError, NotYet, Sitting
from limen.training.course import Course
from limen.training.load import CourseError
from limen.training.paper import Mode, SeedError
from limen.training.response import ResponseError
from limen.training.shelf import Shelf, Shelved
from limen.training.store import Store, StoreError
from limen.web import workbench
from limen.web.accounts import User
from limen.web.errors import Problem

REFUSED = (ClassroomError, CourseError, NotYet, ResponseError, SeedError, StoreError)
"""What the room of training refuses; each of these says why in words for the person at the screen."""

_making = threading.Lock()


def classroom_of(request: Any) -> Classroom:
    """The one classroom of this process, made when training is first used. Raises `Problem` if it cannot be opened."""
    state = request.app.state
    with _making:
        if getattr(state, "classroom", None) is None:
            folder = Path(state.settings.store).parent
            try:
                state.classroom = Classroom(workbench.of(request).book, Store(folder / "training.sqlite"))
            except StoreError as error:
                raise Problem("not-found", 503, "training is not there", str(error)) from error
            state.shelf = Shelf(folder / "courses")
    room: Classroom = state.classroom
    return room


def shelf_of(request: Any) -> Shelf:
    """The shelf of this server."""
    classroom_of(request)
    shelf: Shelf = request.app.state.shelf
    return shelf


def course_named(request: Any, name: str) -> Shelved:
    """A course on the shelf. Raises `Problem` where there is none of that name."""
    try:
        return shelf_of(request).get(name)
    except CourseError:
        raise Problem("not-found", 404, "no such course", "the list of courses has those there are") from None


def usable(shelved: Shelved) -> Course:
    """The course in it. Raises `Problem`."""
    if shelved.course is None:
        raise Problem("bad-input", 422, "the course cannot be used", shelved.trouble)
    return shelved.course


def person_of(user: User, name: str = "") -> str:
    """The id that answers are kept under: it says nothing of who it is. On a server for one, each name is a person."""
    return sha256(f"limen training {user.name if not user.local else name or user.name}".encode()).hexdigest()[:20]


def assigned(user: User) -> tuple[str | None, Mode | None]:
    """The course and the mode that a code led to; `None` where somebody may choose."""
    if user.course is None:
        return None, None
    name, _, mode = user.course.partition("/")
    return name, "assessment" if mode == "assessment" else "practice" if mode == "practice" else None


def sitting_of(request: Any, user: User, id: str) -> Sitting:
    """A sitting of this person's own. Raises `Problem`; another's is not there for them."""
    try:
        sitting = classroom_of(request).sitting(id)
    except StoreError:
        raise _no_sitting() from None
    if not user.local and sitting.person != person_of(user):
        raise _no_sitting()
    return sitting


def _no_sitting() -> Problem:
    return Problem("not-found", 404, "no such sitting", "your courses list the sittings that are yours")


def refused(error: Exception) -> Problem:
    """What the room of training refused, as the problem that it is to who called."""
    problems = getattr(error, "problems", None)
    text = "; ".join(problem.message for problem in problems) if problems else str(error)
    return Problem("bad-input", 409 if isinstance(error, NotYet | ClassroomError) else 422, "not like this", text)
