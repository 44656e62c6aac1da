"""`limen batch`: a file of requests becomes a file of decisions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.options import day_option, json_option, ledger_option, rules_option
from limen.home import default_ledger, faults, keys, ledger_place

if TYPE_CHECKING:
    from limen.batch import BatchPlan, BatchResult
    from limen.batch.run import Progress
    from limen.cli.screen import Screen
    from limen.ledger import Ledger

EPILOG = """\b
REQUESTS and --out are CSV, JSON lines or Parquet, by their names. Each column
of a table is a field of a request: requester.office, items.0.kind,
subject.address.lines, facts.matter.stage. A line of JSON is a request.

\b
Examples:
  limen batch requests.csv --out decisions.csv
  limen batch requests.parquet --registry people --out decisions.parquet
  limen batch requests.jsonl --profile irs-2025-08 --as-of 2025-08-07 --out d.jsonl
  limen batch requests.parquet --no-registry --reasons --out why.parquet --json

Every request gets the answer `limen decide` gives it as one of this batch.
Rows that are no requests go to OUT.rejects.jsonl with the reasons. A batch
that was stopped goes on where it stopped: run the same command again. Some
requests of every part are decided by both keys; where these differ the whole
batch is denied. The batch is logged in the ledger before the file is there.

\b
Exit codes: 0 all rows were decided (whatever the decisions are), 1 some rows
were rejected, 2 bad input, 5 engine fault: everything is denied, 6 ledger
unavailable: there is no file."""


@click.command(epilog=EPILOG)
@click.argument("requests", metavar="REQUESTS", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="Where the decisions go.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@click.option("--no-registry", is_flag=True, help="Cross-reference nobody: no fact about a match is known.")
@click.option("--profile", metavar="NAME|all", help="One reading of the contested words; by default all are asked.")
@day_option("--as-of", "The law of this day; by default the day each request was received, or today.")
@day_option("--known-at", "Only what had been decided or published by this day.")
@click.option("--reasons", is_flag=True, help="All that is in the way of each item, not only the first; slower.")
@click.option("--audit", type=click.IntRange(min=0), metavar="N", help="Requests of each part decided again.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes at once.")
@ledger_option
@rules_option
@click.option("--no-second-key", is_flag=True, help="Audit by the reference interpreter alone.")
@json_option
def batch(
    requests: Path,
    out: Path,
    registry_at: str | None,
    no_registry: bool,
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    reasons: bool,
    audit: int | None,
    workers: int,
    ledger_at: str | None,
    rules: str | None,
    no_second_key: bool,
    as_json: bool,
) -> int:
    """Decide every request of a file: one line of the answer for each item asked for.

    The requests are cross-referenced, checked against the rules by columns, and written in bounded memory. How they
    stand to each other (the same recipient, the same reasons word for word) is counted first.
    """
    if no_registry and registry_at:
        raise click.UsageError("`--registry` and `--no-registry` cannot both be given")
    from limen.batch import BatchPlan, run_batch
    from limen.batch.plan import AUDIT
    from limen.cli.options import book_at, check_profile
    from limen.cli.screen import Screen
    from limen.ledger import open_ledger

    plan = BatchPlan(
        requests,
        out,
        today=datetime.now(UTC).date(),
        book=Path(rules) if rules else None,
        registry=None if no_registry else _registry(registry_at),
        profile=check_profile(book_at(rules), profile),
        as_of=as_of,
        known_at=known_at,
        audit=AUDIT if audit is None else audit,
        second_key=not no_second_key,
        faults=faults(),
        reasons=reasons,
    )
    with open_ledger(ledger_place(ledger_at or default_ledger()), keys()) as ledger:
        receipt: list[Any] = []
        with _bar() as progress:
            result = run_batch(plan, workers, progress, _recorder(ledger, plan, receipt))
    screen = Screen()
    if as_json:
        _print_json(screen, result, receipt[0])
    else:
        _show(screen, result, receipt[0])
    if result.fault is not None:
        return exits.ENGINE_FAULT
    return exits.WITHHELD if result.rejected else exits.RELEASED


def _registry(named: str | None) -> Path:
    from limen.law.places import shipped_registry

    return Path(named).expanduser() if named else Path(shipped_registry()) / "registry.sqlite"


def _recorder(ledger: Ledger, plan: BatchPlan, receipt: list[Any]) -> Callable[[BatchResult], None]:
    """Logs a batch once. A batch that was stopped between its record and its file finds the record there."""
    from limen.batch.record import batch_record
    from limen.ledger import NoSuchRecord

    def record(result: BatchResult) -> None:
        body = batch_record(plan, result)
        try:
            found = ledger.show(body["batch"]["id"])
            if found.kind == "batch":
                receipt.append(found)
                return
        except NoSuchRecord:
            pass
        receipt.append(ledger.append("batch", body))

    return record


def _print_json(screen: Screen, result: BatchResult, receipt: Any) -> None:
    import json

    answer = {
        "out": str(result.out),
        "rejects": str(result.rejects_file),
        "requests": result.requests,
        "rejected": result.rejected,
        "verdicts": result.verdicts,
        "audited": result.audited,
        "second_key": result.second_key,
        "fault": None if result.fault is None else str(result.fault),
        "resumed_parts": result.resumed,
        "sha256": result.digest,
        "ledger": {"sequence": receipt.sequence, "hash": receipt.hash},
    }
    screen.line(json.dumps(answer, ensure_ascii=False))


def _show(screen: Screen, result: BatchResult, receipt: Any) -> None:
    verdicts = result.verdicts
    items = sum(verdicts.values())
    screen.line(screen.paint(f"{result.requests:,} requests, {items:,} items decided", "strong"))
    for word, count in verdicts.items():
        if count:
            screen.line(f"  {word.replace('_', ' '):16}{count:>14,}  {count / items:6.1%}")
    if result.rejected:
        screen.line(f"  {'rejected':16}{result.rejected:>14,}  rows, with the reasons in {result.rejects_file}")
    screen.line()
    if result.fault is not None:
        screen.wrapped(f"engine fault: {result.fault}. Everything is denied.", 2, 4, "bad")
        if result.fault.reproduction:
            screen.wrapped(f"see it again: limen reproduce {result.fault.reproduction}", 2, 4)
    else:
        both = (
            f", {result.second_key:,} of them by both keys: no difference" if result.second_key else ": no difference"
        )
        if result.audited:
            screen.wrapped(f"decided again: {result.audited:,} requests{both}", 2, 4, "quiet")
    screen.wrapped(f"decisions {result.out}, record {receipt.sequence} of the ledger", 2, 4, "quiet")
    screen.wrapped("Invented people; a simulation, not legal advice.", 2, 4, "quiet")


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A bar on standard error, where somebody watches."""
    stream = sys.stderr
    if not stream.isatty():
        yield None
        return

    def tell(done: int, total: int | None) -> None:
        if total:
            filled = int(30 * min(1.0, done / total))
            stream.write(f"\rdeciding {'#' * filled}{'.' * (30 - filled)} {done:>12,} of {total:,}")
        else:
            stream.write(f"\rdeciding {done:>12,} requests")
        stream.flush()

    yield tell
    stream.write("\n")
