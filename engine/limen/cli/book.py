"""`limen book`: read and check rule books."""

from __future__ import annotations

import json
from pathlib import Path

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import book_at, json_option, rules_option


@click.group(
    cls=LazyGroup,
    members={
        "show": Lazy("limen.cli.book:show", "One rule, element, reading, fact or profile, with what tests it."),
        "list": Lazy("limen.cli.book:list_book", "Every rule, reading and profile, one a line."),
        "check": Lazy("limen.cli.book:check", "Everything that is wrong in a folder of rules."),
        "render": Lazy("limen.cli.render:render", "The book as a site to read and print."),
    },
)
def book() -> None:
    """Read and check rule books."""


@click.command(
    epilog="""\b
Examples:
  limen book show usc.26.6103.i.2
  limen book show 'usc.26.6103.i.2#states_address'
  limen book show usc.26.6103.i.2/address_stated
  limen book show ddc-2025-26
  limen book show requester.office"""
)
@click.argument("address")
@rules_option
@json_option
def show(address: str, rules: str | None, as_json: bool) -> int:
    """Show what is at ADDRESS: its citation, its words, where it is written, and the scenarios that test it.

    ADDRESS is that of a rule, an element, a ground, a reading, a definition or a duty; or the name of a profile, a
    fact or a parameter. Each reason of a decision has one.
    """
    from limen.cli.lookup import look_up
    from limen.cli.screen import Screen

    entry = look_up(book_at(rules), address)
    if as_json:
        click.echo(json.dumps(entry.as_json(), ensure_ascii=False, default=str))
    else:
        entry.show(Screen())
    return exits.RELEASED


@click.command(
    name="list",
    epilog="""\b
Examples:
  limen book list
  limen book list --json | jq .address""",
)
@rules_option
@json_option
def list_book(rules: str | None, as_json: bool) -> int:
    """List the rules, readings and profiles of a book."""
    from limen.cli.screen import Screen

    loaded = book_at(rules)
    rows: list[tuple[str, str, str]] = []
    for rule in loaded.rules.values():
        rows.append((type(rule).__name__.lower().replace("dutyrule", "duty"), rule.address, rule.title))
    for reading in loaded.readings.values():
        rows.append(("reading", reading.address, f"“{reading.words}” ({reading.status})"))
    for profile in loaded.profiles.values():
        rows.append(("profile", profile.id, profile.title))
    if as_json:
        for kind, address, title in rows:
            click.echo(json.dumps({"kind": kind, "address": address, "title": title}, ensure_ascii=False))
        return exits.RELEASED
    screen = Screen()
    screen.line(screen.paint(f"{loaded.name} {loaded.version}  {loaded.digest[:12]}", "strong"))
    width = max(len(address) for _, address, _ in rows)
    for kind, address, title in rows:
        screen.column(screen.paint(f"{kind:<12}", "quiet") + f" {address:<{width}}  ", title)
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen book check rules
  limen book check my-draft --json

\b
Exit codes: 0 no problem, 1 problems, 2 no such folder."""
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@json_option
def check(folder: str, as_json: bool) -> int:
    """Load the rules in FOLDER and report everything that is wrong, each with its place and how to mend it."""
    from dataclasses import asdict

    from limen.cli.screen import Screen
    from limen.cli.words import count
    from limen.law import BookError, load_book

    screen = Screen()
    try:
        loaded = load_book(Path(folder))
    except BookError as error:
        for problem in error.problems:
            screen.line(json.dumps(asdict(problem), ensure_ascii=False) if as_json else str(problem))
        if not as_json:
            found = count(len(error.problems), "problem")
            screen.line(screen.paint(f"{screen.icon('bad')} {found}", "bad"))
        return exits.WITHHELD
    if not as_json:
        contents = f"{count(len(loaded.rules), 'rule')}, {count(len(loaded.readings), 'reading')}, "
        contents += count(len(loaded.profiles), "profile")
        screen.line(screen.paint(f"{screen.icon('good')} no problems", "good") + f" in {loaded.name}: {contents}")
    return exits.RELEASED
