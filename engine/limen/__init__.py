"""Limen: a simulator of disclosure law.

The public face is small, and loaded only when it is used:

    from limen import load_book, Request, decide

    decision = decide(load_book(), request, profile="ddc-2025-26")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.decide import Decision, decide
    from limen.law import Book, load_book
    from limen.request import Request

__version__ = "0.1.0"
__all__ = ["Book", "Decision", "Request", "__version__", "decide", "load_book"]

_HOMES = {
    "Book": "limen.law",
    "Decision": "limen.decide",
    "Request": "limen.request",
    "decide": "limen.decide",
    "load_book": "limen.law",
}


def __getattr__(name: str) -> object:
    """The members of the public face, imported at first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module `limen` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
