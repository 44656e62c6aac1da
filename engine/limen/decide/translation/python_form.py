"""Reading back the generated Python of `find`.

The text is parsed with `ast` and followed statement by statement with formulas in place of values. Anything that the
writer is not known to emit stops the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from limen.decide.exact import FactVariables, as_number
from limen.decide.exact_rails import Formula, Rails, every, opposite, rails_if, some
from limen.decide.translation.proof import Reading, UnknownFormError

_LANGUAGE = "Python"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a look-up gave: the value of a fact, or `None` where nobody has stated it."""

    fact: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A number or the day number of a date, where it is known."""

    known: Formula
    number: Any


Value = Stated | Measured | Rails
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.GtE: lambda a, b: a >= b,
    ast.Gt: lambda a, b: a > b,
}


def read_python(source: str, namespace: Mapping[str, object], variables: FactVariables) -> Reading:
    """What the source of `find` says. Raises `UnknownFormError`."""
    function = ast.parse(source).body[0]
    if not isinstance(function, ast.FunctionDef):
        raise UnknownFormError(_LANGUAGE, ast.unparse(function))
    return _Reader(namespace, variables).function(function)


class _Reader:
    def __init__(self, namespace: Mapping[str, object], variables: FactVariables) -> None:
        self._namespace = namespace
        self._variables = variables
        self._locals: dict[str, Value] = {}
        self._verdicts: dict[str, Formula] = {}

    def function(self, function: ast.FunctionDef) -> Reading:
        case: list[Rails] | None = None
        of_item: list[list[Rails]] = []
        for statement in function.body:
            match statement:
                case ast.For(body=body):
                    of_item = self._item(body)
                case ast.Return(value=ast.Call(func=ast.Name("Findings"), args=[ast.Tuple(elts=elements), _])):
                    case = [self._truth(element) for element in elements]
                case ast.Assign():
                    self._assign(statement)
                case _:
                    raise UnknownFormError(_LANGUAGE, ast.unparse(statement))
        if case is None or len(of_item) != 3:
            raise UnknownFormError(_LANGUAGE, "a function that returns no findings")
        return Reading(_LANGUAGE, case, of_item[0], of_item[1], of_item[2], self._verdicts)

    def _item(self, body: list[ast.stmt]) -> list[list[Rails]]:
        for statement in body:
            match statement:
                case ast.Assign():
                    self._assign(statement)
                case ast.If():
                    self._verdict(statement, True)
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name("items"), attr="append"),
                        args=[ast.Call(func=ast.Name("ItemFindings"), args=[*tuples, ast.Name("verdict")])],
                    )
                ):
                    return [[self._truth(element) for element in _elements(part)] for part in tuples]
                case _:
                    raise UnknownFormError(_LANGUAGE, ast.unparse(statement))
        return []

    def _verdict(self, statement: ast.If, reached: Formula) -> None:
        """Follow the chain of tests to each verdict, with the condition under which it is reached."""
        holds = self._holds(statement.test)
        self._says(statement.body, every((reached, holds)))
        rest = every((reached, opposite(holds)))
        match statement.orelse:
            case [ast.If() as following]:
                self._verdict(following, rest)
            case _:
                self._says(statement.orelse, rest)

    def _says(self, body: list[ast.stmt], reached: Formula) -> None:
        match body:
            case [ast.Assign(targets=[ast.Name("verdict")], value=ast.Constant(str() as verdict))]:
                self._verdicts[verdict] = some((self._verdicts.get(verdict, False), reached))
            case _:
                raise UnknownFormError(_LANGUAGE, "\n".join(map(ast.unparse, body)))

    def _assign(self, statement: ast.Assign) -> None:
        match statement.targets:
            case [ast.Name(name)]:
                pass
            case _:
                raise UnknownFormError(_LANGUAGE, ast.unparse(statement))
        match statement.value:
            case ast.Attribute(value=ast.Name(), attr="facts") | ast.List(elts=[]):
                return
            case value:
                self._locals[name] = self._value(value)

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name("case" | "stated"), attr="get"), args=[ast.Constant(str() as fact)]
            ):
                return Stated(fact)
            case ast.IfExp(test=test, body=body, orelse=ast.Constant(None)) if _is_measure(test):
                return self._measure(body, test)
        return self._truth(node)

    def _measure(self, node: ast.expr, test: ast.expr) -> Measured:
        """A number that counts only where every fact it is made of passed its `isinstance`."""
        checked = {ast.unparse(call.args[0]) for call in ast.walk(test) if isinstance(call, ast.Call)}
        match node:
            case ast.Name(name):
                names = [name]
                known, number = self._number(name)
            case ast.Attribute(value=ast.BinOp(left=ast.Name(end), op=ast.Sub(), right=ast.Name(start)), attr="days"):
                names = [end, start]
                (first, later), (second, earlier) = self._number(end), self._number(start)
                known, number = every((first, second)), later - earlier
            case _:
                raise UnknownFormError(_LANGUAGE, ast.unparse(node))
        if checked != set(names):
            raise UnknownFormError(_LANGUAGE, ast.unparse(test))
        return Measured(known, number)

    def _number(self, name: str) -> tuple[Formula, Any]:
        value = self._locals[name]
        if not isinstance(value, Stated):
            raise UnknownFormError(_LANGUAGE, name)
        return self._variables.number(value.fact)

    def _truth(self, node: ast.expr) -> Rails:
        """A three-valued expression: `True`, `False` or `None`."""
        match node:
            case ast.Constant(bool() | None as value):
                return Rails(value is True, value is False)
            case ast.Name(name):
                found = self._locals[name]
                if isinstance(found, Rails):
                    return found
            case ast.IfExp(test=test, body=body, orelse=orelse):
                holds = self._holds(test)
                return rails_if(((holds, self._truth(body)), (opposite(holds), self._truth(orelse))))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp():
                holds = self._holds(node)
                return Rails(holds, opposite(holds))
        raise UnknownFormError(_LANGUAGE, ast.unparse(node))

    def _holds(self, node: ast.expr) -> Formula:
        """A two-valued expression."""
        match node:
            case ast.Constant(bool() as value):
                return value
            case ast.BoolOp(op=ast.And(), values=values):
                return every(map(self._holds, values))
            case ast.BoolOp(op=ast.Or(), values=values):
                return some(map(self._holds, values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return opposite(self._holds(operand))
            case ast.Compare(left=ast.Name(name), ops=[op], comparators=[other]):
                return self._compared(self._locals[name], op, other, node)
        raise UnknownFormError(_LANGUAGE, ast.unparse(node))

    def _compared(self, value: Value, op: ast.cmpop, other: ast.expr, node: ast.expr) -> Formula:
        match op, other:
            case ((ast.Is() | ast.IsNot()), ast.Constant(bool() | None as wanted)):
                found = self._is(value, wanted)
                return found if isinstance(op, ast.Is) else opposite(found)
            case ast.Eq(), ast.Constant(str() as word) if isinstance(value, Stated):
                return self._variables.stated(value.fact).get(word, False)
            case ast.In(), ast.Set(elts=elements) if isinstance(value, Stated):
                words = [element.value for element in elements if isinstance(element, ast.Constant)]
                stated = self._variables.stated(value.fact)
                return some(stated.get(str(word), False) for word in words)
            case _, _ if isinstance(value, Measured) and type(op) in _COMPARE:
                # Where it is not known Python would raise: the writer must have asked first.
                return every((value.known, _COMPARE[type(op)](value.number, self._bound(other))))
        raise UnknownFormError(_LANGUAGE, ast.unparse(node))

    def _bound(self, node: ast.expr) -> int:
        match node:
            case ast.Constant(int() as number) if not isinstance(number, bool):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(int() as number)):
                return -number
            case ast.Name(name) if isinstance(day := self._namespace.get(name), date):
                return as_number(day)
        raise UnknownFormError(_LANGUAGE, ast.unparse(node))

    def _is(self, value: Value, wanted: bool | None) -> Formula:
        match value:
            case Rails(true, false):
                return opposite(some((true, false))) if wanted is None else true if wanted else false
            case Measured(known, _) if wanted is None:
                return opposite(known)
            case Stated(fact) if wanted is None:
                return opposite(self._variables.known(fact))
            case Stated(fact) if wanted is not None:
                return self._variables.stated(fact).get(wanted, False)
        raise UnknownFormError(_LANGUAGE, f"is {wanted}")


def _is_measure(test: ast.expr) -> bool:
    calls = [test] if isinstance(test, ast.Call) else test.values if isinstance(test, ast.BoolOp) else []
    return bool(calls) and all(isinstance(c, ast.Call) and ast.unparse(c.func) == "isinstance" for c in calls)


def _elements(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Tuple):
        raise UnknownFormError(_LANGUAGE, ast.unparse(node))
    return node.elts
