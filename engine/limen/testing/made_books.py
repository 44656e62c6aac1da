"""Whole rule books made at random: small, readable, and loaded by the real loader.

Every book has a vocabulary of bool, enum, int and date facts, a definition or two, a parameter, readings with two
alternatives, gateways, bars and bars on bars. `book_files` gives the files themselves, for tests of a loader.

Hypothesis pays for each choice, and a book needs hundreds; so one run of bytes holds all of them, those of each part
of a book in a place of their own. A byte that is zero is the plainest of what it chooses from.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

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


_OPERATORS = ("<", "<=", "==", "!=", ">=", ">")
_PERIODS = tuple(combinations(sorted(DAYS), 2))
_SELDOM = (False, False, False, True)
_PART, _LARGE_PART = 32, 64
"""Bytes for the choices of one part of a book; where they run out, the rest is plain."""
_READINGS, _BARS = 2, 3
"""The most there are in a book."""

One = TypeVar("One")


class _Choices:
    """Choices read off bytes, one after another; when all are read, the first of whatever there is to choose from."""

    def __init__(self, told: bytes) -> None:
        self._told = told
        self._at = 0

    def one_of(self, options: Sequence[One]) -> One:
        """One of `options`."""
        at, self._at = self._at, self._at + 1
        return options[self._told[at] % len(options) if at < len(self._told) else 0]

    def some_of(self, options: Sequence[One], most: int) -> list[One]:
        """One to `most` of `options`, in their order."""
        left, found = list(options), []
        for _ in range(self.one_of(range(1, min(most, len(left)) + 1))):
            found.append(left.pop(self.one_of(range(len(left)))))
        return sorted(found, key=options.index)

    def part(self, size: int = _PART) -> _Choices:
        """The choices in the next `size` bytes, which nothing else reads."""
        at, self._at = self._at, self._at + size
        return _Choices(self._told[at : at + size])


@cache
def _of_type(items: bool) -> dict[str, list[str]]:
    """The names of the facts of each type; with `items` those of the item too."""
    facts = {**CASE_FACTS, **(ITEM_FACTS if items else {})}
    return {kind: [name for name in facts if facts[name]["type"] == kind] for kind in ("bool", "enum", "int", "date")}


def _atom(choices: _Choices, items: bool, names: tuple[str, ...]) -> str:
    facts = {**CASE_FACTS, **(ITEM_FACTS if items else {})}
    of_type = _of_type(items)
    kinds = ("bool", "bool", "enum", "enum", "int", "date", "span", "known", *(["defined"] if names else []))
    match choices.one_of(kinds):
        case "bool":
            return choices.one_of(of_type["bool"])
        case "enum":
            name = choices.one_of(of_type["enum"])
            values = choices.some_of(facts[name]["of"], 2)
            if len(values) == 1:
                return f"{name} {choices.one_of(('==', '!='))} '{values[0]}'"
            listed = ", ".join(f"'{value}'" for value in sorted(values))
            return f"{name} {choices.one_of(('in', 'not in'))} [{listed}]"
        case "int":
            name, bound = choices.one_of(of_type["int"]), choices.one_of([*map(str, NUMBERS), "param.clock"])
            return f"{name} {choices.one_of(_OPERATORS)} {bound}"
        case "date":
            name = choices.one_of(of_type["date"])
            bound = choices.one_of([*(f"date('{day}')" for day in DAYS), "param.start_day"])
            return f"{name} {choices.one_of(_OPERATORS)} {bound}"
        case "span":
            start, end = choices.one_of(of_type["date"]), choices.one_of(of_type["date"])
            bound = choices.one_of([*map(str, NUMBERS), "param.clock"])
            return f"days_between({start}, {end}) {choices.one_of(_OPERATORS)} {bound}"
        case "known":
            return f"known({choices.one_of(list(facts))})"
    return choices.one_of(names)


def _expression(choices: _Choices, items: bool, names: tuple[str, ...], leaves: int = 3) -> str:
    how = choices.one_of(("atom", "atom", "not", "and", "or"))
    if how == "not":
        return f"not ({_expression(choices, items, names, leaves)})"
    if how == "atom" or leaves == 1:
        return _atom(choices, items, names)
    fewer = choices.one_of(range(1, leaves))
    left, right = (_expression(choices, items, names, many) for many in (fewer, leaves - fewer))
    return f"({left}) {how} ({right})"


def expression_texts(items: bool = False, names: tuple[str, ...] = DEFINITIONS) -> st.SearchStrategy[str]:
    """The text of a test; with `items` it may speak of the item, and of the definitions `names`."""
    return st.binary(max_size=_PART).map(lambda told: _expression(_Choices(told), items, names))


def _period(choices: _Choices) -> dict[str, Any]:
    start, until = choices.one_of(_PERIODS)
    return choices.one_of(({"from": start, **BY}, {"until": until, **BY}, {"from": start, "until": until, **BY}))


def _in_force(choices: _Choices) -> dict[str, Any]:
    return {"in_force": _period(choices)} if choices.one_of(_SELDOM) else {}


def _node(
    choices: _Choices, id: str, items: bool, names: tuple[str, ...], readings: tuple[str, ...], depth: int, dated: bool
) -> dict[str, Any]:
    node: dict[str, Any] = {"id": id, "label": f"the point called {id.replace('_', ' ')}", "cite": "(A)"}
    op = choices.one_of(("test", "test", "reading") if depth == 0 else ("test", "reading", "all", "any", "none"))
    if op == "reading" and readings:
        node["reading"] = choices.one_of(readings)
    elif op in ("test", "reading"):
        node["test"] = _expression(choices, items, names)
    else:
        node[op] = [
            _node(choices, f"part_{number}", items, names, readings, depth - 1, dated=number > 0)
            for number in range(choices.one_of((1, 2, 3)))
        ]
    return {**node, **(_in_force(choices) if dated else {})}


def _nodes(
    choices: _Choices, prefix: str, items: bool, readings: tuple[str, ...], most: int = 3
) -> list[dict[str, Any]]:
    """Nodes of one rule; the first is always in force, so that nothing is ever left empty."""
    return [
        _node(choices, f"{prefix}_{number}", items, DEFINITIONS, readings, 1, dated=number > 0)
        for number in range(choices.one_of(range(1, most + 1)))
    ]


def _reading(choices: _Choices, number: int) -> dict[str, Any]:
    return {
        "id": f"words_{number}",
        "words": "personally and directly engaged",
        "question": "How narrow are the words?",
        "status": choices.one_of(("contested", "vague")),
        "alternatives": [
            {
                "id": id,
                "label": f"the {id} sense",
                "test": _expression(choices, False, DEFINITIONS[:1]),
                "authority": [DOCUMENT],
            }
            for id in ("narrow", "broad")
        ],
    }


def _silences(choices: _Choices, facts: Sequence[dict[str, Any]]) -> None:
    """Give a fact or two a silence, without regard to what they do."""
    for fact in choices.some_of(facts, 2):
        meanings = {"bool": ["absent", True], "enum": fact.get("of", []), "int": [0], "date": []}[fact["type"]]
        said = choices.one_of([*meanings, "unknown"])
        if said != "unknown":
            fact["silence"] = said


def _files(choices: _Choices, silence: bool, max_gateways: int) -> dict[str, dict[str, Any]]:
    facts, item_facts = ({n: dict(f) for n, f in group.items()} for group in (CASE_FACTS, ITEM_FACTS))
    outline, silences, definitions = choices.part(), choices.part(), choices.part(_LARGE_PART)
    of_readings, of_bars = ([choices.part() for _ in range(most)] for most in (_READINGS, _BARS))
    of_gateways = [choices.part(_LARGE_PART) for _ in range(max_gateways)]
    if silence:
        _silences(silences, [*facts.values(), *item_facts.values()])
    readings = [_reading(of_readings[number], number) for number in range(outline.one_of(range(_READINGS + 1)))]
    addresses = tuple(f"law.gate_0/{reading['id']}" for reading in readings)
    files: dict[str, dict[str, Any]] = {
        "book.yaml": {"kind": "book", "book": "small", "version": "1", "title": "A small book"},
        "vocabulary.yaml": {
            "kind": "vocabulary",
            "vocabulary": "law",
            "facts": facts,
            "item_facts": item_facts,
            "definitions": {
                "request.proper": {"label": "a proper request", "test": _expression(definitions, False, ())},
                "matter.qualifies": {
                    "any": [
                        _node(definitions, f"limb_{n}", False, DEFINITIONS[:1], (), 0, dated=n > 0) | {"cite": CITE}
                        for n in range(2)
                    ]
                },
            },
            "parameters": {
                "clock": [
                    {"value": 60, "until": DAYS[1], "cite": CITE},
                    {"value": outline.one_of(NUMBERS), "from": DAYS[1], "cite": CITE},
                ],
                "start_day": [{"value": DAYS[3], "from": DAYS[1], "cite": CITE}],
            },
        },
        "a.yaml": {
            "kind": "prohibition",
            "rule": "law.general",
            "title": "Returns are confidential",
            "cite": CITE,
            "applies_when": {"test": outline.one_of(("true", "matter.open", "not request.proper"))},
            "forbids": {"test": outline.one_of(("true", "item.filed", "item.kind != 'name'"))},
            "says": "Nobody may disclose them except as authorised.",
        },
    }
    gateways = [f"law.gate_{number}" for number in range(outline.one_of(range(1, max_gateways + 1)))]
    for number, rule in enumerate(gateways):
        own = of_gateways[number]
        files[f"gate_{number}.yaml"] = {
            "kind": "gateway",
            "rule": rule,
            "title": f"Gateway {number}",
            "cite": CITE,
            "effect": own.one_of(("must", "may")),
            **_in_force(own),
            "elements": _nodes(own, "element", False, addresses),
            "releases": _nodes(own, "ground", True, addresses, most=2),
            "withheld_because": "No ground reaches this item.",
            **({"readings": readings} if number == 0 and readings else {}),
        }
    bars: list[str] = []
    for number in range(outline.one_of(range(_BARS + 1))):
        own = of_bars[number]
        targets = own.some_of([*gateways, *bars], 2)
        bars.append(f"law.bar_{number}")
        files[f"bar_{number}.yaml"] = {
            "kind": "bar",
            "rule": bars[-1],
            "title": f"Bar {number}",
            "cite": CITE,
            **_in_force(own),
            "overrides": targets,
            "any": _nodes(own, "condition", True, addresses, most=2),
            "if_true": "Something stands in the way.",
            "if_unknown": "Find out whether something stands in the way.",
        }
    for profile in ("first", "second"):
        files[f"{profile}.yaml"] = {
            "kind": "profile",
            "profile": profile,
            "title": f"The {profile} profile",
            "held_by": "nobody",
            "summary": "Invented.",
            "authority": [DOCUMENT],
            "chooses": {address: outline.one_of(("narrow", "broad")) for address in addresses},
        }
    return files


def book_files(silence: bool = False, max_gateways: int = 3) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """The documents of a small book by file name.

    With `silence`, facts get silences without regard to what they do, so that the loader may refuse the book.
    """
    size = _PART * (2 + _READINGS + _BARS) + _LARGE_PART * (1 + max_gateways)
    told = st.binary(min_size=size, max_size=size)
    return told.map(lambda choices: _files(_Choices(choices), silence, max_gateways))


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
    return book_files(max_gateways=max_gateways).map(lambda documents: _loaded(pickle.dumps(documents)))


@lru_cache(maxsize=256)
def _loaded(documents: bytes) -> Book:
    """The book that pickled documents make. Shrinking asks for the same one again and again."""
    return load_files(as_raw_files(pickle.loads(documents)))
