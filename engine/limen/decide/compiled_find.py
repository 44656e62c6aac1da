"""The source of `find`: every point, bar, gateway and verdict of an edition as straight-line Python.

Nothing is skipped and nothing is looked up: what the reference interpreter does by walking the tree on each call,
this writes out once per edition.
"""

from __future__ import annotations

from collections.abc import Iterable

from limen.decide.compiled_rails import Rails
from limen.decide.findings import Findings, ItemFindings
from limen.law.edition import Edition

INDENT = "    "


def write_find(edition: Edition) -> tuple[str, dict[str, object]]:
    """Source that defines `find(facts)`, and the namespace it runs in."""
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
    lines = [
        "def find(facts):",
        "    case = facts.facts",
        *(INDENT + line for line in rails.case_lines),
        "    items = []",
        "    for item in facts.items:",
        "        stated = item.facts",
        *(INDENT * 2 + line for line in (*rails.item_lines, *settled)),
        f"        if {free}:",
        "            verdict = 'not_covered'",
        f"        elif not {forbidden}:",
        "            verdict = 'open'",
        f"        elif {_disjunction(_is(gateways, True))}:",
        "            verdict = 'allow'",
        f"        elif {_conjunction(_is(gateways, False))}:",
        "            verdict = 'deny'",
        "        else:",
        "            verdict = 'open'",
        f"        items.append(ItemFindings({_tuple(item)}, {_tuple(bars)}, {_tuple(gateways)}, verdict))",
        f"    return Findings({_tuple(case)}, tuple(items))",
    ]
    return "\n".join(lines) + "\n", {**rails.namespace, "Findings": Findings, "ItemFindings": ItemFindings}


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
