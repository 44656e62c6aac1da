"""`limen reproduce`: run the reproduction file of an engine fault."""

from __future__ import annotations

import json
from pathlib import Path

import click

from limen.cli import exits
from limen.cli.options import json_option


@click.command(
    epilog="""\b
Examples:
  limen reproduce fault-2026-02-28-disagreement-1f0c.json

\b
Exit codes: 0 it no longer happens, 5 it still does, 2 not a reproduction file."""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@json_option
def reproduce(file: str, as_json: bool) -> int:
    """Ask both keys again what they were asked when FILE was written, and the reference interpreter who is right.

    The file has everything in it, and no personal data.
    """
    from limen.cli.screen import Screen
    from limen.cli.words import Sign
    from limen.decide.reproduction import reproduce as run_again

    found = run_again(Path(file))
    screen = Screen()
    if as_json:
        record = {
            "recorded": found.recorded.kind,
            "now": found.kind,
            "detail": found.detail,
            "wrong": list(found.wrong),
            "still_happens": found.still_happens,
        }
        screen.line(json.dumps(record, ensure_ascii=False))
    else:
        screen.wrapped(f"recorded: {found.recorded.kind}: {found.recorded.detail}")
        now = f"{found.kind}: {found.detail}" if found.kind else found.detail
        sign = Sign(f"now: {now}", "bad", "bad") if found.kind else Sign(f"now: {now}", "good", "good")
        screen.line(sign.on(screen))
        for which in found.wrong:
            screen.wrapped(f"{screen.icon('bad')} the {which} key does not say what the reference interpreter says")
    return exits.ENGINE_FAULT if found.kind is not None or found.wrong else exits.RELEASED
