"""`limen assure`: what a book and its scenarios are held to."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.assurance import Assurance, Checked


@click.command(
    epilog="""\b
Examples:
  limen assure
  limen assure --write docs/assurance.md --keep mutants.jsonl
  limen assure --check docs/assurance.md

\b
Exit codes: 0 all promises are proved and the score is high enough, or the
page is true; 1 not so."""
)
@click.argument("which", nargs=-1, metavar="[PATH|ID]...")
@click.option("--write", "page", metavar="FILE", help="Write the account as a page of Markdown.")
@click.option("--check", "kept_page", metavar="FILE", help="Hold a kept page against the book, cheaply.")
@click.option("--sample", default=30, show_default=True, help="With --check: how many mutants to ask about.")
@click.option("--fail-under", default=95.0, show_default=True, metavar="PERCENT", help="Fail below this score.")
@click.option("--seconds", default=1200.0, show_default=True, help="How long to look, for mutants and for proofs.")
@click.option("--keep", "kept_at", metavar="FILE", help="Keep results there; a run cut short begins where it was.")
@click.option("--processes", default=2, show_default=True, help="How many look at once.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@rules_option
@json_option
def assure(
    which: tuple[str, ...],
    page: str | None,
    kept_page: str | None,
    sample: int,
    fail_under: float,
    seconds: float,
    kept_at: str | None,
    processes: int,
    registry_at: str | None,
    rules: str | None,
    as_json: bool,
) -> int:
    """The mutation score, the coverage table and the proofs of a book, in one account.

    A page that keeps it can be held against the book with `--check`: coverage is counted anew, the promises are proved
    on the latest day, and a sample of the mutants is asked about. Minutes for the whole, half a minute for a check.
    """
    from limen.analyse.assurance import assure as run
    from limen.analyse.assurance import check, kept_account
    from limen.analyse.assurance_page import assurance_page
    from limen.analyse.keeping import Kept
    from limen.cli.analyse_case import echo_json, exact_needed, trials_of
    from limen.cli.options import book_at

    exact_needed()
    account = kept_account(Path(kept_page)) if kept_page is not None else None
    book = book_at(rules)
    trials = trials_of(book, which, registry_at)
    if account is not None:
        checked = check(book, trials, account, sample)
        if as_json:
            echo_json(checked)
        else:
            _show_check(checked, kept_page or "")
        return exits.WITHHELD if checked.wrong else exits.RELEASED
    with Kept(Path(kept_at), book, trials) if kept_at is not None else nullcontext() as kept:
        known, note = (kept.known, kept.note) if kept is not None else (None, None)
        found = run(book, trials, seconds, processes, known, note, Far)
    if page is not None:
        Path(page).write_text(assurance_page(found), encoding="utf-8")
    enough = found.mutation.score * 100 >= fail_under and all(proof.holds for proof in found.proofs)
    if as_json:
        echo_json(found.account)
    else:
        _show(found, page)
    return exits.RELEASED if enough else exits.WITHHELD


def _show(found: Assurance, page: str | None) -> None:
    from limen.cli.screen import Screen

    screen = Screen()
    screen.line(screen.paint(f"What {found.book.name} {found.book.version} is held to", "strong"))
    screen.wrapped(
        f"{found.mutation.score:.1%} of {len(found.mutation.results)} mutants killed: {found.mutation.by_fate}", 2, 4
    )
    for words, (shown, of) in (
        ("outcomes of nodes", found.coverage.outcomes),
        ("pairs that show an independent effect", found.coverage.pairs),
        ("alternatives of readings", found.coverage.readings),
    ):
        screen.wrapped(f"{shown} of {of} {words} are shown by {found.coverage.trials} scenarios", 2, 4)
    for proof in found.proofs:
        asked = f"{proof.says} ({proof.promise}, {proof.editions} editions)"
        if proof.holds:
            screen.wrapped(f"{screen.icon('good')} proved: {asked}", 2, 4, "good")
        elif proof.broken:
            screen.wrapped(f"{screen.icon('bad')} broken: {asked}", 2, 4, "bad")
        else:
            screen.wrapped(f"{screen.icon('open')} not known: {asked}", 2, 4, "open")
    if not found.complete:
        screen.wrapped("got this far: time ran out before everything was asked; `--seconds` gives more", 2, 4, "open")
    if page is not None:
        screen.line(f"the whole account is in {page}")


def _show_check(checked: Checked, page: str) -> None:
    from limen.cli.screen import Screen

    screen = Screen()
    if not checked.current:
        screen.wrapped(f"{page} is about an earlier book or suite; `make assurance` writes it anew", tone="open")
    for wrong in checked.wrong:
        screen.wrapped(f"{screen.icon('bad')} {wrong}", 0, 2, "bad")
    if not checked.wrong:
        asked = f"{checked.sampled} mutants asked"
        screen.wrapped(f"{screen.icon('good')} {page} does not say too much ({asked})", 0, 2, "good")
