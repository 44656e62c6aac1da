"""Who stated a fact, in words, where it was read from a request."""

from __future__ import annotations

from limen.request.characterise import Characterisation

Spot = tuple[str, str | None]
"""A fact of a case, or of one item."""

_WORDS = {
    "path": "the request, {where}",
    "derivation": "worked out from the request ({where})",
    "silence": "the silence of the request",
    "stated": "stated outright in the file",
}


def origins_of(seen: Characterisation) -> dict[Spot, str]:
    """Where each fact of a request came from, by fact and item."""
    found: dict[Spot, str] = {(name, None): _words(came) for name, came in seen.origin.items()}
    for item, own in seen.item_origin.items():
        found |= {(name, item): _words(came) for name, came in own.items()}
    return found


def _words(came: str) -> str:
    kind, _, where = came.partition(" ")
    return _WORDS[kind].format(where=where) if kind in _WORDS else came
