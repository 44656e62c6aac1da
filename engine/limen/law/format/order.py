"""The order of keys: what something is, where it comes from, what it says, what follows."""

from __future__ import annotations

from collections.abc import Callable

_WITH_ID = (
    "id", "words", "question", "status", "bounds", "who", "when", "duty", "cite", "certainty", "label", "test",
    "reading", "all", "any", "none", "deadline", "within_hours", "breach", "in_force", "if_true", "if_false",
    "if_unknown", "curable", "held_by", "authority", "alternatives",
)  # fmt: skip
_WITH_ASK = (
    "type", "of", "min", "max", "ask", "says", "silence", "sensitive", "authority_side", "source", "labels", "cite",
    "certainty",
)  # fmt: skip
_OTHERS = (
    "kind", "book", "vocabulary", "overlay", "base", "rule", "profile", "version", "value", "title", "code", "section",
    "paragraph",
    "document", "dated", "label", "held_by", "from", "by", "until", "repealed_by", "cite", "certainty", "note",
    "in_force", "effect", "summary", "authority", "chooses", "overrides", "attaches_to", "applies_when", "forbids",
    "says", "elements", "releases", "test", "reading", "all", "any", "none", "withheld_because", "if_true", "if_false",
    "if_unknown", "confidential", "duties", "facts", "item_facts", "definitions", "parameters", "readings",
    "operations", "replace", "add_after", "repeal", "with", "node",
)  # fmt: skip
NAMED = frozenset({"facts", "item_facts", "definitions", "parameters", "labels", "chooses"})
"""Keys whose mappings hold names the author chose; those stay in the author's order."""


def key_order(keys: list[str], under: str | None) -> Callable[[str], tuple[int, int]] | None:
    """How to sort `keys` of a mapping that stands under the key `under`; `None` to leave them as they are."""
    if under in NAMED:
        return None
    known = _WITH_ID if "id" in keys else _WITH_ASK if "ask" in keys else _OTHERS
    places = {key: place for place, key in enumerate(known)}
    return lambda key: (places.get(key, len(known)), keys.index(key))
