"""The rule book: its vocabulary, rules, readings and dates.

    from limen.law import load_book, make_edition

    book = load_book()
    edition = make_edition(book, "ddc-2025-26", as_of=date(2026, 3, 1))

The members are imported at first use, so that a command pays only for what it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.law.book import Book
    from limen.law.edition import Edition
    from limen.law.facts import CaseFacts, FactError, ItemFacts, check_facts, read_value
    from limen.law.loading import load_book
    from limen.law.making import EditionError, make_edition
    from limen.law.problem import BookError, Problem
    from limen.law.profiles import usable_profiles

__all__ = [
    "Book",
    "BookError",
    "CaseFacts",
    "Edition",
    "EditionError",
    "FactError",
    "ItemFacts",
    "Problem",
    "check_facts",
    "load_book",
    "make_edition",
    "read_value",
    "usable_profiles",
]

_HOMES = {
    "Book": "book",
    "BookError": "problem",
    "CaseFacts": "facts",
    "Edition": "edition",
    "EditionError": "making",
    "FactError": "facts",
    "ItemFacts": "facts",
    "Problem": "problem",
    "check_facts": "facts",
    "load_book": "loading",
    "make_edition": "making",
    "read_value": "facts",
    "usable_profiles": "profiles",
}


def __getattr__(name: str) -> object:
    """The members of this face, imported at first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module `limen.law` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(f"limen.law.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
