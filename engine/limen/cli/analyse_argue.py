"""`limen argue`: the strongest case for each side."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.options import day_option, json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.argue import Argument
    from limen.cli.screen import Screen


@click.command(
    epilog="""\b
Examples:
  limen argue demo-number-no-address
  limen argue request.yaml --as-of 2026-03-01 --json"""
)
@click.argument("request_at", metavar="REQUEST")
@day_option("--as-of", "The law of this day; by default the day the request was received, or today.")
@day_option("--known-at", "Only what had been decided or published by this day.")
@click.option("--facts", "given", multiple=True, metavar="[ITEM:]NAME=VALUE", help="A fact that wins over the file.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@rules_option
@json_option
def argue(
    request_at: str,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    registry_at: str | None,
    rules: str | None,
    as_json: bool,
) -> int:
    """The strongest case for release and for withholding: readings to take, facts to show, authorities with their
    dates and how sure their text is."""
    from limen.analyse.argue import argue as make
    from limen.cli.analyse_case import caveat, echo_json, exact_needed, read_told
    from limen.cli.options import book_at
    from limen.cli.screen import Screen

    exact_needed()
    book = book_at(rules)
    told = read_told(request_at, book, as_of, known_at, given, registry_at)
    found = [one for number in range(len(told.facts.items)) for one in make(book, told.day, told.facts, number)]
    if as_json:
        echo_json({"case": told.name, "as_of": told.day, "arguments": found})
        return exits.RELEASED
    screen = Screen()
    screen.line(screen.paint(f"{told.name} argued both ways", "strong"))
    screen.line(screen.paint(f"law of {told.day} · book {book.name} {book.version}", "quiet"))
    for one in found:
        screen.line()
        _show(screen, one)
    caveat(screen)
    return exits.RELEASED


def _show(screen: Screen, one: Argument) -> None:
    from limen.cli.analyse_case import shown

    title = "For release" if one.side == "release" else "For withholding"
    screen.line(screen.paint(f"{title} of {one.item}", "good" if one.side == "release" else "bad"))
    if not one.possible:
        screen.wrapped("nothing: under no reading, and whatever else is shown. This is proved", 2, 4)
        return
    for name, value in one.needs:
        screen.wrapped(f"show that {name} is {shown(value)}", 2, 4)
    for position in one.positions:
        held = f", as held by {position.held_by}" if position.held_by else ""
        screen.wrapped(f"read “{position.words}” as {position.label}{held} ({position.reading})", 2, 4)
        for authority in position.authorities:
            screen.wrapped(f"{authority.citation} ({authority.certainty})", 6, 8, "quiet")
    if not one.positions and one.proved:
        words = "that is enough" if one.needs else "the facts alone"
        screen.wrapped(f"{words}, whatever the readings", 2, 4)
    if not one.proved:
        screen.wrapped("got this far: not proved that nothing else is needed", 2, 4, "open")
