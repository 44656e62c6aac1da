"""One three-valued expression as two ordinary ones: when it is true, and when it is false.

durable-rules has no third value and no way to say "not stated": a missing property simply matches nothing. So each
expression is run on two rails, both in negation normal form and both made of equalities only. If neither holds,
nobody knows; if both held, the network would be lying.

An equality compares a property with one word out of a closed set. Enum and bool facts are such words already.
Ints and dates are compared here, before the network, and arrive as the words `true` and `false`: the library
compares text with numbers, and numbers with text, in ways nobody should rely on.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    Parameter,
)
from limen.law.vocabulary import Fact, FactValue

YES, NO = "true", "false"
WIDEST_WORD_LIST = 60
"""An enum with more values than this is looked up before the network, like a number."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+").fullmatch

_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class NetworkError(Exception):
    """An expression or a fact cannot be put to the network as it stands."""


@dataclass(frozen=True, slots=True)
class Equals:
    """The property has this word."""

    name: str
    word: str


@dataclass(frozen=True, slots=True)
class Both:
    """Every one of at least two parts."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of at least two parts. `exclusive`: no two can hold at once (the words of one enum)."""

    parts: tuple[Formula, ...]
    exclusive: bool = False


Formula = Equals | Both | Either
Rail = Formula | bool
"""A formula, or what it always or never is."""


@dataclass(frozen=True, slots=True)
class Rails:
    """When an expression is true, and when it is false."""

    true: Rail
    false: Rail


class Words:
    """The properties one question needs, and how each is worded from the facts of a case."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._declared = facts
        self.readers: dict[str, Callable[[Mapping[str, FactValue]], str | None]] = {}
        self.read: set[str] = set()

    def rails(self, expr: Expr) -> Rails:
        """Both rails of `expr`. Raises `NetworkError` for a fact the vocabulary does not have."""
        match expr:
            case Literal(value):
                return Rails(value is True, value is False)
            case BoolFact(fact):
                self._declare(fact, "bool")
                name = self._property(f"f__{flat(fact)}", lambda stated: self._bool_word(stated, fact))
                return Rails(Equals(name, YES), Equals(name, NO))
            case Member(fact, values):
                return self._member(fact, values)
            case Known(fact):
                self._declare(fact)
                name = self._property(f"k__{flat(fact)}", lambda stated: None if stated.get(fact) is None else YES)
                return Rails(Equals(name, YES), False)
            case Compare():
                name = self._property(f"c__{len(self.readers)}", self._compared(expr))
                return Rails(Equals(name, YES), Equals(name, NO))
            case Not(part):
                rails = self.rails(part)
                return Rails(rails.false, rails.true)
            case All(parts):
                each = [self.rails(part) for part in parts]
                return Rails(both([one.true for one in each]), either([one.false for one in each]))
            case AnyOf(parts):
                each = [self.rails(part) for part in parts]
                return Rails(either([one.true for one in each]), both([one.false for one in each]))
            case Defined(name):
                raise NetworkError(f"`{name}` is still open in the tree; the network takes editions, not books")

    def worded(self, stated: Mapping[str, FactValue]) -> dict[str, str]:
        """The properties for one set of facts; what is not stated is not there. Raises `NetworkError`."""
        words = ((name, reader(stated)) for name, reader in self.readers.items())
        return {name: word for name, word in words if word is not None}

    def _property(self, name: str, reader: Callable[[Mapping[str, FactValue]], str | None]) -> str:
        self.readers.setdefault(name, reader)
        return name

    def _declare(self, name: str, *types: str) -> Fact:
        fact = self._declared.get(name)
        if fact is None or (types and fact.type not in types):
            raise NetworkError(
                f"the rules read `{name}` as {' or '.join(types) or 'a fact'}, and it is not declared so"
            )
        self.read.add(name)
        return fact

    def _member(self, fact: str, values: tuple[str, ...]) -> Rails:
        declared = self._declare(fact, "enum").values
        if len(declared) > WIDEST_WORD_LIST:
            wanted = frozenset(values)
            name = self._property(
                f"w__{len(self.readers)}",
                lambda stated: None if (word := self._enum_word(stated, fact)) is None else yes_or_no(word in wanted),
            )
            return Rails(Equals(name, YES), Equals(name, NO))
        words = dict(zip(declared, words_of(declared), strict=True))
        name = self._property(
            f"f__{flat(fact)}",
            lambda stated: None if (value := self._enum_word(stated, fact)) is None else words[value],
        )
        inside = [Equals(name, word) for value, word in words.items() if value in values]
        outside = [Equals(name, word) for value, word in words.items() if value not in values]
        return Rails(either(inside, exclusive=True), either(outside, exclusive=True))

    def _bool_word(self, stated: Mapping[str, FactValue], fact: str) -> str | None:
        value = stated.get(fact)
        if value is None:
            return None
        if not isinstance(value, bool):
            raise NetworkError(f"fact `{fact}` is not true or false, though it is declared so")
        return yes_or_no(value)

    def _enum_word(self, stated: Mapping[str, FactValue], fact: str) -> str | None:
        value = stated.get(fact)
        if value is None:
            return None
        if not isinstance(value, str) or value not in self._declared[fact].values:
            raise NetworkError(f"fact `{fact}` has none of the values declared for it")
        return value

    def _compared(self, test: Compare) -> Callable[[Mapping[str, FactValue]], str | None]:
        """How the comparison is worded: by whole numbers or by dates, never a mixture."""
        bound, holds = test.value, _HOLDS[test.op]
        if isinstance(bound, Parameter):
            raise NetworkError(f"`{bound.name}` is still open in the tree; the network takes editions, not books")
        if isinstance(test.term, DaysBetween):
            start, end = test.term.start, test.term.end
            self._declare(start, "date")
            self._declare(end, "date")

            def days(stated: Mapping[str, FactValue]) -> str | None:
                first, last = stated.get(start), stated.get(end)
                if first is None or last is None:
                    return None
                return yes_or_no(holds((dated(last, end) - dated(first, start)).days, bound))

            return days

        fact = test.term.fact
        kind = self._declare(fact, "int", "date").type

        def measured(stated: Mapping[str, FactValue]) -> str | None:
            value = stated.get(fact)
            if value is None:
                return None
            return yes_or_no(holds(dated(value, fact) if kind == "date" else counted(value, fact), bound))

        return measured


def dated(value: FactValue, fact: str) -> date:
    """`value` as the date it must be."""
    if not isinstance(value, date):
        raise NetworkError(f"fact `{fact}` is not a date, though it is declared so")
    return value


def counted(value: FactValue, fact: str) -> int:
    """`value` as the whole number it must be."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise NetworkError(f"fact `{fact}` is not a whole number, though it is declared so")
    return value


def yes_or_no(value: bool) -> str:
    """The word for a truth value."""
    return YES if value else NO


def flat(fact: str) -> str:
    """A fact's name as a property name; the library reads a dot as a nested field.

    >>> flat("requester.office")
    'requester__office'
    """
    return fact.replace(".", "__")


def words_of(values: Sequence[str]) -> list[str]:
    """The words for the values of an enum: themselves if they are plain, else their number.

    >>> words_of(["agency_head", 'the "head"'])
    ['agency_head', '#1']
    """
    return [value if _PLAIN(value) else f"#{number}" for number, value in enumerate(values)]


def both(parts: list[Rail] | list[Equals]) -> Rail:
    """The conjunction, without constants and without needless groups; an empty group would hang the library."""
    if any(part is False for part in parts):
        return False
    kept: dict[Formula, None] = {}
    for part in parts:
        if isinstance(part, bool):
            continue
        kept.update(dict.fromkeys(part.parts if isinstance(part, Both) else (part,)))
    if not kept:
        return True
    return next(iter(kept)) if len(kept) == 1 else Both(tuple(kept))


def either(parts: list[Rail] | list[Equals], exclusive: bool = False) -> Rail:
    """The disjunction, likewise."""
    if any(part is True for part in parts):
        return True
    kept: dict[Formula, None] = {}
    for part in parts:
        if isinstance(part, bool):
            continue
        flattened = part.parts if isinstance(part, Either) and not part.exclusive else (part,)
        kept.update(dict.fromkeys(flattened))
    if not kept:
        return False
    return next(iter(kept)) if len(kept) == 1 else Either(tuple(kept), exclusive)
