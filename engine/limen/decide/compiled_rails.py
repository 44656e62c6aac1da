"""Boolean Python for a rule tree: one rail that says *is true*, one that says *is false*.

A three-valued expression becomes two ordinary ones. `true(e)` holds exactly when `e` is true, `false(e)` exactly
when it is false; when neither holds, `e` is not known. Both are plain `and` / `or` chains, so Python's own
short-circuiting does the work and no table of three values is consulted at run time.

Rule text never becomes code. What is written here comes from the typed tree only: local names are made from
counters, names of facts and enum values appear as quoted strings, dates as names bound in the namespace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

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

MAX_HEIGHT = 16
"""A taller expression is cut into locals: Python's parser gives up on deep brackets."""


class NotClosedError(Exception):
    """A tree that still holds a definition or a parameter cannot be compiled."""

    def __init__(self, name: str) -> None:
        super().__init__(f"`{name}` is still open in the tree; make an edition before compiling it")


def quoted(text: str) -> str:
    """`text` as a Python string literal, whatever it contains."""
    return str.__repr__(text)


def look_up(locals_: Mapping[str, str], holder: str) -> list[str]:
    """The lines that look facts up in `holder`, each into the local that `locals_` has for it."""
    return [f"{local} = {holder}.get({quoted(fact)})" for fact, local in locals_.items()]


class Rails:
    """Writes the two rails of expressions, with what they share as locals.

    The lines collected in `case_lines` run once for a case, those in `item_lines` once for each item. They expect each
    fact in a local, `None` where it is not known: `case_facts` and `item_facts` say which. To fill these first, by
    `look_up` or otherwise, is for whoever runs the lines. `namespace` holds what the lines need besides.

    With `eager`, a test that several expressions share, or that an item shares with its case, becomes a local too:
    right where everything is asked anyway. Without it only whole groups do, and the rest is asked when reached.
    """

    def __init__(self, item_facts: Collection[str], expressions: Iterable[Expr], eager: bool = True) -> None:
        self.namespace: dict[str, object] = {"date": date, "numeric": (int, date)}
        self.case_facts: dict[str, str] = {}
        self.item_facts: dict[str, str] = {}
        self.case_lines: list[str] = []
        self.item_lines: list[str] = []
        self._of_items = frozenset(item_facts)
        self._eager = eager
        self._named: dict[tuple[str, object], str] = {}
        self._per_item: dict[Expr, bool] = {}
        self._height: dict[Expr, int] = {}
        self._uses: Counter[Expr] = Counter()
        for expr in expressions:
            self._count(expr)

    def _count(self, expr: Expr) -> None:
        self._uses[expr] += 1
        if self._uses[expr] == 1:
            for part in _parts(expr):
                self._count(part)

    def per_item(self, expr: Expr) -> bool:
        """Whether `expr` can differ from one item of a case to the next."""
        if expr not in self._per_item:
            self._per_item[expr] = not self._of_items.isdisjoint(facts_in(expr))
        return self._per_item[expr]

    def height(self, expr: Expr) -> int:
        """How many brackets deep `expr` is written; a local counts as none."""
        if expr not in self._height:
            below = max((self.height(part) for part in _parts(expr)), default=-1) + 1
            self._height[expr] = 0 if below > MAX_HEIGHT else below
        return self._height[expr]

    def truth(self, expr: Expr) -> str:
        """The local that holds the three-valued truth of `expr`; it is written on first use."""
        key = ("truth", expr)
        if key not in self._named:
            per_item = self.per_item(expr)
            value = self._three_valued(expr, per_item)
            name = self._new("t", key, per_item)
            self._lines(per_item).append(f"{name} = {value}")
        return self._named[key]

    def true(self, expr: Expr, inside_item: bool) -> str:
        """An expression that holds exactly when `expr` is true."""
        if self._is_shared(expr, inside_item):
            return f"{self.truth(expr)} is True"
        match expr:
            case Literal(value):
                return str(value is True)
            case BoolFact(fact):
                return f"{self._fact(fact)} is True"
            case Member(fact, values):
                return f"{self._fact(fact)} {_among(values)}"
            case Compare():
                measure, test = self._comparison(expr)
                return f"({measure} is not None and {test})"
            case Known(fact):
                return f"{self._fact(fact)} is not None"
            case Not(part):
                return self.false(part, inside_item)
            case All(parts):
                return _join("and", [self.true(part, inside_item) for part in parts], "True")
            case AnyOf(parts):
                return _join("or", [self.true(part, inside_item) for part in parts], "False")
            case Defined(name):
                raise NotClosedError(name)

    def false(self, expr: Expr, inside_item: bool) -> str:
        """An expression that holds exactly when `expr` is false."""
        if self._is_shared(expr, inside_item):
            return f"{self.truth(expr)} is False"
        match expr:
            case Literal(value):
                return str(value is False)
            case BoolFact(fact):
                name = self._fact(fact)
                return f"({name} is not None and {name} is not True)"
            case Member(fact, values):
                name = self._fact(fact)
                return f"({name} is not None and not {name} {_among(values)})"
            case Compare():
                measure, test = self._comparison(expr)
                return f"({measure} is not None and not {test})"
            case Known():
                return "False"
            case Not(part):
                return self.true(part, inside_item)
            case All(parts):
                return _join("or", [self.false(part, inside_item) for part in parts], "False")
            case AnyOf(parts):
                return _join("and", [self.false(part, inside_item) for part in parts], "True")
            case Defined(name):
                raise NotClosedError(name)

    def _three_valued(self, expr: Expr, inside_item: bool) -> str:
        match expr:
            case Literal(value):
                return str(value)
            case BoolFact(fact):
                name = self._fact(fact)
                return f"None if {name} is None else {name} is True"
            case Member(fact, values):
                name = self._fact(fact)
                return f"None if {name} is None else {name} {_among(values)}"
            case Compare():
                measure, test = self._comparison(expr)
                return f"None if {measure} is None else {test}"
        # Only here may `expr` be written out although it is shared: this is where its local is filled.
        uses, self._uses[expr] = self._uses[expr], 0
        written = f"True if {self.true(expr, inside_item)} else False if {self.false(expr, inside_item)} else None"
        self._uses[expr] = uses
        return written

    def _is_shared(self, expr: Expr, inside_item: bool) -> bool:
        if isinstance(expr, Literal | BoolFact | Known) or self._uses[expr] == 0:
            return False
        if not _parts(expr):
            return self._eager and (self._uses[expr] > 1 or (inside_item and not self.per_item(expr)))
        hoisted = self._eager and inside_item and not self.per_item(expr)
        return self._uses[expr] > 1 or hoisted or self.height(expr) == 0

    def _comparison(self, expr: Compare) -> tuple[str, str]:
        """The local with the value to compare (`None` when not known), and the comparison written out."""
        if isinstance(expr.value, Parameter):
            raise NotClosedError(expr.value.name)
        measure = self._measure(expr.term)
        if isinstance(expr.value, date):
            bound = f"day_{expr.value.year}_{expr.value.month}_{expr.value.day}"
            self.namespace[bound] = expr.value
        else:
            bound = int.__repr__(expr.value)
        return measure, f"{measure} {expr.op} {bound}"

    def _measure(self, term: Number | DaysBetween) -> str:
        key = ("measure", term)
        if key not in self._named:
            if isinstance(term, Number):
                fact = self._fact(term.fact)
                value = f"{fact} if isinstance({fact}, numeric) else None"
                per_item = term.fact in self._of_items
            else:
                start, end = self._fact(term.start), self._fact(term.end)
                both = f"isinstance({start}, date) and isinstance({end}, date)"
                value = f"({end} - {start}).days if {both} else None"
                per_item = not self._of_items.isdisjoint((term.start, term.end))
            name = self._new("m", key, per_item)
            self._lines(per_item).append(f"{name} = {value}")
        return self._named[key]

    def _fact(self, fact: str) -> str:
        if fact in self._of_items:
            return self.item_facts.setdefault(fact, f"f{len(self.item_facts)}i")
        return self.case_facts.setdefault(fact, f"f{len(self.case_facts)}c")

    def _new(self, letter: str, key: tuple[str, object], per_item: bool) -> str:
        name = f"{letter}{len(self._named)}{'i' if per_item else 'c'}"
        self._named[key] = name
        return name

    def _lines(self, per_item: bool) -> list[str]:
        return self.item_lines if per_item else self.case_lines


def _parts(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Not(part):
            return (part,)
        case All(parts) | AnyOf(parts):
            return parts
    return ()


def _among(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return f"== {quoted(values[0])}"
    return f"in {{{', '.join(quoted(value) for value in values)}}}"


def _join(word: str, parts: list[str], empty: str) -> str:
    """`parts` joined by `and` or `or`; `empty` is the neutral value, and the other one decides alone."""
    decisive = "False" if empty == "True" else "True"
    if decisive in parts:
        return decisive
    kept = list(dict.fromkeys(part for part in parts if part != empty))
    if not kept:
        return empty
    return kept[0] if len(kept) == 1 else f"({f' {word} '.join(kept)})"
