"""`limen twins`: pairs of cases one fact apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import day_option, json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.twins import Litter
    from limen.law import Book


@click.command(
    epilog="""\b
Examples:
  limen twins usc.26.6103.i.2 --profile text-strict
  limen twins 'usc.26.6103.i.6#informant' --json
  limen twins --seconds 30 --write to-review/"""
)
@click.argument("address", default="", metavar="[ADDRESS]")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Only these, in this order.")
@day_option("--as-of", "The law of this day; by default today.")
@click.option("--write", "folder", metavar="FOLDER", help="Write each pair as two scenarios.")
@click.option("--seconds", default=0.9, show_default=True, help="How long to look.")
@rules_option
@json_option
def twins(
    address: str,
    profiles: tuple[str, ...],
    as_of: date | None,
    folder: str | None,
    seconds: float,
    rules: str | None,
    as_json: bool,
) -> int:
    """For every element, ground, bar, limb and reading: two cases one fact apart, decided differently because of it."""
    from limen.analyse.twins import twins as find
    from limen.cli.analyse_case import echo_json, exact_needed, shown
    from limen.cli.options import book_at, check_profile
    from limen.cli.screen import Screen
    from limen.cli.words import VERDICTS, count

    exact_needed()
    book = book_at(rules)
    for name in profiles:
        check_profile(book, name)
    far = Far("provisions have twins")
    found = find(book, as_of or datetime.now(UTC).date(), profiles or None, address, seconds, far)
    far.close()
    if folder:
        _write(book, found, Path(folder))
    if as_json:
        echo_json(found)
        return exits.RELEASED
    screen = Screen()
    for pair in found.twins:
        screen.wrapped(f"{pair.address}: {pair.label}", tone="strong")
        item = book.vocabulary.facts[pair.fact].per_item
        first, second = (case.items[0].facts if item else case.facts for case in (pair.first, pair.second))
        said = f"{pair.fact}: {shown(first.get(pair.fact))} → {shown(second.get(pair.fact))}"
        words = f"{VERDICTS[pair.verdict].word} becomes {VERDICTS[pair.other].word.lower()} under {pair.profile}"
        screen.wrapped(f"{said}. {words}", 2, 4)
    for one in found.none:
        screen.wrapped(f"{one}: proved, no single fact flips a verdict through it", 0, 2, "quiet")
    if found.unasked:
        screen.wrapped(f"got this far: {count(len(found.unasked), 'provision')} not asked about", tone="open")
    return exits.RELEASED


def _write(book: Book, found: Litter, folder: Path) -> None:
    from limen.analyse.telling import twin_scenarios

    folder.mkdir(parents=True, exist_ok=True)
    for pair in found.twins:
        for id, text in twin_scenarios(book, pair, found.as_of):
            (folder / f"{id}.yaml").write_text(text, encoding="utf-8")
