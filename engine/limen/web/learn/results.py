"""The trainer's results, and everything that leaves the house: tables, statements, packages, prints."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from limen.training.classroom import Sitting
from limen.training.load import write_course
from limen.training.packages import PACKAGES
from limen.training.paper import Mode, check_seed
from limen.training.prints import facilitator_key, sign_in_sheet, workbook
from limen.training.results import by_misconception, by_person, by_provision
from limen.training.scoring import PART_NAMES, PARTS
from limen.training.tables import decisions_csv, sittings_csv
from limen.training.xapi import HOME_PAGE, statements_json
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import require_role
from limen.web.learn.rooms import classroom_of, course_named, usable
from limen.web.rendering import render

router = APIRouter(include_in_schema=False, prefix="/teach")
Trainer = Annotated[User, require_role("trainer", "admin")]
SHEET = "/learn/print.css"
FILES = {
    "course.yaml": "application/yaml",
    "sittings.csv": "text/csv; charset=utf-8",
    "decisions.csv": "text/csv; charset=utf-8",
    "xapi.json": "application/json",
}
"""Tables and statements that can be taken away as a file."""
PRINTS = ("workbook", "key", "sign-in")


@router.get("/{name}/results")
def results(request: Request, user: Trainer, name: str) -> Response:
    """Results by person, by provision and by misconception."""
    room = classroom_of(request)
    course = usable(course_named(request, name))
    sittings = _sittings(request, course.course)
    return render(
        request, "training/results.html", course=course, people=by_person(sittings, room.store.names()),
        provisions=by_provision(sittings, room.book), shown=by_misconception(sittings), PARTS=PARTS,
        PART_NAMES=PART_NAMES,
    )  # fmt: skip


@router.get("/{name}/file/{what}")
def file(request: Request, user: Trainer, name: str, what: str, home_page: str = HOME_PAGE) -> Response:
    """One export, as a file to keep."""
    room = classroom_of(request)
    course = usable(course_named(request, name))
    if what not in FILES:
        raise Problem("not-found", 404, "no such export", f"there are {', '.join(FILES)}")
    sittings, names = _sittings(request, course.course), room.store.names()
    match what:
        case "course.yaml":
            content = write_course(course)
        case "sittings.csv":
            content = sittings_csv(sittings, names)
        case "decisions.csv":
            content = decisions_csv(sittings, names)
        case _:
            if not home_page.startswith(("http://", "https://")):
                raise Problem("bad-input", 422, "not an address", "`home_page` starts with http:// or https://")
            content = statements_json(sittings, names, home_page)
    return _kept(content, FILES[what], f"{course.course}-{what}")


@router.get("/{name}/package/{what}/{mode}")
def package(request: Request, user: Trainer, name: str, what: str, mode: Mode) -> Response:
    """The course as a package for a learning system."""
    room = classroom_of(request)
    course = usable(course_named(request, name))
    if what not in PACKAGES:
        raise Problem("not-found", 404, "no such package", f"there are {', '.join(PACKAGES)}")
    made = PACKAGES[what]
    return _kept(made.make(room, course, mode, what), "application/zip", made.file(course, mode))


@router.get("/{name}/print/{what}")
def printed(request: Request, user: Trainer, name: str, what: str, seed: str = "print") -> Response:
    """A print: the workbook, the facilitator's key of the same paper, or the sign-in sheet."""
    room = classroom_of(request)
    course = usable(course_named(request, name))
    seed = check_seed(seed)
    match what:
        case "workbook":
            page = workbook(room, course, seed, sheet=SHEET)
        case "key":
            page = facilitator_key(room, course, seed, sheet=SHEET)
        case "sign-in":
            page = sign_in_sheet(room, course, sheet=SHEET)
        case _:
            raise Problem("not-found", 404, "no such print", f"there are {', '.join(PRINTS)}")
    return HTMLResponse(page)


def _kept(content: str | bytes, media_type: str, called: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{called}"'}
    )  # fmt: skip


def _sittings(request: Request, course: str) -> list[Sitting]:
    return [one for one in classroom_of(request).sittings() if one.course.course == course]
