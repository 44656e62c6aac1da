"""`limen whatif`: what would have to be otherwise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.analyse_case import case_options
from limen.cli.options import json_option

if TYPE_CHECKING:
    from limen.analyse.package import Package, Step
    from limen.analyse.whatif import Change, Flip, Flips
    from limen.cli.screen import Screen

HANDS = {
    "mend": "can be mended",
    "find_out": "nobody has said it",
    "authority": "only the authority knows it",
    "given": "is as it is",
}


@click.command(
    epilog="""\b
REQUEST is a request (YAML or JSON), a scenario, or the id of a shipped
scenario.

\b
Examples:
  limen whatif request.yaml --profile ddc-2025-26
  limen whatif demo-number-no-address --pin requester.agency
  limen whatif request.yaml --json | jq .items"""
)
@click.argument("request_at", metavar="REQUEST")
@case_options
@click.option("--pin", "pins", multiple=True, metavar="FACT", help="A fact that stays as it is.")
@click.option("--seconds", default=0.9, show_default=True, help="How long to look, for each item.")
@click.option("--most", default=40, show_default=True, help="How many sets of either sort to list, for each item.")
@json_option
def whatif(
    request_at: str,
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    registry_at: str | None,
    rules: str | None,
    pins: tuple[str, ...],
    seconds: float,
    most: int,
    as_json: bool,
) -> int:
    """Every minimal set of facts that would flip the verdict on each item; the largest lawful package.

    Facts one may act on (the book calls the element curable, or nobody has said them yet) stand apart from those one
    may not. The sets are exact: each flips the verdict, and nothing in it can be left out.
    """
    from limen.cli.analyse_case import bench_for, caveat, check_facts_named, echo_json, heading, read_told
    from limen.cli.options import book_at
    from limen.cli.screen import Screen

    book = book_at(rules)
    told = read_told(request_at, book, as_of, known_at, given, registry_at)
    bench = bench_for(book, told, profile)
    pinned = check_facts_named(book, pins)

    from limen.analyse.package import package
    from limen.analyse.whatif import whatif as ask

    flips = [ask(bench, told.facts, index, pinned, seconds, most) for index in range(len(told.facts.items))]
    together = package(bench, told.facts, pinned, seconds)
    if as_json:
        echo_json({"case": told.name, "as_of": told.day, "profiles": [e.profile for e in bench.editions],
                   "pinned": pinned, "items": flips, "package": together})  # fmt: skip
        return exits.RELEASED
    screen = Screen()
    heading(screen, f"What would change the answer to {told.name}", told, profile, book)
    for one in flips:
        _show(screen, one)
    _package(screen, together)
    caveat(screen)
    return exits.RELEASED


def _show(screen: Screen, flips: Flips) -> None:
    from limen.cli.words import VERDICTS

    screen.line(f"{VERDICTS[flips.verdict].on(screen)}  {flips.item}")
    _sets(screen, "By acting on facts one may act on:", flips.in_hand, flips.in_hand_up_to)
    _sets(screen, "Only if something nobody who asks can change were otherwise:", flips.others, flips.others_up_to)
    screen.line()


def _sets(screen: Screen, title: str, sets: tuple[Flip, ...], up_to: int | None) -> None:
    from limen.cli.words import VERDICTS, count

    screen.wrapped(title, 2, 4)
    for number, flip in enumerate(sets, 1):
        through = f" through {', '.join(flip.gateways)}" if flip.gateways else ""
        screen.line(f"    {number}. {VERDICTS[flip.verdict].word.lower()}{through}")
        for change in flip.changes:
            screen.wrapped(_change(change), 7, 9)
    if not sets and up_to is None:
        screen.line("    nothing would")
    if up_to is None:
        screen.line(screen.paint("    these are all there are" if sets else "    proved", "quiet"))
    else:
        far = f"got this far: every set of up to {count(up_to, 'fact')} is listed; there are larger ones"
        screen.wrapped(far, 4, 4, "open")


def _change(change: Change) -> str:
    from limen.cli.analyse_case import shown

    values = " or ".join(shown(value) for value in change.after)
    return f"{change.fact}: {shown(change.before)} → {values} ({HANDS[change.hand]})"


def _package(screen: Screen, package: Package) -> None:
    screen.line(screen.paint("The package", "strong"))
    screen.wrapped(f"now: {', '.join(package.now) or 'nothing'}", 2, 4)
    for step in package.steps:
        _step(screen, step)
    screen.wrapped(f"largest that could go out at once: {', '.join(package.largest) or 'nothing'}", 2, 4)
    if package.never:
        screen.wrapped(f"nothing one may act on releases: {', '.join(package.never)}", 2, 4)
    if not package.complete:
        screen.wrapped("time ran out: the package may be larger", 2, 4, "open")


def _step(screen: Screen, step: Step) -> None:
    shows = "; ".join(_change(change) for change in step.changes)
    screen.wrapped(f"smallest showing that unlocks {', '.join(step.unlocks)}: {shows}", 2, 4)
