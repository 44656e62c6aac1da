"""Reading back emitted SQL, in the dialects of DuckDB and Spark.

The text is parsed by sqlglot and followed select by select, with SQL's own three-valued logic in formulas: NULL is
neither true nor false, `AND`, `OR` and `NOT` are those of the standard, a comparison with NULL is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

import ibis
import sqlglot
from sqlglot import expressions as sql

from limen.decide.columns.layout import CASE_ID, ITEM_ID, column_name
from limen.decide.columns.relational import law_columns
from limen.decide.exact import FactVariables
from limen.decide.exact_rails import (
    FALSE,
    TRUE,
    UNKNOWN,
    Formula,
    Rails,
    every,
    opposite,
    rails_all,
    rails_any,
    rails_not,
    some,
)
from limen.decide.translation.proof import Reading, UnknownFormError
from limen.law.edition import Edition
from limen.law.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class Text:
    """A text: for each word it may be, when; NULL where it is none of them."""

    words: Mapping[str, Formula]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number or the day number of a date, where it is not NULL."""

    known: Formula
    number: Any


_SQLGLOT = {"pyspark": "spark"}
Node = Any
"""An expression of sqlglot, whose classes share no public base."""
Value = Rails | Text | Measured
Row = dict[str, Value]
_COMPARE: dict[type[sql.Expression], Any] = {
    sql.LT: lambda a, b: a < b,
    sql.LTE: lambda a, b: a <= b,
    sql.EQ: lambda a, b: a == b,
    sql.NEQ: lambda a, b: a != b,
    sql.GTE: lambda a, b: a >= b,
    sql.GT: lambda a, b: a > b,
}


def emitted_sql(edition: Edition, dialect: str) -> str:
    """The SQL of every point, bar, gateway and verdict, as the engine of `dialect` would be given it."""
    table = ibis.table({CASE_ID: "int64", ITEM_ID: "string", **_columns(edition)}, name="facts")
    compiler = import_module(f"ibis.backends.sql.compilers.{dialect}").compiler
    written: str = compiler.to_sqlglot(law_columns(edition, table)).sql(dialect=compiler.dialect)
    return written


def _columns(edition: Edition) -> dict[str, str]:
    kinds = {"bool": "boolean", "enum": "string", "int": "int32", "date": "date"}
    return {column_name(name): kinds[fact.type] for name, fact in edition.facts.items()}


def read_sql(query: str, dialect: str, edition: Edition, variables: FactVariables) -> Reading:
    """What the SQL of `law_columns` says. Raises `UnknownFormError`."""
    language = f"SQL ({dialect})"
    facts: Row = {column_name(name): _fact(fact, variables) for name, fact in edition.facts.items()}
    row = _Reader(language, facts).select(sqlglot.parse_one(query, dialect=_SQLGLOT.get(dialect, dialect)))

    def truths(kind: str, count: int) -> list[Rails]:
        return [_truth(language, row[f"{kind}_{number}"]) for number in range(count)]

    verdict = row["verdict"]
    if not isinstance(verdict, Text):
        raise UnknownFormError(language, "a verdict that is no text")
    return Reading(
        language,
        truths("case", len(edition.case_points)),
        truths("item", len(edition.item_points)),
        truths("bar", len(edition.bars)),
        truths("gateway", len(edition.gateways)),
        {name: verdict.words.get(name, False) for name in ("allow", "deny", "open", "not_covered")},
    )


def _fact(fact: Fact, variables: FactVariables) -> Value:
    if fact.type == "bool":
        stated = variables.stated(fact.name)
        return Rails(stated[True], stated[False])
    if fact.type == "enum":
        return Text({str(value): formula for value, formula in variables.stated(fact.name).items()})
    return Measured(*variables.number(fact.name))


def _truth(language: str, value: Value) -> Rails:
    if not isinstance(value, Rails):
        raise UnknownFormError(language, "a value where a truth should be")
    return value


class _Reader:
    def __init__(self, language: str, facts: Row) -> None:
        self._language = language
        self._facts = facts

    def select(self, query: Node) -> Row:
        """The row that a select gives for one row of facts."""
        if not isinstance(query, sql.Select) or any(query.args.get(part) for part in ("where", "joins", "group")):
            raise self._unknown(query)
        source = query.args.get("from_") or query.args["from"]
        match source.this:
            case sql.Table():
                below = self._facts
            case sql.Subquery(this=inner):
                below = self.select(inner)
            case other:
                raise self._unknown(other)
        row: Row = {}
        for column in query.expressions:
            match column:
                case sql.Column(this=sql.Star() as star) | (sql.Star() as star):
                    left_out = {part.name for part in star.args.get("except_") or star.args.get("except") or ()}
                    row |= {name: value for name, value in below.items() if name not in left_out}
                case sql.Alias(this=value, alias=name):
                    row[name] = self._value(value, below)
                case sql.Column() if column.name in ("case_id", "item_id"):
                    continue
                case sql.Column():
                    row[column.name] = below[column.name]
                case _:
                    raise self._unknown(column)
        return row

    def _value(self, node: Node, row: Row) -> Value:
        match node:
            case sql.Column():
                return row[node.name]
            case sql.Paren(this=inner):
                return self._value(inner, row)
            case sql.Cast(this=inner, to=kind) if kind.is_type("boolean"):
                return self._truth(inner, row)
            case sql.Case() | sql.If():
                return self._choice(node, row)
            case sql.Literal() if node.is_string:
                return Text({node.name: True})
        return self._truth(node, row)

    def _truth(self, node: Node, row: Row) -> Rails:
        match node:
            case sql.Boolean(this=value):
                return TRUE if value else FALSE
            case sql.Null():
                return UNKNOWN
            case sql.And() | sql.Or():
                sides = [self._truth(side, row) for side in (node.left, node.right)]
                return rails_all(sides) if isinstance(node, sql.And) else rails_any(sides)
            case sql.Not(this=inner):
                return rails_not(self._truth(inner, row))
            case sql.Is(this=inner, expression=sql.Null()):
                null = opposite(_known(self._value(inner, row)))
                return Rails(null, opposite(null))
            case sql.In(this=inner, expressions=options):
                return self._among(self._value(inner, row), [self._word(option) for option in options], node)
            case sql.EQ(this=inner, expression=sql.Literal() as word) if word.is_string:
                return self._among(self._value(inner, row), [word.name], node)
            case _ if type(node) in _COMPARE:
                return self._compared(node, row)
        value = (
            self._value(node, row) if isinstance(node, sql.Column | sql.Paren | sql.Cast | sql.Case | sql.If) else None
        )
        if isinstance(value, Rails):
            return value
        raise self._unknown(node)

    def _among(self, value: Value, words: list[str], node: Node) -> Rails:
        if not isinstance(value, Text):
            raise self._unknown(node)
        inside = some(value.words.get(word, False) for word in words)
        return Rails(inside, some(formula for word, formula in value.words.items() if word not in words))

    def _word(self, node: Node) -> str:
        if isinstance(node, sql.Literal) and node.is_string:
            return node.name
        raise self._unknown(node)

    def _compared(self, node: Node, row: Row) -> Rails:
        left, right = self._number(node.this, row), self._number(node.expression, row)
        known = every((left.known, right.known))
        holds = _COMPARE[type(node)](left.number, right.number)
        return Rails(every((known, holds)), every((known, opposite(holds))))

    def _number(self, node: Node, row: Row) -> Measured:
        match node:
            case sql.Paren(this=inner):
                return self._number(inner, row)
            case sql.Column() if isinstance(found := row[node.name], Measured):
                return found
            case sql.Literal() if not node.is_string:
                return Measured(True, int(node.name))
            case sql.Neg(this=inner):
                negated = self._number(inner, row)
                return Measured(negated.known, -negated.number)
            case sql.DateFromParts():
                return self._day([node.args[part] for part in ("year", "month", "day")], row)
            case sql.Anonymous() if node.name.upper() == "MAKE_DATE":
                return self._day(node.expressions, row)
            case sql.Cast(this=inner, to=kind) if kind.is_type("date") and isinstance(inner, sql.Literal):
                return Measured(True, date.fromisoformat(inner.name).toordinal())
            case sql.TsOrDsToDate(this=sql.Column() as inner):  # what Spark's DATEDIFF does to a column that is a date
                return self._number(inner, row)
            case sql.Cast(this=inner, to=kind) if kind.is_type(*sql.DataType.INTEGER_TYPES):
                return self._number(inner, row)
            case sql.DateDiff(this=later, expression=earlier) if node.unit is None or node.unit.name.upper() == "DAY":
                end, start = self._number(later, row), self._number(earlier, row)
                return Measured(every((end.known, start.known)), end.number - start.number)
        raise self._unknown(node)

    def _day(self, parts: list[Node], row: Row) -> Measured:
        year, month, day = (self._number(part, row).number for part in parts)
        return Measured(True, date(year, month, day).toordinal())

    def _choice(self, node: sql.Case | sql.If, row: Row) -> Value:
        """The first branch whose condition is true; NULL counts as not true."""
        ways = node.args["ifs"] if isinstance(node, sql.Case) else [node]
        if isinstance(node, sql.Case) and node.this is not None:
            raise self._unknown(node)
        otherwise = node.args.get("default") if isinstance(node, sql.Case) else node.args.get("false")
        reached: Formula = True
        branches: list[tuple[Formula, Value]] = []
        for way in ways:
            holds = self._truth(way.this, row).true
            branches.append((every((reached, holds)), self._value(way.args["true"], row)))
            reached = every((reached, opposite(holds)))
        branches.append((reached, UNKNOWN if otherwise is None else self._value(otherwise, row)))
        texts = [value for _, value in branches if isinstance(value, Text)]
        if texts:
            words = {word for text in texts for word in text.words}
            return Text(
                {
                    word: some(
                        every((chosen, value.words.get(word, False)))
                        for chosen, value in branches
                        if isinstance(value, Text)
                    )
                    for word in words
                }
            )
        rails = [(chosen, self._as_rails(value, node)) for chosen, value in branches]
        return Rails(
            some(every((chosen, value.true)) for chosen, value in rails),
            some(every((chosen, value.false)) for chosen, value in rails),
        )

    def _as_rails(self, value: Value, node: Node) -> Rails:
        if isinstance(value, Rails):
            return value
        raise self._unknown(node)

    def _unknown(self, node: Node) -> UnknownFormError:
        return UnknownFormError(self._language, node.sql()[:200])


def _known(value: Value) -> Formula:
    match value:
        case Rails(true, false):
            return some((true, false))
        case Text(words):
            return some(words.values())
        case Measured(known, _):
            return known
