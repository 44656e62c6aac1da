"""The reference interpreter: the rule tree, read aloud.

No cleverness and no shortcuts: every node is visited, and its result per node *is* the trace. Whatever another
evaluator says, it is right when it says the same as this.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from limen.decide.findings import Findings, ItemFindings
from limen.decide.settle import settle_item
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.node import Node
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
    facts_in,
)
from limen.law.truth import Truth, conjunction, disjunction, negation
from limen.law.vocabulary import FactValue

Stated = Mapping[str, FactValue]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class OpenTreeError(Exception):
    """An evaluator was handed a tree with a definition or a parameter left in it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"`{name}` is still open in the tree; evaluators take editions, not books")


def truth(expr: Expr, stated: Stated) -> Truth:
    """The truth of `expr` for the facts `stated`; a fact that is not there is not known.

    Raises `OpenTreeError` for a definition or parameter that an edition would have replaced.
    """
    match expr:
        case Literal(value):
            return value
        case BoolFact(fact):
            given = stated.get(fact)
            return None if given is None else given is True
        case Member(fact, values):
            given = stated.get(fact)
            return None if given is None else str(given) in values
        case Compare(term, op, bound):
            if isinstance(bound, Parameter):
                raise OpenTreeError(bound.name)
            measured = _measure(term, stated)
            return None if measured is None else _COMPARE[op](measured, bound)
        case Known(fact):
            return None if stated.get(fact) is None else True
        case Not(part):
            return negation(truth(part, stated))
        case All(parts):
            return conjunction([truth(part, stated) for part in parts])
        case AnyOf(parts):
            return disjunction([truth(part, stated) for part in parts])
        case Defined(name):
            raise OpenTreeError(name)


def _measure(term: Number | DaysBetween, stated: Stated) -> int | date | None:
    """The number of days, or the int or date, that a comparison is about."""
    if isinstance(term, Number):
        value = stated.get(term.fact)
        return value if isinstance(value, (int, date)) else None
    start, end = stated.get(term.start), stated.get(term.end)
    if isinstance(start, date) and isinstance(end, date):
        return (end - start).days
    return None


@dataclass(frozen=True, slots=True)
class TraceNode:
    """What one node came to. `stated` are the facts its own test reads, with `None` for those not known."""

    node: Node
    result: Truth
    stated: Mapping[str, FactValue | None]
    children: tuple[TraceNode, ...]

    def walk(self) -> Iterator[TraceNode]:
        """This node and all under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class ItemTrace:
    """The trace of one item: a node per item point, in the order of the edition."""

    item: str
    points: tuple[TraceNode, ...]
    findings: ItemFindings


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything the interpreter saw: a node per case point, then each item."""

    edition: Edition
    case: tuple[TraceNode, ...]
    items: tuple[ItemTrace, ...]


def trace_node(node: Node, stated: Stated) -> TraceNode:
    """The trace of `node` and of everything under it."""
    children = tuple(trace_node(child, stated) for child in node.children)
    results = [child.result for child in children]
    own: dict[str, FactValue | None] = {}
    result: Truth
    match node.op:
        case "all":
            result = conjunction(results)
        case "any":
            result = disjunction(results)
        case "none":
            result = negation(disjunction(results))
        case "reading":
            result = conjunction(results)
        case "test":
            if children:
                result = conjunction(results)
            elif node.test is None:
                raise OpenTreeError(node.address)
            else:
                own = {fact: stated.get(fact) for fact in sorted(facts_in(node.test))}
                result = truth(node.test, stated)
    return TraceNode(node, result, own, children)


def trace(edition: Edition, facts: CaseFacts) -> Trace:
    """The whole case, node by node."""
    case = tuple(trace_node(point.node, facts.facts) for point in edition.case_points)
    case_results = tuple(node.result for node in case)
    items = []
    for item in facts.items:
        stated = {**facts.facts, **item.facts}
        points = tuple(trace_node(point.node, stated) for point in edition.item_points)
        items.append(ItemTrace(item.id, points, settle_item(edition, case_results, tuple(p.result for p in points))))
    return Trace(edition, case, tuple(items))


def find(edition: Edition, facts: CaseFacts) -> Findings:
    """What every evaluator must agree with, from the closed expression of each point."""
    case = tuple(truth(point.expr, facts.facts) for point in edition.case_points)
    items = []
    for item in facts.items:
        stated = {**facts.facts, **item.facts}
        items.append(settle_item(edition, case, tuple(truth(point.expr, stated) for point in edition.item_points)))
    return Findings(case, tuple(items))
