"""`limen coverage`: what the scenarios have tried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.far import Far
from limen.cli.options import json_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.coverage import Coverage
    from limen.analyse.trials import Trial
    from limen.law import Book


@click.command(
    epilog="""\b
Examples:
  limen coverage
  limen coverage my-scenarios/ --html coverage.html
  limen coverage --ledger ledger.sqlite
  limen coverage --fail-under 80 --fail-under-pairs 60

\b
Exit codes: 0 enough is covered, 1 it is not."""
)
@click.argument("which", nargs=-1, metavar="[PATH|ID]...")
@click.option("--ledger", "ledgers", multiple=True, metavar="PATH", help="The decisions of a ledger, instead or too.")
@click.option("--html", "page", metavar="FILE", help="Write the whole table as a page.")
@click.option("--fail-under", default=0.0, metavar="PERCENT", help="Fail below this share of outcomes.")
@click.option("--fail-under-pairs", default=0.0, metavar="PERCENT", help="Fail below this share of effect pairs.")
@click.option("--missing", is_flag=True, help="List every node with what nobody has shown.")
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@rules_option
@json_option
def coverage(
    which: tuple[str, ...],
    ledgers: tuple[str, ...],
    page: str | None,
    fail_under: float,
    fail_under_pairs: float,
    missing: bool,
    registry_at: str | None,
    rules: str | None,
    as_json: bool,
) -> int:
    """What has been tried: each provision met, not met, not known; each reading; and pairs that show an effect.

    A pair of cases shows that a provision matters: the verdict of each turns on it, met in one and not in the other.
    """
    from limen.analyse.coverage import coverage as run
    from limen.analyse.coverage_html import coverage_page
    from limen.cli.analyse_case import echo_json, trials_of
    from limen.cli.options import book_at

    book = book_at(rules)
    trials = trials_of(book, which, registry_at) if which or not ledgers else []
    for place in ledgers:
        trials += _decided(book, place)
    far = Far("trials heard")
    found = run(book, trials, far)
    far.close()
    if page:
        Path(page).write_text(coverage_page(found, f"Coverage of {book.name} {book.version}"), encoding="utf-8")
    enough = _percent(found.outcomes) >= fail_under and _percent(found.pairs) >= fail_under_pairs
    if as_json:
        echo_json({"scenarios": found.trials, "outcomes": found.outcomes, "pairs": found.pairs,
                   "readings": found.readings,
                   "lines": [{"address": line.address, "missing": line.missing, "effect": line.effect,
                              "tried": {word: len(set(ids)) for word, ids in line.tried.items()}}
                             for line in found.lines],
                   "choices": [{"reading": c.reading, "alternative": c.alternative, "chosen": len(set(c.chosen)),
                                "mattered": len(set(c.mattered))} for c in found.choices]})  # fmt: skip
    else:
        _show(found, missing, page)
    return exits.RELEASED if enough else exits.WITHHELD


def _percent(share: tuple[int, int]) -> float:
    return 100 * share[0] / share[1] if share[1] else 100.0


def _show(found: Coverage, missing: bool, page: str | None) -> None:
    from limen.cli.screen import Screen

    screen = Screen()
    screen.line(screen.paint(f"What {found.trials} cases have tried", "strong"))
    for words, share in (
        ("outcomes shown (met, not met, not known, for each node)", found.outcomes),
        ("elements, grounds, bar conditions and limbs with an independent-effect pair", found.pairs),
        ("alternatives of readings chosen", found.readings),
    ):
        screen.wrapped(f"{share[0]} of {share[1]}  {_percent(share):.0f}%  {words}", 2, 4)
    rules: dict[str, list[tuple[int, int]]] = {}
    for line in found.lines:
        rules.setdefault(line.rule, []).append((3 - len(line.missing), 3))
    screen.line()
    for rule, shares in sorted(rules.items()):
        total = (sum(share for share, _ in shares), sum(of for _, of in shares))
        screen.line(f"  {_percent(total):>4.0f}%  {rule}  ({total[0]} of {total[1]} outcomes)")
    if missing:
        screen.line()
        for line in found.lines:
            lacks = [word.replace("_", " ") for word in line.missing]
            if line.is_point and line.pair is None:
                lacks.append("a pair that shows its effect")
            if lacks:
                screen.wrapped(f"{line.address}: {', '.join(lacks)}", 2, 4)
    if page:
        screen.line(f"the whole table is in {page}")


def _decided(book: Book, place: str) -> list[Trial]:
    """The decisions of a ledger as trials, each under its basis; sensitive facts were never written there."""
    from datetime import date

    from limen.analyse.trials import Trial
    from limen.cli.ledger import open_existing
    from limen.law.facts import CaseFacts, ItemFacts

    def typed(stated: dict[str, Any]) -> dict[str, Any]:
        known = book.vocabulary.facts
        return {
            name: date.fromisoformat(value) if known[name].type == "date" else value
            for name, value in stated.items() if name in known
        }  # fmt: skip

    trials = []
    with open_existing(place) as opened:
        records: Sequence[Any] = [(record.sequence, record.body) for record in opened.records()]
    for sequence, body in records:
        decision, facts = body.get("decision"), body.get("facts")
        if isinstance(decision, dict) and isinstance(facts, dict) and decision["basis"] in book.profiles:
            items = tuple(ItemFacts(id, typed(stated)) for id, stated in facts["items"].items())
            trials.append(
                Trial(f"record {sequence}", CaseFacts(typed(facts["case"]), items),
                      date.fromisoformat(str(decision["as_of"])), decision["basis"],
                      book.profiles[decision["basis"]].chooses, {})
            )  # fmt: skip
    return trials
