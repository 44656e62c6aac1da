"""A case written as the request an agency would have sent: the way back from facts, as far as there is one.

A fact that the vocabulary reads straight from a field of the request is written into that field; every other fact is
stated outright under `facts`, where an author may state any. Characterising the result gives the facts of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from limen.law.vocabulary import Fact
from limen.testing.case import Case, Stated

REQUEST = "case-1"
"""The id of a request made from a case."""

PLAIN_KIND = "mailing_address"
"""The kind of an item whose kind nobody stated; `item.kind` is then said to be unknown."""


def as_request(case: Case, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The request that says what `case` states, as `limen.request.build_request` takes it."""
    request: dict[str, Any] = {"id": REQUEST}
    stated: dict[str, Any] = {}
    for name, value in case.facts.items():
        if not _write(request, facts[name], value):
            stated[name] = value
    for name, fact in facts.items():
        if _speaks(fact) and not fact.per_item and name not in case.facts:
            stated[name] = "unknown"
    request["items"] = [_item(id, told, facts) for id, told in case.items.items()]
    return request | ({"facts": stated} if stated else {})


def _item(id: str, told: Stated, facts: Mapping[str, Fact]) -> dict[str, Any]:
    item: dict[str, Any] = {"id": id}
    stated: dict[str, Any] = {}
    for name, value in told.items():
        if not _write(item, facts[name], value):
            stated[name] = value
    if "kind" not in item:
        item["kind"] = PLAIN_KIND
        if "item.kind" in facts:
            stated.setdefault("item.kind", "unknown")
    for name, fact in facts.items():
        if _speaks(fact) and fact.per_item and name not in told:
            stated[name] = "unknown"
    return item | ({"facts": stated} if stated else {})


def _speaks(fact: Fact) -> bool:
    """Whether a request that does not say a fact may still give it: by its silence, or by a derivation."""
    source = fact.source
    return fact.silence is not None or source is None or source.derive is not None or _is_section(fact)


def _is_section(fact: Fact) -> bool:
    """Whether a fact is that a whole section of the request is there."""
    path = fact.source.path if fact.source is not None else None
    return not fact.per_item and fact.type == "bool" and path is not None and "." not in path


def _write(into: dict[str, Any], fact: Fact, value: object) -> bool:
    source = fact.source
    if source is None or source.path is None or source.aggregate != "value" or source.equals is not None:
        return False
    parts = source.path.split(".")
    if "[]" in source.path or len(parts) > 2 or fact.type == "int" or _is_section(fact):
        return False
    for part in parts[:-1]:
        into = into.setdefault(part, {})
    into[parts[-1]] = value.isoformat() if isinstance(value, date) else value
    return True
