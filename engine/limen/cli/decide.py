"""`limen decide`: from files with requests to decisions in the ledger."""

from __future__ import annotations

from datetime import date

import click

from limen.cli import exits
from limen.cli.options import day_option, json_option, ledger_option, rules_option
from limen.home import default_ledger

EPILOG = """\b
FILE is a request (YAML or JSON), a scenario, or the id of a shipped
scenario. `limen scenario list` shows those.

\b
Examples:
  limen decide request.yaml
  limen decide request.yaml --profile ddc-2025-26 --as-of 2026-02-28
  limen decide request.yaml --facts request.address_quality=complete
  limen decide textbook-request --audience requester
  limen decide *.yaml --json | jq .decision.disposition

\b
Exit codes: 0 release, 1 withhold, 2 bad input, 3 more needed, 4 readings
differ, 5 engine fault, 6 ledger unavailable. For several files, the
gravest. If a file cannot be read, none is decided."""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--profile", metavar="NAME|all", help="One reading of the contested words; by default all are asked.")
@day_option("--as-of", "The law of this day; by default the day the request was received, or today.")
@day_option("--known-at", "Only what had been decided or published by this day.")
@click.option("--facts", "given", multiple=True, metavar="NAME=VALUE", help="A fact that wins over the file.")
@click.option(
    "--audience",
    type=click.Choice(["requester", "reviewer", "auditor"]),
    default="reviewer",
    show_default=True,
    help="Who reads the answer; a requester sees nothing only the authority knows.",
)
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@ledger_option
@rules_option
@click.option("--log", "log_at", metavar="FILE", help="Append JSON lines about what happened; - is standard error.")
@click.option("--no-second-key", is_flag=True, help="Skip the independent check by durable-rules.")
@json_option
def decide(
    files: tuple[str, ...],
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    audience: str,
    registry_at: str | None,
    ledger_at: str | None,
    rules: str | None,
    log_at: str | None,
    no_second_key: bool,
    as_json: bool,
) -> int:
    """Decide requests: release, withhold, more needed, or readings differ.

    Each request is cross-referenced with the registry, checked against the rules, decided with two keys, and logged
    before the answer is shown. Without --profile every profile is asked; if they disagree, nothing is released.
    """
    from limen.cli.desk import Setup, open_desk, read_cases
    from limen.cli.options import check_profile, facts_given

    setup = Setup(rules, registry_at, ledger_at or default_ledger(), second_key=not no_second_key, log=log_at)
    with open_desk(setup) as desk:
        asked = check_profile(desk.book, profile)
        stated = facts_given(given, desk.book.vocabulary)
        codes = []
        for case in read_cases(files, desk.book.vocabulary):
            handled = desk.handle(case, asked, as_of, known_at, stated)
            codes.append(desk.show(handled, audience, as_json=as_json))
        if not as_json:
            desk.close_screen()
        return exits.gravest(codes)
