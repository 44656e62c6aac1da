"""`limen prove`: the promises of a book."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import day_option, json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.prove import Broken, Proof
    from limen.law import Book

SOUND = ("no_silent_release", "no_bar_bypassed", "information_never_flips", "duties_follow")


@click.command(
    epilog="""\b
A file of properties is a YAML list:
  - property: no_contractor
    says: a contractor receives nothing
    where: recipient.any_contractor
    never: allow

\b
Examples:
  limen prove
  limen prove --every-period --processes 2 --seconds 300
  limen prove --properties mine.yaml --profile text-strict --write broken/

\b
Exit codes: 0 proved, 1 broken, or not known in the time given."""
)
@click.option("--only", multiple=True, type=click.Choice([*SOUND, "none"]), help="These of the four promises.")
@click.option("--properties", "files", multiple=True, metavar="FILE", help="Properties of your own.")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Only these profiles; by default all.")
@day_option("--as-of", "The law of this day; by default today.")
@click.option("--every-period", is_flag=True, help="A day of every period in which the law stays the same.")
@click.option("--write", "folder", metavar="FOLDER", help="Write each case that breaks a promise as a request.")
@click.option("--seconds", default=60.0, show_default=True, help="How long to look.")
@click.option("--processes", default=1, show_default=True, help="How many look at once.")
@rules_option
@json_option
def prove(
    only: tuple[str, ...],
    files: tuple[str, ...],
    profiles: tuple[str, ...],
    as_of: date | None,
    every_period: bool,
    folder: str | None,
    seconds: float,
    processes: int,
    rules: str | None,
    as_json: bool,
) -> int:
    """Prove of every case, and not of some: no silent release; no bar bypassed; more information never flips a settled
    verdict; the duty follows each release. And what you write yourself."""
    from limen.analyse.properties import read_properties
    from limen.analyse.prove import prove as run
    from limen.cli.analyse_case import echo_json, exact_needed
    from limen.cli.options import book_at, check_profile

    exact_needed()
    book = book_at(rules)
    for name in profiles:
        check_profile(book, name)
    own = [one for file in files for one in read_properties(Path(file))]
    days = None if every_period else [as_of or datetime.now(UTC).date()]
    names = SOUND if not only else [name for name in only if name != "none"]
    far = Far("editions asked")
    proofs = run(book, names, own, days, profiles or None, seconds, processes, far)
    far.close()
    written = _write(book, proofs, Path(folder)) if folder else 0
    if as_json:
        echo_json({"holds": all(proof.holds for proof in proofs), "written": written, "proofs": proofs})
    else:
        _show(proofs, folder, written)
    return exits.RELEASED if all(proof.holds for proof in proofs) else exits.WITHHELD


def _show(proofs: tuple[Proof, ...], folder: str | None, written: int) -> None:
    from limen.cli.screen import Screen
    from limen.cli.words import count

    screen = Screen()
    for proof in proofs:
        asked = count(proof.editions, "edition")
        if proof.holds:
            screen.wrapped(f"{screen.icon('good')} proved: {proof.says} ({proof.promise}, {asked})", 0, 2, "good")
        elif proof.broken:
            screen.wrapped(f"{screen.icon('bad')} broken: {proof.says} ({proof.promise})", 0, 2, "bad")
        else:
            words = f"{screen.icon('open')} not known: {proof.says} ({proof.promise}); got this far: {asked}"
            screen.wrapped(words, 0, 2, "open")
        for broken in proof.broken:
            screen.wrapped(f"{broken.profile} on {broken.as_of}: {broken.detail}", 4, 6)
            stated = {**broken.facts.facts, **broken.facts.items[0].facts}
            screen.wrapped("; ".join(f"{name}={value}" for name, value in stated.items()), 6, 6, "quiet")
    if folder:
        screen.wrapped(f"{count(written, 'request')} to decide in {folder}")


def _write(book: Book, proofs: tuple[Proof, ...], folder: Path) -> int:
    """A request file for each case that breaks a promise; `limen decide FILE --profile NAME` shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for proof in proofs:
        for broken in proof.broken:
            number += 1
            name = f"{proof.promise.replace('_', '-')}-{number}"
            (folder / f"{name}.yaml").write_text(_request(book, proof, broken, name), encoding="utf-8")
    return number


def _request(book: Book, proof: Proof, broken: Broken, name: str) -> str:
    from limen.analyse.writing import request_text

    why = "" if broken.detail == f"it is `{broken.verdict}`" else f": {broken.detail}"
    promise = " ".join(proof.says.split())
    head = f"# Under {broken.profile} this is `{broken.verdict}`{why}. It breaks the promise that {promise}.\n"
    return head + request_text(name, broken.facts, book.vocabulary, broken.as_of)
