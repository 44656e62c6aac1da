"""The words in which the reader of tests refuses."""

from __future__ import annotations

import ast

from limen.law.expression.fault import Fault

MAX_NUMBER = 10**9
"""The largest number a test may name: every evaluator and every store can hold it."""

MISUSED: dict[str, tuple[str, str]] = {
    "known": ("`known` takes one fact", "write for example `known(order.court)`"),
    "days_between": (
        "`days_between` takes two date facts and is compared with a number of days",
        "write for example `days_between(order.final_on, request.made_on) > 90`",
    ),
    "date": (
        "`date` takes one day in quotes and stands on the right of a comparison",
        "write for example `request.made_on < date('2025-04-07')`",
    ),
}
"""What each function of the language takes, and an example."""


class Refused(Exception):
    """Stops the reading of one part of a test; the rest is still read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def refusal(
    code: str,
    node: ast.expr,
    message: str,
    nearest: str | None = None,
    mend: str | None = None,
    name: str | None = None,
) -> Refused:
    """The refusal of `node`, at its column."""
    return Refused(Fault(code, node.col_offset + 1, message, nearest, mend, name))


def misuse(node: ast.expr, name: str) -> Refused:
    """The refusal of a call that has the right name and the wrong arguments."""
    message, mend = MISUSED[name]
    return refusal("test-construct", node, message, mend=mend)


def dotted(node: ast.expr) -> str | None:
    """The dotted name that `node` spells, or `None`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def bounded(node: ast.expr, number: int) -> int:
    """`number`, unless it is larger than any evaluator or store can hold."""
    if abs(number) > MAX_NUMBER:
        raise refusal("test-type", node, f"the number is beyond {MAX_NUMBER}", mend="use a smaller number")
    return number


def as_written(node: ast.expr) -> str:
    """What the author wrote, near enough, and never long."""
    shown = ast.unparse(node)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."


def named(kind: str) -> str:
    """A type in words, with its article."""
    return {"int": "a number", "date": "a date", "enum": "an enum", "bool": "a true-or-false"}[kind]


def example(kind: str) -> str:
    """A value of a type, as a test writes it."""
    return "date('2025-04-07')" if kind == "date" else "90"


def listed(values: tuple[str, ...]) -> str:
    """Values side by side."""
    return ", ".join(f"`{value}`" for value in values)
