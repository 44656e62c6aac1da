"""`limen train`: courses in the terminal, for those who sit them and those who make them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import json_option
from limen.home import home

if TYPE_CHECKING:
    from limen.training.classroom import Classroom, Sitting
    from limen.training.course import Course


@click.group(
    cls=LazyGroup,
    members={
        "list": Lazy("limen.cli.train:list_courses", "The courses there are, and the sittings under way."),
        "start": Lazy("limen.cli.train:start", "Sit a course, here in the terminal."),
        "resume": Lazy("limen.cli.train:resume", "Go on with a sitting where it stopped."),
        "results": Lazy("limen.cli.train:results", "Results by person, provision and misconception."),
        "forget": Lazy("limen.cli.train:forget", "Forget somebody's name; what was answered stays, under no name."),
        "check": Lazy("limen.cli.train_make:check", "Check a course: every key, what changed, what is never tried."),
        "issue": Lazy("limen.cli.train_make:issue", "Give a course out as it stands, and out again after a change."),
        "make": Lazy("limen.cli.train_make:make", "Make a course from provisions and difficulties."),
        "export": Lazy(
            "limen.cli.train_make:export", "CSV, xAPI, SCORM, cmi5, QTI, H5P, workbook, key, certificate, sign-in."
        ),
        "schema": Lazy("limen.cli.train_make:schema", "The JSON Schema of a course file, for your editor."),
    },
    epilog="""\b
Examples:
  limen train list
  limen train start missing-is-not-false
  limen train make "Fugitives" --about usc.26.6103.i.5 --out fugitives.yaml
  limen train export scorm missing-is-not-false --out package.zip""",
)
def train() -> None:
    """Practise decisions: sit a course, make one, read the results."""


@contextmanager
def classroom() -> Iterator[Classroom]:
    """The classroom with the results in the folder LIMEN_HOME names."""
    from limen.law import load_book
    from limen.training.classroom import Classroom
    from limen.training.store import Store

    with Store(home() / "training.sqlite") as store:
        yield Classroom(load_book(), store)


def course_at(name: str) -> Course:
    """The course in a file, on one's own shelf, or shipped, by its name."""
    from limen.training.load import CourseError, find_course, load_course
    from limen.training.shelf import Shelf

    if not Path(name).is_file():
        try:
            shelved = Shelf(home() / "courses").get(name)
        except CourseError:
            shelved = None
        if shelved is not None and shelved.course is not None:
            return shelved.course
    return load_course(find_course(name))


@click.command(name="list", epilog="\b\nExamples:\n  limen train list\n  limen train list --json")
@json_option
def list_courses(as_json: bool) -> int:
    """List the courses there are, and the sittings under way."""
    from limen.cli.screen import Screen
    from limen.cli.words import count
    from limen.training.shelf import Shelf

    screen = Screen()
    for one in Shelf(home() / "courses").all():
        if as_json:
            course = one.course
            record: dict[str, Any] = {"course": one.name, "shipped": one.shipped, "trouble": one.trouble or None}
            if course is not None:
                record |= {"title": course.title, "version": course.version, "questions": len(course.questions)}
                record |= {"profile": course.profile, "summary": course.summary}
            screen.line(json.dumps(record, ensure_ascii=False))
        elif one.course is None:
            screen.wrapped(f"{screen.icon('bad')} {one.name} cannot be used", 0, 2, "bad")
        else:
            questions = count(one.course.draw or len(one.course.questions), "question")
            screen.line(screen.paint(one.name, "strong") + screen.paint(f"  {questions}", "quiet"))
            screen.wrapped(f"{one.course.title}. {one.course.summary}", 2)
    if not as_json and (home() / "training.sqlite").is_file():
        with classroom() as room:
            under = [one for one in room.sittings() if not one.finished]
            if under:
                screen.line()
                screen.line("Under way; `limen train resume` goes on with the last:")
            for sitting in under:
                done = f"{len(sitting.answered)} of {len(sitting.questions)} answered"
                screen.wrapped(f"{sitting.id}  {sitting.course.title}, {sitting.mode}, {done}", 2, 4)
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen train start missing-is-not-false
  limen train start the-founding-episode --assessment --seed 7 --name "Ada Sand"
  limen train start my-course.yaml"""
)
@click.argument("course", metavar="COURSE|FILE")
@click.option("--assessment", is_flag=True, help="Be told how you did at the end, and not after each question.")
@click.option("--seed", metavar="WORD", help="The same seed gives the same paper.")
@click.option("--name", metavar="NAME", default="", help="Your name, for the certificate.")
def start(course: str, assessment: bool, seed: str | None, name: str) -> int:
    """Sit a course. What you have answered is kept; Ctrl-C stops, and `limen train resume` goes on."""
    from limen.cli.screen import Screen
    from limen.cli.train_sit import sit

    found = course_at(course)
    with classroom() as room:
        person = name.strip() or "you"
        sitting = room.start(
            room.issue(found), person_id(person), person, "assessment" if assessment else "practice", seed
        )
        return sit(room, sitting, Screen())


@click.command(epilog="\b\nExamples:\n  limen train resume\n  limen train resume 5f0c1b9e3a7d2468")
@click.argument("sitting", required=False)
def resume(sitting: str | None) -> int:
    """Go on with a sitting, by default the last one that is under way."""
    from limen.cli.screen import Screen
    from limen.cli.train_sit import sit

    with classroom() as room:
        return sit(room, _chosen(room, sitting), Screen())


def _chosen(room: Classroom, sitting: str | None) -> Sitting:
    if sitting is not None:
        return room.sitting(sitting)
    under = [one for one in room.sittings() if not one.finished]
    if not under:
        raise click.ClickException("no sitting is under way; `limen train start COURSE` begins one")
    return under[-1]


@click.command(
    epilog="\b\nExamples:\n  limen train results\n  limen train results missing-is-not-false --json"
)  # fmt: skip
@click.argument("course", required=False)
@json_option
def results(course: str | None, as_json: bool) -> int:
    """Results of all courses, or of one: by person, by provision and by misconception."""
    from dataclasses import asdict

    from limen.cli.screen import Screen
    from limen.training.results import by_misconception, by_person, by_provision
    from limen.training.scoring import PART_NAMES

    screen = Screen()
    with classroom() as room:
        sittings = [one for one in room.sittings() if course in (None, one.course.course)]
        people = by_person(sittings, room.store.names())
        provisions, shown = by_provision(sittings, room.book), by_misconception(sittings)
    if as_json:
        for kind, lines in (("person", people), ("provision", provisions), ("misconception", shown)):
            for line in lines:
                screen.line(json.dumps({"by": kind, **asdict(line)}, ensure_ascii=False))
        return exits.RELEASED
    if not people:
        screen.line("Nobody has sat a course yet; `limen train list` shows those there are.")
        return exits.RELEASED
    screen.line(screen.paint("By person", "strong"))
    for one in people:
        tone, icon = {"passed": ("good", "good"), "not passed": ("bad", "bad")}.get(one.state, ("plain", "dot"))
        parts = ", ".join(f"{PART_NAMES[name].lower()} {value} %" for name, value in one.percents.items())
        head = f"{screen.icon(icon)} {one.person}: {one.state}"  # type: ignore[arg-type]
        screen.wrapped(f"{head}, {one.course} v{one.version}, {one.mode}, {one.day}", 2, 4, tone)  # type: ignore[arg-type]
        unlawful = f"; {one.unlawful} released against the law" if one.unlawful else ""
        screen.wrapped(f"{one.answered} of {one.questions} answered; {parts}{unlawful}", 4, 4, "quiet")
    screen.line()
    screen.line(screen.paint("By provision, the weakest first", "strong"))
    for line in provisions:
        screen.wrapped(f"{line.held} of {line.items} verdicts hold: {line.title} ({line.address})", 2, 4)
    if shown:
        screen.line()
        screen.line(screen.paint("By misconception", "strong"))
        for seen in shown:
            screen.wrapped(f"{seen.times} times, {seen.people} people: {seen.title}. {seen.instead}", 2, 4)
    return exits.RELEASED


@click.command(epilog='\b\nExamples:\n  limen train forget "Ada Sand"')
@click.argument("name")
def forget(name: str) -> int:
    """Forget somebody's name. What they answered stays, under an id that belongs to nobody."""
    from limen.cli.screen import Screen

    screen = Screen()
    with classroom() as room:
        people = [id for id, known in room.store.names().items() if known == name]
        for id in people:
            room.store.forget(id)
    if not people:
        raise click.ClickException("nobody of that name has sat a course here; `limen train results` shows who has")
    screen.line(f"{screen.icon('good')} forgotten; what was answered stays, under no name")
    return exits.RELEASED


def person_id(name: str) -> str:
    """The id that answers given in this terminal are kept under."""
    from hashlib import sha256

    return sha256(f"limen training {name}".encode()).hexdigest()[:20]
