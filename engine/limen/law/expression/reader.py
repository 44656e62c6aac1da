"""From Python's syntax tree to the rule tree, every name and type checked against the vocabulary."""

from __future__ import annotations

import ast
from datetime import date

from limen.law.expression.fault import ExpressionError, Fault
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

MAX_NUMBER = 10**9
"""The largest number a test may name: every evaluator and every store can hold it."""

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
_MISUSED = {
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


class _Refused(Exception):
    """Stops the reading of one part of a test; the rest is still read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def _refusal(
    code: str,
    node: ast.expr,
    message: str,
    nearest: str | None = None,
    mend: str | None = None,
    name: str | None = None,
) -> _Refused:
    return _Refused(Fault(code, node.col_offset + 1, message, nearest, mend, name))


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
                raise _refusal("test-syntax", node, "the test is too deeply nested", mend="split it into nodes")
            return self._logic(node, depth)
        except _Refused as refused:
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
                raise _refusal(
                    "test-construct", node, "a chain of comparisons is not allowed", mend="join two with `and`"
                )
            case ast.Call(ast.Name("known"), [argument], []):
                return Known(self._fact(argument).name)
            case ast.Call(ast.Name(id), _, _) if id in ("known", "days_between", "date"):
                raise _misuse(node, id)
        raise _refusal("test-construct", node, f"`{_shown(node)}` is not part of the test language", mend=SUBSET)

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
            mend = f"compare it, for example `{name} >= {_example(fact.type)}`"
        raise _refusal("test-type", node, f"`{name}` is {_a(fact.type)} fact, not a true-or-false one", mend=mend)

    def _comparison(self, whole: ast.expr, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Expr:
        if isinstance(left, ast.Call):
            return self._measured(DaysBetween(*self._days_between(left)), "int", _shown(left), operator, right, whole)
        if isinstance(left, (ast.Constant, ast.UnaryOp)) or (isinstance(left, ast.Name) and left.id in _TRUTHS):
            raise _refusal(
                "test-construct",
                left,
                f"`{_shown(left)}` cannot stand first",
                mend="write the fact first, then the value",
            )
        fact = self._fact(left)
        match fact.type:
            case "bool":
                mend = f"write `{fact.name}` or `not {fact.name}`"
                raise _refusal("test-type", whole, f"`{fact.name}` is already true or false", mend=mend)
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
                raise _refusal("test-type", right, f"`{_shown(right)}` is not a list of values", mend=mend)
            case (ast.Eq() | ast.NotEq(), _):
                values = [self._value(fact, right)]
            case _:
                mend = "use `==`, `!=`, `in` or `not in`"
                raise _refusal("test-type", whole, f"`{fact.name}` is an enum fact and has no order", mend=mend)
        for first, item in enumerate(values):
            if item in values[:first]:
                raise _refusal("test-construct", right, f"`{item}` is named twice", mend="name each value once")
        member = Member(fact.name, tuple(sorted(values)))
        return Not(member) if isinstance(operator, (ast.NotEq, ast.NotIn)) else member

    def _value(self, fact: Fact, node: ast.expr) -> str:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            mend = f"put one of its values in quotes: {_listed(fact.values)}"
            raise _refusal("test-type", node, f"`{_shown(node)}` is not a value of `{fact.name}`", mend=mend)
        if node.value not in fact.values:
            raise _refusal(
                "unknown-value",
                node,
                f"`{fact.name}` never has the value `{node.value}`",
                nearest=nearest(node.value, fact.values),
                mend=f"its values are {_listed(fact.values)}",
            )
        return node.value

    def _measured(
        self, term: Number | DaysBetween, kind: str, shown: str, operator: ast.cmpop, right: ast.expr, whole: ast.expr
    ) -> Expr:
        op = _COMPARISONS.get(type(operator))
        if op is None:
            mend = "use `<`, `<=`, `==`, `!=`, `>=` or `>`"
            raise _refusal("test-type", whole, f"`{shown}` cannot be compared with `in`", mend=mend)
        return Compare(term, op, self._bound(kind, shown, right))

    def _bound(self, kind: str, shown: str, node: ast.expr) -> int | date | Parameter:
        """The fixed side of a comparison: a number, a date or a cited parameter, of the right type."""
        value = self._fixed(node)
        if isinstance(value, Parameter):
            found = self._scope.parameters[value.name]
            if found != kind:
                raise _refusal("test-type", node, f"`param.{value.name}` is {_a(found)}, and `{shown}` is {_a(kind)}")
        elif (kind == "date") != isinstance(value, date):
            mend = f"write for example `{shown} >= {_example(kind)}`"
            raise _refusal("test-type", node, f"`{_shown(node)}` is not {_a(kind)}, and `{shown}` is", mend=mend)
        return value

    def _fixed(self, node: ast.expr) -> int | date | Parameter:
        match node:
            case ast.Constant(int(number)) if not isinstance(number, bool):
                return _bounded(node, number)
            case ast.UnaryOp(ast.USub(), ast.Constant(int(number))) if not isinstance(number, bool):
                return _bounded(node, -number)
            case ast.Call(ast.Name("date"), [ast.Constant(str(text))], []):
                try:
                    if len(text) == 10:
                        return date.fromisoformat(text)
                except ValueError:
                    pass
                raise _refusal(
                    "test-type", node, f"`{text}` is not a date", mend="write year, month and day: `date('2025-04-07')`"
                )
            case ast.Attribute() if (name := _dotted(node)) is not None and name.startswith("param."):
                name = name.removeprefix("param.")
                if name in self._scope.parameters:
                    return Parameter(name)
                close = nearest(name, self._scope.parameters)
                raise _refusal(
                    "unknown-name",
                    node,
                    f"the book has no parameter `{name}`",
                    nearest=f"param.{close}" if close else None,
                    mend="add it under `parameters` in the vocabulary, with its citation",
                    name=name,
                )
        mend = "compare with a number, `date('...')` or `param.NAME`; for two dates use `days_between(a, b) > 0`"
        raise _refusal("test-type", node, f"`{_shown(node)}` is not a number, a date or a parameter", mend=mend)

    def _days_between(self, node: ast.Call) -> tuple[str, str]:
        match node:
            case ast.Call(ast.Name("days_between"), [start, end], []):
                return self._date_fact(start), self._date_fact(end)
            case ast.Call(ast.Name(id), _, _) if id in ("known", "days_between", "date"):
                raise _misuse(node, id)
        raise _refusal("test-construct", node, f"`{_shown(node)}` is not part of the test language", mend=SUBSET)

    def _date_fact(self, node: ast.expr) -> str:
        fact = self._fact(node)
        if fact.type != "date":
            raise _refusal(
                "test-type", node, f"`{fact.name}` is {_a(fact.type)} fact, and `days_between` takes two dates"
            )
        return fact.name

    def _name(self, node: ast.expr) -> str:
        name = _dotted(node)
        if name is None:
            raise _refusal("test-construct", node, f"`{_shown(node)}` is not the name of a fact", mend=SUBSET)
        return name

    def _fact(self, node: ast.expr) -> Fact:
        name = self._name(node)
        fact = self._scope.facts.get(name)
        if fact is not None:
            return fact
        if name in self._scope.definitions:
            raise _refusal("test-type", node, f"`{name}` is a definition, and a fact is needed here")
        raise _refusal(
            "unknown-name",
            node,
            f"the vocabulary has no fact or definition `{name}`",
            nearest=nearest(name, [*self._scope.facts, *self._scope.definitions]),
            mend="correct the name, or add the fact to the vocabulary",
            name=name,
        )


def _misuse(node: ast.expr, name: str) -> _Refused:
    message, mend = _MISUSED[name]
    return _refusal("test-construct", node, message, mend=mend)


def _dotted(node: ast.expr) -> str | None:
    """The dotted name that `node` spells, or `None`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _bounded(node: ast.expr, number: int) -> int:
    if abs(number) > MAX_NUMBER:
        raise _refusal("test-type", node, f"the number is beyond {MAX_NUMBER}", mend="use a smaller number")
    return number


def _shown(node: ast.expr) -> str:
    """What the author wrote, near enough, and never long."""
    shown = ast.unparse(node)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."


def _a(kind: str) -> str:
    return {"int": "a number", "date": "a date", "enum": "an enum", "bool": "a true-or-false"}[kind]


def _example(kind: str) -> str:
    return "date('2025-04-07')" if kind == "date" else "90"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values)
