"""`limen simulate`: what a policy does to a population of invented people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.options import json_option, rules_option

if TYPE_CHECKING:
    from limen.cli.screen import Screen
    from limen.simulate.run import Outcome, Progress

EPILOG = """\b
Examples:
  limen simulate scenarios/plans/august-2025.yaml --size 40000
  limen simulate plan.yaml --set match.close=960 --set match.confirm_address=true
  limen simulate plan.yaml --set batch.cap_per_officer=60 --set batch.own_reasons=1
  limen simulate plan.yaml --profile irs-2025-08 --profile ddc-2025-26 --json

Stages that are finished stay in the folder --out and are used again: a run that was stopped goes on where it
stopped, and a run with another setting makes only what that setting changes. The report is report.html there.

\b
Exit codes: 0 every target met (or none set), 1 some target missed, 2 bad input."""


@click.command(epilog=EPILOG)
@click.argument("plan_at", metavar="PLAN.yaml", type=click.Path(path_type=Path))
@click.option("--size", type=click.IntRange(min=100), metavar="N", help="So many requests, shares and registry alike.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="A setting that wins over the plan.")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Compare these profiles only.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the run is kept.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes at once.")
@click.option("--no-sweep", is_flag=True, help="Leave out other thresholds and the sensitivity of assumed knobs.")
@rules_option
@json_option
def simulate(
    plan_at: Path,
    size: int | None,
    changes: tuple[str, ...],
    profiles: tuple[str, ...],
    out: Path | None,
    workers: int,
    no_sweep: bool,
    rules: str | None,
    as_json: bool,
) -> int:
    """Make a registry and a batch, ask every policy about all of it, and count.

    People, addresses and numbers are invented; the truth about each row is known, so releases about the wrong person
    can be counted. Numbers no source gives are marked `assumed`.
    """
    from limen.cli.screen import Screen
    from limen.simulate.plan import check_plan, read_plan
    from limen.simulate.write import simulate_into

    plan = read_plan(plan_at, size, changes)
    full_size = read_plan(plan_at, None, changes).batch.size
    if profiles:
        data = plan.model_dump()
        data["compare"] = [one for one in data["compare"] if one["name"] in profiles] + [
            name for name in profiles if name not in {one["name"] for one in data["compare"]}
        ]
        named = {one if isinstance(one, str) else one["name"] for one in data["compare"]}
        data["targets"] = [target for target in data["targets"] if target["policy"] in named]
        plan = check_plan(data, "--profile")
    folder = out or Path(f"simulation-{plan.simulation}")
    book = Path(rules) if rules else None
    with _progress() as progress:
        written = simulate_into(plan, folder, workers, progress, full_size=full_size, sweeps=not no_sweep, book=book)
    screen = Screen()
    if as_json:
        screen.line(written.data.read_text("utf-8").rstrip())
    else:
        _show(written.outcome, screen)
        screen.line()
        screen.wrapped(f"report {written.report}", 2)
        screen.wrapped(f"{written.samples} cases in {written.cases}; open one with `limen decide FILE`", 2)
        screen.wrapped("Invented people; a simulation, not evidence and not legal advice.", 2, tone="quiet")
    return exits.RELEASED if all(one.met for one in written.outcome.targets) else exits.WITHHELD


def _show(outcome: Outcome, screen: Screen) -> None:
    plan = outcome.plan
    screen.line(screen.paint(plan.title, "strong"))
    screen.wrapped(f"{plan.batch.size:,} requests, {plan.registry.people:,} invented people in the registry", 2)
    screen.line()
    head = f"  {'policy':28}{'allow':>10}{'deny':>11}{'open':>9}{'of requests':>13}{'wrong person':>14}{'missed':>9}"
    screen.line(screen.paint(head, "quiet"))
    for one in outcome.policies:
        v = one.verdicts
        share = f"{v['allow'] / one.requests:.2%}"
        answered = f"{v['allow']:>10,}{v['deny']:>11,}{v['open']:>9,}{share:>13}"
        screen.line(f"  {one.name:28}{answered}{one.wrong:>14,}{one.missed:>9,}")
    screen.wrapped(
        f"wrong person: of the releases; missed: of {outcome.policies[0].asked_held:,} requests about somebody held",
        2,
        tone="quiet",
    )
    for one in outcome.policies:
        screen.line()
        screen.line(
            f"  {screen.paint(one.name, 'strong')}: first reason of {one.requests - one.released:,} not allowed"
        )
        for why, count in list(one.reasons.items())[:6]:
            screen.line(f"    {count:>10,}  {why or 'no obstacle in this gateway'}")
    if outcome.targets:
        screen.line()
        screen.line(f"  {screen.paint('public figures', 'strong')} (scaled to full size)")
    for met in outcome.targets:
        sign = "under" if met.target.compare == "under" else "about"
        icon = screen.paint(screen.icon("good" if met.met else "bad"), "good" if met.met else "bad")
        word = "met" if met.met else "missed"
        what = met.target.measure.replace("_", " ")
        screen.line(f"    {icon} {word:7}{what:22}{met.found:>10,.0f}   {sign} {met.target.value:,}")
    assumed = [knob for knob in outcome.knobs if knob.kind == "assumed"]
    screen.line()
    screen.wrapped(
        "assumed, no source gives it: " + ", ".join(f"{knob.name} {knob.value}" for knob in assumed), 2, 4, "open"
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error, where somebody watches."""
    stream = sys.stderr
    if not stream.isatty():
        yield lambda stage, done, total: None
        return

    def tell(stage: str, done: int, total: int) -> None:
        part = min(1.0, done / total) if total else 1.0
        filled = int(part * 30)
        stream.write(f"\r{stage:16} {'#' * filled}{'.' * (30 - filled)} {part:4.0%}")
        if done >= total:
            stream.write("\n")
        stream.flush()

    yield tell
