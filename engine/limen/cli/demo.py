"""`limen demo`: a dozen invented requests, decided before your eyes."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.options import json_option

if TYPE_CHECKING:
    from limen.cli.desk import OpenDesk
    from limen.cli.screen import Screen
    from limen.decide import Decision
    from limen.decide.decision import Reason
    from limen.scenario import Scenario

INTRODUCTION = (
    "An agency sends a person's name and address, asks what the tax authority holds about them, and says why. Limen "
    "looks the person up in a registry of {people:,} invented people, checks the request against rules that stand for "
    "26 U.S.C. § 6103, and answers item by item. Some words of that law are contested; each profile reads them in one "
    "way, and where the profiles disagree nothing is released."
)


@click.command(
    epilog="""\b
Examples:
  limen demo
  limen demo --out out/demo --json"""
)
@click.option("--out", "folder", type=click.Path(file_okay=False), help="Where the ledger goes; by default LIMEN_HOME.")
@json_option
def demo(folder: str | None, as_json: bool) -> int:
    """Cross-reference and decide a dozen requests about invented people, and leave a verified ledger.

    Each decision is made under all profiles and with two keys, logged, and printed with the reasons that made it.
    """
    from limen.cli.desk import Setup, case_of, open_desk
    from limen.cli.ledger import show_verification
    from limen.cli.show import show_footer
    from limen.home import home
    from limen.law.places import shipped_scenarios
    from limen.scenario import find_scenarios

    ledger_path = (Path(folder) if folder else home() / "demo") / "ledger.sqlite"
    told = [one for _, one in find_scenarios([shipped_scenarios() / "demo"])]
    with open_desk(Setup(None, None, str(ledger_path))) as desk:
        if not as_json:
            desk.screen.wrapped(INTRODUCTION.format(people=desk.registry.people))
        counted: Counter[str] = Counter()
        caveat, last = "", 0
        for number, scenario in enumerate(told, 1):
            handled = desk.handle(case_of(scenario), None)
            decision = handled.decision
            counted[decision.disposition] += 1
            receipt: Any = handled.receipt
            caveat, last = decision.caveat, receipt.sequence
            if as_json:
                desk.show(handled, "reviewer", as_json=True)
            else:
                _tell(desk, number, scenario, decision)
        found = desk.ledger.verify()
        if not as_json:
            desk.screen.line()
            desk.screen.rule()
            _sum_up(desk.screen, counted)
            show_verification(desk.screen, found, str(ledger_path))
            desk.screen.line()
            desk.screen.line("To look closer:")
            desk.screen.line(f"  {_program()} explain {last} --ledger {ledger_path}")
            desk.screen.line(f"  {_program()} scenario show {told[0].scenario}")
            show_footer(desk.screen, caveat)
    return exits.RELEASED if found.ok else exits.WITHHELD


def _tell(desk: OpenDesk, number: int, scenario: Scenario, decision: Decision) -> None:
    """One decision in a few lines: who asks for what, the answer, and the reasons that made it."""
    from limen.cli.show import show_reason
    from limen.cli.words import DISPOSITIONS, VERDICTS

    screen = desk.screen
    screen.line()
    screen.line(screen.paint(f"{number:>2}  {scenario.title}", "strong"))
    screen.wrapped(scenario.teaches, 4, tone="quiet")
    screen.line(f"    {DISPOSITIONS[decision.disposition].on(screen)}")
    for item in decision.items:
        lead = f"    {screen.icon('dot')} {item.item}: {VERDICTS[item.verdict].word.lower()}"
        if item.verdict == "allow" and item.gateway is not None:
            gateway = desk.book.rules[item.gateway].cite.text
            lead += f" under {gateway}, {len(item.reasons)} requirements met"
        screen.line(lead)
    for reason in _decisive(decision):
        show_reason(screen, reason)
    if decision.disposition == "readings_differ":
        for outcome in decision.profiles:
            screen.line(f"      {outcome.profile:<16} {DISPOSITIONS[outcome.disposition].on(screen)}")
        words = "; ".join(f"“{hinge.words}”" for hinge in decision.hinges)
        screen.wrapped(f"it turns on how these words are read: {words}", 6, 8)


def _decisive(decision: Decision) -> list[Reason]:
    """The reasons that keep something from being released, each once."""
    if decision.disposition == "readings_differ":
        return []
    found: dict[str, Reason] = {}
    for item in decision.items:
        if item.verdict in ("deny", "open"):
            for reason in item.reasons:
                if reason.outcome != "met":
                    found.setdefault(reason.address, reason)
    return list(found.values())


def _sum_up(screen: Screen, counted: Counter[str]) -> None:
    from limen.cli.words import DISPOSITIONS, count

    parts = [f"{counted[word]} {sign.word.lower()}" for word, sign in DISPOSITIONS.items() if counted[word]]
    screen.line(f"{count(sum(counted.values()), 'request')}: {', '.join(parts)}")


def _program() -> str:
    """The command as the user called it, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "limen" and not called.is_absolute() else "limen"
