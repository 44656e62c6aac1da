"""`limen train check`, `make`, `export`, `schema`: what a trainer does in the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.options import json_option
from limen.cli.train import classroom, course_at

if TYPE_CHECKING:
    from limen.training.classroom import Classroom, Sitting

PACKAGED = ("scorm", "cmi5", "qti", "h5p")
EXPORTS = (
    *PACKAGED, "workbook", "key", "sign-in", "certificate", "sittings-csv", "decisions-csv", "xapi",
)  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  limen train check my-course.yaml

\b
Exit codes: 0 in order, 1 an answer changed, 2 cannot be used."""
)
@click.argument("course", metavar="COURSE|FILE")
@json_option
def check(course: str, as_json: bool) -> int:
    """Check a course: the key of every question, which answers changed since it was given out, what is never tried."""
    from dataclasses import asdict

    from limen.cli.screen import Screen
    from limen.cli.words import DISPOSITIONS, count
    from limen.training.results import health, never_exercised

    screen = Screen()
    found = course_at(course)
    with classroom() as room:
        sittings = [one for one in room.sittings() if one.course.course == found.course]
        lines, never = health(room, found, sittings), never_exercised(room, found)
    if as_json:
        for line in lines:
            screen.line(json.dumps(asdict(line), ensure_ascii=False))
        screen.line(json.dumps({"never_exercised": [address for address, _ in never]}))
    else:
        for line in lines:
            signs = ", ".join(DISPOSITIONS[verdict].on(screen) for verdict in dict.fromkeys(line.verdicts.values()))
            screen.line(f"{line.id}: {signs}")
            if line.changed:
                screen.wrapped(f"{screen.icon('open')} another answer than when it was last given out", 2, 4, "open")
            if line.difficulty is not None:
                apart = "" if line.discrimination is None else f", tells apart {line.discrimination:.2f}"
                screen.wrapped(f"{count(line.answers, 'answer')}, easy {line.difficulty:.0%}{apart}", 2, 4, "quiet")
        screen.wrapped(f"No question is about {count(len(never), 'gateway or bar', 'gateways and bars')} of the book.")
    return exits.WITHHELD if any(line.changed for line in lines) else exits.RELEASED


@click.command(epilog="\b\nExamples:\n  limen train issue my-course.yaml")
@click.argument("course", metavar="COURSE|FILE")
def issue(course: str) -> int:
    """Give a course out as it stands: its text, the book and each answer are kept, to tell later what has changed."""
    from limen.cli.screen import Screen
    from limen.cli.words import count
    from limen.training.results import health

    screen = Screen()
    found = course_at(course)
    with classroom() as room:
        changed = [line.title for line in health(room, found, []) if line.changed]
        given = room.issue(found)
    text = f"{screen.icon('good')} {found.course}, version {given.version}, given out under book {given.book_version}"
    screen.wrapped(f"{text}: {count(len(given.keys), 'answer')} kept", 0, 2)
    for title in changed:
        screen.wrapped(f"{screen.icon('open')} another answer than before: {title}", 2, 4, "open")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen train make "Fugitives" --about usc.26.6103.i.5 --out fugitives.yaml
  limen train make "Two gates" --about usc.26.6103.i.1 --about usc.26.6103.i.2 --level readings
  limen train make "One purpose" --twins usc.26.6103.i.2#sole_use --out twins.yaml"""
)
@click.argument("title")
@click.option("--about", multiple=True, metavar="ADDRESS", help="A gateway or bar the course is about.")
@click.option(
    "--level", "levels", multiple=True, type=click.Choice(["border", "missing", "readings", "plain"]),
    help="How hard: one fact from the border, facts missing, readings differ, plain. By default border and missing.",
)  # fmt: skip
@click.option("--count", default=2, show_default=True, type=click.IntRange(1, 50), help="Cases of each kind.")
@click.option(
    "--origin", default="either", type=click.Choice(["either", "told", "made"]), help="Told cases, or new ones."
)
@click.option(
    "--twins", multiple=True, metavar="ADDRESS", help="A requirement: two cases one fact apart, by the solver."
)
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="A scenario, or a variant of one.")
@click.option("--profile", default="all", show_default=True, help="Whose readings give the answers.")
@click.option("--seed", default="1", show_default=True, help="The same seed makes the same course.")
@click.option("--out", metavar="FILE", type=click.Path(), help="Where to write it; by default it is printed.")
def make(
    title: str, about: tuple[str, ...], levels: tuple[str, ...], count: int, origin: str, twins: tuple[str, ...],
    scenarios: tuple[str, ...], profile: str, seed: str, out: str | None,
) -> int:  # fmt: skip
    """Make a course. Its words are yours to edit; its answers follow from facts, profile and book."""
    import re
    from datetime import date

    from limen.cli.screen import Screen
    from limen.training.course import Course, Question
    from limen.training.load import write_course
    from limen.training.make import Wish, make_questions, told_apart, twin_questions

    if not (about or twins or scenarios):
        raise click.UsageError("say what it is about: --about ADDRESS, --twins ADDRESS or --scenario NAME")
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "course"
    questions: list[Question] = []
    with classroom() as room:
        for scenario in scenarios:
            room.cases.scenario(scenario)
            questions.append(Question(id=f"q{len(questions) + 1}", scenario=scenario))
        for address in about:
            for level in levels or ("border", "missing"):
                wish: Any = Wish(address, level, count, origin, seed)  # type: ignore[arg-type]
                ids = tuple(question.id for question in questions)
                questions += make_questions(room.cases, room.keys, wish, profile=profile, taken=ids)
        for address in twins:
            questions += twin_questions(room.cases, address, date.today(), profile)
        if not questions:
            raise click.ClickException("no case of this kind was found; try another --level, --origin or --seed")
        course = Course(
            course=name, title=title, profile=profile, summary=f"{len(questions)} cases to decide.",
            questions=tuple(told_apart(questions)),
        )  # fmt: skip
        room.check(course)
    text = write_course(course)
    if out is None:
        click.echo(text, nl=False)
        return exits.RELEASED
    place = Path(out)
    place.write_text(text, encoding="utf-8")
    screen = Screen()
    screen.wrapped(f"{screen.icon('good')} {place}: {len(questions)} questions. Sit it: limen train start {place}")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen train export scorm missing-is-not-false --assessment --out package.zip
  limen train export cmi5 missing-is-not-false --assessment --out package.zip
  limen train export qti missing-is-not-false --out bank.zip
  limen train export workbook missing-is-not-false --out workbook.html
  limen train export certificate 5f0c1b9e3a7d2468 --out certificate.html
  limen train export xapi --home-page https://lms.example --out statements.json"""
)
@click.argument("what", type=click.Choice(EXPORTS))
@click.argument("which", required=False, metavar="[COURSE|FILE|SITTING]")
@click.option("--out", metavar="FILE", type=click.Path(), help="Where to write it; by default it is printed.")
@click.option("--assessment", is_flag=True, help="For a package or a paper: as an assessment.")
@click.option("--seed", default="print", show_default=True, help="For a paper: the same seed gives the same one.")
@click.option("--home-page", default=None, metavar="URL", help="For xAPI: the system that people's ids belong to.")
def export(what: str, which: str | None, out: str | None, assessment: bool, seed: str, home_page: str | None) -> int:
    """Write results, packages and prints. Prints are HTML pages that stand alone.

    scorm, cmi5: a package with a player of its own, for a learning system. qti: a question bank, scored as ours is.
    h5p: a thin Question Set, with one score. In the last two answers stand in clear: they are for who teaches.
    """
    with classroom() as room:
        content = _content(room, what, which, "assessment" if assessment else "practice", seed, home_page)
    if out is not None:
        Path(out).write_bytes(content if isinstance(content, bytes) else content.encode())
    elif isinstance(content, bytes):
        if sys.stdout.isatty():
            raise click.UsageError("a package is not for a terminal: name a file with --out")
        sys.stdout.buffer.write(content)
    else:
        click.echo(content, nl=False)
    return exits.RELEASED


def _content(room: Classroom, what: str, which: str | None, mode: Any, seed: str, home_page: str | None) -> str | bytes:
    from limen.training import prints, tables, xapi

    names = room.store.names()
    if what in ("sittings-csv", "decisions-csv", "xapi"):
        sittings: list[Sitting] = [one for one in room.sittings() if which in (None, one.course.course)]
        if what == "xapi":
            if home_page is not None and not home_page.startswith(("http://", "https://")):
                raise click.BadParameter("`--home-page` starts with http:// or https://")
            return xapi.statements_json(sittings, names, home_page or xapi.HOME_PAGE)
        return (tables.sittings_csv if what == "sittings-csv" else tables.decisions_csv)(sittings, names)
    if which is None:
        raise click.UsageError("name a sitting" if what == "certificate" else "name a course")
    if what == "certificate":
        sitting = room.sitting(which)
        return prints.certificate(room, sitting, names.get(sitting.person, "you"))
    course = course_at(which)
    if what in PACKAGED:
        from limen.training.packages import PACKAGES

        return PACKAGES[what].make(room, course, mode, seed)
    if what == "workbook":
        return prints.workbook(room, course, seed, mode)
    if what == "key":
        return prints.facilitator_key(room, course, seed, mode)
    return prints.sign_in_sheet(room, course)


@click.command(epilog="\b\nExamples:\n  limen train schema > course.schema.json")
def schema() -> int:
    """Print the JSON Schema of a course file."""
    from limen.training.course import course_schema

    click.echo(json.dumps(course_schema(), indent=2, ensure_ascii=False))
    return exits.RELEASED
