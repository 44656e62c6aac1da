"""`limen ask`: the interview."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.analyse_case import case_options
from limen.cli.options import json_option

if TYPE_CHECKING:
    from limen.analyse.ask import Interview, Question
    from limen.analyse.bench import Bench, Spot
    from limen.cli.analyse_case import Told
    from limen.cli.screen import Screen
    from limen.law import Book

NOT_KNOWN = ("unknown", "?", "i do not know")


@click.command(
    epilog="""\b
Without REQUEST the interview starts from nothing, about one item.

\b
Examples:
  limen ask demo-use-not-said
  limen ask --profile ddc-2025-26
  limen ask request.yaml --json --facts requester.agency=dhs
  limen ask request.yaml --json --unknown matter.wilful

\b
At the prompt: a value; `unknown` for I do not know; `why` for every element
that asks; `stop`."""
)
@click.argument("request_at", metavar="[REQUEST]", required=False)
@case_options
@click.option("--unknown", "unknowns", multiple=True, metavar="[ITEM:]NAME", help="Somebody said: I do not know.")
@click.option("--seconds", default=0.7, show_default=True, help="How long to prove that questions matter.")
@json_option
def ask(
    request_at: str | None,
    profile: str | None,
    as_of: date | None,
    known_at: date | None,
    given: tuple[str, ...],
    registry_at: str | None,
    rules: str | None,
    unknowns: tuple[str, ...],
    seconds: float,
    as_json: bool,
) -> int:
    """Ask what is missing: only questions that can still change the answer, the best one first, and why.

    With --json the next question is printed, with every other that still matters; answer it with --facts.
    """
    from limen.analyse.ask import ask as interview
    from limen.analyse.bench import put
    from limen.cli.analyse_case import Told, bench_for, changes_given, echo_json, read_told
    from limen.cli.options import book_at
    from limen.law.facts import CaseFacts, ItemFacts

    book = book_at(rules)
    if request_at is None:
        nothing = CaseFacts({}, (ItemFacts("item", {}),))
        stated = put(nothing, changes_given(given, book, nothing))
        told = Told("nothing said yet", stated, as_of or datetime.now(UTC).date(), known_at)
    else:
        told = read_told(request_at, book, as_of, known_at, given, registry_at)
    bench = bench_for(book, told, profile)
    silent = {_spot(name, book, told) for name in unknowns}
    if as_json:
        found = interview(bench, told.facts, silent, seconds)
        echo_json({"case": told.name, "verdicts": found.verdicts, "settled": found.next is None, "next": found.next,
                   "remaining_at_most": len(found.questions), "proved": found.proved,
                   "questions": found.questions})  # fmt: skip
        return exits.RELEASED
    return _talk(book, bench, told, silent, seconds, profile)


def _spot(name: str, book: Book, told: Told) -> Spot:
    from limen.cli.analyse_case import check_facts_named

    item, colon, fact = name.rpartition(":")
    check_facts_named(book, (fact,))
    if colon:
        return fact, item
    per_item = book.vocabulary.facts[fact].per_item
    return fact, told.facts.items[0].id if per_item else None


def _talk(book: Book, bench: Bench, told: Told, silent: set[Spot], seconds: float, profile: str | None) -> int:
    """The interview in a terminal: question after question until nothing can change the answer."""
    from limen.analyse.ask import ask as interview
    from limen.analyse.bench import put
    from limen.cli.analyse_case import caveat, heading
    from limen.cli.screen import Screen

    screen = Screen()
    facts = told.facts
    heading(screen, f"Interview: {told.name}", told, profile, book)
    while True:
        found = interview(bench, facts, silent, seconds)
        question = found.next
        if question is None:
            break
        _put_question(screen, question, found)
        spot = (question.fact, question.item)
        answer = _answer(screen, book, question)
        if answer == "stop":
            break
        if answer in NOT_KNOWN:
            silent.add(spot)
        else:
            from limen.law.facts import read_value

            facts = put(facts, {spot: read_value(book.vocabulary.facts[question.fact], answer)})
    _outcome(screen, found)
    caveat(screen)
    return exits.RELEASED


def _put_question(screen: Screen, question: Question, found: Interview) -> None:
    from limen.cli.words import count

    about = f" ({question.item})" if question.item else ""
    screen.wrapped(f"{question.ask}{about}", tone="strong")
    left = count(len(found.questions), "question")
    side = " · known to the authority" if question.authority_side else ""
    screen.wrapped(f"{question.fact}{side} · at most {left} left", 2, 4, "quiet")
    for value, words in question.values.items():
        screen.wrapped(value if words in (value, "yes", "no") else f"{value}: {words}", 4, 6)
    first = question.why[0]
    more = f", and {len(question.why) - 1} more" if len(question.why) > 1 else ""
    screen.wrapped(f"asked for: {first.label} ({first.citation}, {first.address}){more}", 2, 4, "quiet")


def _answer(screen: Screen, book: Book, question: Question) -> str:
    """An answer that fits the fact, `unknown` or `stop`; anything else is asked again."""
    from limen.law.facts import FactError, read_value

    short = {"yes": "true", "y": "true", "no": "false", "n": "false"} if question.type == "bool" else {}
    while True:
        try:
            said = click.prompt("answer", prompt_suffix="> ").strip().lower()
        except click.Abort:
            return "stop"
        said = short.get(said, said)
        if said == "why":
            for why in question.why:
                screen.wrapped(f"{why.label} ({why.citation}, {why.address})", 4, 6)
            continue
        if said == "stop" or said in NOT_KNOWN:
            return said
        try:
            read_value(book.vocabulary.facts[question.fact], said)
        except FactError as error:
            screen.wrapped(f"{error}; or `unknown`, `why`, `stop`", 2, 4, "bad")
            continue
        return said


def _outcome(screen: Screen, found: Interview) -> None:
    from limen.cli.words import VERDICTS

    screen.line()
    for item, verdict in found.verdicts.items():
        screen.line(f"{VERDICTS[verdict].on(screen)}  {item}")
    if found.next is None:
        screen.wrapped("Nothing that anybody could still say changes this.", tone="quiet")
    else:
        screen.wrapped(f"Stopped; at most {len(found.questions)} questions could still change this.", tone="open")
