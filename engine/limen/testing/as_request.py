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


class RequestWriter:
    """Writes cases as requests, for one vocabulary: where each of its facts goes is found out once."""

    def __init__(self, facts: Mapping[str, Fact], as_text: bool = True) -> None:
        """With `as_text` days are text, as in a file; without, what is written fits the model `Request` as it is."""
        self._as_text = as_text
        self._place = {name: _place(fact) for name, fact in facts.items()}
        speaking = [fact for fact in facts.values() if _speaks(fact)]
        self._unsaid = {fact.name: "unknown" for fact in speaking if not fact.per_item}
        self._unsaid_of_item = {fact.name: "unknown" for fact in speaking if fact.per_item}
        self._has_kind = "item.kind" in facts

    def write(self, case: Case) -> dict[str, Any]:
        """The request that says what `case` states, as `limen.request.build_request` takes it."""
        request: dict[str, Any] = {"id": REQUEST}
        stated = self._state(request, case.facts, self._unsaid)
        items = [self._item(id, told) for id, told in case.items.items()]
        request["items"] = items if self._as_text else tuple(items)
        return request | ({"facts": stated} if stated else {})

    def _item(self, id: str, told: Stated) -> dict[str, Any]:
        item: dict[str, Any] = {"id": id}
        stated = self._state(item, told, self._unsaid_of_item)
        if "kind" not in item:
            item["kind"] = PLAIN_KIND
            if self._has_kind:
                stated.setdefault("item.kind", "unknown")
        return item | ({"facts": stated} if stated else {})

    def _state(self, into: dict[str, Any], told: Stated, unsaid: Mapping[str, str]) -> dict[str, Any]:
        """Write what is told into its fields; what has none, or would be given by silence, is stated outright."""
        stated: dict[str, Any] = {**unsaid}
        for name, value in told.items():
            place = self._place[name]
            if place is None:
                stated[name] = value
                continue
            stated.pop(name, None)
            section, field = place
            holder = into if section is None else into.setdefault(section, {})
            holder[field] = value.isoformat() if self._as_text and isinstance(value, date) else value
        return stated


def _speaks(fact: Fact) -> bool:
    """Whether a request that does not say a fact may still give it: by its silence, or by a derivation."""
    source = fact.source
    return fact.silence is not None or source is None or source.derive is not None or _is_section(fact)


def _is_section(fact: Fact) -> bool:
    """Whether a fact is that a whole section of the request is there."""
    path = fact.source.path if fact.source is not None else None
    return not fact.per_item and fact.type == "bool" and path is not None and "." not in path


def _place(fact: Fact) -> tuple[str | None, str] | None:
    """The section and the field that a fact is read straight from; `None` where it is read in another way."""
    source = fact.source
    if source is None or source.path is None or source.aggregate != "value" or source.equals is not None:
        return None
    parts = source.path.split(".")
    if "[]" in source.path or len(parts) > 2 or fact.type == "int" or _is_section(fact):
        return None
    return (None, parts[0]) if len(parts) == 1 else (parts[0], parts[1])
