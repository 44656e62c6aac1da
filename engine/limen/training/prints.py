"""What is printed: workbook, facilitator's key, certificate and sign-in sheet, all from the same data as the screen.

Each is one page of HTML that stands alone and prints in black and white; a server gives it the address of its `sheet`
of style instead. The key is for those who teach: it says so on
every sheet, and no other print holds anything of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from limen import qr
from limen.decide.decision import CAVEAT
from limen.law.english import day
from limen.law.rules import Gateway
from limen.training.classroom import Classroom, Sitting, provisions
from limen.training.course import ALL, Course
from limen.training.documents import item_name
from limen.training.key import ANSWERS, WORDS
from limen.training.load import one_problem
from limen.training.paper import Mode, paper
from limen.training.question import MOST_GROUNDS, PutQuestion, put_question
from limen.training.results import by_provision
from limen.training.scoring import PART_NAMES, PARTS, RULES
from limen.training.twin import twin_of
from limen.training.xapi import course_activity
from limen.words import OUTCOMES

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE: Final = Path(__file__).parent / "templates" / "print.css"


@dataclass(frozen=True, slots=True)
class Solved:
    """A question with what is right about it, for the facilitator."""

    put: PutQuestion
    items: tuple[Mapping[str, Any], ...]
    profiles: tuple[tuple[str, tuple[str, ...]], ...]
    missing: tuple[str, ...]
    duties: tuple[str, ...]
    hinges: tuple[tuple[str, str], ...]
    teaches: str
    twin: Any
    sources: tuple[str, ...]
    digest: str


def workbook(
    classroom: Classroom, course: Course, seed: str = "print", mode: Mode = "practice", sheet: str | None = None
) -> str:
    """The workbook of a participant: briefing, documents, and boxes to tick. It holds no answer."""
    questions = [put for put, _ in _questions(classroom, course, seed, mode)]
    return _page(
        "workbook.html",
        classroom,
        course,
        _paper(course, seed),
        sheet,
        seed=seed,
        questions=questions,
        most=MOST_GROUNDS,
    )


def facilitator_key(
    classroom: Classroom, course: Course, seed: str = "print", mode: Mode = "practice", sheet: str | None = None
) -> str:
    """The key of the same paper: what is right, why, with its sources; what each profile answers; the twin."""
    solved = [one for _, one in _questions(classroom, course, seed, mode)]
    return _page("facilitator.html", classroom, course, _paper(course, seed), sheet, seed=seed, questions=solved)


def certificate(classroom: Classroom, sitting: Sitting, name: str, sheet: str | None = None) -> str:
    """The certificate of a finished sitting. Raises `CourseError` before it is finished, or for a failed assessment."""
    if not sitting.finished or sitting.handed_in is None:
        raise one_problem(sitting.course.course, "there is no certificate before the paper is handed in")
    if sitting.mode == "assessment" and not sitting.passed:
        raise one_problem(sitting.course.course, "there is no certificate for an assessment that was not passed")
    score = sitting.score
    return _page(
        "certificate.html", classroom, sitting.course, f"urn:limen:sitting:{sitting.id}", sheet,
        name=name, sitting=sitting, unlawful=len(score.unlawful),
        handed_in=day(sitting.handed_in.date()), percents={part: score.part(part).percent for part in PARTS},
        rules=[line.title for line in sorted(by_provision([sitting], classroom.book), key=lambda one: one.address)],
        issue=sitting.issue,
    )  # fmt: skip


def sign_in_sheet(classroom: Classroom, course: Course, rows: int = 20, sheet: str | None = None) -> str:
    """An empty sheet with a line for each person."""
    about: dict[str, None] = {}
    for question in course.questions:
        case, key = classroom.key(course, question.id)
        about |= dict.fromkeys(
            rule.title for a in provisions(key, case) if isinstance(rule := classroom.book.rules.get(a), Gateway)
        )
    return _page("sign_in.html", classroom, course, course_activity(course), sheet, rows=rows, about=list(about))


def _paper(course: Course, seed: str) -> str:
    return f"{course_activity(course)}:paper:{seed}"


def _questions(classroom: Classroom, course: Course, seed: str, mode: Mode) -> list[tuple[PutQuestion, Solved]]:
    found = []
    for id in paper(course, mode, seed):
        case, key = classroom.key(course, id)
        edition = classroom.keys.edition(key.accepts[0], case)
        put = put_question(classroom.book, edition, id, case, key, seed)
        twin = twin_of(classroom.cases, classroom.keys, course, course.question(id), key)
        wanted = {
            "release": ("met",), "withhold": ("not_met", "barred"), "more_needed": ("not_known",),
        }  # fmt: skip
        items = tuple(
            {
                "name": item_name(item.item),
                "word": WORDS[item.verdict],
                "gateway": _rule(classroom, item.gateway),
                "met": sum(reason.outcome == "met" for reason in item.reasons),
                "reasons": [
                    reason
                    for reason in item.reasons
                    if reason.outcome in wanted.get(item.verdict, ("not_met", "barred", "not_known"))
                    and item.verdict != "release"
                ],
            }
            for item in key.items
        )
        profiles = tuple((n, tuple(WORDS[v] for v in view.verdicts.values())) for n, view in key.views.items())
        book = classroom.book
        found.append((
            put,
            Solved(
                put, items, profiles if key.profiles_differ else (), tuple(one.ask for one in key.missing),
                tuple(choice.label for choice in put.duties if choice.name in {duty.address for duty in key.duties}),
                tuple((hinge.words, book.readings[hinge.reading].question) for hinge in key.hinges),
                case.teaches, twin, case.told.sources, key.digest,
            ),
        ))  # fmt: skip
    return found


def _rule(classroom: Classroom, address: str | None) -> Any:
    rule = classroom.book.rules.get(address or "")
    return rule if isinstance(rule, Gateway) else None


def _page(
    template: str, classroom: Classroom, course: Course, mark: str, sheet: str | None, **more: Any
) -> str:  # fmt: skip
    """A print. `mark` is what its square code says: which paper, or which sitting, it belongs to."""
    profile = "all profiles asked together" if course.profile == ALL else f"profile {course.profile}"
    code = qr.svg(mark, f"{mark}, as a code")
    return _environment().get_template(template).render(
        book=classroom.book, course=course, profile=profile, RULES=RULES, WORDS=WORDS, ANSWERS=ANSWERS, PARTS=PARTS,
        PART_NAMES=PART_NAMES, OUTCOMES=OUTCOMES, caveat=CAVEAT, sheet=sheet, mark=mark, code=code,
        style=STYLE.read_text(encoding="utf-8"), today=day(date.today()), **more,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise one_problem(
            "course", "printing needs a package that is not installed", "install `limen[pages]`"
        ) from None
    return Environment(
        loader=PackageLoader("limen.training"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
