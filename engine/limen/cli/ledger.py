"""`limen ledger`: read and verify the record of decisions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import json_option, ledger_option
from limen.home import default_ledger, keys, ledger_place

if TYPE_CHECKING:
    from limen.cli.screen import Screen
    from limen.ledger import Ledger, Record, Verification


@click.group(
    cls=LazyGroup,
    members={
        "show": Lazy("limen.cli.ledger:show", "The records, or one of them."),
        "verify": Lazy("limen.cli.ledger:verify", "Is it what was written, and is all of it there?"),
        "search": Lazy("limen.cli.ledger_read:search", "By provision, outcome, reading, date, recipient."),
        "report": Lazy("limen.cli.ledger_read:report", "The accounting of s. 6103(p)(3), counts, reasons for denial."),
        "export": Lazy("limen.cli.ledger_read:export", "JSON lines, Parquet, OPA decision log."),
        "audit": Lazy("limen.cli.ledger_read:audit", "Check an export with a public key alone."),
        "checkpoint": Lazy("limen.cli.ledger_keep:checkpoint", "Sign what is recorded so far."),
        "replay": Lazy("limen.cli.ledger_keep:replay", "Decide again what was decided, and compare."),
        "forget": Lazy("limen.cli.ledger_keep:forget", "Erase what links records to a person."),
        "rotate-keys": Lazy("limen.cli.ledger_keep:rotate_keys", "Seal with a fresh key from now on."),
    },
)
def ledger() -> None:
    """Read, verify and keep the record of decisions."""


@click.command(
    epilog="""\b
Examples:
  limen ledger show
  limen ledger show 12
  limen ledger show 3f9c2a1b7d604e58 --json"""
)
@click.argument("which", required=False, metavar="[NUMBER|ID]")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N records.")
@ledger_option
@json_option
def show(which: str | None, last: int | None, ledger_at: str | None, as_json: bool) -> int:
    """Show the records of a ledger, one a line, or the whole of one. No record holds a name, an address or a number."""
    from limen.cli.screen import Screen

    screen = Screen()
    with open_existing(ledger_at or default_ledger()) as opened:
        if which is not None:
            record = opened.show(which)
            if as_json:
                screen.line(as_line(record))
            else:
                screen.line(json.dumps(record.as_json(), indent=2, ensure_ascii=False))
            return exits.RELEASED
        records = list(opened.records())
        for record in records[-last:] if last else records:
            if as_json:
                screen.line(as_line(record))
            else:
                screen.line(in_a_line(record, screen))
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen ledger verify
  limen ledger verify --ledger out/demo/ledger.sqlite
  limen ledger verify --checkpoint kept.json

\b
Exit codes: 0 intact and complete, 1 not, 6 cannot be read."""
)
@click.option("--checkpoint", "kept_in", multiple=True, metavar="FILE",
              help="A checkpoint that somebody else kept. May be given again.")  # fmt: skip
@ledger_option
@json_option
def verify(kept_in: tuple[str, ...], ledger_at: str | None, as_json: bool) -> int:
    """Check that every record is the one that was written, in its place, and that none is gone.

    An edited, removed or reordered record is found, and so is a cut end.
    """
    from limen.cli.screen import Screen

    screen = Screen()
    kept = []
    if kept_in:
        from limen.cli.ledger_read import kept_checkpoints

        kept = kept_checkpoints(kept_in)
    with open_existing(ledger_at or default_ledger()) as opened:
        found = opened.verify(kept)
        if as_json:
            screen.line(json.dumps({"ledger": opened.where, "ok": found.ok, **asdict(found)}, ensure_ascii=False))
        else:
            show_verification(screen, found, opened.where)
    return exits.RELEASED if found.ok else exits.WITHHELD


def open_existing(where: str) -> Ledger:
    """The ledger at `where`; a usage error if there is none, for reading must not make one."""
    from limen.ledger import open_ledger

    place = ledger_place(where)
    if "://" not in place and not Path(place).exists():
        raise click.BadParameter(f"there is no ledger at `{where}`; `limen decide` makes one, `--ledger` names another")
    return open_ledger(place, keys())


def show_verification(screen: Screen, found: Verification, where: str) -> None:
    """Integrity and completeness, apart, and each problem."""
    from limen.cli.words import count

    screen.line(f"{count(found.records, 'record')} in {where}")
    intact = found.integrity == "intact"
    mark = screen.paint(f"{screen.icon('good' if intact else 'bad')} {found.integrity}", "good" if intact else "bad")
    screen.line(f"  integrity     {mark}: every record is the one that was written, in its place")
    tone = {"complete": "good", "incomplete": "bad", "not_known": "open"}[found.completeness]
    word = found.completeness.replace("_", " ")
    if tone == "good":
        mark = screen.paint(f"{screen.icon('good')} {word}", "good")
    elif tone == "bad":
        mark = screen.paint(f"{screen.icon('bad')} {word}", "bad")
    else:
        mark = screen.paint(f"{screen.icon('open')} {word}", "open")
    screen.line(f"  completeness  {mark}: every record that was acknowledged is still there")
    for problem in found.problems:
        at = f"record {problem.sequence}: " if problem.sequence is not None else ""
        screen.wrapped(f"{screen.icon('bad')} {at}{problem.what} [{problem.code}]", 4, 6, "bad")
    for note in found.notes:
        screen.wrapped(f"{screen.icon('dot')} {note}", 4, 6, "quiet")


def as_line(record: Record) -> str:
    """A record as one line of JSON."""
    return json.dumps(record.as_json(), ensure_ascii=False)


def in_a_line(record: Record, screen: Screen) -> str:
    """A record as one line for people: when, what, and of which request."""
    from limen.cli.words import DISPOSITIONS

    when = record.at[:19].replace("T", " ")
    decision = record.body.get("decision")
    if not isinstance(decision, dict):
        return f"{record.sequence:>6}  {when}  {record.kind}"
    sign = DISPOSITIONS[decision["disposition"]]
    words = screen.paint(f"{screen.icon(sign.icon)} {sign.word:<15}", sign.tone)
    profile = decision.get("profile") or "all profiles"
    return f"{record.sequence:>6}  {when}  {words}  {decision['id']}  {decision['request_id']}  {profile}"
