"""The policy in other engines' languages: each point as two conditions, one that it is met and one that it is not met.

Engines differ in what they make of a missing fact (several take it for false, and Cedar and Rego skip the rule). So that
all answer the same question, every test is guarded by hand: `met(x)` needs the fact to be there, and so does
`not_met(x)`. Where neither holds the point is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from limen.law.edition import Edition
from limen.law.tree import All, AnyOf, BoolFact, Compare, Expr, Literal, Member, Not, Number


def flat(fact: str) -> str:
    """The name of a fact where names have no dots."""
    return fact.replace(".", "_")


class Dialect:
    """One language. Subclasses say how a test reads; groups and negation are the same everywhere."""

    AND, OR, TRUE, FALSE = " and ", " or ", "true", "false"
    NULL, EQ, IN, BRACKETS = "null", "==", "in", "[]"

    def met(self, expr: Expr) -> Any:
        """The condition that `expr` is true."""
        match expr:
            case All(parts):
                return self.all([self.met(part) for part in parts])
            case AnyOf(parts):
                return self.any([self.met(part) for part in parts])
            case Not(part):
                return self.not_met(part)
        return self.test(expr, True)

    def not_met(self, expr: Expr) -> Any:
        """The condition that `expr` is false."""
        match expr:
            case All(parts):
                return self.any([self.not_met(part) for part in parts])
            case AnyOf(parts):
                return self.all([self.not_met(part) for part in parts])
            case Not(part):
                return self.met(part)
        return self.test(expr, False)

    def test(self, expr: Expr, wanted: bool) -> Any:
        match expr:
            case Literal(value):
                return self.TRUE if value is wanted else self.FALSE
            case BoolFact(fact):
                return self.is_bool(self.name(fact), wanted)
            case Member(fact, values):
                return self.is_member(self.name(fact), values, wanted)
            case Compare(Number(fact), op, value):
                return self.compares(self.name(fact), op, int(value), wanted)  # type: ignore[arg-type]
        raise ValueError(f"the policy has no such test: {expr}")

    def name(self, fact: str) -> str:
        return flat(fact)

    def all(self, parts: list[Any]) -> Any:
        return f"({self.AND.join(parts)})"

    def any(self, parts: list[Any]) -> Any:
        return f"({self.OR.join(parts)})"

    def is_bool(self, name: str, wanted: bool) -> Any:
        return f"{name} {self.EQ} {self.TRUE if wanted else self.FALSE}"

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> Any:
        listed = self.BRACKETS[0] + ", ".join(f"'{value}'" for value in values) + self.BRACKETS[1]
        return (
            f"{name} {self.IN} {listed}"
            if wanted
            else f"({self.there(name)}{self.AND}{self.no(f'{name} {self.IN} {listed}')})"
        )

    def compares(self, name: str, op: str, value: int, wanted: bool) -> Any:
        return f"({self.there(name)}{self.AND}{name} {op if wanted else OPPOSITE[op]} {value})"

    def there(self, name: str) -> str:
        return f"{name} != {self.NULL}"

    def no(self, text: str) -> str:
        return f"not ({text})"


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Cel(Dialect):
    AND, OR = " && ", " || "

    def no(self, text: str) -> str:
        return f"!({text})"


class CelPython(Cel):
    """It has no overload for a null beside another type: a fact that is not known is left out, and asked for first."""

    def name(self, fact: str) -> str:
        return f"i.{flat(fact)}"

    def there(self, name: str) -> str:
        return f"has({name})"

    def is_bool(self, name: str, wanted: bool) -> str:
        return f"({self.there(name)} && {super().is_bool(name, wanted)})"

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        text = super().is_member(name, values, wanted)
        return text if not wanted else f"({self.there(name)} && {text})"


class Cedar(Cel):
    """A context without the attribute is an error in Cedar, and a policy that errs is skipped: each test asks first."""

    def name(self, fact: str) -> str:
        return f"context.{flat(fact)}"

    def there(self, name: str) -> str:
        return f"context has {name.removeprefix('context.')}"

    def is_bool(self, name: str, wanted: bool) -> str:
        return f"({self.there(name)} && {super().is_bool(name, wanted)})"

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        contains = f"[{', '.join(json.dumps(value) for value in values)}].contains({name})"
        return f"({self.there(name)} && {contains if wanted else self.no(contains)})"


class Python(Dialect):
    """Also what rule-engine and, with another prefix, casbin's matcher read."""

    TRUE, FALSE, NULL, BRACKETS = "True", "False", "None", "()"

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix

    def name(self, fact: str) -> str:
        return self.prefix + flat(fact)

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        listed = ", ".join(f"'{value}'" for value in values)
        return f"{name} in ({listed},)" if wanted else f"({self.there(name)} and not ({name} in ({listed},)))"


class RuleEngine(Dialect):
    """Its own language: like Python's, with `null`."""


class Sql(Dialect):
    AND, OR, EQ, IN, BRACKETS = " AND ", " OR ", "=", "IN", "()"

    def there(self, name: str) -> str:
        return f"{name} IS NOT NULL"

    def no(self, text: str) -> str:
        return f"NOT ({text})"

    def compares(self, name: str, op: str, value: int, wanted: bool) -> str:
        return f"{name} {(op if wanted else OPPOSITE[op]).replace('==', '=').replace('!=', '<>')} {value}"


class Polars(Dialect):
    """Nulls stay null through `&` and `|`, and a null condition is not taken: no guard is needed."""

    AND, OR, TRUE, FALSE = " & ", " | ", "pl.lit(True)", "pl.lit(False)"

    def name(self, fact: str) -> str:
        return f"pl.col('{flat(fact)}')"

    def is_bool(self, name: str, wanted: bool) -> str:
        return name if wanted else f"(~{name})"

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        return f"{'' if wanted else '~'}{name}.is_in({list(values)!r})"

    def compares(self, name: str, op: str, value: int, wanted: bool) -> str:
        return f"({name} {op if wanted else OPPOSITE[op]} {value})"


class Numpy(Dialect):
    """For OpenFisca, whose variables know no null: booleans are 1, 0 and -1, enums their place or -1, numbers -1."""

    AND, OR, TRUE, FALSE = " & ", " | ", "True", "False"

    def __init__(self, edition: Edition) -> None:
        self.values = {flat(name): fact.values for name, fact in edition.facts.items()}

    def is_bool(self, name: str, wanted: bool) -> str:
        return f"(v['{name}'] == {int(wanted)})"

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        places = [self.values[name].index(value) for value in values]
        inside = f"numpy.isin(v['{name}'], {places})"
        return inside if wanted else f"((v['{name}'] >= 0) & ~{inside})"

    def compares(self, name: str, op: str, value: int, wanted: bool) -> str:
        return f"((v['{name}'] >= 0) & (v['{name}'] {op if wanted else OPPOSITE[op]} {value}))"


class JsonLogic(Dialect):
    TRUE, FALSE = True, False  # type: ignore[assignment]

    def all(self, parts: list[Any]) -> Any:
        return {"and": parts}

    def any(self, parts: list[Any]) -> Any:
        return {"or": parts}

    def is_bool(self, name: str, wanted: bool) -> Any:
        return {"===": [{"var": name}, wanted]}

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> Any:
        inside = {"in": [{"var": name}, list(values)]}
        return inside if wanted else {"and": [{"!=": [{"var": name}, None]}, {"!": [inside]}]}

    def compares(self, name: str, op: str, value: int, wanted: bool) -> Any:
        return {"and": [{"!=": [{"var": name}, None]}, {op if wanted else OPPOSITE[op]: [{"var": name}, value]}]}


class Rego(Dialect):
    """Rego has no `or` inside a rule: each becomes a helper with a body for every side."""

    def __init__(self) -> None:
        self.helpers: list[str] = []

    def name(self, fact: str) -> str:
        return f"input.{flat(fact)}"

    def all(self, parts: list[str]) -> str:
        return "\n  ".join(parts)  # regorus refuses a line of more than a thousand letters

    def any(self, parts: list[str]) -> str:
        helper = f"h{len(self.helpers)}"
        self.helpers.append("\n".join(f"{helper} if {{ {part} }}" for part in parts))
        return helper

    def is_member(self, name: str, values: Iterable[str], wanted: bool) -> str:
        inside = f"{name} in {{{', '.join(json.dumps(value) for value in values)}}}"
        return inside if wanted else f"{name}; not {inside}"

    def compares(self, name: str, op: str, value: int, wanted: bool) -> str:
        return f"{name} {op if wanted else OPPOSITE[op]} {value}"


def points(edition: Edition) -> list[Expr]:
    """What each peer is asked: every point of the policy, case points first, and at the end the request as a whole."""
    return [*(point.expr for point in (*edition.case_points, *edition.item_points)), verdict_parts(edition)]


def conditions(edition: Edition, dialect: Dialect) -> list[tuple[Any, Any]]:
    """For each point the condition that it is met and the condition that it is not."""
    return [(dialect.met(expr), dialect.not_met(expr)) for expr in points(edition)]


def verdict_parts(edition: Edition) -> Expr:
    """The request as a whole, as one expression: true is allow, false is deny, neither is open."""
    case = [point.expr for point in edition.case_points]
    item = [point.expr for point in edition.item_points]
    opens = []
    for gateway in edition.gateways:
        bars = [Not(AnyOf(tuple(item[i] for i in edition.bars[b].conditions))) for b in gateway.bars]
        opens.append(All((*(case[i] for i in gateway.elements), AnyOf(tuple(item[i] for i in gateway.grounds)), *bars)))
    reaches = [All((item[applies], item[forbids])) for _, applies, forbids in edition.prohibitions]
    return All((AnyOf(tuple(reaches)), AnyOf(tuple(opens))))


def programs(edition: Edition) -> dict[str, Any]:
    """What each peer is handed: its rules as text, with and without reasons."""
    allowed = points(edition)[-1]
    made: dict[str, Any] = {}
    plain: dict[str, Dialect] = {
        "zen-engine": Dialect(), "cel": Cel(), "cel-python": CelPython(), "cedarpy": Cedar(), "rule-engine": RuleEngine(),
        "json-logic-qubit": JsonLogic(), "duckdb": Sql(), "polars": Polars(), "openfisca-core": Numpy(edition),
        "casbin": Python("r.sub."),
    }  # fmt: skip
    for name, dialect in plain.items():
        made[name] = {"points": conditions(edition, dialect), "allowed": dialect.met(allowed)}
    for name in ("regorus", "regopy"):
        rego = Rego()
        rules = [
            f"met contains {n} if {{ {met} }}\nfailed contains {n} if {{ {failed} }}"
            for n, (met, failed) in enumerate(conditions(edition, rego))
        ]
        text = "\n".join(["package bench", "import rego.v1", *rego.helpers, *rules])
        bare = Rego()
        allow = bare.met(allowed)
        made[name] = {
            "points": text,
            "allowed": "\n".join(["package bench", "import rego.v1", *bare.helpers, f"allowed if {{ {allow} }}"]),
        }
    return made
