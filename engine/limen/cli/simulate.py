"""`limen simulate`: what a policy does to a population of invented people."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.options import day_option, json_option, rules_option

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from limen.cli.screen import Screen
    from limen.simulate.outcome import Outcome
    from limen.simulate.plan import Policy
    from limen.simulate.run import Progress
    from limen.simulate.write import Written

EPILOG = """\b
Examples:
  limen simulate scenarios/plans/august-2025.yaml --size 40000
  limen simulate plan.yaml --profile irs-2025-08 --profile ddc-2025-26 --json

\b
What if:
  another match threshold            limen simulate plan.yaml --close 960
  the address confirmed (or not)     limen simulate plan.yaml --confirm-address
  many officers, or one              limen simulate plan.yaml --officers 25600
  a cap for each officer             limen simulate plan.yaml --cap-per-officer 50
  own reasons in every row           limen simulate plan.yaml --own-reasons 1
  the law of another day             limen simulate plan.yaml --as-of 2026-03-01
  all rows say something else        limen simulate plan.yaml \\
                                       --says recipients.0.engagement=works_the_matter

Each sets a changed twin beside every profile, so that before and after stand in one table; several can be given
together. In a plan, `what_if:` does the same. --set changes the plan itself, as in --set batch.with_tin=0.9.

Stages that are finished stay in the folder --out and are used again: a run that was stopped goes on where it
stopped, and a run with another setting makes only what that setting changes. The report is report.html there.

\b
Exit codes: 0 every target met (or none set), 1 some target missed, 2 bad input."""


@click.command(epilog=EPILOG)
@click.argument("plan_at", metavar="PLAN.yaml", type=click.Path(path_type=Path))
@click.option("--size", type=click.IntRange(min=100), metavar="N", help="So many requests, shares and registry alike.")
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Compare these profiles only.")
@click.option("--close", type=click.IntRange(850, 1000), metavar="N", help="What if names must be so alike, of 1000.")
@click.option(
    "--confirm-address/--no-confirm-address", default=None, help="What if a stated address must be confirmed, or not."
)
@click.option("--officers", type=click.IntRange(min=1), metavar="N", help="What if so many officers are named in turn.")
@click.option("--cap-per-officer", type=click.IntRange(min=1), metavar="N", help="What if none has more matters.")
@click.option("--own-reasons", type=click.FloatRange(0, 1), metavar="SHARE", help="What if so many give own reasons.")
@day_option("--as-of", "What if the law of another day applies.")
@click.option("--says", multiple=True, metavar="NAME=VALUE", help="What if every row says this, by dotted name.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="A setting that wins over the plan.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the run is kept.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes at once.")
@click.option("--no-sweep", is_flag=True, help="Leave out other thresholds and the sensitivity of assumed knobs.")
@click.option("--calibrate", is_flag=True, help="Tell which shares of the batch would meet the targets.")
@rules_option
@json_option
def simulate(
    plan_at: Path,
    size: int | None,
    profiles: tuple[str, ...],
    close: int | None,
    confirm_address: bool | None,
    officers: int | None,
    cap_per_officer: int | None,
    own_reasons: float | None,
    as_of: date | None,
    says: tuple[str, ...],
    changes: tuple[str, ...],
    out: Path | None,
    workers: int,
    no_sweep: bool,
    calibrate: bool,
    rules: str | None,
    as_json: bool,
) -> int:
    """Make a registry and a batch, ask every policy about all of it, and count.

    People, addresses and numbers are invented; the truth about each row is known, so releases about the wrong person
    can be counted. Numbers no source gives are marked `assumed`.
    """
    from limen.cli.screen import Screen
    from limen.simulate.plan import Changes
    from limen.simulate.plan_file import read_plan, said
    from limen.simulate.write import simulate_into

    what_if = Changes(
        close=close, confirm_address=confirm_address, officers=officers, cap_per_officer=cap_per_officer,
        own_reasons=own_reasons, as_of=as_of, says=said(says),
    )  # fmt: skip
    plan = read_plan(plan_at, size, changes, profiles, what_if)
    full_size = read_plan(plan_at, None, changes).batch.size
    folder = out or Path(f"simulation-{plan.simulation}")
    book = Path(rules) if rules else None
    with Progressing() as progress:
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
    if calibrate:
        _calibrated(written, Screen(sys.stderr) if as_json else screen)
    return exits.RELEASED if all(one.met for one in written.outcome.targets) else exits.WITHHELD


def _show(outcome: Outcome, screen: Screen) -> None:
    plan = outcome.plan
    screen.line(screen.paint(plan.title, "strong"))
    screen.wrapped(f"{plan.batch.size:,} requests, {plan.registry.people:,} invented people in the registry", 2)
    screen.line()
    wide = max(28, *(len(one.name) + 2 for one in outcome.policies))
    head = f"  {'policy':{wide}}{'allow':>10}{'deny':>11}{'open':>9}{'allowed':>10}{'wrong person':>14}{'missed':>9}"
    screen.line(screen.paint(head, "quiet"))
    for one in outcome.policies:
        v = one.verdicts
        answered = f"{v['allow']:>10,}{v['deny']:>11,}{v['open']:>9,}{v['allow'] / one.requests:>10.2%}"
        screen.line(f"  {one.name:{wide}}{answered}{one.wrong:>14,}{one.missed:>9,}")
    held = outcome.policies[0].asked_held
    screen.wrapped(
        f"allowed: of {plan.batch.size:,} requests; wrong person: of those allowed; missed: of {held:,} requests about "
        "somebody held",
        2,
        tone="quiet",
    )
    for one in outcome.policies:
        screen.line()
        denied = one.requests - one.released
        screen.line(f"  {screen.paint(one.name, 'strong')}: first reason of {denied:,} not allowed")
        for why, count in list(one.reasons.items())[:6]:
            screen.line(f"    {count:>10,}  {count / denied:>6.1%}  {why or 'no obstacle in this gateway'}")
    for policy in outcome.plan.compare:
        if policy.beside:
            _changed(outcome, policy, screen)
    if outcome.targets:
        screen.line()
        full, size = outcome.full_size, plan.batch.size
        scaled = f" ({size:,} requests scaled to {full:,}; ±: chance)" if full != size else ""
        screen.line(f"  {screen.paint('public figures', 'strong')}{scaled}")
    for met in outcome.targets:
        icon = screen.paint(screen.icon("good" if met.met else "bad"), "good" if met.met else "bad")
        word = "met" if met.met else "missed"
        what = met.target.measure.replace("_", " ")
        off = "" if met.off is None else f"{met.off:+.2%}"
        chance = f"±{met.chance:,.0f}" if met.chance else ""
        public = f"{met.target.compare} {met.target.value:,}"
        screen.line(f"    {icon} {word:7}{what:22}{met.found:>10,.0f} {chance:7} {public:14} {off}")
    assumed = [knob for knob in outcome.knobs if knob.kind == "assumed"]
    screen.line()
    screen.wrapped(
        "assumed, no source gives it: " + ", ".join(f"{knob.name} {knob.value}" for knob in assumed), 2, 4, "open"
    )


def _changed(outcome: Outcome, twin: Policy, screen: Screen) -> None:
    """What a question changes under one profile."""
    told = "; ".join(
        f"{flip.requests:,} from {flip.verdict_before} to {flip.verdict_after}" for flip in outcome.changed_by(twin)
    )
    screen.line()
    screen.wrapped(f"{twin.beside}, what if {', '.join(twin.told())}: {told or 'no answer changes'}", 2, 4)


def _calibrated(written: Written, screen: Screen) -> None:
    """The shares that would meet the targets, to be pasted into a plan or given back."""
    from limen.simulate.calibrate import calibrate

    found = calibrate(written.outcome, written.kept.outcomes)
    screen.line()
    screen.wrapped("these shares would meet the public figures; they are assumptions, and others would do too:", 2)
    for change in found.changes:
        screen.line(f"    --set {change}")


class Progressing:
    """A bar on standard error for each stage, with what is done and how long it will take; a line where nobody
    watches."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: ProgressBar[int] | None = None
        self._done = 0

    def __enter__(self) -> Progress:
        return self._tell

    def __exit__(self, *problem: object) -> None:
        self._close()

    def _tell(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._close()
            self._stage, self._done = stage, 0
            self._bar = click.progressbar(
                length=total, label=f"  {stage:16}", file=sys.stderr, show_pos=True, show_percent=True
            )
            self._bar.__enter__()
        if self._bar is not None and done > self._done:
            self._bar.update(done - self._done)
            self._done = done

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
