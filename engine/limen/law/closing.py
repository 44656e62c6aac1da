"""Closing what a rule leaves open: readings, definitions, parameters and dates.

A node not in force is removed, not made false; a group that loses every child goes with it. What cannot be closed
(a parameter without a value on the day, a meaning that has lapsed) becomes not known, so it never releases anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from limen.law.node import Node
from limen.law.rules import Alternative, Reading
from limen.law.tree import All, AnyOf, BoolFact, Compare, Defined, Expr, Literal, Not, Parameter
from limen.law.vocabulary import Vocabulary

NOT_KNOWN = Literal(None)


def reading_fact(address: str) -> str:
    """The name under which the reading at `address` stands as a fact where it is left open."""
    return f"reading {address}"


class Closed(NamedTuple):
    """A node as it stands in an edition, and its whole meaning as one closed expression."""

    node: Node
    expr: Expr


class Closing:
    """Closes nodes for one choice of readings on one day. Each definition and reading is closed once.

    With `choices` of `None` readings stay open: each becomes a fact called `reading_fact(address)`.
    """

    def __init__(
        self, vocabulary: Vocabulary, readings: Mapping[str, Reading], choices: Mapping[str, str] | None, as_of: date
    ) -> None:
        self._vocabulary = vocabulary
        self._readings = readings
        self._choices = choices
        self._as_of = as_of
        self._definitions: dict[str, Closed | None] = {}
        self._chosen: dict[str, Closed | None] = {}

    def close(self, node: Node) -> Closed | None:
        """`node` closed, or `None` if it, or everything under it, is not in force."""
        return self._meaning(node) if node.in_force.covers(self._as_of) else None

    def alternative(self, alternative: Alternative) -> Expr:
        """The closed meaning of one alternative, whichever is chosen."""
        closed = self._meaning(alternative.meaning)
        return NOT_KNOWN if closed is None else closed.expr

    def _meaning(self, node: Node) -> Closed | None:
        match node.op:
            case "test":
                return self._test(node)
            case "reading" if self._choices is None:
                fact = BoolFact(reading_fact(node.reading or ""))
                return Closed(replace(node, op="test", reading=None, test=fact), fact)
            case "reading":
                chosen = self._reading(node.reading or "")
                if chosen is None:
                    return Closed(replace(node, op="test", reading=None, test=NOT_KNOWN), NOT_KNOWN)
                return Closed(replace(node, children=(chosen.node,)), chosen.expr)
            case _:
                return self._group(node)

    def _group(self, node: Node) -> Closed | None:
        kept = [closed for child in node.children if (closed := self.close(child)) is not None]
        if not kept:
            return None
        children = tuple(closed.node for closed in kept)
        if any(new is not old for new, old in zip(children, node.children, strict=False)) or len(children) != len(
            node.children
        ):
            node = replace(node, children=children)
        parts = tuple(closed.expr for closed in kept)
        if node.op == "all":
            return Closed(node, parts[0] if len(parts) == 1 else All(parts))
        some = parts[0] if len(parts) == 1 else AnyOf(parts)
        return Closed(node, some if node.op == "any" else Not(some))

    def _test(self, node: Node) -> Closed:
        test = node.test if node.test is not None else NOT_KNOWN
        if isinstance(test, Defined):
            meaning = self._definition(test.name)
            if meaning is None:
                return Closed(replace(node, test=NOT_KNOWN), NOT_KNOWN)
            return Closed(replace(node, test=meaning.expr, children=(meaning.node,)), meaning.expr)
        expr = self._expr(test)
        return Closed(node if expr is test else replace(node, test=expr), expr)

    def _definition(self, name: str) -> Closed | None:
        if name not in self._definitions:
            self._definitions[name] = self._meaning(self._vocabulary.definitions[name].meaning)
        return self._definitions[name]

    def _reading(self, address: str) -> Closed | None:
        """The alternative chosen, closed. Its own period says when it was held, not when it is law, so it stays."""
        if address not in self._chosen:
            choices = self._choices or {}
            alternative = self._readings[address].alternative(choices[address])
            self._chosen[address] = self._meaning(alternative.meaning)
        return self._chosen[address]

    def _expr(self, expr: Expr) -> Expr:
        """`expr` with every definition and parameter replaced; the same object if there is none."""
        match expr:
            case Defined(name):
                meaning = self._definition(name)
                return NOT_KNOWN if meaning is None else meaning.expr
            case Compare(term, op, Parameter(name)):
                value = self._parameter(name)
                return NOT_KNOWN if value is None else Compare(term, op, value, parameter=name)
            case Not(part):
                closed = self._expr(part)
                return expr if closed is part else Not(closed)
            case All(parts) | AnyOf(parts):
                closed_parts = tuple(map(self._expr, parts))
                same = all(new is old for new, old in zip(closed_parts, parts, strict=True))
                return expr if same else type(expr)(closed_parts)
        return expr

    def _parameter(self, name: str) -> int | date | None:
        for value in self._vocabulary.parameters[name]:
            if value.in_force.covers(self._as_of):
                return value.value
        return None
