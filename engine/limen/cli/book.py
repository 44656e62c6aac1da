"""`limen book`: read and check rule books."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import book_at, json_option, rules_option
from limen.cli.words import count

if TYPE_CHECKING:
    from limen.cli.screen import Screen
    from limen.law import Book, Problem
    from limen.law.lint import Finding


@click.group(
    cls=LazyGroup,
    members={
        "show": Lazy("limen.cli.book:show", "One rule, element, reading, fact or profile, with what tests it."),
        "list": Lazy("limen.cli.book:list_book", "Every rule, reading and profile, one a line."),
        "check": Lazy("limen.cli.book:check", "Everything that is wrong in a folder of rules."),
        "format": Lazy("limen.cli.book:format_book", "Rule files in their one canonical form, comments kept."),
        "schema": Lazy("limen.cli.book:schema", "The JSON Schema of a rule file, for your editor."),
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
  limen book check rules --tested --strict

\b
Exit codes: 0 no problem, 1 problems (with --strict: or warnings), 2 no
such folder."""
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--tested", is_flag=True, help="Also run the shipped scenarios, and say which elements none of them tries."
)
@click.option("--strict", is_flag=True, help="Let a warning count like a problem.")
@json_option
def check(folder: str, tested: bool, strict: bool, as_json: bool) -> int:
    """Load the rules in FOLDER and report everything that is wrong, each with its place and how to mend it.

    A book without problems is read once more by the lints: what could still be better, as warnings and notes.
    """
    from limen.cli.screen import Screen
    from limen.law import BookError, load_book
    from limen.law.lint import lint_book

    screen = Screen()
    try:
        loaded = load_book(Path(folder))
    except BookError as error:
        _report(screen, error.problems, as_json)
        if not as_json:
            screen.line(screen.paint(f"{screen.icon('bad')} {count(len(error.problems), 'problem')}", "bad"))
        return exits.WITHHELD
    found = lint_book(loaded, Path(folder), _tried(loaded) if tested else None)
    _report(screen, found, as_json)
    warnings = sum(finding.weight == "warning" for finding in found)
    if not as_json:
        contents = f"{count(len(loaded.rules), 'rule')}, {count(len(loaded.readings), 'reading')}, "
        contents += count(len(loaded.profiles), "profile")
        screen.line(screen.paint(f"{screen.icon('good')} no problems", "good") + f" in {loaded.name}: {contents}")
        if found:
            screen.line(f"{screen.icon('dot')} {count(warnings, 'warning')}, {count(len(found) - warnings, 'note')}")
    return exits.WITHHELD if strict and warnings else exits.RELEASED


@click.command(
    name="format",
    epilog="""\b
Examples:
  limen book format my-draft
  limen book format rules --check

\b
Exit codes: 0 done; with --check: 1 if a file is not in canonical form.""",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; say which files would change.")
def format_book(folder: str, only_check: bool) -> int:
    """Write each rule file of FOLDER in its canonical form. What it says, and every comment, stays."""
    from limen.cli.screen import Screen
    from limen.law.format import format_folder

    screen = Screen()
    changed = format_folder(Path(folder), write=not only_check)
    for name in changed:
        screen.line(f"{'would change' if only_check else 'formatted'} {name}")
    return exits.WITHHELD if only_check and changed else exits.RELEASED


@click.command(epilog="\b\nExamples:\n  limen book schema > rule-file.schema.json")
def schema() -> int:
    """Print the JSON Schema of a rule file."""
    from limen.law.schema import schema_text

    click.echo(schema_text(), nl=False)
    return exits.RELEASED


def _report(screen: Screen, found: Iterable[Problem] | Iterable[Finding], as_json: bool) -> None:
    """Problems or findings, one an entry."""
    from dataclasses import asdict

    for one in found:
        screen.line(json.dumps(asdict(one), ensure_ascii=False) if as_json else str(one))


def _tried(book: Book) -> frozenset[str]:
    """The addresses that a shipped scenario found met, not met or not known."""
    from limen.crossref.lazy import LazyRegistry
    from limen.scenario import ScenarioRunner, find_scenarios
    from limen.scenario.exercise import exercise

    scenarios = [scenario for _, scenario in find_scenarios()]
    tried = exercise(book, scenarios, ScenarioRunner(book, LazyRegistry(None).match))
    return frozenset(address for address, one in tried.items() if one.met or one.not_met or one.not_known)
