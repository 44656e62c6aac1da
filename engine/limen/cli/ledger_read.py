"""`limen ledger search | export | report | audit`: finding, handing over and counting what is recorded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from limen.cli import exits
from limen.cli.ledger import as_line, in_a_line, open_existing, show_verification
from limen.cli.options import day_option, json_option, ledger_option
from limen.home import default_ledger

if TYPE_CHECKING:
    from limen.ledger import Ledger
    from limen.ledger.checkpoint import Checkpoint
    from limen.ledger.reports.table import Table
    from limen.request.subject import Subject

REPORTS = ("standing", "yearly", "denials", "individual")


@click.command(
    epilog="""\b
Examples:
  limen ledger search --provision usc.26.6103.i.2#requester --outcome not_met
  limen ledger search --outcome readings_differ --since 2026-01-01
  limen ledger search --recipient "Kim Officer" --json
  limen ledger search --subject request.yaml"""
)
@click.option("--provision", metavar="ADDRESS", help="A reason or duty under this address.")
@click.option("--outcome", metavar="WORD", help="Of a reason (met, not_met, not_known, barred) or of the decision.")
@click.option("--reading", metavar="ADDRESS|PROFILE", help="A reading the decision turns on, or its profile.")
@day_option("--since", "Recorded on this day or later.")
@day_option("--until", "Recorded before this day.")
@click.option("--recipient", metavar="NAME|AGENCY|OFFICE", help="Somebody who would have seen it; names by pseudonym.")
@click.option("--agency", metavar="AGENCY", help="Who asked.")
@click.option("--kind", metavar="KIND", help="The kind of record: decision, checkpoint, ...")
@click.option("--subject", "subject_in", metavar="FILE", help="About the subject of this request file.")
@ledger_option
@json_option
def search(
    provision: str | None,
    outcome: str | None,
    reading: str | None,
    since: date | None,
    until: date | None,
    recipient: str | None,
    agency: str | None,
    kind: str | None,
    subject_in: str | None,
    ledger_at: str | None,
    as_json: bool,
) -> int:
    """Find records that meet all that is asked. Exit code 1 if there are none."""
    from limen.cli.screen import Screen
    from limen.ledger.search import Query
    from limen.ledger.search import search as find

    screen = Screen()
    query = Query(
        kind=kind,
        provision=provision,
        outcome=outcome,
        reading=reading,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        recipient=recipient,
        agency=agency,
        subject=subject_of(subject_in) if subject_in else None,
    )
    found = 0
    with open_existing(ledger_at or default_ledger()) as opened:
        for record in find(opened, query):
            found += 1
            screen.line(as_line(record) if as_json else in_a_line(record, screen))
    if not found and not as_json:
        screen.line("no record meets that")
    return exits.RELEASED if found else exits.WITHHELD


@click.command(
    epilog="""\b
Examples:
  limen ledger export --out ledger.jsonl
  limen ledger export --form opa | jq .decision_id
  limen ledger export --form parquet --out ledger.parquet

\b
Forms: jsonl, each record as it was hashed (`limen ledger audit` reads it); opa, the
decision log of Open Policy Agent; parquet, one row a record."""
)
@click.option("--form", type=click.Choice(["jsonl", "opa", "parquet"]), default="jsonl", show_default=True)
@click.option("--out", metavar="FILE", help="Where to; by default standard output.")
@ledger_option
def export(form: str, out: str | None, ledger_at: str | None) -> int:
    """Hand the records over in a form that other tools read. No name, address or number is in them."""
    from limen.ledger import export as forms

    with open_existing(ledger_at or default_ledger()) as opened:
        if form == "parquet":
            if out is None:
                raise click.BadParameter("Parquet is written to a file; name it with `--out`")
            forms.write_parquet(opened, Path(out))
            return exits.RELEASED
        lines = (
            forms.json_lines(opened)
            if form == "jsonl"
            else (json.dumps(event, ensure_ascii=False) for event in forms.opa_events(opened))
        )
        with writing_to(out) as file:
            file.writelines(f"{line}\n" for line in lines)
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen ledger report standing
  limen ledger report yearly --year 2026 --form csv --out 2026.csv
  limen ledger report all --form html --out report.html
  limen ledger report individual --subject request.yaml

\b
standing    every request, its reasons and dates, and what was disclosed: s. 6103(p)(3)(A)
yearly      requests, disclosures, taxpayers per agency and purpose: s. 6103(p)(3)(C)
denials     which requirements stood against requests, over time
individual  the disclosures about one person: 5 U.S.C. s. 552a(c)
all         the first three"""
)
@click.argument("which", type=click.Choice([*REPORTS, "all"]))
@click.option("--year", type=click.IntRange(1900, 9999), help="Only this calendar year (yearly).")
@click.option("--by", "span", type=click.Choice(["day", "month", "year"]), default="month", show_default=True,
              help="The span of time (denials).")  # fmt: skip
@click.option("--subject", "subject_in", metavar="FILE", help="The request file that states the person (individual).")
@click.option("--form", type=click.Choice(["table", "csv", "html"]), default="table", show_default=True)
@click.option("--out", metavar="FILE", help="Where to; by default standard output.")
@ledger_option
def report(
    which: str,
    year: int | None,
    span: str,
    subject_in: str | None,
    form: str,
    out: str | None,
    ledger_at: str | None,
) -> int:
    """Report from the ledger: as a table, as CSV, or as one printable page with plots."""
    if which == "individual" and subject_in is None:
        raise click.BadParameter("say about whom: `--subject FILE`, a request file that states the person")
    if which == "all" and form == "csv":
        raise click.BadParameter("CSV holds one table; name one report")
    with open_existing(ledger_at or default_ledger()) as opened:
        subject = subject_of(subject_in) if subject_in else None
        names = ("standing", "yearly", "denials") if which == "all" else (which,)
        tables = [_table(opened, name, year, span, subject) for name in names]
        if form == "html":
            from limen.ledger.reports.page import page

            head = list(opened.records())[-1]
            receipt = [f"Ledger {opened.id}, {head.sequence} records, the last {head.hash}", f"up to {head.at}"]
            text = page(tables[0].title if len(tables) == 1 else "Accounting and reasons", tables, receipt)
        elif form == "csv":
            text = tables[0].csv()
        else:
            text = "\n\n\n".join("\n".join(table.lines()) for table in tables)
    with writing_to(out) as file:
        file.write(text if text.endswith("\n") else f"{text}\n")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen ledger export --out ledger.jsonl
  limen ledger audit ledger.jsonl --public-key 3f0c... --checkpoint kept.json

\b
Exit codes: 0 intact and complete, 1 not or not known."""
)
@click.argument("exported", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@click.option("--public-key", "public_keys", multiple=True, required=True, metavar="HEX",
              help="Whose checkpoints count; `limen ledger checkpoint` prints it. May be given again.")  # fmt: skip
@click.option("--checkpoint", "kept_in", multiple=True, metavar="FILE",
              help="A checkpoint you kept. May be given again.")  # fmt: skip
@json_option
def audit(exported: str, public_keys: Sequence[str], kept_in: Sequence[str], as_json: bool) -> int:
    """Check an export without the ledger and without its keys, against signed checkpoints."""
    from limen.cli.screen import Screen
    from limen.ledger.audit import audit_export

    screen = Screen()
    with Path(exported).open(encoding="utf-8") as lines:
        found = audit_export(lines, public_keys, kept_checkpoints(kept_in))
    if as_json:
        screen.line(json.dumps({"export": exported, "ok": found.ok, **asdict(found)}, ensure_ascii=False))
    else:
        show_verification(screen, found, exported)
    return exits.RELEASED if found.ok else exits.WITHHELD


def _table(opened: Ledger, which: str, year: int | None, span: str, subject: Subject | None) -> Table:
    if which == "standing":
        from limen.ledger.reports.accounting import standing_record

        return standing_record(opened.records())
    if which == "yearly":
        from limen.ledger.reports.yearly import yearly_counts

        return yearly_counts(opened.records(), year)
    if which == "denials":
        from limen.ledger.reports.denials import denial_reasons

        return denial_reasons(opened.records(), span)  # type: ignore[arg-type]
    from limen.ledger.reports.accounting import individual_accounting

    return individual_accounting(opened, subject)


def subject_of(path: str) -> Subject:
    """The subject that a request file, or a scenario's request, states."""
    from limen.cli.desk import read_cases

    return read_cases([path])[0].request.subject


def kept_checkpoints(paths: Iterable[str]) -> list[Checkpoint]:
    """The checkpoints in files, one JSON object a line. Raises a usage error for what is not one."""
    from limen.ledger.checkpoint import read_checkpoint

    kept = []
    for path in paths:
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            kept += [read_checkpoint(json.loads(line)) for line in lines if line.strip()]
        except (OSError, ValueError):
            raise click.BadParameter(f"`{path}` holds no checkpoint; `limen ledger checkpoint` prints one") from None
    return kept


@contextmanager
def writing_to(out: str | None) -> Iterator[TextIO]:
    """A file to write to, readable by its owner only, or standard output."""
    if out is None:
        yield sys.stdout
        return
    import os

    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise click.BadParameter(f"`{out}` cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yield file
