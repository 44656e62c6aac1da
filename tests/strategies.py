"""Hypothesis strategies for whole rule books, editions and cases: small, readable, and loaded by the real loader.

    @given(st.data(), editions())
    def test_...(data, edition):
        facts = data.draw(case_facts(edition))

Every book has a vocabulary of bool, enum, int and date facts, a definition or two, a parameter, readings with two
alternatives, gateways, bars and bars on bars. `book_files` gives the files themselves, for tests of the loader.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, check_facts
from limen.law.load.files import RawFile
from limen.law.load.loader import load_files
from limen.law.making import make_edition
from limen.law.vocabulary import Fact, FactValue

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


SMALL_BOOK: dict[str, dict[str, Any]] = {
    "book.yaml": {"kind": "book", "book": "small", "version": "1", "title": "A small book"},
    "vocabulary.yaml": {
        "kind": "vocabulary",
        "vocabulary": "law",
        "facts": CASE_FACTS,
        "item_facts": ITEM_FACTS,
        "definitions": {"request.proper": {"label": "a proper request", "test": "request.in_writing"}},
        "parameters": {"clock": [{"value": 90, "cite": CITE}]},
    },
    "a.yaml": {
        "kind": "prohibition",
        "rule": "law.general",
        "title": "Returns are confidential",
        "cite": CITE,
        "applies_when": {"test": "true"},
        "forbids": {"test": "true"},
        "says": "Nobody may disclose them except as authorised.",
    },
    "gate_0.yaml": {
        "kind": "gateway",
        "rule": "law.gate_0",
        "title": "On request",
        "cite": CITE,
        "effect": "must",
        "elements": [
            {"id": "proper", "label": "a proper request", "cite": "(A)", "test": "request.proper"},
            {"id": "engaged", "label": "an engaged official", "cite": "(A)", "reading": "engaged"},
        ],
        "releases": [{"id": "name", "label": "the name", "test": "item.kind == 'name'"}],
        "withheld_because": "Only the name goes out.",
        "readings": [
            {
                "id": "engaged",
                "words": "personally and directly engaged",
                "question": "How narrow are the words?",
                "status": "contested",
                "alternatives": [
                    {
                        "id": "narrow",
                        "label": "works it",
                        "test": "requester.office == 'head'",
                        "authority": [DOCUMENT],
                    },
                    {
                        "id": "broad",
                        "label": "is named",
                        "test": "requester.office != 'clerk'",
                        "authority": [DOCUMENT],
                    },
                ],
            }
        ],
    },
    "bar_0.yaml": {
        "kind": "bar",
        "rule": "law.bar_0",
        "title": "An informant",
        "cite": CITE,
        "overrides": ["law.gate_0"],
        "any": [{"id": "old", "label": "an old matter", "test": "matter.days > param.clock"}],
        "if_true": "The matter is too old.",
        "if_unknown": "Find out how old the matter is.",
    },
    "first.yaml": {
        "kind": "profile",
        "profile": "first",
        "title": "The first profile",
        "held_by": "nobody",
        "summary": "Invented.",
        "authority": [DOCUMENT],
        "chooses": {"law.gate_0/engaged": "narrow"},
    },
}
"""A book for tests that need one they can read: one gateway, one reading, one bar, one profile."""


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


@st.composite
def editions(draw: st.DrawFn, max_gateways: int = 3) -> Edition:
    """A small book as one of its profiles reads it on one day."""
    return make_edition(
        draw(books(max_gateways)), draw(st.sampled_from(["first", "second"])), draw(st.sampled_from(DAYS))
    )


def fact_values(fact: Fact) -> st.SearchStrategy[FactValue]:
    """The values that a case may state of `fact`, mostly those near the bounds that tests name."""
    match fact.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(fact.values)
        case "int":
            low = -1000 if fact.minimum is None else fact.minimum
            high = 1000 if fact.maximum is None else fact.maximum
            near = [number for number in NUMBERS if low <= number <= high]
            return st.one_of(*([st.sampled_from(near)] if near else []), st.integers(low, high))
        case "date":
            return st.one_of(st.sampled_from(DAYS), st.dates(date(1990, 1, 1), date(2030, 12, 31)))


def _stated(facts: Mapping[str, Fact], per_item: bool) -> st.SearchStrategy[dict[str, FactValue]]:
    return st.fixed_dictionaries(
        {}, optional={name: fact_values(fact) for name, fact in facts.items() if fact.per_item is per_item}
    )


def case_facts(edition: Edition, max_items: int = 3) -> st.SearchStrategy[CaseFacts]:
    """Well-typed cases of one to `max_items` items; any fact may be missing."""
    return st.builds(
        lambda case, items: CaseFacts(case, items),
        _stated(edition.facts, per_item=False),
        st.lists(_stated(edition.facts, per_item=True), min_size=1, max_size=max_items).map(_numbered),
    )


def _numbered(items: list[dict[str, FactValue]]) -> Any:
    from limen.law.facts import ItemFacts

    return tuple(ItemFacts(f"item-{number}", facts) for number, facts in enumerate(items, start=1))


Statements = tuple[dict[str, Any], dict[str, dict[str, Any]]]


@st.composite
def ill_typed_facts(draw: st.DrawFn, edition: Edition) -> Statements:
    """What somebody might state and `check_facts` has to refuse: (case, items), one statement of them wrong."""
    case = dict(draw(_stated(edition.facts, per_item=False)))
    items = {"item-1": dict(draw(_stated(edition.facts, per_item=True)))}
    fact = draw(st.sampled_from([*edition.facts.values()]))
    wrong: dict[str, list[Any]] = {
        "bool": ["true", 1, 0, "", "yes", date(2025, 4, 7)],
        "enum": ["", "Head", "no such value", True, 3, date(2025, 4, 7)],
        "int": ["90", 90.0, True, 10**12, float("nan"), date(2025, 4, 7)],
        "date": ["2025-04-07", 20250407, True],
    }
    place, other = (items["item-1"], case) if fact.per_item else (case, items["item-1"])
    match draw(st.sampled_from(["value", "name", "place"])):
        case "value":
            place[fact.name] = draw(st.sampled_from(wrong[fact.type]))
        case "name":
            place[f"{fact.name}s"] = draw(fact_values(fact))
        case "place":
            other[fact.name] = draw(fact_values(fact))
    return case, items


__all__ = [
    "SMALL_BOOK",
    "as_raw_files",
    "book_files",
    "books",
    "case_facts",
    "check_facts",
    "editions",
    "expression_texts",
    "fact_values",
    "ill_typed_facts",
    "write_book",
]
