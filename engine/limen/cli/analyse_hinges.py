"""`limen hinges`: which readings the answer turns on."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.analyse_case import case_options
from limen.cli.options import json_option

if TYPE_CHECKING:
    from limen.analyse.hinges import Hinges, ItemHinges
    from limen.cli.analyse_case import Told
    from limen.cli.screen import Screen
    from limen.law import Book


@click.command(
    epilog="""\b
--profile is the basis from which readings are chosen otherwise; by default
the first profile of the book. A table is a CSV file with a column per fact.

\b
Examples:
  limen hinges demo-number-no-address --profile irs-2025-08
  limen hinges cases.csv --as-of 2026-03-01
  limen hinges request.yaml --json | jq .items[0].by_verdict"""
)
@click.argument("request_at", metavar="REQUEST|TABLE")
@case_options
@click.option("--seconds", default=0.9, show_default=True, help="How long to look, for each case.")
@json_option
def hinges(
    request_at: str,
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    registry_at: str | None,
    rules: str | None,
    seconds: float,
    as_json: bool,
) -> int:
    """The verdict under every combination of readings, and the fewest readings it depends on, proved.

    For words that nobody outside has seen: what the verdict is whatever they say, or what they would have to say.
    """
    from limen.analyse.hinges import Hinges
    from limen.analyse.table import read_table
    from limen.cli.analyse_case import echo_json, read_told
    from limen.cli.options import book_at, check_profile
    from limen.cli.screen import Screen

    book = book_at(rules)
    basis = check_profile(book, profile) or next(iter(book.profiles))
    chooses = book.profiles[basis].chooses
    if request_at.endswith(".csv"):
        law = Hinges(book, as_of or datetime.now(UTC).date())
        cases = [hinge for facts in read_table(Path(request_at), book.vocabulary)
                 for hinge in law.of(facts, chooses, seconds)]  # fmt: skip
        _table(Screen(), cases, basis, as_json)
        return exits.RELEASED
    told = read_told(request_at, book, as_of, known_at, given, registry_at)
    law = Hinges(book, told.day)
    found = law.of(told.facts, chooses, seconds)
    if as_json:
        echo_json({"case": told.name, "as_of": told.day, "basis": basis, "items": found})
        return exits.RELEASED
    _show(Screen(), book, told, basis, law, found)
    return exits.RELEASED


def _show(screen: Screen, book: Book, told: Told, basis: str, law: Hinges, found: tuple[ItemHinges, ...]) -> None:
    from limen.cli.analyse_case import caveat, heading
    from limen.cli.words import VERDICTS

    heading(screen, f"What the answer to {told.name} hinges on", told, basis, book)
    for one in found:
        screen.line(f"{VERDICTS[one.verdict].on(screen)}  {one.item}")
        counted = sum(one.by_verdict.values())
        screen.wrapped(f"{counted:,} of {one.total:,} combinations of readings:", 2, 4)
        for verdict, number in sorted(one.by_verdict.items()):
            screen.line(f"    {VERDICTS[verdict].on(screen)}  {number:,}")
        if one.complete:
            for rests in one.rests_on:
                words = f"it rests on {', '.join(rests)}" if rests else "it rests on no reading at all"
                screen.wrapped(f"{words}: with those as in {basis}, whatever the others say" if rests else words, 2, 4)
        for changes, verdict in one.flips:
            read = "; ".join(f"{reading}: {' or '.join(ids)}" for reading, ids in changes.items())
            screen.wrapped(f"{VERDICTS[verdict].word.lower()} if read {read}", 2, 4)
        for redacted in one.redacted:
            if not redacted.whatever_it_says:
                screen.wrapped(
                    f"“{redacted.words}” ({redacted.reading}), which nobody outside has seen: "
                    f"{VERDICTS[redacted.met].word.lower()} if it is met here, "
                    f"{VERDICTS[redacted.not_met].word.lower()} if not", 2, 4,
                )  # fmt: skip
        if one.redacted and one.whatever_seen is not None:
            screen.wrapped(f"{VERDICTS[one.whatever_seen].word.lower()}, whatever the words nobody has seen say", 2, 4)
        if one.complete:
            screen.wrapped("proved: these parts make up every combination", 2, 4, "quiet")
        else:
            screen.wrapped("got this far: the rest of the combinations was not looked at", 2, 4, "open")
        screen.line()
    caveat(screen)


def _table(screen: Screen, cases: list[ItemHinges], basis: str, as_json: bool) -> None:
    from limen.cli.analyse_case import echo_json
    from limen.cli.words import VERDICTS

    pivots = Counter(reading for case in cases for reading in case.pivots)
    verdicts = Counter(case.verdict for case in cases)
    if as_json:
        echo_json({"basis": basis, "cases": len(cases), "verdicts": verdicts, "pivots": pivots,
                   "complete": all(case.complete for case in cases), "items": cases})  # fmt: skip
        return
    screen.line(screen.paint(f"{len(cases)} cases, basis {basis}", "strong"))
    for verdict, number in verdicts.most_common():
        screen.line(f"  {VERDICTS[verdict].on(screen)}  {number} of {len(cases)}")
    screen.line("readings that make the difference, and in how many cases:")
    for reading, number in pivots.most_common():
        screen.line(f"  {number:>6} of {len(cases)}  {reading}")
    unfinished = sum(not case.complete for case in cases)
    if unfinished:
        screen.wrapped(f"{unfinished} cases were not looked at in every combination", tone="open")
