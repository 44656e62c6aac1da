"""Mutants: the book with one small thing changed, as a careless amendment would change it.

Five kinds: an element (ground, bar condition or part of a group) dropped, an enum widened by a value, a boundary
moved by one, a reading swapped in one profile, a date shifted by a day. Each is a change of one node, parameter,
profile or period, so that only what rests on it has to be looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal

from limen.law.book import Book, Rule
from limen.law.node import Node
from limen.law.period import Period
from limen.law.rules import Bar, DutyRule, Gateway, Prohibition
from limen.law.tree import All, AnyOf, Compare, Expr, Member, Not, Parameter
from limen.law.tree import Literal as Fixed
from limen.law.vocabulary import Fact, Vocabulary

Kind = Literal["drop", "widen", "boundary", "reading", "date"]
KINDS: tuple[Kind, ...] = ("drop", "widen", "boundary", "reading", "date")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a book. `top` is the node, or `param.NAME`, `profile:NAME` or rule address that holds it.

    `days` are the only days on which it can be felt; `None` for any.
    """

    kind: Kind
    address: str
    what: str
    top: str
    make: Callable[[], Book]
    days: tuple[date, ...] | None = None
    profile: str | None = None


def mutants(book: Book, kinds: tuple[Kind, ...] = KINDS, thorough: bool = False) -> Iterator[Mutant]:
    """Every mutant of `book`. `thorough` widens each enum by every value and swaps in every alternative."""
    for top, put in _tops(book):
        yield from _of_top(book, top, put, kinds, thorough)
    if "boundary" in kinds:
        yield from _parameters(book)
    if "reading" in kinds:
        yield from _swaps(book, thorough)
    if "date" in kinds:
        yield from _rule_dates(book)


Put = Callable[[Node | None], Book]
"""The book with another node in the place of one; `None` takes it away."""


def _tops(book: Book) -> Iterator[tuple[Node, Put]]:
    """Every node that stands in no other: elements, grounds, conditions, limbs, definitions, alternatives."""
    for rule in book.rules.values():
        for field in _fields(rule):
            value = getattr(rule, field)
            if isinstance(value, Node):
                yield value, partial(_put_limb, book, rule, field)
                continue
            for number, node in enumerate(value):
                yield node, partial(_put_node, book, rule, field, number)
    for name, definition in book.vocabulary.definitions.items():
        yield definition.meaning, partial(_put_definition, book, name)
    for address, reading in book.readings.items():
        for number, alternative in enumerate(reading.alternatives):
            yield alternative.meaning, partial(_put_alternative, book, address, number)


def _put_limb(book: Book, rule: Any, field: str, new: Node | None) -> Book:
    return _with_rule(book, rule if new is None else replace(rule, **{field: new}))


def _put_node(book: Book, rule: Any, field: str, number: int, new: Node | None) -> Book:
    return _with_rule(book, replace(rule, **{field: _placed(getattr(rule, field), number, new)}))


def _put_definition(book: Book, name: str, new: Node | None) -> Book:
    old = book.vocabulary.definitions
    return _with_vocabulary(book, definitions={**old, name: replace(old[name], meaning=new or old[name].meaning)})


def _put_alternative(book: Book, address: str, number: int, new: Node | None) -> Book:
    old = book.readings[address]
    changed = replace(old.alternatives[number], meaning=new or old.alternatives[number].meaning)
    alternatives = (*old.alternatives[:number], changed, *old.alternatives[number + 1 :])
    return replace(book, readings={**book.readings, address: replace(old, alternatives=alternatives)})


def _put_child(put: Put, parent: Node, number: int, new: Node | None) -> Book:
    return put(replace(parent, children=_placed(parent.children, number, new)))


def _put_changed(put: Put, node: Node, **changes: Any) -> Book:
    return put(replace(node, **changes))


def _placed(nodes: tuple[Node, ...], number: int, new: Node | None) -> tuple[Node, ...]:
    """`nodes` with another in the place of one, or without it."""
    return (*nodes[:number], *(() if new is None else (new,)), *nodes[number + 1 :])


def _fields(rule: Rule) -> tuple[str, ...]:
    match rule:
        case Prohibition():
            return ("applies_when", "forbids")
        case Gateway():
            return ("elements", "releases")
        case Bar():
            return ("conditions",)
        case DutyRule():
            return ()


def _with_rule(book: Book, rule: Rule) -> Book:
    return replace(book, rules={**book.rules, rule.address: rule})


def _with_vocabulary(book: Book, **changes: Any) -> Book:
    vocabulary: Vocabulary = replace(book.vocabulary, **changes)
    return replace(book, vocabulary=vocabulary)


def _of_top(book: Book, top: Node, put: Put, kinds: tuple[Kind, ...], thorough: bool) -> Iterator[Mutant]:
    rule = book.rules.get(top.address.partition("#")[0])
    droppable = (isinstance(rule, Gateway) and len(_siblings(rule, top)) > 1) or (
        isinstance(rule, Bar) and len(rule.conditions) > 1
    )
    if "drop" in kinds and droppable:
        yield Mutant("drop", top.address, "dropped", top.address, partial(put, None))
    for node, inner in _inside(top, put):
        if "drop" in kinds and len(node.children) > 1:
            for number, child in enumerate(node.children):
                yield Mutant(
                    "drop", child.address, "dropped", top.address, partial(_put_child, inner, node, number, None)
                )
        if node.test is not None:
            for kind, what, test in _tests(node.test, book.vocabulary.facts, thorough):
                if kind in kinds:
                    yield Mutant(kind, node.address, what, top.address, partial(_put_changed, inner, node, test=test))
        in_reading = "/" in top.address.partition("#")[0] and node is top
        if "date" in kinds and not in_reading:
            for what, day, period in _shifted(node.in_force):
                make = partial(_put_changed, inner, node, in_force=period)
                yield Mutant("date", node.address, what, top.address, make, (day,))


def _siblings(gateway: Gateway, node: Node) -> tuple[Node, ...]:
    return gateway.elements if any(one is node for one in gateway.elements) else gateway.releases


def _inside(node: Node, put: Put) -> Iterator[tuple[Node, Put]]:
    """`node` and every node under it, each with what puts another in its place."""
    yield node, put
    for number, child in enumerate(node.children):
        yield from _inside(child, partial(_put_child, put, node, number))


def _tests(test: Expr, facts: Mapping[str, Fact], thorough: bool) -> Iterator[tuple[Kind, str, Expr]]:
    """Every way to widen an enum, move a boundary or drop a part of `test`."""
    match test:
        case Member(fact, values):
            missing = [value for value in facts[fact].values if value not in values]
            for value in missing if thorough else missing[:1]:
                yield "widen", f"`{fact}` may also be `{value}`", Member(fact, tuple(sorted((*values, value))))
        case Compare(term, op, value) if not isinstance(value, Parameter):
            for step in (-1, 1):
                moved = value + timedelta(days=step) if isinstance(value, date) else value + step
                yield "boundary", f"{op} {value} became {op} {moved}", Compare(term, op, moved)
        case Not(part):
            for kind, what, inner in _tests(part, facts, thorough):
                yield kind, what, Not(inner)
        case All(parts) | AnyOf(parts):
            make = type(test)
            for number, part in enumerate(parts):
                rest = (*parts[:number], *parts[number + 1 :])
                if rest:
                    from limen.law.expression import text_of

                    yield "drop", f"`{text_of(part)}` dropped", rest[0] if len(rest) == 1 else make(rest)
                for kind, what, inner in _tests(part, facts, thorough):
                    yield kind, what, make((*parts[:number], inner, *parts[number + 1 :]))
        case Fixed():
            return


def _shifted(period: Period) -> Iterator[tuple[str, date, Period]]:
    """The period with its first day, or its end, a day later: how it reads, and the day on which that is felt."""
    if period.start is not None:
        yield f"in force from {period.start + DAY}", period.start, replace(period, start=period.start + DAY)
    if period.until is not None:
        yield f"in force until {period.until + DAY}", period.until, replace(period, until=period.until + DAY)


def _parameters(book: Book) -> Iterator[Mutant]:
    for name, values in book.vocabulary.parameters.items():
        for number, value in enumerate(values):
            for step in (-1, 1):
                moved = value.value + timedelta(days=step) if isinstance(value.value, date) else value.value + step
                make = partial(_put_parameter, book, name, number, value=moved)
                yield Mutant("boundary", f"param.{name}", f"{value.value} became {moved}", f"param.{name}", make)


def _put_parameter(book: Book, name: str, number: int, **changes: Any) -> Book:
    old = book.vocabulary.parameters
    new = (*old[name][:number], replace(old[name][number], **changes), *old[name][number + 1 :])
    return _with_vocabulary(book, parameters={**old, name: new})


def _swaps(book: Book, thorough: bool) -> Iterator[Mutant]:
    for name, profile in book.profiles.items():
        for address, reading in book.readings.items():
            ids = [alternative.id for alternative in reading.alternatives]
            at = ids.index(profile.chooses[address])
            others = [*ids[at + 1 :], *ids[:at]]
            for other in others if thorough else others[:1]:
                make = partial(_put_choice, book, name, address, other)
                yield Mutant("reading", address, f"`{name}` reads it as `{other}`", f"profile:{name}", make, None, name)


def _put_choice(book: Book, profile: str, reading: str, alternative: str) -> Book:
    old = book.profiles[profile]
    return replace(
        book, profiles={**book.profiles, profile: replace(old, chooses={**old.chooses, reading: alternative})}
    )


def _rule_dates(book: Book) -> Iterator[Mutant]:
    for address, rule in book.rules.items():
        if not isinstance(rule, DutyRule):
            for what, day, period in _shifted(rule.in_force):
                yield Mutant("date", address, what, address, partial(_put_period, book, rule, period), (day,))
    for name, values in book.vocabulary.parameters.items():
        for number, value in enumerate(values):
            for what, day, period in _shifted(value.in_force):
                make = partial(_put_parameter, book, name, number, in_force=period)
                yield Mutant("date", f"param.{name}", what, f"param.{name}", make, (day,))


def _put_period(book: Book, rule: Rule, period: Period) -> Book:
    return _with_rule(book, replace(rule, in_force=period))
