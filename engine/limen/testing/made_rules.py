"""The rules, readings and profiles of a book made at random, as the loader would make them of their files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

from limen.law.citation import Citation
from limen.law.node import Node, Operation
from limen.law.period import ALWAYS, Period
from limen.law.rules import Alternative, Bar, Gateway, Profile, Prohibition, Reading
from limen.law.tree import BoolFact, Defined, Expr, Literal, Member, Not
from limen.law.vocabulary import Definition, ParameterValue
from limen.testing.made_choices import Choices
from limen.testing.made_expressions import CLOCK, DAYS, DEFINITIONS, NUMBERS, START_DAY, Atoms, atoms, expression
from limen.testing.made_forms import (
    A_PERIOD,
    A_TEST,
    A_TEXT,
    ANOTHER_TEST,
    MORE_NODES,
    NODES,
    TEXTS,
    Form,
    Made,
    gap,
    made,
    said,
    several,
)

CITE: dict[str, Any] = {"title": 26, "code": "U.S.C.", "section": "6103", "certainty": "assumed"}
DOCUMENT: dict[str, Any] = {"document": "An invented opinion", "dated": DAYS[4], "certainty": "assumed"}
OF_DEFINITIONS, OF_READING, OF_BAR = 14, 10, 14
_OF_ELEMENTS, _OF_GROUNDS = 16, 12
OF_GATEWAY = 3 + _OF_ELEMENTS + _OF_GROUNDS
"""Bytes for the choices of one part of a book; where they run out, the rest is plain."""
GENERAL, GATE, BAR = "law.general", "law.gate_", "law.bar_"
_STATUTE, _OPINION = Citation(**CITE), Citation(**DOCUMENT)
_PARAGRAPH = _STATUTE.under("(A)")

_ALWAYS = made(ALWAYS)
_PERIODS = tuple(
    made(Period(start, until, "an invented Act", "another invented Act"))
    for one, other in combinations(DAYS, 2)
    for start, until in ((one, None), (None, other), (one, other))
)
_SELDOM = (False, False, False, True)
_EFFECTS = (said("must"), said("may"))
_STATUSES = (said("contested"), said("vague"))
_SENSES = (said("narrow"), said("broad"))


def _in_force(choices: Choices) -> Made[Period]:
    return choices.one_of(_PERIODS) if choices.one_of(_SELDOM) else _ALWAYS


_PARTS = 3
_GROUPS: tuple[Operation, ...] = ("all", "any", "none")
_Kinds = tuple[tuple[Operation, int], ...]
_SINGLE: _Kinds = (("test", 0), ("test", 0), ("reading", 0))
_ANY_KIND: _Kinds = (
    *_SINGLE[1:] * 4,
    *tuple((op, parts) for parts in range(1, _PARTS + 1) for op in _GROUPS),
)
"""What a node may be, and of how many parts."""


class _Place:
    """Where a node stands: the forms of what may stand there, and the places of its parts."""

    __slots__ = ("groups", "kinds", "parts", "reading", "test")

    def __init__(self, address: str, cite: Citation = _PARAGRAPH, single: bool = False) -> None:
        id = address.replace("#", "/").rpartition("/")[2]
        label = f"the point called {id.replace('_', ' ')}"

        def group(op: Operation) -> Form[Node]:
            return Form(
                lambda parts, period: Node(address, id, op, label, cite, None, None, parts, period), NODES, A_PERIOD
            )

        self.test: Form[Node] = Form(
            lambda test, period: Node(address, id, "test", label, cite, test, None, (), period), A_TEST, A_PERIOD
        )
        self.reading: Form[Node] = Form(
            lambda words, period: Node(address, id, "reading", label, cite, None, words, (), period), A_TEXT, A_PERIOD
        )
        self.groups = {op: group(op) for op in _GROUPS}
        self.parts = () if single else tuple(_Place(f"{address}/part_{n}", cite, True) for n in range(_PARTS))
        self.kinds = _SINGLE if single else _ANY_KIND


@cache
def _places(rule: str, name: str, most: int) -> tuple[_Place, ...]:
    return tuple(_Place(f"{rule}#{name}_{number}") for number in range(most))


def _node(choices: Choices, place: _Place, of: Atoms, readings: Sequence[Made[str]], dated: bool) -> Made[Node]:
    """A node; one that is not `dated` is always in force."""
    op, parts = choices.one_of(place.kinds)
    if parts:
        children = [_node(choices, place.parts[n], of, readings, n > 0) for n in range(parts)]
        return place.groups[op](several(children), _in_force(choices) if dated else _ALWAYS)
    if op == "reading" and readings:
        return place.reading(choices.one_of(readings), _in_force(choices) if dated else _ALWAYS)
    return place.test(expression(choices, of), _in_force(choices) if dated else _ALWAYS)


def _nodes(
    choices: Choices, rule: str, name: str, most: int, items: bool, readings: Sequence[Made[str]]
) -> Made[tuple[Node, ...]]:
    """Nodes of one rule; the first is always in force, so that nothing is ever left empty."""
    of = atoms(items, DEFINITIONS)
    places = _places(rule, name, most)[: choices.one_of(range(1, most + 1))]
    return several([_node(choices, place, of, readings, number > 0) for number, place in enumerate(places)])


def proper(choices: Choices) -> Made[Definition]:
    """The definition `request.proper`."""
    return _proper()(expression(choices, atoms(False, ())))


@cache
def _proper() -> Form[Definition]:
    name = DEFINITIONS[0]
    label = "a proper request"
    return Form(lambda test: Definition(name, Node(f"law#{name}", name, "test", label, None, test), False), A_TEST)


def qualifies(choices: Choices) -> Made[Definition]:
    """The definition `matter.qualifies`."""
    of = atoms(False, DEFINITIONS[:1])
    limbs = [
        place.test(expression(choices, of), _in_force(choices) if number > 0 else _ALWAYS)
        for number, place in enumerate(_limbs())
    ]
    return _qualifies()(several(limbs))


@cache
def _limbs() -> tuple[_Place, ...]:
    return tuple(_Place(f"law#{DEFINITIONS[1]}/limb_{number}", _STATUTE, single=True) for number in range(2))


@cache
def _qualifies() -> Form[Definition]:
    name = DEFINITIONS[1]
    return Form(lambda limbs: Definition(name, Node(f"law#{name}", name, "any", children=limbs), False), NODES)


CLOCKS = tuple(made(ParameterValue(number, Period(DAYS[1]), _STATUTE)) for number in NUMBERS)
"""What the parameter `clock` may be since the second of the days."""


_FORMER_CLOCK = ParameterValue(60, Period(None, DAYS[1]), _STATUTE)
_START_DAY = ParameterValue(DAYS[3], Period(DAYS[1]), _STATUTE)


def parameters(clock: ParameterValue) -> dict[str, tuple[ParameterValue, ...]]:
    """The parameters of a book of which `clock` is one."""
    return {CLOCK: (_FORMER_CLOCK, clock), START_DAY: (_START_DAY,)}


def prohibition(choices: Choices) -> Made[Prohibition]:
    """The general rule."""
    return choices.one_of(_prohibitions())


@cache
def _prohibitions() -> tuple[Made[Prohibition], ...]:
    title, says = "Returns are confidential", "Nobody may disclose them except as authorised."
    reaches = (Literal(True), BoolFact("matter.open"), Not(Defined(DEFINITIONS[0])))
    forbids = (Literal(True), BoolFact("item.filed"), Not(Member("item.kind", ("name",))))

    def limb(id: str, test: Expr) -> Node:
        return Node(f"{GENERAL}#{id}", id, "test", test=test)

    return tuple(
        made(Prohibition(GENERAL, title, _STATUTE, ALWAYS, limb("applies_when", one), limb("forbids", other), says))
        for one in reaches
        for other in forbids
    )


def reading_address(number: int) -> str:
    """The address of the reading so numbered."""
    return f"{GATE}0/words_{number}"


def reading(choices: Choices, number: int) -> Made[Reading]:
    """The reading so numbered, with a narrow and a broad alternative."""
    of = atoms(False, DEFINITIONS[:1])
    return _reading(number)(choices.one_of(_STATUSES), expression(choices, of), expression(choices, of))


@cache
def _reading(number: int) -> Form[Reading]:
    address = reading_address(number)
    id = address.rpartition("/")[2]
    words, question = "personally and directly engaged", "How narrow are the words?"

    def alternative(sense: str, test: Expr) -> Alternative:
        label = f"the {sense} sense"
        meaning = Node(f"{address}:{sense}", sense, "test", label, _OPINION, test)
        return Alternative(sense, label, meaning, (_OPINION,))

    return Form(
        lambda status, narrow, broad: Reading(
            address, id, words, question, status, (alternative("narrow", narrow), alternative("broad", broad))
        ),
        A_TEXT,
        A_TEST,
        ANOTHER_TEST,
    )


def gateway(choices: Choices, number: int, readings: Sequence[Made[str]]) -> Made[Gateway]:
    """The gateway so numbered, which may rest on `readings`."""
    rule = f"{GATE}{number}"
    return _gateway(rule)(
        _in_force(choices),
        choices.one_of(_EFFECTS),
        _nodes(choices.part(_OF_ELEMENTS), rule, "element", 3, False, readings),
        _nodes(choices.part(_OF_GROUNDS), rule, "ground", 2, True, readings),
    )


@cache
def _gateway(rule: str) -> Form[Gateway]:
    title, withheld = f"Gateway {rule.removeprefix(GATE)}", "No ground reaches this item."
    return Form(
        lambda period, effect, elements, grounds: Gateway(
            rule, title, _STATUTE, period, effect, elements, grounds, withheld
        ),
        A_PERIOD,
        A_TEXT,
        NODES,
        MORE_NODES,
    )


def bar(choices: Choices, number: int, targets: Sequence[str], readings: Sequence[Made[str]]) -> Made[Bar]:
    """The bar so numbered, on one or two of `targets`, which may rest on `readings`."""
    rule = f"{BAR}{number}"
    return _bar(rule)(
        _in_force(choices),
        several([said(target) for target in choices.some_of(targets, 2)]),
        _nodes(choices, rule, "condition", 2, True, readings),
    )


@cache
def _bar(rule: str) -> Form[Bar]:
    title, stops = f"Bar {rule.removeprefix(BAR)}", "Something stands in the way."
    find_out = "Find out whether something stands in the way."
    return Form(
        lambda period, targets, conditions: Bar(rule, title, _STATUTE, period, targets, conditions, stops, find_out),
        A_PERIOD,
        TEXTS,
        NODES,
    )


def profile(choices: Choices, id: str, readings: Sequence[Made[str]]) -> Made[Profile]:
    """The profile called `id`, which chooses an alternative of each of `readings`."""
    return _profile(id, tuple([address for address, _ in readings]))(*[choices.one_of(_SENSES) for _ in readings])


@cache
def _profile(id: str, readings: tuple[str, ...]) -> Form[Profile]:
    title = f"The {id} profile"

    def make(*chosen: str) -> Profile:
        chooses = dict(zip(readings, chosen, strict=True))
        return Profile(id, title, "nobody", None, chooses, (_OPINION,), "Invented.")

    return Form(make, *[gap(f"\0 {reading}") for reading in readings])
