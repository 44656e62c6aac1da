"""`limen explain`: a decision of the ledger, in full, for one of three audiences."""

from __future__ import annotations

import click

from limen.cli import exits
from limen.cli.options import json_option, ledger_option, rules_option
from limen.home import default_ledger


@click.command(
    epilog="""\b
Examples:
  limen explain 12
  limen explain 3f9c2a1b7d604e58 --audience auditor
  limen explain 12 --audience requester --json"""
)
@click.argument("which", metavar="ID")
@click.option(
    "--audience",
    type=click.Choice(["requester", "reviewer", "auditor"]),
    default="reviewer",
    show_default=True,
    help="Who reads it; a requester sees nothing only the authority knows.",
)
@ledger_option
@rules_option
@json_option
def explain(which: str, audience: str, ledger_at: str | None, rules: str | None, as_json: bool) -> int:
    """Explain a decision that is in the ledger: every reason, the other gateways, what would change it.

    ID is that of the decision, or the number of its record.
    """
    from limen.cli.ledger import open_existing
    from limen.cli.options import book_at
    from limen.cli.screen import Screen
    from limen.cli.show import example_of, show_decision, show_footer
    from limen.decide import Decision
    from limen.decide.audience import decision_for

    with open_existing(ledger_at or default_ledger()) as opened:
        record = opened.show(which)
        body = record.body.get("decision")
    if not isinstance(body, dict):
        raise click.BadParameter(f"record {record.sequence} is no decision: it is `{record.kind}`")
    decision = decision_for(Decision.model_validate(body), audience)  # type: ignore[arg-type]
    if as_json:
        click.echo(decision.model_dump_json())
        return exits.RELEASED
    screen = Screen()
    book = book_at(rules)
    show_decision(screen, decision, {a: rule.title for a, rule in book.rules.items()}, full=True)
    screen.line()
    made = f"decided {decision.decided_at:%Y-%m-%d %H:%M} UTC · record {record.sequence} · {record.hash[:16]}"
    screen.wrapped(made, 2, 4, "quiet")
    if decision.book_digest != book.digest:
        screen.wrapped(
            f"made under {decision.book_name} {decision.book_version}, which is not the book here: titles may differ",
            2, 4, "open",
        )  # fmt: skip
    show_footer(screen, decision.caveat, example=example_of(decision))
    return exits.RELEASED
