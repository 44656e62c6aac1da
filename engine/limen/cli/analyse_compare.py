"""`limen compare`: one case in up to four columns."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.options import day_option, json_option, rules_option, to_day

if TYPE_CHECKING:
    from limen.analyse.compare import Comparison
    from limen.cli.screen import Screen


def _days(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(day for value in values if (day := to_day(ctx, param, value)) is not None)


@click.command(
    epilog="""\b
Each --profile, --as-of, --overlay and --vary adds a choice; the columns are
all their combinations, four at most. `--overlay none` is the book itself.

\b
Examples:
  limen compare demo-delegate --profile irs-2025-08 --profile centro-2026
  limen compare request.yaml --profile ddc-2025-26 --as-of 2025-08-07
      --as-of 2026-03-01
  limen compare demo-delegate --overlay none --overlay my-bill.yaml
  limen compare request.yaml --vary matter.kind=civil --vary as-told"""
)
@click.argument("request_at", metavar="REQUEST")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="A profile; by default the first.")
@click.option("--as-of", "days", multiple=True, metavar="DATE", callback=_days, help="The law of this day.")
@click.option("--overlay", "overlays", multiple=True, metavar="FILE|none", help="The book with this overlay.")
@click.option("--vary", "variants", multiple=True, metavar="NAME=VALUE,...|as-told", help="Facts stated otherwise.")
@click.option("--facts", "given", multiple=True, metavar="[ITEM:]NAME=VALUE", help="A fact that wins, in each column.")
@day_option("--known-at", "Only what had been decided or published by this day.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@click.option("--all", "show_all", is_flag=True, help="Rows that do not differ too.")
@rules_option
@json_option
def compare(
    request_at: str,
    profiles: tuple[str, ...],
    days: tuple[date, ...],
    overlays: tuple[str, ...],
    variants: tuple[str, ...],
    given: tuple[str, ...],
    known_at: date | None,
    registry_at: str | None,
    show_all: bool,
    rules: str | None,
    as_json: bool,
) -> int:
    """One case side by side: profiles, dates, overlays, other facts. Rows that differ come first."""
    from limen.analyse.bench import put
    from limen.analyse.compare import Column, TooManyColumnsError
    from limen.analyse.compare import compare as side_by_side
    from limen.cli.analyse_case import changes_given, echo_json, read_told
    from limen.cli.options import book_at, check_profile
    from limen.cli.screen import Screen
    from limen.law.overlay import load_overlay

    book = book_at(rules)
    told = read_told(request_at, book, None, known_at, given, registry_at)
    names = profiles or (next(iter(book.profiles)),)
    for name in names:
        check_profile(book, name)
    choices = list(product(overlays or ("none",), names, days or (told.day,), variants or ("as-told",)))
    if len(choices) > 4:
        raise TooManyColumnsError(len(choices))
    columns = []
    for overlay, name, day, varied in choices:
        law = book if overlay == "none" else load_overlay(Path(overlay), Path(rules) if rules else None)
        facts = told.facts
        if varied != "as-told":
            facts = put(facts, changes_given(tuple(varied.split(",")), law, facts))
        parts = [name, f"{day}" if len(days) > 1 else "", Path(overlay).stem if overlays else "",
                 varied if variants else ""]  # fmt: skip
        columns.append(Column(" · ".join(part for part in parts if part), law, name, day, facts))
    found = side_by_side(columns)
    if as_json:
        echo_json({"case": told.name, "columns": found.columns, "verdicts": found.verdicts,
                   "differing": found.differing, "rows": found.rows if show_all else ()})  # fmt: skip
        return exits.RELEASED
    _show(Screen(), told.name, found, show_all)
    return exits.RELEASED


def _show(screen: Screen, name: str, found: Comparison, show_all: bool) -> None:
    from limen.cli.analyse_case import caveat
    from limen.cli.words import OUTCOMES, VERDICTS

    screen.line(screen.paint(f"{name} side by side", "strong"))
    for letter, title in zip("ABCD", found.columns, strict=False):
        screen.line(f"  {letter}  {title}")
    screen.line()
    signs = {**OUTCOMES, **VERDICTS}
    width = max((len(sign.word) + 2 for sign in signs.values()), default=12)

    def cells(said: tuple[str | None, ...]) -> str:
        words = ["—" if one is None else f"{screen.icon(signs[one].icon)} {signs[one].word}" for one in said]
        return "  ".join(f"{word:<{width}}" for word in words)

    head = "  ".join(f"{letter:<{width}}" for letter, _ in zip("ABCD", found.columns, strict=False))
    screen.line(f"  {head}")
    for row in found.verdicts:
        screen.column(f"  {cells(row.cells)}  ", f"{row.item}: {row.label}", "strong")
    screen.line()
    rows = found.rows if show_all else found.differing
    for row in rows:
        about = f" ({row.item})" if row.item and len(found.verdicts) > 1 else ""
        screen.column(f"  {cells(row.cells)}  ", f"{row.address}{about}: {row.label}")
    same = len(found.rows) - len(found.differing)
    screen.wrapped(f"{len(found.differing)} rows differ, {same} do not", tone="quiet")
    caveat(screen)
