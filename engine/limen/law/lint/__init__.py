"""Lints: what a sound book still does better. Each has a folder with its rule and an Avoid / Prefer page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from limen.law.book import Book
from limen.law.lint.both_polarities import rule as both_polarities
from limen.law.lint.expired_citation import rule as expired_citation
from limen.law.lint.finding import Context, Finding, Rule
from limen.law.lint.id_used_again import rule as id_used_again
from limen.law.lint.label_reads_on import rule as label_reads_on
from limen.law.lint.one_element_per_unit import rule as one_element_per_unit
from limen.law.lint.says_the_cure import rule as says_the_cure
from limen.law.lint.unreachable_gateway import rule as unreachable_gateway
from limen.law.lint.untested_element import rule as untested_element
from limen.law.lint.unused_name import rule as unused_name

__all__ = ["LINTS", "Finding", "check_book", "lint_book", "page"]

LINTS: dict[str, Rule] = {
    "both-polarities": both_polarities.find,
    "expired-citation": expired_citation.find,
    "id-used-again": id_used_again.find,
    "label-reads-on": label_reads_on.find,
    "one-element-per-unit": one_element_per_unit.find,
    "says-the-cure": says_the_cure.find,
    "unreachable-gateway": unreachable_gateway.find,
    "untested-element": untested_element.find,
    "unused-name": unused_name.find,
}
"""Every lint by name, in order."""


def check_book(folder: Path, exercised: Iterable[str] | None = None) -> list[Finding]:
    """Everything the lints find in the rule book in `folder`, sorted by file and line.

    `exercised` are the addresses of the points that some scenario has exercised; without it, whether an element was
    ever tested is not looked at. Raises `BookError` for a book that cannot be used.
    """
    from limen.law.loading import load_book

    return lint_book(load_book(folder), folder, exercised)


def lint_book(book: Book, folder: Path, exercised: Iterable[str] | None = None) -> list[Finding]:
    """The same for a book that has been loaded from `folder`."""
    context = Context(book, folder, None if exercised is None else frozenset(exercised))
    found = {finding for find in LINTS.values() for finding in find(context)}
    return sorted(found, key=lambda f: (f.file, f.line, f.lint, f.address, f.message))


def page(lint: str) -> Path:
    """The page that explains a lint, with what to avoid and what to prefer."""
    return Path(__file__).parent / lint.replace("-", "_") / "page.md"
