"""A reference to something that is never in force together with what refers to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from limen.law.lint.finding import Context, Finding
from limen.law.period import Period
from limen.law.rules import Bar, DutyRule
from limen.law.tree import Compare, Parameter, walk

NAME = "expired-citation"


def find(context: Context) -> Iterator[Finding]:
    """Every rule that refers to one it never meets, choice of an ended alternative, and parameter that has run out."""
    book = context.book
    for rule in book.rules.values():
        targets = rule.overrides if isinstance(rule, Bar) else rule.attaches_to if isinstance(rule, DutyRule) else ()
        for target in targets:
            if not meet(rule.in_force, book.rules[target].in_force):
                yield context.finding(NAME, rule.address, f"it is never in force on a day on which `{target}` is",
                                      "correct one of the periods, or leave the reference out")  # fmt: skip
    for profile in book.profiles.values():
        for reading, choice in profile.chooses.items():
            until = book.readings[reading].alternative(choice).meaning.in_force.until
            if until is not None and (profile.since or date.min) >= until:
                message = f"`{reading}:{choice}` had ended before the profile began"
                yield context.finding(NAME, f"profile:{profile.id}", message,
                                      "choose an alternative that was still held")  # fmt: skip
    yield from _run_out(context)


def meet(one: Period, other: Period) -> bool:
    """Whether some day lies in both periods."""
    start = max(one.start or date.min, other.start or date.min)
    return start < min(one.until or date.max, other.until or date.max)


def _run_out(context: Context) -> Iterator[Finding]:
    """Every node that compares with a parameter whose last value has ended while the node goes on."""
    parameters = context.book.vocabulary.parameters
    for node in context.book.nodes():
        for expr in walk(node.test) if node.test is not None else ():
            if isinstance(expr, Compare) and isinstance(expr.value, Parameter):
                last = parameters[expr.value.name][-1].in_force.until
                if last is not None and (node.in_force.until is None or node.in_force.until > last):
                    yield context.finding(NAME, node.address, f"`param.{expr.value.name}` has no value from {last}",
                                          "add the value that followed, or end the node on that day")  # fmt: skip
