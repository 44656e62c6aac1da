"""Where every node and every fact stands with respect to a release.

Everything is followed through definitions, every alternative of every reading, `not` and `none`, bars, and bars on
bars. The prohibition counts in both directions: where it is false nothing is protected, and where it is not known
nothing is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from limen.law.book import Book
from limen.law.node import Node
from limen.law.rules import Bar, Gateway, Prohibition
from limen.law.tree import All, AnyOf, Atom, Defined, Expr, Literal, Not


class Stand(NamedTuple):
    """How something stands.

    - `helps`: whether its truth makes release easier (in a bar it makes release harder).
    - `narrows`: whether taking it away makes release easier. So it is for a condition that has to be met, and for a
      ground on which a bar stops.
    - `can_narrow`: whether, at its most helpful, it is as if it, or some part of the rule around it, were not there.
      All it can do is then to narrow what the rest of the rule releases.
    - `can_widen`: whether, at its least helpful, it is as if it, or some part around it, were not there.
    """

    helps: bool
    narrows: bool
    can_narrow: bool
    can_widen: bool

    def among(self, all_of: bool, turned: bool = False) -> Stand:
        """How a part stands in a group that stands so: one of which all have to hold, or one of which any may."""
        helps = self.helps is not turned
        narrows = helps if all_of else not helps
        return Stand(helps, narrows, self.can_narrow or narrows, self.can_widen or not narrows)

    def turned(self) -> Stand:
        """How a part stands of which the opposite stands so."""
        return self._replace(helps=not self.helps)


def top(helps: bool, all_of: bool) -> Stand:
    """How one of the nodes at the top of a rule stands."""
    narrows = helps if all_of else not helps
    return Stand(helps, narrows, narrows, not narrows)


class PlacedNode(NamedTuple):
    """A node in one of its positions."""

    node: Node
    stand: Stand


class PlacedAtom(NamedTuple):
    """A fact, as a test of `node` reads it, in one of its positions."""

    atom: Atom
    helps: bool
    node: Node


@dataclass(frozen=True, slots=True)
class Positions:
    """Every position in a book. `bars` says of each bar (by address) in which positions it stands."""

    nodes: list[PlacedNode] = field(default_factory=list)
    atoms: list[PlacedAtom] = field(default_factory=list)
    bars: dict[str, set[bool]] = field(default_factory=dict)


def placed(book: Book) -> Positions:
    """The positions of everything in `book`, whose references all lead somewhere and never in a circle."""
    walk = _Walk(book)
    walk.positions.bars.update(bar_positions(book))
    for rule in book.rules.values():
        match rule:
            case Prohibition():
                for helps in (True, False):
                    walk.visit(rule.applies_when, top(helps, all_of=True))
                    walk.visit(rule.forbids, top(helps, all_of=True))
            case Gateway():
                for node in rule.elements:
                    walk.visit(node, top(helps=True, all_of=True))
                for node in rule.releases:
                    walk.visit(node, top(helps=True, all_of=False))
            case Bar():
                for helps in walk.positions.bars[rule.address]:
                    for node in rule.conditions:
                        walk.visit(node, top(helps, all_of=False))
    return walk.positions


def bar_positions(book: Book) -> dict[str, set[bool]]:
    """For each bar, whether it helps release (a bar on a bar does), hinders it, or both."""
    found: dict[str, set[bool]] = {}
    bars = {bar.address: bar for bar in book.bars}

    def of(address: str) -> set[bool]:
        if address not in found:
            found[address] = set()
            overridden = (book.rules[target] for target in bars[address].overrides)
            directions = [{True} if isinstance(rule, Gateway) else of(rule.address) for rule in overridden]
            found[address] = {not helps for direction in directions for helps in direction}
        return found[address]

    for address in bars:
        of(address)
    return found


class _Walk:
    """Follows every path once: a definition met twice in the same position is not followed again."""

    def __init__(self, book: Book) -> None:
        self.positions = Positions()
        self._book = book
        self._seen: set[tuple[str, Stand]] = set()

    def visit(self, node: Node, stand: Stand) -> None:
        if (node.address, stand) in self._seen:
            return
        self._seen.add((node.address, stand))
        self.positions.nodes.append(PlacedNode(node, stand))
        match node.op:
            case "test":
                self._expr(node.test or Literal(None), stand, node)
            case "reading":
                for alternative in self._book.readings[node.reading or ""].alternatives:
                    self.visit(alternative.meaning, stand)
            case "all":
                self._visit_parts(node, stand.among(all_of=True))
            case "any":
                self._visit_parts(node, stand.among(all_of=False))
            case "none":
                self._visit_parts(node, stand.among(all_of=False, turned=True))

    def _visit_parts(self, node: Node, stand: Stand) -> None:
        for child in node.children:
            self.visit(child, stand)

    def _expr(self, expr: Expr, stand: Stand, node: Node) -> None:
        match expr:
            case Literal():
                pass
            case Not(part):
                self._expr(part, stand.turned(), node)
            case All(parts):
                for part in parts:
                    self._expr(part, stand.among(all_of=True), node)
            case AnyOf(parts):
                for part in parts:
                    self._expr(part, stand.among(all_of=False), node)
            case Defined(name):
                self.visit(self._book.vocabulary.definitions[name].meaning, stand)
            case _:
                self.positions.atoms.append(PlacedAtom(expr, stand.helps, node))
