"""A rule book made at random as the files it would be loaded from.

What these books do not have (duties, sources of facts, redacted words) is not written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from limen.law.book import Book, Rule
from limen.law.citation import Citation
from limen.law.expression import text_of
from limen.law.load.files import RawFile
from limen.law.node import Node
from limen.law.period import ALWAYS, Period
from limen.law.rules import Bar, Gateway, Profile, Prohibition, Reading
from limen.law.tree import All, AnyOf, Expr, Member, Not
from limen.law.vocabulary import Fact, ParameterValue
from limen.testing.made_expressions import CASE_FACTS, ITEM_FACTS
from limen.testing.made_rules import CITE, DOCUMENT

Document = dict[str, Any]


def documents_of(book: Book) -> dict[str, Document]:
    """The documents of a made book by file name, in the order in which the loader reads them."""
    vocabulary = book.vocabulary
    facts = {name: _fact(fact) for name, fact in vocabulary.facts.items()}
    files: dict[str, Document] = {
        "book.yaml": {"kind": "book", "book": book.name, "version": book.version, "title": book.title},
        "vocabulary.yaml": {
            "kind": "vocabulary",
            "vocabulary": "law",
            "facts": {name: facts[name] for name in CASE_FACTS},
            "item_facts": {name: facts[name] for name in ITEM_FACTS},
            "definitions": {name: _meaning(defined.meaning) for name, defined in vocabulary.definitions.items()},
            "parameters": {
                name: [_parameter(value) for value in values] for name, values in vocabulary.parameters.items()
            },
        },
    }
    for rule in book.rules.values():
        own = [reading for reading in book.readings.values() if reading.address.startswith(f"{rule.address}/")]
        name = "a" if isinstance(rule, Prohibition) else rule.address.removeprefix("law.")
        files[f"{name}.yaml"] = _rule(rule) | ({"readings": [_reading(reading) for reading in own]} if own else {})
    files |= {f"{profile.id}.yaml": _profile(profile) for profile in book.profiles.values()}
    return dict(sorted(files.items()))


def text_of_test(test: Expr) -> str:
    """A test with every bracket that may be there, so that more of the language is written than need be."""
    match test:
        case Not(Member()):
            return text_of(test)
        case Not(part):
            return f"not ({text_of_test(part)})"
        case All(parts):
            return " and ".join(f"({text_of_test(part)})" for part in parts)
        case AnyOf(parts):
            return " or ".join(f"({text_of_test(part)})" for part in parts)
    return text_of(test)


def _fact(fact: Fact) -> Document:
    document = (ITEM_FACTS if fact.per_item else CASE_FACTS)[fact.name]
    if fact.silence is None:
        return document
    return document | {"silence": "absent" if fact.silence is False else fact.silence}


def _parameter(value: ParameterValue) -> Document:
    return {"value": value.value, **_period(value.in_force), "cite": _cite(value.cite)}


def _period(period: Period) -> Document:
    said = {"from": period.start, "until": period.until, "by": period.by, "repealed_by": period.repealed_by}
    return {key: value for key, value in said.items() if value is not None}


def _in_force(period: Period) -> Document:
    return {} if period == ALWAYS else {"in_force": _period(period)}


_STATUTE = Citation(**CITE)
_CITES: dict[Citation, Document | str] = {_STATUTE: CITE, _STATUTE.under("(A)"): "(A)", Citation(**DOCUMENT): DOCUMENT}


def _cite(cite: Citation) -> Document | str:
    return _CITES[cite]


def _meaning(node: Node) -> Document:
    """What a node says, without what it is called."""
    said: Document = {"label": node.label} if node.label else {}
    if node.test is not None:
        return said | {"test": text_of_test(node.test)}
    return said | {node.op: node.reading or [_node(child) for child in node.children]}


def _node(node: Node) -> Document:
    cite = {} if node.cite is None else {"cite": _cite(node.cite)}
    return {"id": node.id, **_meaning(node), **cite, **_in_force(node.in_force)}


def _reading(reading: Reading) -> Document:
    return {
        "id": reading.id,
        "words": reading.words,
        "question": reading.question,
        "status": reading.status,
        "alternatives": [
            {
                "id": alternative.id,
                **_meaning(alternative.meaning),
                "authority": [_cite(cite) for cite in alternative.authorities],
            }
            for alternative in reading.alternatives
        ],
    }


def _rule(rule: Rule) -> Document:
    head = {"rule": rule.address, "title": rule.title, "cite": _cite(rule.cite)}
    match rule:
        case Prohibition():
            limbs = {"applies_when": _meaning(rule.applies_when), "forbids": _meaning(rule.forbids)}
            return {"kind": "prohibition", **head, **limbs, "says": rule.says}
        case Gateway():
            return {
                "kind": "gateway",
                **head,
                "effect": rule.effect,
                **_in_force(rule.in_force),
                "elements": [_node(node) for node in rule.elements],
                "releases": [_node(node) for node in rule.releases],
                "withheld_because": rule.withheld_because,
            }
        case Bar():
            return {
                "kind": "bar",
                **head,
                **_in_force(rule.in_force),
                "overrides": list(rule.overrides),
                "any": [_node(node) for node in rule.conditions],
                "if_true": rule.if_true,
                "if_unknown": rule.if_unknown,
            }
    raise TypeError(f"a made book has no `{type(rule).__name__}`")


def _profile(profile: Profile) -> Document:
    return {
        "kind": "profile",
        "profile": profile.id,
        "title": profile.title,
        "held_by": profile.held_by,
        "summary": profile.summary,
        "authority": [_cite(cite) for cite in profile.authorities],
        "chooses": dict(profile.chooses),
    }


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
