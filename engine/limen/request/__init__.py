"""The request as an agency writes it, and its characterisation into facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.request.batch import BatchContext, BatchCounts
    from limen.request.characterise import Characterisation, Characteriser, SourceError
    from limen.request.digest import request_digest
    from limen.request.match import Match
    from limen.request.model import Item, Request
    from limen.request.problems import RequestError
    from limen.request.read import build_request, read_request, read_requests
    from limen.request.subject import Address, PersonName, Subject

__all__ = [
    "Address",
    "BatchContext",
    "BatchCounts",
    "Characterisation",
    "Characteriser",
    "Item",
    "Match",
    "PersonName",
    "Request",
    "RequestError",
    "SourceError",
    "Subject",
    "build_request",
    "read_request",
    "read_requests",
    "request_digest",
]

_HOMES = {
    **dict.fromkeys(("BatchContext", "BatchCounts"), "limen.request.batch"),
    **dict.fromkeys(("Characterisation", "Characteriser", "SourceError"), "limen.request.characterise"),
    "request_digest": "limen.request.digest",
    "Match": "limen.request.match",
    **dict.fromkeys(("Item", "Request"), "limen.request.model"),
    "RequestError": "limen.request.problems",
    **dict.fromkeys(("build_request", "read_request", "read_requests"), "limen.request.read"),
    **dict.fromkeys(("Address", "PersonName", "Subject"), "limen.request.subject"),
}


def __getattr__(name: str) -> object:
    """The members of this room's face, imported at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `limen.request` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
