"""Cases written down as files that run: a scenario to review, a request to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from limen.law.facts import CaseFacts
from limen.law.vocabulary import FactValue, Vocabulary

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def scenario_id(*parts: str) -> str:
    """Words joined to an id that a scenario may have.

    >>> scenario_id("kills", "usc.26.6103.i.2#in_writing")
    'kills-usc-26-6103-i-2-in-writing'
    """
    return "-".join(_NOT_A_WORD.sub("-", part.lower()).strip("-") for part in parts)[:80].rstrip("-")


def scenario_text(
    id: str,
    *,
    title: str,
    story: str,
    teaches: str,
    provisions: Iterable[str],
    as_of: date,
    facts: CaseFacts,
    expect: Mapping[str, Mapping[str, str]],
    notes: str | None = None,
) -> str:
    """A scenario file that states bare facts. `expect` maps a profile to the verdict expected of each item."""
    body: dict[str, Any] = {
        "scenario": id,
        "title": title,
        "story": story,
        "teaches": teaches,
        "provisions": list(provisions),
        "as_of": as_of,
        "facts": dict(facts.facts),
        "items": {item.id: dict(item.facts) for item in facts.items},
        "expect": {profile: {"items": dict(items)} for profile, items in expect.items()},
    }
    if notes is not None:
        body["notes"] = notes
    return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110)


def request_text(id: str, facts: CaseFacts, vocabulary: Vocabulary, as_of: date) -> str:
    """A request file that comes to exactly these facts: all that is not stated is said to be unknown."""

    def whole(stated: Mapping[str, FactValue], per_item: bool) -> dict[str, Any]:
        return {
            name: stated.get(name, "unknown") for name, fact in vocabulary.facts.items() if fact.per_item is per_item
        }

    items = []
    for item in facts.items:
        kind = item.facts.get("item.kind", "mailing_address")
        items.append({"id": item.id, "kind": kind, "facts": whole(item.facts, True)})
    body = {"id": id, "received": as_of, "facts": whole(facts.facts, False), "items": items}
    return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110)
