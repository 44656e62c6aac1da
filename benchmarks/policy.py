"""The policy that everybody is measured on: 50 rules by hand, and larger books made of variants of it.

`benchmarks/policy/` is an ordinary rule book: six gateways of seven elements and one release ground each, and two
bars. A larger book repeats them for other programmes, as one statute repeats its gateways for other bodies; every
variant has its own programme names and its own limits, so that no two rules are the same.
"""

from __future__ import annotations

import copy
import functools
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.load.files import RawFile
from limen.law.load.loader import load_files
from limen.law.making import make_edition

FOLDER = Path(__file__).parent / "policy"
RULES = 50
AS_OF = date(2026, 11, 1)
LIMIT = re.compile(r"(<=|<) (\d+)")


def documents() -> dict[str, dict[str, Any]]:
    """The files of the 50-rule book, by name."""
    return {path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def programmes(rules: int) -> list[str]:
    """The programme names of a book of `rules` rules."""
    base: list[str] = documents()["vocabulary.yaml"]["facts"]["requester.programme"]["of"]
    return [_variant(name, number) for number in range(rules // RULES) for name in base]


def policy_files(rules: int) -> dict[str, dict[str, Any]]:
    """The files of a book of `rules` rules (a multiple of 50)."""
    if rules < RULES or rules % RULES:
        raise ValueError(f"`{rules}` rules: the policy grows in steps of {RULES}")
    files = documents()
    base = files["vocabulary.yaml"]["facts"]["requester.programme"]["of"]
    files["vocabulary.yaml"]["facts"]["requester.programme"]["of"] = programmes(rules)
    grown = dict(files)
    for number in range(1, rules // RULES):
        for name, document in files.items():
            if document["kind"] in ("gateway", "bar"):
                grown[f"{number:03}_{name}"] = _vary(copy.deepcopy(document), number, base)
    return grown


def _variant(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _vary(document: dict[str, Any], number: int, base: list[str]) -> dict[str, Any]:
    """One gateway or bar for other programmes, with limits of its own."""
    document["rule"] = _variant(document["rule"], number)
    document["overrides"] = [_variant(rule, number) for rule in document.get("overrides", [])]
    if document["kind"] == "gateway":
        del document["overrides"]
    for node in (*document.get("elements", ()), *document.get("releases", ())):
        for programme in base:
            node["test"] = node["test"].replace(f"'{programme}'", f"'{_variant(programme, number)}'")
        node["test"] = LIMIT.sub(lambda found: f"{found[1]} {int(found[2]) + number}", node["test"])
    return document


@functools.cache
def policy_book(rules: int = RULES) -> Book:
    """The book, through the product's own loader."""
    raw = [
        RawFile(name, yaml.safe_dump(document, sort_keys=False).encode())
        for name, document in sorted(policy_files(rules).items())
    ]
    return load_files(raw)


@functools.cache
def policy_edition(rules: int = RULES) -> Edition:
    return make_edition(policy_book(rules), "bench", AS_OF)
