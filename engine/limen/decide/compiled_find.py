"""The source of `find`: every point, bar, gateway and verdict of an edition as straight-line Python.

Nothing is skipped and nothing is looked up: what the reference interpreter does by walking the tree on each call,
this writes out once per edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from limen.decide.compiled_rails import Rails, look_up
from limen.decide.findings import Findings, ItemFindings
from limen.law.edition import Edition

INDENT = "    "


class Settled(NamedTuple):
    """The lines that settle a case: those that run once, those that run for each item, and what they leave where.

    They expect the facts in the locals of `case_facts` and `item_facts`. `case` and `item` name the locals that hold
    the truth of the points, in the order of the edition; `b0`, `g0` and so on hold that of the bars and gateways,
    `verdict` the verdict.
    """

    case_facts: dict[str, str]
    item_facts: dict[str, str]
    case_lines: list[str]
    item_lines: list[str]
    case: list[str]
    item: list[str]
    bars: list[str]
    gateways: list[str]
    namespace: dict[str, object]


def settle_edition(edition: Edition) -> Settled:
    """What both written forms do: every point, bar and gateway, and the verdict."""
    item_facts = [name for name, fact in edition.facts.items() if fact.per_item]
    points = (*edition.case_points, *edition.item_points)
    rails = Rails(item_facts, [point.expr for point in points])
    case = [rails.truth(point.expr) for point in edition.case_points]
    item = [rails.truth(point.expr) for point in edition.item_points]
    bars = [f"b{index}" for index in range(len(edition.bars))]
    gateways = [f"g{index}" for index in range(len(edition.gateways))]

    settled: list[str] = []
    for name, bar in zip(bars, edition.bars, strict=True):
        holds = [item[index] for index in bar.conditions]
        lifts = [bars[index] for index in bar.barred_by]
        stands = _conjunction([_disjunction(_is(holds, True)), *_is(lifts, False)])
        fails = _disjunction([_conjunction(_is(holds, False)), *_is(lifts, True)])
        settled.append(f"{name} = {_three(stands, fails)}")
    for name, gateway in zip(gateways, edition.gateways, strict=True):
        elements = [case[index] for index in gateway.elements]
        grounds = [item[index] for index in gateway.grounds]
        barred = [bars[index] for index in gateway.bars]
        if not elements or not grounds:
            settled.append(f"{name} = False")
            continue
        opens = _conjunction([*_is(elements, True), _disjunction(_is(grounds, True)), *_is(barred, False)])
        closes = _disjunction([*_is(elements, False), _conjunction(_is(grounds, False)), *_is(barred, True)])
        settled.append(f"{name} = {_three(opens, closes)}")

    pairs = [(item[applies], item[forbids]) for _, applies, forbids in edition.prohibitions]
    forbidden = _disjunction(f"({applies} is True and {forbids} is True)" for applies, forbids in pairs)
    free = _conjunction(f"({applies} is False or {forbids} is False)" for applies, forbids in pairs)
    verdict = [
        f"if {free}:",
        "    verdict = 'not_covered'",
        f"elif not {forbidden}:",
        "    verdict = 'open'",
        f"elif {_disjunction(_is(gateways, True))}:",
        "    verdict = 'allow'",
        f"elif {_conjunction(_is(gateways, False))}:",
        "    verdict = 'deny'",
        "else:",
        "    verdict = 'open'",
    ]
    lines = (rails.case_lines, [*rails.item_lines, *settled, *verdict])
    return Settled(rails.case_facts, rails.item_facts, *lines, case, item, bars, gateways, rails.namespace)


def write_find(edition: Edition) -> tuple[str, dict[str, object]]:
    """Source that defines `find(facts)`, and the namespace it runs in."""
    settled = settle_edition(edition)
    lines = [
        "def find(facts):",
        "    case = facts.facts",
        *(INDENT + line for line in (*look_up(settled.case_facts, "case"), *settled.case_lines)),
        "    items = []",
        "    for item in facts.items:",
        "        stated = item.facts",
        *(INDENT * 2 + line for line in look_up(settled.item_facts, "stated")),
        *(INDENT * 2 + line for line in settled.item_lines),
        f"        items.append(ItemFindings({_tuple(settled.item)}, {_tuple(settled.bars)}, "
        f"{_tuple(settled.gateways)}, verdict))",
        f"    return Findings({_tuple(settled.case)}, tuple(items))",
    ]
    return "\n".join(lines) + "\n", {**settled.namespace, "Findings": Findings, "ItemFindings": ItemFindings}


def _is(names: Iterable[str], value: bool) -> list[str]:
    return [f"{name} is {value}" for name in names]


def _three(true: str, false: str) -> str:
    return f"True if {true} else False if {false} else None"


def _conjunction(parts: Iterable[str]) -> str:
    return f"({' and '.join(parts) or 'True'})"


def _disjunction(parts: Iterable[str]) -> str:
    return f"({' or '.join(parts) or 'False'})"


def _tuple(names: list[str]) -> str:
    return f"({''.join(name + ', ' for name in names)})"
