"""What durable-rules can take, and what it cannot tell apart.

Beyond these the library hangs, refuses with a bare number or fires on the wrong name; we stay well below and split.
Read in its source (2.0.28) and tried: 32 entries per expression, of which each group takes two; 64 pending nodes
per message; 512 conditions side by side; 255 properties per message. Two true branches of an `either` walk the rest
of the rule twice, so an `all` of eithers is walked as often as the product says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from limen.decide.rete_rails import Both, Either, Equals, Formula, NetworkError, Rail, flat, words_of
from limen.law.vocabulary import Fact

MOST_CONDITIONS = 400
"""Equalities in one ruleset."""
MOST_QUESTIONS = 120
"""Questions in one ruleset; each is one condition at the first level, under the same property."""
MOST_GROUPS = 12
MOST_WALKS = 12
MOST_CONDITIONS_A_RAIL = 100
MOST_PROPERTIES = 40

RESERVED = ("ask", "sid", "id", "$s", "$forward", "m")


def groups(formula: Rail) -> int:
    """How many groups the library will open for it."""
    if isinstance(formula, (bool, Equals)):
        return 0
    return 1 + sum(groups(part) for part in formula.parts)


def conditions(formula: Rail) -> int:
    """How many equalities are in it."""
    if isinstance(formula, bool):
        return 0
    if isinstance(formula, Equals):
        return 1
    return sum(conditions(part) for part in formula.parts)


def walks(formula: Rail) -> int:
    """How many times the library may come out at its end, at most."""
    match formula:
        case Both(parts):
            product = 1
            for part in parts:
                product *= walks(part)
            return product
        case Either(parts, exclusive):
            return 1 if exclusive else sum(walks(part) for part in parts)
        case _:
            return 1


def fits(formula: Rail, properties: int) -> bool:
    """Whether one rule can hold `formula` and one message its `properties`."""
    return (
        groups(formula) <= MOST_GROUPS
        and walks(formula) <= MOST_WALKS
        and conditions(formula) <= MOST_CONDITIONS_A_RAIL
        and properties <= MOST_PROPERTIES
    )


def as_condition(tag: str, formula: Formula) -> list[dict[str, object]]:
    """A rule's condition: a fact that asks `tag` and fulfils `formula`."""
    parts = formula.parts if isinstance(formula, Both) else (formula,)
    return [{"m": {"$and": [{"ask": tag}, *(_expression(part) for part in parts)]}}]


def _expression(formula: Formula) -> dict[str, object]:
    match formula:
        case Equals(name, word):
            return {name: word}
        case Both(parts):
            return {"$and": [_expression(part) for part in parts]}
        case Either(parts):
            return {"$or": [_expression(part) for part in parts]}


@lru_cache(maxsize=8192)
def fnv1a(text: str) -> int:
    """The 32-bit hash by which the library tells names apart.

    >>> fnv1a("costarring") == fnv1a("liquid")
    True
    """
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def check_names(facts: Mapping[str, Fact]) -> None:
    """Refuse a vocabulary that the network could not tell apart or would read as something else.

    Raises `NetworkError` that names both sides.
    """
    for fact in facts.values():
        if not all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in fact.name):
            raise NetworkError(f"fact `{fact.name}` has signs the network reads as something else; rename it")
        check_distinct(words_of(fact.values), f"the values of `{fact.name}`")
    check_distinct((*RESERVED, *(f"{kind}__{flat(name)}" for name in facts for kind in "fk")), "the fact names")


def check_distinct(names: Iterable[str], what: str) -> None:
    """Refuse two names with one hash. Raises `NetworkError`."""
    seen: dict[int, str] = {}
    for name in names:
        key = fnv1a(name)
        if key in seen:
            raise NetworkError(f"among {what}, the network cannot tell `{seen[key]}` from `{name}`; rename one of them")
        seen[key] = name
