"""What came into force and went out of it, when: the book's own timeline.

`events` reads every dated thing in a book: rules, nodes, duties and parameters with their periods, profiles with the
day since when they can be held, readings with the days of their authorities. `report` turns them into
`docs/timeline.md`.

    python -m limen.law.timeline docs/timeline.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from limen.law.book import Book
from limen.law.dates import change_days
from limen.law.period import Period
from limen.law.rules import Bar, DutyRule, Gateway

Sort = Literal["begins", "ends", "profile", "authority"]

COURT_ORDERS = "us.injunctions."
"""How the addresses of court orders begin."""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened to the law on one day. `address` is what it happened to, `title` what that is called,
    `by` what brought it about."""

    day: date
    sort: Sort
    address: str
    title: str
    by: str = ""


def events(book: Book) -> tuple[Event, ...]:
    """Every dated event in `book`, earliest first, each once."""
    return tuple(sorted({*_rules(book), *_parts(book), *_parameters(book), *_profiles(book), *_authorities(book)}))


def _period(period: Period, address: str, title: str) -> Iterator[Event]:
    if period.start is not None:
        yield Event(period.start, "begins", address, title, period.by or "")
    if period.until is not None:
        yield Event(period.until, "ends", address, title, period.repealed_by or "")


def _rules(book: Book) -> Iterator[Event]:
    for rule in book.rules.values():
        yield from _period(rule.in_force, rule.address, rule.title)


def _parts(book: Book) -> Iterator[Event]:
    for node in book.nodes():
        yield from _period(node.in_force, node.address, node.label)
    for rule in book.rules.values():
        if isinstance(rule, (Gateway, DutyRule)):
            for duty in rule.duties:
                yield from _period(duty.in_force, duty.address, duty.duty)


def _parameters(book: Book) -> Iterator[Event]:
    for name, values in book.vocabulary.parameters.items():
        for value in values:
            yield from _period(value.in_force, f"param.{name}", f"{name.replace('_', ' ')}: {value.value}")


def _profiles(book: Book) -> Iterator[Event]:
    for profile in book.profiles.values():
        if profile.since is not None:
            yield Event(profile.since, "profile", f"profile:{profile.id}", profile.title, profile.held_by)


def _authorities(book: Book) -> Iterator[Event]:
    for reading in book.readings.values():
        for alternative in reading.alternatives:
            for authority in alternative.authorities:
                if authority.dated is not None:
                    address = f"{reading.address}:{alternative.id}"
                    yield Event(authority.dated, "authority", address, alternative.label, authority.document or "")


def report(book: Book) -> str:
    """The page for readers, as Markdown."""
    return "\n".join([*_head(book), *_orders(book), *_readings(book), *_days(book)]) + "\n"


def _head(book: Book) -> Iterator[str]:
    yield "# Timeline"
    yield ""
    yield "<!-- Written by `python -m limen.law.timeline` from the book; change the rules, not this page. -->"
    yield ""
    yield (
        f"Which order, profile and reading of the book `{book.name}`, version {book.version}, applied when. "
        "`--as-of DATE` asks for the law of a day. Between two of these days nothing changes:"
    )
    yield ""
    yield ", ".join(day.isoformat() for day in change_days(book)) + "."


def _orders(book: Book) -> Iterator[str]:
    yield from (
        "",
        "## Orders of courts",
        "",
        "| Order | From | Until | Profiles that follow it |",
        "|---|---|---|---|",
    )
    for rule in book.rules.values():
        if isinstance(rule, Bar) and rule.address.startswith(COURT_ORDERS):
            reading = f"{rule.address}/followed"
            followed = [id for id, profile in book.profiles.items() if profile.chooses.get(reading) == "followed"]
            start, until = rule.in_force.start, rule.in_force.until
            yield (
                f"| {rule.title}: {rule.cite.text} (`{rule.address}`) | {start or 'always'} |"
                f" {until or 'no end is known'} | {', '.join(f'`{id}`' for id in followed)} |"
            )


def _readings(book: Book) -> Iterator[str]:
    profiles = sorted(book.profiles.values(), key=lambda profile: (profile.since or date.min, profile.id))
    yield from (
        "",
        "## Readings",
        "",
        "What each profile takes contested, vague or unread words to mean, oldest first.",
        "",
    )
    yield "| Reading | " + " | ".join(f"`{profile.id}`<br>from {profile.since}" for profile in profiles) + " |"
    yield "|---" * (len(profiles) + 1) + "|"
    for address, reading in book.readings.items():
        choices = " | ".join(profile.chooses[address] for profile in profiles)
        yield f"| {reading.question}<br>`{address}` | {choices} |"


def _days(book: Book) -> Iterator[str]:
    verbs = {
        "begins": "comes into force",
        "ends": "goes out of force",
        "profile": "can be held",
        "authority": "is said",
    }
    yield from ("", "## Day by day", "", "| Day | What happens | To what | By |", "|---|---|---|---|")
    for event in events(book):
        yield f"| {event.day} | {verbs[event.sort]} | {event.title}<br>`{event.address}` | {event.by} |"


def main(arguments: list[str]) -> int:
    """Writes the page to the file named, or prints it."""
    from limen.law import load_book

    page = report(load_book())
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
