"""The trainee's pages: join, briefing, desk, verdicts, grounds, feedback, summary, certificate.

Plain forms that work without script. Nothing that tells what is right is handed to a template before it is due: these
pages are given `PutQuestion`s, which hold no key, and `Feedback` only where the classroom gives it.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from limen.training.classroom import Sitting
from limen.training.key import ANSWERS, WORDS
from limen.training.misconceptions import MISCONCEPTIONS
from limen.training.paper import Mode
from limen.training.prints import STYLE, certificate
from limen.training.question import MOST_GROUNDS, PutQuestion
from limen.training.response import Response as Answered
from limen.training.scoring import MARKS, PART_NAMES, PARTS, RULES
from limen.training.tables import mark
from limen.web.accounts import User
from limen.web.errors import Problem
from limen.web.guards import csrf_protected, require_role
from limen.web.learn.rooms import REFUSED, assigned, classroom_of, course_named, person_of, shelf_of, sitting_of, usable
from limen.web.rendering import render

router = APIRouter(include_in_schema=False, prefix="/learn")
Trainee = Annotated[User, require_role("trainee", "trainer", "admin")]


async def _form(request: Request) -> FormData:
    """The form that was sent; its fields are named by what was asked, so they are not declared."""
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]
SHEET = "/learn/print.css"
_COMMON: dict[str, Any] = {
    "WORDS": WORDS, "ANSWERS": ANSWERS, "PARTS": PARTS, "PART_NAMES": PART_NAMES, "MARKS": MARKS,
}  # fmt: skip


class Line(NamedTuple):
    """A sitting as the list of them shows it."""

    sitting: Sitting
    name: str


@router.get("")
def courses(request: Request, user: Trainee) -> Response:
    """The courses somebody may sit, the sittings under way, and those that are done."""
    room = classroom_of(request)
    only, mode = assigned(user)
    shelved = [one for one in shelf_of(request).all() if one.course is not None and only in (None, one.name)]
    names = room.store.names()
    own = room.sittings(None if user.local else person_of(user))
    lines = [Line(sitting, names.get(sitting.person, "")) for sitting in reversed(own)]
    return render(
        request, "training/courses.html", courses=shelved, lines=lines, mode=mode, local=user.local,
        once={line.sitting.course.course for line in lines} if mode == "assessment" else set(),
    )  # fmt: skip


@router.post("/start", dependencies=[csrf_protected])
def start(
    request: Request,
    user: Trainee,
    course: Annotated[str, Form(max_length=80)],
    mode: Annotated[str, Form(max_length=20)] = "practice",
    name: Annotated[str, Form(max_length=64)] = "",
    seed: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Begin a sitting of a course, and lead to its briefing."""
    room = classroom_of(request)
    only, fixed = assigned(user)
    if only is not None and course != only:
        raise Problem("not-allowed", 403, "not your course", "your code is for another course")
    chosen: Mode = fixed or ("assessment" if mode == "assessment" else "practice")
    person = person_of(user, name.strip())
    found = usable(course_named(request, course))
    before = [one for one in room.sittings(person) if one.course.course == course]
    if fixed == "assessment" and before:
        return RedirectResponse(f"/learn/{before[-1].id}", status_code=303)
    shown = (name.strip() or None) if user.local else user.name
    sitting = room.start(room.issue(found), person, shown, chosen, seed.strip() or None)
    return RedirectResponse(f"/learn/{sitting.id}", status_code=303)


@router.get("/print.css")
def print_sheet(user: Trainee) -> Response:
    """The style of what is printed."""
    return Response(STYLE.read_text(encoding="utf-8"), media_type="text/css")


@router.get("/{sitting}")
def briefing(request: Request, user: Trainee, sitting: str) -> Response:
    """How it is scored, said before anything is asked; and where somebody is in the paper."""
    sat = sitting_of(request, user, sitting)
    if sat.handed_in is not None:
        return RedirectResponse(f"/learn/{sat.id}/end", status_code=303)
    return render(request, "training/briefing.html", sat=sat, RULES=RULES, number=_number(sat), **_COMMON)


@router.get("/{sitting}/end")
def end(request: Request, user: Trainee, sitting: str) -> Response:
    """The summary: four scores, each question, what was misunderstood. Before all is handed in, only how far one is."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    if sat.handed_in is None:
        return render(request, "training/hand_in.html", sat=sat, left=_left(sat), number=_number(sat), **_COMMON)
    marks = {id: [mark(body, item) for item in body["right"]] for id, body in sat.answered.items()}
    shown: dict[str, int] = {}
    for body in sat.answered.values():
        for id in body["misconceptions"]:
            shown[id] = shown.get(id, 0) + 1
    asked = {id: room.key(sat.course, id)[0].title for id in sat.questions}
    return render(
        request, "training/end.html", sat=sat, marks=marks, asked=asked, score=sat.score,
        shown=[(MISCONCEPTIONS[id], times) for id, times in sorted(shown.items(), key=lambda one: -one[1])],
        certificate=sat.mode == "practice" or sat.passed, name=room.store.names().get(sat.person, ""), **_COMMON,
    )  # fmt: skip


@router.post("/{sitting}/hand-in", dependencies=[csrf_protected])
def hand_in(request: Request, user: Trainee, sitting: str) -> Response:
    """End the sitting; what is not answered stays so."""
    sat = sitting_of(request, user, sitting)
    classroom_of(request).hand_in(sat)
    return RedirectResponse(f"/learn/{sat.id}/end", status_code=303)


@router.get("/{sitting}/certificate")
def certificate_page(request: Request, user: Trainee, sitting: str) -> Response:
    """The certificate, to print."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    return HTMLResponse(certificate(room, sat, room.store.names().get(sat.person, user.name), SHEET))


@router.get("/{sitting}/{number}")
def desk(request: Request, user: Trainee, sitting: str, number: int, open: str = "", hint: str = "") -> Response:
    """The desk: the story, the documents that were opened, the verdicts to choose; in practice a hint for who asks."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    id = _id(sat, number)
    if id in sat.answered or sat.handed_in is not None:
        return RedirectResponse(_after(sat, number), status_code=303)
    put = room.put(sat, id)
    wanted = [one.id for one in put.documents if open in (one.id, "all")]
    for document in wanted:
        room.opened(sat, id, document)
    where = room.hint(sat, id) if hint else ()
    return _desk(request, sat, number, put, (*sat.opened.get(id, ()), *wanted), _drafted(sat, id), hint=where)


@router.post("/{sitting}/{number}", dependencies=[csrf_protected])
def decide(request: Request, user: Trainee, sitting: str, number: int, form: Sent) -> Response:
    """Keep the verdicts as a draft, and ask why."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    id = _id(sat, number)
    put = room.put(sat, id)
    verdicts = _verdicts(put, form)
    without = [item.name for item in put.items if item.id not in verdicts]
    if without:
        trouble = f"Choose a verdict for each item: there is none yet for “{without[0]}”."
        return _desk(request, sat, number, put, sat.opened.get(id, ()), verdicts, trouble, status=422)
    room.draft(sat, id, {"verdicts": verdicts})
    return RedirectResponse(f"/learn/{sat.id}/{number}/why", status_code=303)


@router.get("/{sitting}/{number}/why")
def why(request: Request, user: Trainee, sitting: str, number: int) -> Response:
    """The grounds of the verdicts chosen, the facts to ask for, and the duties."""
    sat = sitting_of(request, user, sitting)
    elsewhere = _before_why(sat, number)
    if elsewhere is not None:
        return RedirectResponse(elsewhere, status_code=303)
    return _why(request, sat, number, {})


@router.post("/{sitting}/{number}/why", dependencies=[csrf_protected])
def answer(request: Request, user: Trainee, sitting: str, number: int, form: Sent) -> Response:
    """Give the answer: kept for good, then feedback in practice, the next question in an assessment."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    elsewhere = _before_why(sat, number)
    if elsewhere is not None:
        return RedirectResponse(elsewhere, status_code=303)
    id = _id(sat, number)
    put = room.put(sat, id)
    given = {
        "verdicts": _drafted(sat, id),
        "grounds": {item.id: _texts(form, f"ground-{place}") for place, item in enumerate(put.items)},
        "missing": _texts(form, "missing"),
        "duties": _texts(form, "duty"),
    }
    try:
        after = room.answer(sat, id, Answered.model_validate(given))
    except REFUSED as error:
        return _why(request, sat, number, given, str(error), status=422)
    except ValueError:
        raise Problem("bad-input", 422, "cannot be used as sent", "choose among what is offered") from None
    return RedirectResponse(_after(after, number), status_code=303)


@router.get("/{sitting}/{number}/feedback")
def told(request: Request, user: Trainee, sitting: str, number: int) -> Response:
    """The feedback on one answer, where it is due."""
    sat = sitting_of(request, user, sitting)
    room = classroom_of(request)
    id = _id(sat, number)
    said = room.feedback(sat, id)
    more = next(iter(_left(sat)), None)
    unread = [one for one in room.question(sat, id).documents[1:] if one.id not in sat.opened.get(id, ())]
    return render(
        request, "training/feedback.html", sat=sat, number=number, said=said, more=more, unread=unread, **_COMMON
    )  # fmt: skip


def _desk(
    request: Request, sat: Sitting, number: int, put: PutQuestion, opened: tuple[str, ...], chosen: dict[str, str],
    trouble: str = "", status: int = 200, hint: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    return render(
        request, "training/desk.html", status=status, sat=sat, put=put, number=number, hint=hint,
        read={put.documents[0].id, *opened}, chosen=chosen, trouble=trouble, **_COMMON,
    )  # fmt: skip


def _why(
    request: Request, sat: Sitting, number: int, given: dict[str, Any], trouble: str = "", status: int = 200
) -> Response:
    id = _id(sat, number)
    return render(
        request, "training/why.html", status=status, sat=sat, put=classroom_of(request).put(sat, id), number=number,
        verdicts=_drafted(sat, id), given=given, trouble=trouble, most=MOST_GROUNDS, **_COMMON,
    )  # fmt: skip


def _before_why(sat: Sitting, number: int) -> str | None:
    """Where somebody has to go who cannot say why: on from an answered question, back to one not decided yet."""
    id = _id(sat, number)
    if id in sat.answered or sat.handed_in is not None:
        return _after(sat, number)
    return None if _drafted(sat, id) else f"/learn/{sat.id}/{number}"


def _drafted(sat: Sitting, id: str) -> dict[str, str]:
    """The verdicts chosen at the desk."""
    return dict(sat.drafts.get(id, {}).get("verdicts", {}))


def _id(sat: Sitting, number: int) -> str:
    if not 1 <= number <= len(sat.questions):
        raise Problem("not-found", 404, "no such question", f"the paper has {len(sat.questions)} questions")
    return sat.questions[number - 1]


def _number(sat: Sitting) -> int:
    """The place of the first question not answered, or of the last."""
    left = _left(sat)
    return left[0] if left else len(sat.questions)


def _left(sat: Sitting) -> list[int]:
    return [place for place, id in enumerate(sat.questions, 1) if id not in sat.answered]


def _after(sat: Sitting, number: int) -> str:
    """Where to go from a question that is answered."""
    if sat.mode == "practice" and sat.questions[number - 1] in sat.answered:
        return f"/learn/{sat.id}/{number}/feedback"
    if sat.handed_in is not None or not _left(sat):
        return f"/learn/{sat.id}/end"
    return f"/learn/{sat.id}/{_number(sat)}"


def _verdicts(put: PutQuestion, form: FormData) -> dict[str, str]:
    """The verdicts in a form, as far as they are words that are offered."""
    found = {item.id: form.get(f"verdict-{place}") for place, item in enumerate(put.items)}
    return {item: str(word) for item, word in found.items() if word in ANSWERS}


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]
