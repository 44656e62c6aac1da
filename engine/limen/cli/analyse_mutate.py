"""`limen mutate`: how good the scenarios are."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.mutate import Mutation, Result
    from limen.law import Book

KINDS = ("drop", "widen", "boundary", "reading", "date")


@click.command(
    epilog="""\b
Examples:
  limen mutate
  limen mutate --kind drop --under usc.26.6103.i.2
  limen mutate my-scenarios/ --rules my-draft --write to-review/
  limen mutate --fail-under 95 --keep mutants.jsonl

\b
Exit codes: 0 the score is high enough, 1 it is not."""
)
@click.argument("which", nargs=-1, metavar="[PATH|ID]...")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only mutants of this kind.")
@click.option("--under", metavar="ADDRESS", help="Only mutants at addresses that start so.")
@click.option("--thorough", is_flag=True, help="Widen enums by every value, swap in every alternative.")
@click.option("--write", "folder", metavar="FOLDER", help="Write the scenario that kills each survivor.")
@click.option("--fail-under", default=0.0, metavar="PERCENT", help="Fail below this score.")
@click.option("--seconds", default=600.0, show_default=True, help="How long to look.")
@click.option("--keep", "kept_at", metavar="FILE", help="Keep each result there; a run cut short begins where it was.")
@click.option("--processes", default=2, show_default=True, help="How many look at once.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@rules_option
@json_option
def mutate(
    which: tuple[str, ...],
    kinds: tuple[str, ...],
    under: str | None,
    thorough: bool,
    folder: str | None,
    fail_under: float,
    seconds: float,
    kept_at: str | None,
    processes: int,
    registry_at: str | None,
    rules: str | None,
    as_json: bool,
) -> int:
    """Change the book in one small way after another, and see which changes the scenarios notice.

    An element dropped, an enum widened, a boundary moved by one, a reading swapped, a date shifted. A mutant that no
    case can tell from the book is proved equivalent; for every other survivor there is a scenario that kills it.
    """
    from limen.analyse.keeping import Kept
    from limen.analyse.mutate import mutate as run
    from limen.cli.analyse_case import echo_json, exact_needed, trials_of
    from limen.cli.options import book_at

    exact_needed()
    book = book_at(rules)
    trials = trials_of(book, which, registry_at)
    asked = (kinds or KINDS, thorough, seconds, under)
    with Kept(Path(kept_at), book, trials) if kept_at is not None else nullcontext() as kept:
        known, note = (kept.known, kept.note) if kept is not None else (None, None)
        far = Far("mutants asked about")
        found = run(book, trials, *asked, processes=processes, known=known, note=note, far=far)  # type: ignore[arg-type]
        far.close()
    written = _write(book, found, Path(folder)) if folder else 0
    enough = found.score * 100 >= fail_under
    if as_json:
        echo_json({"score": round(found.score * 100, 2), "trials": found.trials, "written": written,
                   "fates": Counter(result.fate for result in found.results), "results": found.results})  # fmt: skip
    else:
        _show(found, folder, written)
    return exits.RELEASED if enough else exits.WITHHELD


def _show(found: Mutation, folder: str | None, written: int) -> None:
    from limen.cli.screen import Screen
    from limen.cli.words import count

    screen = Screen()
    screen.line(screen.paint(f"{found.score:.1%} of the mutants are killed", "strong"))
    screen.wrapped(f"{count(len(found.results), 'mutant')} on {count(found.trials, 'trial')}: {found.by_fate}", 2, 4)
    for kind in KINDS:
        of = [result for result in found.results if result.kind == kind]
        counted = [result for result in of if result.fate != "equivalent"]
        if of:
            killed = sum(result.fate == "killed" for result in of)
            screen.line(f"    {kind:<9} {killed} of {len(counted)} killed, {len(of) - len(counted)} equivalent")
    for result in found.results:
        if result.fate in ("survived", "undecided"):
            screen.wrapped(f"{result.fate}: {result.kind} {result.address}: {result.what}", 2, 4)
            if result.witness is not None:
                w = result.witness
                screen.wrapped(f"{w.profile} on {w.as_of}: {w.before}, and {w.after} under the mutant", 6, 8, "quiet")
    if found.of("undecided"):
        screen.wrapped("got this far: those undecided were not told apart in the time given, and count as survivors",
                       tone="open")  # fmt: skip
    if folder:
        screen.wrapped(f"{count(written, 'scenario')} to review in {folder}")


def _write(book: Book, found: Mutation, folder: Path) -> int:
    """The scenario that kills each survivor, one file each."""
    from limen.analyse.mutants import mutants
    from limen.analyse.mutate import key_of
    from limen.analyse.telling import killing_scenario

    folder.mkdir(parents=True, exist_ok=True)
    names: Counter[str] = Counter()
    alive = {result.key: result for result in found.of("survived")}
    for mutant in mutants(book, thorough=True) if alive else ():
        result = alive.pop(key_of(mutant), None)
        if result is not None and result.witness is not None:
            text_id = _id_of(result, names)
            text = killing_scenario(book, mutant, result.witness, text_id)
            (folder / f"{text_id}.yaml").write_text(text, encoding="utf-8")
    return sum(names.values())


def _id_of(result: Result, names: Counter[str]) -> str:
    from limen.analyse.writing import scenario_id

    base = scenario_id(result.kind, result.address)
    names[base] += 1
    return base if names[base] == 1 else f"{base[:76]}-{names[base]}"
