"""Whole rule books made at random: small, readable, and loaded by the real loader.

Every book has a vocabulary of bool, enum, int and date facts, a definition or two, a parameter, readings with two
alternatives, gateways, bars and bars on bars. `book_files` gives the files themselves, for tests of a loader.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from limen.law.book import Book
from limen.law.load.files import RawFile
from limen.law.load.loader import load_files

DAYS = (
    date(1999, 12, 31),
    date(2016, 6, 30),
    date(2024, 2, 29),
    date(2025, 4, 7),
    date(2025, 11, 21),
    date(2026, 2, 24),
)
NUMBERS = (-1, 0, 1, 89, 90, 91, 120)
CITE = {"title": 26, "code": "U.S.C.", "section": "6103", "certainty": "assumed"}
DOCUMENT = {"document": "An invented opinion", "dated": date(2025, 11, 21), "certainty": "assumed"}
BY = {"by": "an invented Act", "repealed_by": "another invented Act"}

CASE_FACTS: dict[str, dict[str, Any]] = {
    "request.in_writing": {"type": "bool", "ask": "Is it in writing?"},
    "request.names_taxpayer": {"type": "bool", "ask": "Does it name the taxpayer?"},
    "requester.office": {"type": "enum", "of": ["head", "inspector", "clerk"], "ask": "Who signed?"},
    "request.address": {"type": "enum", "of": ["complete", "partial", "none"], "ask": "What address does it state?"},
    "matter.open": {"type": "bool", "ask": "Is the matter open?"},
    "matter.days": {"type": "int", "min": -1000, "max": 1000, "ask": "How many days old is the matter?"},
    "order.final_on": {"type": "date", "ask": "When did the order become final?"},
    "request.made_on": {"type": "date", "ask": "When was the request made?"},
}
ITEM_FACTS: dict[str, dict[str, Any]] = {
    "item.kind": {"type": "enum", "of": ["name", "address", "wages"], "ask": "What is it?"},
    "item.filed": {"type": "bool", "ask": "Did the taxpayer file it?"},
    "item.filed_on": {"type": "date", "ask": "When was it filed?"},
}
DEFINITIONS = ("request.proper", "matter.qualifies")
PARAMETERS = ("clock", "start_day")


def _of_type(kind: str, items: bool) -> st.SearchStrategy[str]:
    facts = {**CASE_FACTS, **(ITEM_FACTS if items else {})}
    return st.sampled_from([name for name, fact in facts.items() if fact["type"] == kind])


@st.composite
def _atoms(draw: st.DrawFn, items: bool, names: tuple[str, ...]) -> str:
    kinds = ["bool", "bool", "enum", "enum", "int", "date", "span", "known", *(["defined"] if names else [])]
    match draw(st.sampled_from(kinds)):
        case "bool":
            return draw(_of_type("bool", items))
        case "enum":
            name = draw(_of_type("enum", items))
            values = draw(st.sets(st.sampled_from({**CASE_FACTS, **ITEM_FACTS}[name]["of"]), min_size=1, max_size=2))
            if len(values) == 1:
                return f"{name} {draw(st.sampled_from(['==', '!=']))} '{values.pop()}'"
            listed = ", ".join(f"'{value}'" for value in sorted(values))
            return f"{name} {draw(st.sampled_from(['in', 'not in']))} [{listed}]"
        case "int":
            bound = draw(st.sampled_from([*map(str, NUMBERS), "param.clock"]))
            return f"{draw(_of_type('int', items))} {draw(_operators())} {bound}"
        case "date":
            bound = draw(st.sampled_from([*(f"date('{day}')" for day in DAYS), "param.start_day"]))
            return f"{draw(_of_type('date', items))} {draw(_operators())} {bound}"
        case "span":
            start, end = draw(_of_type("date", items)), draw(_of_type("date", items))
            bound = draw(st.sampled_from([*map(str, NUMBERS), "param.clock"]))
            return f"days_between({start}, {end}) {draw(_operators())} {bound}"
        case "known":
            return f"known({draw(st.sampled_from([*CASE_FACTS, *(ITEM_FACTS if items else [])]))})"
    return draw(st.sampled_from(names))


def _operators() -> st.SearchStrategy[str]:
    return st.sampled_from(["<", "<=", "==", "!=", ">=", ">"])


def expression_texts(items: bool = False, names: tuple[str, ...] = DEFINITIONS) -> st.SearchStrategy[str]:
    """The text of a test; with `items` it may speak of the item, and of the definitions `names`."""
    return st.recursive(
        _atoms(items, names),
        lambda inner: st.one_of(
            inner.map(lambda text: f"not ({text})"),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) or ({pair[1]})"),
        ),
        max_leaves=3,
    )


@st.composite
def _periods(draw: st.DrawFn) -> dict[str, Any]:
    start, until = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=2, max_size=2)))
    return draw(st.sampled_from([{"from": start, **BY}, {"until": until, **BY}, {"from": start, "until": until, **BY}]))


@st.composite
def _node(
    draw: st.DrawFn, id: str, items: bool, names: tuple[str, ...], readings: tuple[str, ...], depth: int, dated: bool
) -> dict[str, Any]:
    node: dict[str, Any] = {"id": id, "label": f"the point called {id.replace('_', ' ')}", "cite": "(A)"}
    op = draw(st.sampled_from(["test", "test", "reading"] if depth == 0 else ["test", "reading", "all", "any", "none"]))
    if op == "reading" and readings:
        node["reading"] = draw(st.sampled_from(readings))
    elif op in ("test", "reading"):
        node["test"] = draw(expression_texts(items, names))
    else:
        count = draw(st.integers(1, 3))
        node[op] = [
            draw(_node(f"part_{number}", items, names, readings, depth - 1, dated=number > 0))
            for number in range(count)
        ]
    if dated and draw(st.integers(0, 3)) == 0:
        node["in_force"] = draw(_periods())
    return node


@st.composite
def _nodes(draw: st.DrawFn, prefix: str, items: bool, readings: tuple[str, ...], most: int = 3) -> list[dict[str, Any]]:
    """Nodes of one rule; the first is always in force, so that nothing is ever left empty."""
    count = draw(st.integers(1, most))
    return [
        draw(_node(f"{prefix}_{number}", items, DEFINITIONS, readings, 1, dated=number > 0)) for number in range(count)
    ]


@st.composite
def _reading(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return {
        "id": f"words_{number}",
        "words": "personally and directly engaged",
        "question": "How narrow are the words?",
        "status": draw(st.sampled_from(["contested", "vague"])),
        "alternatives": [
            {
                "id": id,
                "label": f"the {id} sense",
                "test": draw(expression_texts(False, DEFINITIONS[:1])),
                "authority": [DOCUMENT],
            }
            for id in ("narrow", "broad")
        ],
    }


@st.composite
def book_files(draw: st.DrawFn, silence: bool = False, max_gateways: int = 3) -> dict[str, dict[str, Any]]:
    """The documents of a small book by file name.

    With `silence`, facts get silences without regard to what they do, so that the loader may refuse the book.
    """
    facts, item_facts = ({n: dict(f) for n, f in group.items()} for group in (CASE_FACTS, ITEM_FACTS))
    if silence:
        every = [*facts.values(), *item_facts.values()]
        for number in draw(st.sets(st.sampled_from(range(len(every))), min_size=1, max_size=2)):
            fact = every[number]
            meanings = {"bool": ["absent", "true"], "enum": fact.get("of", []), "int": ["0"], "date": []}[fact["type"]]
            said = draw(st.sampled_from([*meanings, "unknown"]))
            if said != "unknown":
                fact["silence"] = {"true": True, "0": 0}.get(said, said)
    readings = [draw(_reading(number)) for number in range(draw(st.integers(0, 2)))]
    addresses = tuple(f"law.gate_0/{reading['id']}" for reading in readings)
    files: dict[str, dict[str, Any]] = {
        "book.yaml": {"kind": "book", "book": "small", "version": "1", "title": "A small book"},
        "vocabulary.yaml": {
            "kind": "vocabulary",
            "vocabulary": "law",
            "facts": facts,
            "item_facts": item_facts,
            "definitions": {
                "request.proper": {"label": "a proper request", "test": draw(expression_texts(False, ()))},
                "matter.qualifies": {
                    "any": [
                        draw(_node(f"limb_{n}", False, DEFINITIONS[:1], (), 0, dated=n > 0)) | {"cite": CITE}
                        for n in range(2)
                    ]
                },
            },
            "parameters": {
                "clock": [
                    {"value": 60, "until": DAYS[1], "cite": CITE},
                    {"value": draw(st.sampled_from(NUMBERS)), "from": DAYS[1], "cite": CITE},
                ],
                "start_day": [{"value": DAYS[3], "from": DAYS[1], "cite": CITE}],
            },
        },
        "a.yaml": {
            "kind": "prohibition",
            "rule": "law.general",
            "title": "Returns are confidential",
            "cite": CITE,
            "applies_when": {"test": draw(st.sampled_from(["true", "matter.open", "not request.proper"]))},
            "forbids": {"test": draw(st.sampled_from(["true", "item.filed", "item.kind != 'name'"]))},
            "says": "Nobody may disclose them except as authorised.",
        },
    }
    gateways = [f"law.gate_{number}" for number in range(draw(st.integers(1, max_gateways)))]
    for number, rule in enumerate(gateways):
        files[f"gate_{number}.yaml"] = {
            "kind": "gateway",
            "rule": rule,
            "title": f"Gateway {number}",
            "cite": CITE,
            "effect": draw(st.sampled_from(["must", "may"])),
            "elements": draw(_nodes("element", False, addresses)),
            "releases": draw(_nodes("ground", True, addresses, most=2)),
            "withheld_because": "No ground reaches this item.",
            **({"in_force": draw(_periods())} if draw(st.integers(0, 3)) == 0 else {}),
            **({"readings": readings} if number == 0 and readings else {}),
        }
    bars: list[str] = []
    for number in range(draw(st.integers(0, 3))):
        targets = draw(st.lists(st.sampled_from([*gateways, *bars]), min_size=1, max_size=2, unique=True))
        bars.append(f"law.bar_{number}")
        files[f"bar_{number}.yaml"] = {
            "kind": "bar",
            "rule": bars[-1],
            "title": f"Bar {number}",
            "cite": CITE,
            "overrides": targets,
            "any": draw(_nodes("condition", True, addresses, most=2)),
            "if_true": "Something stands in the way.",
            "if_unknown": "Find out whether something stands in the way.",
            **({"in_force": draw(_periods())} if draw(st.integers(0, 3)) == 0 else {}),
        }
    for profile in ("first", "second"):
        files[f"{profile}.yaml"] = {
            "kind": "profile",
            "profile": profile,
            "title": f"The {profile} profile",
            "held_by": "nobody",
            "summary": "Invented.",
            "authority": [DOCUMENT],
            "chooses": {address: draw(st.sampled_from(["narrow", "broad"])) for address in addresses},
        }
    return files


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes everything out, as rule files have no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def as_raw_files(documents: Mapping[str, Mapping[str, Any]]) -> list[RawFile]:
    """`documents` as the bytes of YAML files, the way they would lie in a folder."""
    return [
        RawFile(name, yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True).encode())
        for name, document in sorted(documents.items())
    ]


def write_book(documents: Mapping[str, Mapping[str, Any]], folder: Path) -> Path:
    """Writes `documents` as files into `folder`, and gives the folder."""
    for file in as_raw_files(documents):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return folder


def books(max_gateways: int = 3) -> st.SearchStrategy[Book]:
    """A small book that loads."""
    return book_files(max_gateways=max_gateways).map(lambda documents: load_files(as_raw_files(documents)))
