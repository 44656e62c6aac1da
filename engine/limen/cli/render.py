"""`limen book render`: the book as a static site."""

from __future__ import annotations

from pathlib import Path

import click

from limen.cli import exits
from limen.cli.options import book_at, rules_option


@click.command(
    epilog="""\b
Examples:
  limen book render out/book
  limen book render out/draft --rules my-draft

\b
Then open out/book/index.html in a browser; no server is needed."""
)
@click.argument("folder", type=click.Path(file_okay=False))
@rules_option
def render(folder: str, rules: str | None) -> int:
    """Write the book into FOLDER as pages to read and print: one for each provision, with readings, duties, scenarios,
    a glossary, a timeline, and what no scenario has tested yet.

    FOLDER must be new, empty, or written by this command before. Needs the extra `pages`.
    """
    from datetime import UTC, datetime

    from limen.cli.screen import Screen
    from limen.crossref import open_registry
    from limen.scenario.exercise import exercise
    from limen.scenario.load import find_scenarios
    from limen.scenario.run import ScenarioRunner

    try:
        from limen.publish.site import SiteError, write_site
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"`{missing.name}` is not installed; `pip install limen[pages]` brings it"
        ) from missing
    book = book_at(rules)
    scenarios = [scenario for _, scenario in find_scenarios()]
    tried = exercise(book, scenarios, ScenarioRunner(book, match=open_registry(None).match))
    try:
        pages = write_site(book, scenarios, tried, Path(folder), datetime.now(UTC).date())
    except SiteError as error:
        raise click.BadParameter(str(error), param_hint="FOLDER") from error
    screen = Screen()
    screen.line(screen.paint(f"{screen.icon('good')} {len(pages)} pages", "good") + f" in {folder}")
    screen.line(f"open {Path(folder) / 'index.html'}")
    return exits.RELEASED
