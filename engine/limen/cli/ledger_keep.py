"""`limen ledger checkpoint | replay | forget | rotate-keys`: keeping a ledger that others can trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.ledger import open_existing
from limen.cli.ledger_read import writing_to
from limen.cli.options import book_at, json_option, ledger_option, rules_option
from limen.home import default_ledger

if TYPE_CHECKING:
    from limen.cli.desk import Case
    from limen.law import Book
    from limen.ledger import Record
    from limen.ledger.replay import Redecide


@click.command(
    epilog="""\b
Examples:
  limen ledger checkpoint
  limen ledger checkpoint --out kept.json

\b
Give the line to somebody else. With it, and with the public key in it, they find a
ledger that was cut, rewritten or put back from an older copy."""
)
@click.option("--out", metavar="FILE", help="Where to; by default standard output.")
@ledger_option
def checkpoint(out: str | None, ledger_at: str | None) -> int:
    """Sign what is recorded so far: how many records, how many of each kind, and the hash of the last."""
    with open_existing(ledger_at or default_ledger()) as opened:
        made = opened.checkpoint()
    with writing_to(out) as file:
        file.write(json.dumps(made.as_json()) + "\n")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen ledger replay 12 request.yaml
  limen ledger replay 3f9c2a1b7d604e58 request.yaml --json
  limen ledger replay receipt.json
  limen ledger replay memo.docx

\b
Exit codes: 0 the same answer, 1 another one, 6 not the request that was recorded."""
)
@click.argument("which", metavar="NUMBER|ID|RECEIPT")
@click.argument("shown", metavar="[FILE]", required=False)
@ledger_option
@rules_option
@click.option("--registry", metavar="FILE", help="The registry to match against, if not the shipped one.")
@json_option
def replay(
    which: str, shown: str | None, ledger_at: str | None, rules: str | None, registry: str | None, as_json: bool
) -> int:
    """Decide again what was decided, and compare every verdict and reason.

    Of a record of the ledger: FILE must be the request it was made on, for a commitment was kept; profile and dates are
    those of the record. Of a receipt: RECEIPT is what `limen memo` or the workbench exported, in any form; it holds
    everything it needs.
    """
    if shown is None:
        from limen.cli.replay_receipt import replay_receipt_in

        return replay_receipt_in(which, rules, as_json=as_json)
    from limen.cli.desk import read_cases
    from limen.cli.screen import Screen
    from limen.ledger.replay import replay as run

    screen = Screen()
    book = book_at(rules)
    (case,) = read_cases([shown], book.vocabulary)
    with open_existing(ledger_at or default_ledger()) as opened:
        found = run(opened, which, case.request, _redecide(case, book, registry))
    if as_json:
        differences = [
            {"path": one.path, "recorded": one.recorded, "replayed": one.replayed} for one in found.differences
        ]
        said = {
            "record": found.sequence, "agrees": found.agrees, "same_book": found.same_book, "differences": differences,
        }  # fmt: skip
        screen.line(json.dumps(said, ensure_ascii=False))
    else:
        if found.agrees:
            screen.line(f"{screen.icon('good')} record {found.sequence} is answered the same way again")
        else:
            screen.line(f"{screen.icon('bad')} record {found.sequence} is answered differently now")
        if not found.same_book:
            screen.wrapped("the rule book is not the one it was decided under", 2, 4, "open")
        for one in found.differences:
            screen.wrapped(f"{one.path}: recorded {_short(one.recorded)}, now {_short(one.replayed)}", 2, 4)
    return exits.RELEASED if found.agrees else exits.WITHHELD


@click.command(
    epilog="""\b
Examples:
  limen ledger forget request.yaml
  limen ledger forget --person P-000123 --yes

\b
Exit codes: 0 forgotten, 1 nothing was recorded about them."""
)
@click.argument("stated", metavar="[FILE]", required=False)
@click.option("--person", metavar="ID", help="A person of the registry, whatever was stated of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@ledger_option
@json_option
def forget(stated: str | None, person: str | None, yes: bool, ledger_at: str | None, as_json: bool) -> int:
    """Erase what links the records about a person to that person. The records stay and still verify.

    FILE is a request that states the person as the forgotten request did. It cannot be undone. Backups of the
    ledger are not reached.
    """
    from limen.cli.ledger_read import subject_of
    from limen.cli.screen import Screen
    from limen.cli.words import count

    if stated is None and person is None:
        raise click.BadParameter("say whom: a request FILE that states the person, or `--person ID`")
    subject = subject_of(stated) if stated is not None else None
    if not yes:
        click.confirm("This cannot be undone. Forget this person?", abort=True, err=True)
    screen = Screen()
    with open_existing(ledger_at or default_ledger()) as opened:
        found = opened.forget(subject, person=person)
    if as_json:
        screen.line(json.dumps({"forgotten": list(found.pseudonyms), "scrubbed": found.scrubbed}))
    elif found.pseudonyms:
        said = count(len(found.pseudonyms), "pseudonym") + (" belongs" if len(found.pseudonyms) == 1 else " belong")
        screen.line(f"{screen.icon('good')} forgotten: {said} to nobody now")
        if not found.scrubbed:
            screen.wrapped("erased bytes stay in the files until no other process has the ledger open", 2, 4, "open")
    else:
        screen.line("nothing is recorded about them under these words")
    return exits.RELEASED if found.pseudonyms else exits.WITHHELD


@click.command(
    "rotate-keys",
    epilog="""\b
Examples:
  limen ledger rotate-keys
  limen ledger rotate-keys --ledger postgresql://host/limen""",
)
@ledger_option
def rotate_keys(ledger_at: str | None) -> int:
    """Seal with a fresh key from now on. The old keys stay in the ring: they prove the old records."""
    from limen.cli.screen import Screen

    screen = Screen()
    with open_existing(ledger_at or default_ledger()) as opened:
        name = opened.rotate_keys()
        folder = opened.keys.folder
    screen.line(f"{screen.icon('good')} key {name} seals from now on; keep a copy of {folder}")
    return exits.RELEASED


def _redecide(case: Case, book: Book, registry: str | None) -> Redecide:
    """Decides the request shown again, as the record says it was decided, without recording anything."""

    def again(_: Record, recorded: Mapping[str, Any]) -> Mapping[str, Any]:
        from limen.crossref.lazy import LazyRegistry
        from limen.desk import Desk

        desk = Desk(book, registry=LazyRegistry(registry), hinges="when_differing")
        handled = desk.handle(
            case.request,
            profile=recorded.get("profile"),
            as_of=_day(recorded.get("as_of")),
            known_at=_day(recorded.get("known_at")),
            match=case.match,
            batch=case.batch,
        )
        answer: dict[str, Any] = handled.decision.model_dump(mode="json")
        # The keys are not compared: without the second one the answer is the same.
        answer["second_key"] = recorded.get("second_key")
        return answer

    return again


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
