"""The trainer's pages: the list of courses, making one step by step, its questions and their words, giving it out.

Words can be edited; answers are shown and cannot be. Every change is checked whole before the file is replaced.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from limen.training.course import ALL, Course, Level, PassMarks, Question
from limen.training.key import ANSWERS, WORDS
from limen.training.make import LEVELS, Origin, Wish, make_questions, told_apart, twin_questions
from limen.training.packages import PACKAGES
from limen.training.question import put_question
from limen.training.results import health, never_exercised
from limen.training.scoring import PART_NAMES, PARTS
from limen.training.twin import twin_of
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import csrf_protected, require_role
from limen.web.learn.choices import groups, requirements, stories
from limen.web.learn.give import given_codes
from limen.web.learn.rooms import REFUSED, classroom_of, course_named, refused, shelf_of, usable
from limen.web.rendering import render

router = APIRouter(include_in_schema=False, prefix="/teach")
Trainer = Annotated[User, require_role("trainer", "admin")]
_COMMON: dict[str, Any] = {
    "WORDS": WORDS, "ANSWERS": ANSWERS, "PARTS": PARTS, "PART_NAMES": PART_NAMES, "LEVELS": LEVELS,
}  # fmt: skip
_BLANK: dict[str, Any] = {
    "title": "", "summary": "", "profile": ALL, "provision": [], "level": ["border", "missing"], "count": 2,
    "seed": "1",
}  # fmt: skip
"""The form that makes a course, before anybody has written into it."""
MOST_PROVISIONS = 6
"""Provisions that one course is made about at a time; more can be added one by one."""
_ORIGINS: dict[str, Origin] = {"told": "told", "made": "made"}


@router.get("")
def shelf(request: Request, user: Trainer) -> Response:
    """Every course: one's own, and those that are shipped."""
    room = classroom_of(request)
    times: dict[str, int] = {}
    for sitting in room.sittings():
        times[sitting.course.course] = times.get(sitting.course.course, 0) + 1
    return render(request, "training/shelf.html", courses=shelf_of(request).all(), times=times)


@router.get("/new")
def new(request: Request, user: Trainer) -> Response:
    """The form that makes a course: name it, say what it is about, choose how hard, look at it."""
    return render(
        request, "training/new.html", groups=groups(classroom_of(request)), given=_BLANK, trouble="", **_COMMON
    )


@router.post("/new", dependencies=[csrf_protected])
def make(
    request: Request,
    user: Trainer,
    title: Annotated[str, Form(max_length=160)] = "",
    summary: Annotated[str, Form(max_length=2000)] = "",
    profile: Annotated[str, Form(max_length=80)] = ALL,
    provision: Annotated[list[str] | None, Form()] = None,
    level: Annotated[list[str] | None, Form()] = None,
    count: Annotated[int, Form(ge=1, le=10)] = 2,
    seed: Annotated[str, Form(max_length=40)] = "1",
) -> Response:
    """Make the course and lead to it; or the same form again with what is missing."""
    room = classroom_of(request)
    provisions, levels = provision or [], [one for one in (level or []) if one in LEVELS]
    given = {
        "title": title, "summary": summary, "profile": profile, "provision": provisions, "level": levels,
        "count": count, "seed": seed,
    }  # fmt: skip
    trouble = (
        "Give the course a title." if not title.strip()
        else "Choose at least one provision." if not provisions
        else f"Choose at most {MOST_PROVISIONS} provisions at a time." if len(provisions) > MOST_PROVISIONS
        else "Choose at least one difficulty." if not levels
        else ""
    )  # fmt: skip
    if not trouble:
        try:
            questions: list[Question] = []
            for wish in (Wish(a, b, count, "either", seed or "1") for a in provisions for b in levels):  # type: ignore[arg-type]
                ids = tuple(one.id for one in questions)
                questions += make_questions(room.cases, room.keys, wish, profile=profile, taken=ids)
            questions = told_apart(questions)
            trouble = "" if questions else "No case of this difficulty was found. Choose another one as well."
            if questions:
                course = Course(
                    course=shelf_of(request).free_name(title), title=title, profile=profile,
                    summary=summary.strip() or f"{len(questions)} cases to decide.", questions=tuple(questions),
                )  # fmt: skip
                return _kept(request, course)
        except REFUSED as error:
            trouble = refused(error).detail
        except ValidationError:
            trouble = "One of the fields is too long."
    return render(
        request, "training/new.html", status=422, groups=groups(room), given=given, trouble=trouble, **_COMMON
    )


@router.post("/{name}/copy", dependencies=[csrf_protected])
def copy(request: Request, user: Trainer, name: str) -> Response:
    """One's own copy of a course, to change."""
    course = usable(course_named(request, name))
    return _kept(request, course.model_copy(update={"course": shelf_of(request).free_name(course.title), "version": 1}))


@router.get("/{name}")
def course_page(request: Request, user: Trainer, name: str) -> Response:
    """A course: its questions and how they do, adding to it, giving it out, exports."""
    return _course_page(request, name)


@router.post("/{name}/settings", dependencies=[csrf_protected])
def settings(
    request: Request,
    user: Trainer,
    name: str,
    title: Annotated[str, Form(max_length=160)] = "",
    summary: Annotated[str, Form(max_length=4000)] = "",
    introduction: Annotated[str, Form(max_length=4000)] = "",
    profile: Annotated[str, Form(max_length=80)] = ALL,
    draw: Annotated[str, Form(max_length=4)] = "",
    verdict: Annotated[int, Form(ge=0, le=100)] = 75,
    ground: Annotated[int, Form(ge=0, le=100)] = 50,
    missing: Annotated[int, Form(ge=0, le=100)] = 50,
    duties: Annotated[int, Form(ge=0, le=100)] = 50,
    fails: Annotated[bool, Form()] = False,
) -> Response:
    """Words, profile and marks of a course."""
    course = _own(request, name)
    marks = PassMarks(verdict=verdict, ground=ground, missing=missing, duties=duties, unlawful_release_fails=fails)
    change: dict[str, Any] = {
        "title": title, "summary": summary, "introduction": introduction.strip() or None, "profile": profile,
        "draw": int(draw) if draw.isdecimal() else None, "pass_marks": marks,
    }  # fmt: skip
    return _changed(request, course, change, "settings")


@router.post("/{name}/add", dependencies=[csrf_protected])
def add(
    request: Request,
    user: Trainer,
    name: str,
    kind: Annotated[str, Form(max_length=20)] = "make",
    provision: Annotated[str, Form(max_length=200)] = "",
    level: Annotated[str, Form(max_length=20)] = "border",
    origin: Annotated[str, Form(max_length=20)] = "either",
    count: Annotated[int, Form(ge=1, le=10)] = 2,
    seed: Annotated[str, Form(max_length=40)] = "1",
    scenario: Annotated[str, Form(max_length=160)] = "",
    address: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Add questions: made for a provision and a difficulty, a scenario by its name, or twins found by the solver."""
    course = _own(request, name)
    room = classroom_of(request)
    ids = tuple(question.id for question in course.questions)
    try:
        if kind == "scenario":
            room.cases.scenario(scenario.strip())
            id = _new_id(scenario.strip().replace("/", "-"), ids)
            found = [Question(id=id, scenario=scenario.strip())]
        elif kind == "twins":
            found = [
                one.model_copy(update={"id": _new_id(one.id, ids)})
                for one in twin_questions(room.cases, address.strip(), date.today(), course.profile)
            ]
        else:
            wished: Level = level if level in LEVELS else "border"  # type: ignore[assignment]
            wish = Wish(provision, wished, count, _ORIGINS.get(origin, "either"), seed or "1")
            found = make_questions(
                room.cases, room.keys, wish, profile=course.profile, accepts=course.accepts, taken=ids
            )  # fmt: skip
        if not found:
            return _course_page(request, name, trouble="No further case of this kind was found.", status=422)
        change = {"questions": (*course.questions, *told_apart(found, course.questions))}
    except REFUSED as error:
        return _course_page(request, name, trouble=refused(error).detail, status=422)
    except ValidationError:
        return _course_page(request, name, trouble="This cannot be used as the name of a scenario.", status=422)
    return _changed(request, course, change, f"question-{len(course.questions) + 1}")


@router.get("/{name}/q/{number}")
def question_page(request: Request, user: Trainer, name: str, number: int) -> Response:
    """One question as a trainee sees it, its words to edit, and its key, which nobody can."""
    return _question_page(request, name, number)


@router.post("/{name}/q/{number}", dependencies=[csrf_protected])
def reword(
    request: Request,
    user: Trainer,
    name: str,
    number: int,
    title: Annotated[str, Form(max_length=160)] = "",
    story: Annotated[str, Form(max_length=4000)] = "",
    role: Annotated[str, Form(max_length=4000)] = "",
    teaches: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Other words for a question. Its facts, and so its key, stay."""
    course = _own(request, name)
    question = _question(course, number)
    case, _ = classroom_of(request).key(course, question.id)
    plain = {"title": case.told.title, "story": case.told.story}
    wording = {
        "title": title.strip() if title.strip() != plain["title"] or question.case else None,
        "story": story.strip() if story.strip() != plain["story"] or question.case else None,
        "role": role.strip() or None,
    }
    try:
        kept = {key: value for key, value in wording.items() if value}
        own = teaches.strip() if teaches.strip() and teaches.strip() != case.told.teaches else question.teaches
        changed = Question.model_validate(
            {**question.model_dump(exclude_none=True), "wording": kept, **({"teaches": own} if own else {})}
        )
    except ValidationError:
        return _question_page(request, name, number, trouble="A question needs a title and a story.", status=422)
    questions = [changed if place == number else one for place, one in enumerate(course.questions, 1)]
    return _changed(request, course, {"questions": tuple(questions)}, f"q/{number}", page=True)


@router.post("/{name}/q/{number}/move", dependencies=[csrf_protected])
def move(
    request: Request, user: Trainer, name: str, number: int, to: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Move a question up or down, or take it away."""
    course = _own(request, name)
    question = _question(course, number)
    questions = list(course.questions)
    questions.remove(question)
    if to == "away":
        if not questions:
            return _course_page(request, name, trouble="A course has at least one question.", status=422)
    else:
        questions.insert(max(0, number - 2) if to == "up" else number, question)
    change: dict[str, Any] = {"questions": tuple(questions)}
    if course.draw is not None and course.draw > len(questions):
        change["draw"] = len(questions)
    return _changed(request, course, change, "questions")


def _course_page(request: Request, name: str, trouble: str = "", status: int = 200) -> Response:
    room = classroom_of(request)
    shelved = course_named(request, name)
    course = usable(shelved)
    sittings = [one for one in room.sittings() if one.course.course == course.course]
    try:
        lines = health(room, course, sittings)
        never = never_exercised(room, course)
    except REFUSED as error:
        lines, never = [], []
        trouble = trouble or refused(error).detail
    issued = room.store.issues(course.course)
    return render(
        request, "training/course.html", status=status, shelved=shelved, course=course, lines=lines, never=never,
        trouble=trouble, groups=groups(room), times=len(sittings), issued=issued,
        shared=request.app.state.accounts is not None, given=given_codes(request, name), 
        packages=PACKAGES.values(), stories=stories(room), requirements=requirements(room), **_COMMON,
    )  # fmt: skip


def _question_page(request: Request, name: str, number: int, trouble: str = "", status: int = 200) -> Response:
    room = classroom_of(request)
    shelved = course_named(request, name)
    course = usable(shelved)
    question = _question(course, number)
    case, key = room.key(course, question.id)
    twin = twin_of(room.cases, room.keys, course, question, key)
    put = put_question(room.book, room.keys.edition(key.accepts[0], case), question.id, case, key, "preview")
    own = {duty.address for duty in key.duties}
    return render(
        request, "training/question.html", status=status, shelved=shelved, course=course, number=number, case=case,
        put=put, key=key, twin=twin, question=question, trouble=trouble,
        duties=[choice.label for choice in put.duties if choice.name in own],
        **_COMMON,
    )  # fmt: skip


def _own(request: Request, name: str) -> Course:
    """A course that may be changed. Raises `Problem` for a shipped one."""
    shelved = course_named(request, name)
    if shelved.shipped:
        raise Problem("bad-input", 409, "this course is shipped", "make a copy of it, and change that")
    return usable(shelved)


def _question(course: Course, number: int) -> Question:
    if not 1 <= number <= len(course.questions):
        raise Problem("not-found", 404, "no such question", f"the course has {len(course.questions)} questions")
    return course.questions[number - 1]


def _changed(request: Request, course: Course, change: dict[str, Any], where: str, page: bool = False) -> Response:
    """Check the course with `change` as a whole, keep it, and lead back to `where` it was made."""
    try:
        whole = Course.model_validate({**dict(course), **change})
    except ValidationError as error:
        words = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors(include_input=False))
        return _course_page(request, course.course, trouble=f"{words}.", status=422)
    return _kept(request, whole, f"/{where}" if page else f"#{where}")


def _kept(request: Request, course: Course, where: str = "") -> Response:
    room = classroom_of(request)
    room.check(course)
    kept = shelf_of(request).save(course, room.store)
    return RedirectResponse(f"/teach/{kept.course}{where}", status_code=303)


def _new_id(wanted: str, taken: tuple[str, ...]) -> str:
    names = (wanted[:76], *(f"{wanted[:76]}-{number}" for number in range(2, 600)))
    return next(name for name in names if name not in taken)
