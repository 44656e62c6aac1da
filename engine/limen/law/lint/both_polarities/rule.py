"""A fact that helps release in one place and hinders it in another, so that stating it has no plain direction."""

from __future__ import annotations

from collections.abc import Iterator

from limen.law.book import Book
from limen.law.check.positions import PlacedAtom, placed
from limen.law.check.silence import facts_read
from limen.law.lint.finding import Context, Finding
from limen.law.tree import BoolFact

NAME = "both-polarities"


def find(context: Context) -> Iterator[Finding]:
    """Every bool fact whose truth helps release in one place and hinders it in another."""
    helps: dict[str, str] = {}
    hinders: dict[str, str] = {}
    for place in _places(context.book):
        for fact in facts_read(place.atom):
            (helps if place.helps else hinders).setdefault(fact, place.node.address)
    addresses = {address.rpartition("#")[2]: address for address in context.book.locations}
    for fact, helped_at in helps.items():
        if fact in hinders:
            yield context.finding(
                NAME,
                addresses[fact],
                f"`{fact}` helps release at `{helped_at}` and hinders it at `{hinders[fact]}`",
                "check that both are meant; two facts may be hiding under one name",
                weight="note",
            )


def _places(book: Book) -> Iterator[PlacedAtom]:
    """Where bool facts stand, the general rule left out (it counts both ways)."""
    general = {
        node.address for rule in book.prohibitions for limb in (rule.applies_when, rule.forbids) for node in limb.walk()
    }
    for place in placed(book).atoms:
        if isinstance(place.atom, BoolFact) and place.node.address not in general:
            yield place
