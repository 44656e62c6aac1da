"""From Python's syntax tree to the rule tree, every name and type checked against the vocabulary."""

from __future__ import annotations

import ast
from datetime import date

from limen.law.expression.fault import ExpressionError, Fault
from limen.law.expression.words import Refused, as_written, bounded, dotted, example, listed, misuse, named, refusal
from limen.law.problem import nearest
from limen.law.scope import Scope
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    Comparison,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact

MAX_DEPTH = 40
"""Levels of brackets and operators in one test."""

SUBSET = (
    "a test is made of facts and definitions, `and`, `or`, `not`, brackets, comparisons, `known(...)` "
    "and `days_between(...)`"
)

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.GtE: ">=",
    ast.Gt: ">",
}
_TRUTHS = {"true": True, "True": True, "false": False, "False": False}


class Reader:
    """Translates one syntax tree. Faults are gathered, so that one reading reports them all."""

    def __init__(self, scope: Scope, body: ast.expr) -> None:
        self._scope = scope
        self._body = body
        self._faults: list[Fault] = []

    def read(self, text: str) -> Expr:
        expr = self._truth(self._body, 0)
        if self._faults:
            raise ExpressionError(text, self._faults)
        return expr

    def _truth(self, node: ast.expr, depth: int) -> Expr:
        """The tree of something that is true or false; a stand-in after a fault."""
        try:
            if depth > MAX_DEPTH:
                raise refusal("test-syntax", node, "the test is too deeply nested", mend="split it into nodes")
            return self._logic(node, depth)
        except Refused as refused:
            self._faults.append(refused.fault)
            return Literal(False)

    def _logic(self, node: ast.expr, depth: int) -> Expr:
        match node:
            case ast.BoolOp(ast.And(), values):
                return All(tuple(self._truth(value, depth + 1) for value in values))
            case ast.BoolOp(ast.Or(), values):
                return AnyOf(tuple(self._truth(value, depth + 1) for value in values))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self._truth(operand, depth + 1))
            case ast.Constant(bool(value)):
                return Literal(value)
            case ast.Name(id) if id in _TRUTHS:
                return Literal(_TRUTHS[id])
            case ast.Name() | ast.Attribute():
                return self._named_truth(node)
            case ast.Compare(left, [operator], [right]):
                return self._comparison(node, left, operator, right)
            case ast.Compare():
                raise refusal(
                    "test-construct", node, "a chain of comparisons is not allowed", mend="join two with `and`"
                )
            case ast.Call(ast.Name("known"), [argument], []):
                return Known(self._fact(argument).name)
            case ast.Call(ast.Name(id), _, _) if id in ("known", "days_between", "date"):
                raise misuse(node, id)
        raise refusal("test-construct", node, f"`{as_written(node)}` is not part of the test language", mend=SUBSET)

    def _named_truth(self, node: ast.expr) -> Expr:
        name = self._name(node)
        if name in self._scope.definitions:
            return Defined(name)
        fact = self._fact(node)
        if fact.type == "bool":
            return BoolFact(name)
        if fact.type == "enum":
            mend = f"write for example `{name} == '{fact.values[0]}'`"
        else:
            mend = f"compare it, for example `{name} >= {example(fact.type)}`"
        raise refusal("test-type", node, f"`{name}` is {named(fact.type)} fact, not a true-or-false one", mend=mend)

    def _comparison(self, whole: ast.expr, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Expr:
        if isinstance(left, ast.Call):
            return self._measured(
                DaysBetween(*self._days_between(left)), "int", as_written(left), operator, right, whole
            )
        if isinstance(left, (ast.Constant, ast.UnaryOp)) or (isinstance(left, ast.Name) and left.id in _TRUTHS):
            raise refusal(
                "test-construct",
                left,
                f"`{as_written(left)}` cannot stand first",
                mend="write the fact first, then the value",
            )
        fact = self._fact(left)
        match fact.type:
            case "bool":
                mend = f"write `{fact.name}` or `not {fact.name}`"
                raise refusal("test-type", whole, f"`{fact.name}` is already true or false", mend=mend)
            case "enum":
                return self._member(fact, operator, right, whole)
            case "int" | "date":
                return self._measured(Number(fact.name), fact.type, fact.name, operator, right, whole)

    def _member(self, fact: Fact, operator: ast.cmpop, right: ast.expr, whole: ast.expr) -> Expr:
        match operator, right:
            case (ast.In() | ast.NotIn(), ast.List(items) | ast.Tuple(items)) if items:
                values = [self._value(fact, item) for item in items]
            case (ast.In() | ast.NotIn(), _):
                mend = f"write a list in square brackets, for example `{fact.name} in ['{fact.values[0]}']`"
                raise refusal("test-type", right, f"`{as_written(right)}` is not a list of values", mend=mend)
            case (ast.Eq() | ast.NotEq(), _):
                values = [self._value(fact, right)]
            case _:
                mend = "use `==`, `!=`, `in` or `not in`"
                raise refusal("test-type", whole, f"`{fact.name}` is an enum fact and has no order", mend=mend)
        for first, item in enumerate(values):
            if item in values[:first]:
                raise refusal("test-construct", right, f"`{item}` is named twice", mend="name each value once")
        member = Member(fact.name, tuple(sorted(values)))
        return Not(member) if isinstance(operator, (ast.NotEq, ast.NotIn)) else member

    def _value(self, fact: Fact, node: ast.expr) -> str:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            mend = f"put one of its values in quotes: {listed(fact.values)}"
            raise refusal("test-type", node, f"`{as_written(node)}` is not a value of `{fact.name}`", mend=mend)
        if node.value not in fact.values:
            raise refusal(
                "unknown-value",
                node,
                f"`{fact.name}` never has the value `{node.value}`",
                nearest=nearest(node.value, fact.values),
                mend=f"its values are {listed(fact.values)}",
            )
        return node.value

    def _measured(
        self, term: Number | DaysBetween, kind: str, shown: str, operator: ast.cmpop, right: ast.expr, whole: ast.expr
    ) -> Expr:
        op = _COMPARISONS.get(type(operator))
        if op is None:
            mend = "use `<`, `<=`, `==`, `!=`, `>=` or `>`"
            raise refusal("test-type", whole, f"`{shown}` cannot be compared with `in`", mend=mend)
        return Compare(term, op, self._bound(kind, shown, right))

    def _bound(self, kind: str, shown: str, node: ast.expr) -> int | date | Parameter:
        """The fixed side of a comparison: a number, a date or a cited parameter, of the right type."""
        value = self._fixed(node)
        if isinstance(value, Parameter):
            found = self._scope.parameters[value.name]
            if found != kind:
                raise refusal(
                    "test-type", node, f"`param.{value.name}` is {named(found)}, and `{shown}` is {named(kind)}"
                )
        elif (kind == "date") != isinstance(value, date):
            mend = f"write for example `{shown} >= {example(kind)}`"
            raise refusal("test-type", node, f"`{as_written(node)}` is not {named(kind)}, and `{shown}` is", mend=mend)
        return value

    def _fixed(self, node: ast.expr) -> int | date | Parameter:
        match node:
            case ast.Constant(int(number)) if not isinstance(number, bool):
                return bounded(node, number)
            case ast.UnaryOp(ast.USub(), ast.Constant(int(number))) if not isinstance(number, bool):
                return bounded(node, -number)
            case ast.Call(ast.Name("date"), [ast.Constant(str(text))], []):
                try:
                    if len(text) == 10:
                        return date.fromisoformat(text)
                except ValueError:
                    pass
                raise refusal(
                    "test-type", node, f"`{text}` is not a date", mend="write year, month and day: `date('2025-04-07')`"
                )
            case ast.Attribute() if (name := dotted(node)) is not None and name.startswith("param."):
                name = name.removeprefix("param.")
                if name in self._scope.parameters:
                    return Parameter(name)
                close = nearest(name, self._scope.parameters)
                raise refusal(
                    "unknown-name",
                    node,
                    f"the book has no parameter `{name}`",
                    nearest=f"param.{close}" if close else None,
                    mend="add it under `parameters` in the vocabulary, with its citation",
                    name=name,
                )
        mend = "compare with a number, `date('...')` or `param.NAME`; for two dates use `days_between(a, b) > 0`"
        raise refusal("test-type", node, f"`{as_written(node)}` is not a number, a date or a parameter", mend=mend)

    def _days_between(self, node: ast.Call) -> tuple[str, str]:
        match node:
            case ast.Call(ast.Name("days_between"), [start, end], []):
                return self._date_fact(start), self._date_fact(end)
            case ast.Call(ast.Name(id), _, _) if id in ("known", "days_between", "date"):
                raise misuse(node, id)
        raise refusal("test-construct", node, f"`{as_written(node)}` is not part of the test language", mend=SUBSET)

    def _date_fact(self, node: ast.expr) -> str:
        fact = self._fact(node)
        if fact.type != "date":
            raise refusal(
                "test-type", node, f"`{fact.name}` is {named(fact.type)} fact, and `days_between` takes two dates"
            )
        return fact.name

    def _name(self, node: ast.expr) -> str:
        name = dotted(node)
        if name is None:
            raise refusal("test-construct", node, f"`{as_written(node)}` is not the name of a fact", mend=SUBSET)
        return name

    def _fact(self, node: ast.expr) -> Fact:
        name = self._name(node)
        fact = self._scope.facts.get(name)
        if fact is not None:
            return fact
        if name in self._scope.definitions:
            raise refusal("test-type", node, f"`{name}` is a definition, and a fact is needed here")
        raise refusal(
            "unknown-name",
            node,
            f"the vocabulary has no fact or definition `{name}`",
            nearest=nearest(name, [*self._scope.facts, *self._scope.definitions]),
            mend="correct the name, or add the fact to the vocabulary",
            name=name,
        )
