"""`limen diff`: what an amendment changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import day_option, json_option

if TYPE_CHECKING:
    from limen.analyse.diff import Difference
    from limen.law import Book


@click.command(
    epilog="""\b
A BOOK is a folder of rules, an overlay file (of the shipped book), or the
word `shipped`.

\b
Examples:
  limen diff shipped my-bill.yaml
  limen diff rules my-draft --profile text-strict --as-of 2026-03-01
  limen diff shipped my-bill.yaml --population 2000 --json

\b
Exit codes: 0 no difference, 1 differences, or not known in the time given."""
)
@click.argument("one_at", metavar="BOOK")
@click.argument("other_at", metavar="BOOK")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Only these; by default all they share.")
@day_option("--as-of", "The law of this day; by default today.")
@click.option("--population", "size", default=0, metavar="N", help="Count changes on N cases around the scenarios.")
@click.option("--seed", default=1, show_default=True, help="Of the population.")
@click.option("--seconds", default=5.0, show_default=True, help="How long to look.")
@json_option
def diff(
    one_at: str,
    other_at: str,
    profiles: tuple[str, ...],
    as_of: date | None,
    size: int,
    seed: int,
    seconds: float,
    as_json: bool,
) -> int:
    """Every way in which two books decide differently: in a sentence each, with a case that shows it and its twin."""
    from limen.analyse.diff import diff as compare
    from limen.analyse.population import population
    from limen.analyse.trials import Law
    from limen.cli.analyse_case import echo_json, exact_needed, trials_of

    exact_needed()
    one, other = _book(one_at), _book(other_at)
    day = as_of or datetime.now(UTC).date()
    cases = []
    if size:
        around = list({trial.id: trial.facts for trial in trials_of(one, (), None)}.values())
        cases = list(population(Law(one, day), around, size, seed))
    far = Far("profiles alike and cases of the population" if cases else "groups of profiles that take it alike")
    found = compare(one, other, day, profiles or None, cases, seconds, far)
    far.close()
    if as_json:
        told = {"before": one.digest, "after": other.digest, "same": found.same, "complete": found.complete}
        echo_json({**told, **_plain(found)})
    else:
        _show(one, other, found)
    return exits.RELEASED if found.same else exits.WITHHELD


def _book(at: str) -> Book:
    from limen.law import load_book
    from limen.law.overlay import load_overlay

    if at == "shipped":
        return load_book()
    path = Path(at)
    return load_overlay(path) if path.is_file() else load_book(path)


def _plain(found: Difference) -> dict[str, object]:
    from limen.analyse.plain import plain

    whole: dict[str, object] = plain(found)
    return whole


def _show(one: Book, other: Book, found: Difference) -> None:
    from limen.cli.screen import Screen
    from limen.cli.words import VERDICTS, count

    screen = Screen()
    screen.line(screen.paint(f"{one.name} {one.version} and {other.name} {other.version}", "strong"))
    screen.line(screen.paint(f"law of {found.as_of}", "quiet"))
    if found.changed:
        screen.wrapped(f"worded otherwise: {', '.join(found.changed)}", 2, 4)
    for number, sentence in enumerate(found.sentences, 1):
        screen.line()
        change = f"{VERDICTS[sentence.before].word} becomes {VERDICTS[sentence.after].word.lower()}"
        under = f"all {len(found.asked)} profiles" if len(sentence.profiles) == len(found.asked) > 1 else ", ".join(
            sentence.profiles
        )  # fmt: skip
        screen.wrapped(f"{number}. {change} under {under}, in {sentence.rule}", 2, 5, "strong")
        for words in sentence.where or ("whatever the facts it reads",):
            screen.wrapped(f"where {words}", 5, 7)
        screen.wrapped("and everything else it asks is met, and no other gateway decides", 5, 7, "quiet")
        stated = len(sentence.witness.facts) + len(sentence.witness.items[0].facts)
        apart = f"; the twin differs in {sentence.apart_by}" if sentence.apart_by else "; no twin is one fact apart"
        by = f" under {sentence.profile}" if len(sentence.profiles) > 1 else ""
        screen.wrapped(f"shown by a case of {count(stated, 'fact')}{by}{apart}", 5, 7, "quiet")
    screen.line()
    for profile, changed in (found.counts or {}).items():
        screen.line(f"  {profile}: {changed} of {found.population} cases change")
    if found.population < found.of:
        screen.wrapped(f"got this far: {found.population} of {count(found.of, 'case')} of the population", tone="open")
    if found.same:
        screen.wrapped("proved: every case is decided alike", tone="good")
    elif found.complete:
        screen.wrapped("proved: no case changes outside these sentences", tone="quiet")
    else:
        asked = len(found.asked) - len(found.unasked)
        screen.wrapped(
            f"got this far: {asked} of {count(len(found.asked), 'profile')} asked to the end; there may be other "
            f"differences under {', '.join(found.unasked)}. `--seconds` gives more time",
            tone="open",
        )
