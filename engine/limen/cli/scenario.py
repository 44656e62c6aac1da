"""`limen scenario`: run, list and read scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import book_at, json_option, rules_option

if TYPE_CHECKING:
    from limen.cli.screen import Screen
    from limen.scenario import Scenario


@click.group(
    cls=LazyGroup,
    members={
        "run": Lazy("limen.cli.scenario:run", "Decide scenarios and compare with what they expect."),
        "list": Lazy("limen.cli.scenario:list_scenarios", "The scenarios there are, one a line."),
        "show": Lazy("limen.cli.scenario:show", "Read one scenario aloud: its story, and what it turns on."),
        "schema": Lazy("limen.cli.scenario:schema", "The JSON Schema of a scenario file, for your editor."),
    },
)
def scenario() -> None:
    """Run, list and read scenarios."""


@click.command(
    epilog="""\b
Examples:
  limen scenario run
  limen scenario run my-scenarios/
  limen scenario run textbook-request --json

\b
Exit codes: 0 as expected, 1 not as expected, 2 cannot be used."""
)
@click.argument("which", nargs=-1, metavar="[PATH|ID]...")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@rules_option
@json_option
def run(which: tuple[str, ...], registry_at: str | None, rules: str | None, as_json: bool) -> int:
    """Decide scenarios under every profile they speak of, and compare each with what it expects.

    Without arguments all shipped scenarios are run. Nothing is logged: a scenario is a test.
    """
    from limen.cli.screen import Screen
    from limen.cli.words import count
    from limen.crossref.lazy import LazyRegistry
    from limen.scenario import ScenarioRunner, find_scenarios

    scenarios = find_scenarios(_places(which))
    runner = ScenarioRunner(book_at(rules), LazyRegistry(registry_at).match)
    screen = Screen()
    failed = 0
    for path, one in scenarios:
        result = runner.run(one)
        failed += not result.passed
        if as_json:
            decided = {name: decision.disposition for name, decision in result.decisions.items()}
            record = {"scenario": one.scenario, "passed": result.passed, "failures": result.failures}
            screen.line(json.dumps({**record, "decided": decided}, ensure_ascii=False))
        elif not result.passed:
            screen.line(screen.paint(f"{screen.icon('bad')} failed  {one.scenario}", "bad") + f"  {path}")
            for failure in result.failures:
                screen.wrapped(failure, 4, 6)
        elif which:
            decided_words = ", ".join(f"{name} {d.disposition}" for name, d in result.decisions.items())
            screen.wrapped(f"{screen.icon('good')} passed  {one.scenario}: {decided_words}", 0, 4, "good")
    if not as_json:
        total = count(len(scenarios), "scenario")
        tone, word = ("bad", f"{failed} not as expected") if failed else ("good", "all as expected")
        icon = screen.icon("bad" if failed else "good")
        screen.line(screen.paint(f"{icon} {total}, {word}", "bad" if tone == "bad" else "good"))
    return exits.WITHHELD if failed else exits.RELEASED


@click.command(
    name="list",
    epilog="""\b
Examples:
  limen scenario list
  limen scenario list --variants i2
  limen scenario list --about usc.26.6103.i.1""",
)
@click.argument("which", nargs=-1, metavar="[PATH|ID]...")
@click.option("--about", metavar="ADDRESS", help="Only those about this rule, element, reading or duty; with variants.")
@click.option("--variants", is_flag=True, help="List the variants of each scenario too; --json always does.")
@json_option
def list_scenarios(which: tuple[str, ...], about: str | None, variants: bool, as_json: bool) -> int:
    """List scenarios with what each teaches."""
    from limen.cli.screen import Screen
    from limen.cli.words import count
    from limen.scenario import find_scenarios
    from limen.scenario.about import is_about

    screen = Screen()
    for path, one in find_scenarios(_places(which)):
        if about is not None and not is_about(one, about):
            continue
        folded = not (variants or as_json or about is not None)
        if folded and one.scenario != one.family:
            continue
        if as_json:
            record = {"scenario": one.scenario, "title": one.title, "teaches": one.teaches, "file": str(path)}
            screen.line(json.dumps({**record, "provisions": list(one.provisions)}, ensure_ascii=False))
        else:
            more = f"  with {count(len(one.variants), 'variant')}" if folded and one.variants else ""
            screen.line(screen.paint(one.scenario, "strong") + screen.paint(more, "quiet"))
            screen.wrapped(one.title, 2)
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen scenario show textbook-request
  limen scenario show i2/states-address-not-met
  limen scenario show my-scenarios/case.yaml"""
)
@click.argument("which", metavar="PATH|ID")
@json_option
def show(which: str, as_json: bool) -> int:
    """Show one scenario as a trainer would tell it, with the answers."""
    from limen.cli.screen import Screen
    from limen.scenario import load_scenario

    one = load_scenario(_places((which,))[0])
    if as_json:
        click.echo(one.model_dump_json(exclude_none=True))
        return exits.RELEASED
    _tell(one, Screen())
    return exits.RELEASED


@click.command(epilog="\b\nExamples:\n  limen scenario schema > scenario.schema.json")
def schema() -> int:
    """Print the JSON Schema of a scenario file."""
    from limen.scenario import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
    return exits.RELEASED


def _places(which: tuple[str, ...]) -> list[Path]:
    """Files and folders as given, or of the shipped scenarios with these ids."""
    from limen.scenario import shipped

    places = []
    for name in which:
        path = Path(name)
        if not path.exists() and not path.parent.is_file():
            found = shipped(name)
            if found is None:
                raise click.BadParameter(f"there is no file `{name}` and no shipped scenario of that name")
            path = found
        places.append(path)
    return places


def _tell(one: Scenario, screen: Screen) -> None:
    from limen.cli.words import DISPOSITIONS, VERDICTS

    screen.line(screen.paint(one.title, "strong"))
    screen.line(screen.paint(f"{one.scenario} · {', '.join(one.provisions)}", "quiet"))
    screen.line()
    for paragraph in one.story.split("\n\n"):
        screen.wrapped(paragraph)
        screen.line()
    screen.wrapped(f"Teaches: {one.teaches}")
    screen.line()
    width = max(len(name) for name in one.expect)
    for name, expected in one.expect.items():
        sign = DISPOSITIONS[expected.disposition].on(screen) if expected.disposition else ""
        items = "; ".join(f"{item}: {VERDICTS[verdict].word.lower()}" for item, verdict in expected.items.items())
        screen.line(f"  {name:<{width}}  {sign}  {items}".rstrip())
        if expected.turns_on:
            screen.wrapped(f"turns on {', '.join(expected.turns_on)}", width + 4, width + 6, "quiet")
        for reading, alternatives in expected.under.items():
            read = "; ".join(f"{id}: {DISPOSITIONS[said].word.lower()}" for id, said in alternatives.items())
            screen.wrapped(f"if {reading} is read otherwise: {read}", width + 4, width + 6, "quiet")
    if one.notes:
        screen.line()
        screen.wrapped(one.notes)
    for source in one.sources:
        screen.wrapped(source, 2, 4, "quiet")
    if one.variants:
        screen.line()
        screen.line("With something changed:")
        for name, variant in one.variants.items():
            screen.wrapped(f"{one.scenario}/{name}: {variant.title}", 2, 4)
