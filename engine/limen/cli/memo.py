"""`limen memo`: a case with its answer as something to hand over, a receipt in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.analyse_case import case_options

if TYPE_CHECKING:
    from limen.cli.analyse_case import Told as CaseTold
    from limen.exports.receipt import Told
    from limen.law import Book

BY_SUFFIX = {".html": "html", ".docx": "word", ".md": "markdown", ".csv": "csv", ".json": "json", ".py": "python"}


@click.command(
    epilog="""\b
REQUEST is a request (YAML or JSON), a scenario, or the id of a shipped
scenario.

\b
Examples:
  limen memo demo-number-no-address --profile ddc-2025-26 --out memo.html
  limen memo request.yaml --out memo.docx
  limen memo request.yaml --form markdown
  limen ledger replay memo.html

\b
Exit codes: 0 written, 2 bad input."""
)
@click.argument("request_at", metavar="REQUEST")
@case_options
@click.option(
    "--form",
    type=click.Choice(list(BY_SUFFIX.values())),
    help="The form; by default the one the name of --out ends in, else markdown.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to; by default standard output.",
)
@click.option(
    "--audience",
    type=click.Choice(["requester", "reviewer", "auditor"]),
    default="reviewer",
    show_default=True,
    help="Who reads it; a requester sees nothing only the authority knows.",
)
@click.option("--pin", "pins", multiple=True, metavar="FACT", help="A fact that stays as it is.")
@click.option("--seconds", default=0.9, show_default=True, help="How long to look for what would change each item.")
@click.option("--no-second-key", is_flag=True, help="Skip the independent check by durable-rules.")
def memo(
    request_at: str,
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    registry_at: str | None,
    rules: str | None,
    form: str | None,
    out: Path | None,
    audience: str,
    pins: tuple[str, ...],
    seconds: float,
    no_second_key: bool,
) -> int:
    """Write a memo: would this be released, under which reading, and what would have to change?

    In it stand the answer item by item, the answer of every profile, the reasons with their sources, what would change
    it, the facts with who stated them, and a receipt from which `limen ledger replay` decides the case again. A memo is
    an exercise: it is not logged.
    """
    from limen.analyse.whatif import whatif
    from limen.cli.analyse_case import bench_for, check_facts_named, read_told
    from limen.cli.options import book_at, check_profile
    from limen.decide.decider import Decider
    from limen.decide.second_key import SecondKey
    from limen.exports.hand_over import brief_of, hand_over

    chosen = form or BY_SUFFIX.get(out.suffix.lower() if out is not None else ".md")
    if chosen is None:
        raise click.BadParameter(
            f"no form is known by the name `{out}`; end it in {', '.join(BY_SUFFIX)}, or say `--form`"
        )
    if chosen == "word" and out is None:
        raise click.BadParameter("Word is written to a file; name it with `--out`")
    book = book_at(rules)
    asked = check_profile(book, profile)
    pinned = check_facts_named(book, pins)
    told = read_told(request_at, book, as_of, known_at, given, registry_at)
    bench = bench_for(book, told, asked)
    with SecondKey() as second_key:
        key = None if no_second_key else second_key
        decision = Decider(book, profile=asked, known_at=told.known_at, second_key=key).decide(
            told.facts, told.day, request_id=told.name
        )
    panel = Decider(book, known_at=told.known_at).decide(told.facts, told.day) if asked else None
    flips = tuple(whatif(bench, told.facts, index, pinned, seconds) for index in range(len(told.facts.items)))
    brief = brief_of(book, _told(book, told, given), decision, audience, panel=panel, flips=flips)  # type: ignore[arg-type]
    try:
        handed = hand_over(brief, chosen)
    except ModuleNotFoundError as missing:
        raise click.ClickException("`python-docx` is not installed; `pip install limen[word]` brings it") from missing
    if out is None:
        click.echo(handed.content.decode("utf-8"), nl=False)
        return exits.RELEASED
    out.write_bytes(handed.content)
    click.echo(f"{out}: receipt {handed.receipt}; `limen ledger replay {out}` decides it again")
    return exits.RELEASED


def _told(book: Book, told: CaseTold, given: tuple[str, ...]) -> Told:
    """The case with who stated what. A fact somebody was asked and does not know is stated as `unknown`."""
    from limen.exports.receipt import Told

    stated: set[tuple[str, str | None]] = {(name, None) for name in told.facts.facts}
    stated |= {(name, item.id) for item in told.facts.items for name in item.facts}
    asked = {pair.partition("=")[0].strip() for pair in given}
    unknown: frozenset[tuple[str, str | None]] = frozenset(
        (name, None) for name in asked if name in book.vocabulary.facts and (name, None) not in stated
    )
    return Told(
        title=told.title or told.name,
        facts=told.facts,
        origin=f"the file, {told.name}",
        by={spot: who for spot, who in told.origins.items() if spot in stated or spot in unknown},
        unknown=unknown,
    )
