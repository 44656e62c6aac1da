"""Bare facts written as a request: for the desk, which takes requests, and for a case that was never a letter.

Every fact of the vocabulary is said outright, the unknown ones as `unknown`, so that no silence and no derivation has a
part in it: characterising the request gives the facts back, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from limen.law.facts import CaseFacts
from limen.law.vocabulary import Vocabulary
from limen.request.words import UNKNOWN

if TYPE_CHECKING:
    from limen.request.model import Request

PLAIN_KIND = "mailing_address"
"""The kind an item is given where none is stated; `item.kind` is then said to be unknown."""


def request_stating(facts: CaseFacts, vocabulary: Vocabulary, id: str) -> Request:
    """The request called `id` that states exactly `facts`. Raises `RequestError` for an id no request can have."""
    from limen.request.read import build_request

    return build_request(_stated(facts, vocabulary, id), "bare facts")


def _stated(facts: CaseFacts, vocabulary: Vocabulary, id: str) -> dict[str, Any]:
    from limen.request.words import ItemKind

    kinds = get_args(ItemKind)
    of_case = [name for name, fact in vocabulary.facts.items() if not fact.per_item]
    of_item = [name for name, fact in vocabulary.facts.items() if fact.per_item]
    items = []
    for item in facts.items:
        kind = item.facts.get("item.kind")
        said = {name: item.facts.get(name, UNKNOWN) for name in of_item}
        items.append({"id": item.id, "kind": kind if kind in kinds else PLAIN_KIND, "facts": said})
    return {"id": id, "items": items, "facts": {name: facts.facts.get(name, UNKNOWN) for name in of_case}}
