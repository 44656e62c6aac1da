"""What the book says: the verdict on a case, and where in the book it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from limen.decide.compiled import Compiled, compile_edition
from limen.decide.findings import Verdict
from limen.decide.reference import TraceNode, trace_node
from limen.law import load_book, make_edition
from limen.law.book import Book
from limen.law.citation import Citation
from limen.law.edition import Edition, EditionBar, EditionGateway, Point
from limen.law.node import Node
from limen.law.problem import nearest
from limen.law.tree import All, AnyOf, Expr, Literal, Not, facts_in
from limen.law.vocabulary import Fact, FactValue
from limen.testing.case import Case, case_of, differing

watchers: list[Callable[[Oracle, Mapping[str, FactValue]], None]] = []
"""Told of every case that an oracle is asked about: how a test run counts what it tried."""


class UnknownAddress(Exception):
    """There is no such provision in the edition."""

    def __init__(self, address: str, known: Sequence[str], where: str) -> None:
        close = nearest(address, known)
        hint = f"; did you mean `{close}`?" if close else ""
        super().__init__(f"{where} has no `{address}`{hint}")


@dataclass(frozen=True, slots=True)
class Place:
    """Something in the book that is met or not: its address, its meaning, and the gateways it matters to."""

    address: str
    label: str
    cite: Citation | None
    expr: Expr
    role: str
    gateways: tuple[int, ...]


class Oracle:
    """The answers of one edition, or of some of its gateways alone (`under`), as if there were no others.

    `book` is a book, the folder of one, or `None` for the shipped book; `profile` by default its first; `as_of` by
    default the last day on which anything in the book began (`latest_day`). Raises `BookError`, `EditionError` and
    `UnknownAddress`.
    """

    def __init__(
        self,
        book: Book | Path | str | None = None,
        profile: str | None = None,
        as_of: date | None = None,
        under: Sequence[str] = (),
    ) -> None:
        self.book = book if isinstance(book, Book) else load_book(None if book is None else Path(book))
        chosen = profile or next(iter(self.book.profiles), "")
        self.edition = _only(make_edition(self.book, chosen, as_of or latest_day(self.book)), tuple(under))
        self.under = tuple(under)

    @cached_property
    def compiled(self) -> Compiled:
        """The generated evaluator of the edition, which a test of the product shows to be the reference."""
        return compile_edition(self.edition)

    def verdict(self, case: Case) -> Verdict:
        """The verdict on the item of `case`."""
        for watcher in watchers:
            watcher(self, case.stated)
        return self.compiled.find(case.as_facts()).items[0].verdict

    def verdicts(self, case: Case) -> tuple[Verdict, ...]:
        """The verdict on each item of `case`, those asked for beside the first too."""
        return tuple(self.verdict(case.alone(number)) for number in range(1 + len(case.more)))

    def verdict_of(self, stated: Mapping[str, FactValue]) -> Verdict:
        """The verdict where all that is stated is `stated`."""
        return self.verdict(self.case(stated))

    def case(self, stated: Mapping[str, FactValue]) -> Case:
        """`stated` as a case of this edition's vocabulary."""
        return case_of(stated, self.edition.facts)

    @cached_property
    def facts_read(self) -> dict[str, Fact]:
        """The facts that any point of the edition reads, in the order of the vocabulary."""
        read = frozenset().union(*(facts_in(expr) for expr in self.exprs))
        return {name: fact for name, fact in self.edition.facts.items() if name in read}

    @cached_property
    def exprs(self) -> tuple[Expr, ...]:
        """Everything that decides a verdict: the prohibition, then each gateway."""
        return (self.forbidden, *(self.opening(gateway) for gateway in self.edition.gateways))

    @cached_property
    def forbidden(self) -> Expr:
        """That the prohibition reaches the item."""
        points = self.edition.item_points
        return AnyOf(tuple(All((points[a].expr, points[b].expr)) for _, a, b in self.edition.prohibitions))

    def opening(self, gateway: EditionGateway) -> Expr:
        """That `gateway` is open for the item."""
        if not gateway.elements or not gateway.grounds:
            return Literal(False)
        case, item, bars = self.edition.case_points, self.edition.item_points, self.edition.bars
        return All(
            (
                *(case[index].expr for index in gateway.elements),
                AnyOf(tuple(item[index].expr for index in gateway.grounds)),
                *(Not(self.standing(bars[index])) for index in gateway.bars),
            )
        )

    def standing(self, bar: EditionBar) -> Expr:
        """That `bar` stands."""
        holds = AnyOf(tuple(self.edition.item_points[index].expr for index in bar.conditions))
        lifted = tuple(self.standing(self.edition.bars[index]) for index in bar.barred_by)
        return All((holds, Not(AnyOf(lifted)))) if lifted else holds

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every provision by address: gateways, bars, elements, grounds, conditions, what is under them, readings."""
        found: dict[str, Place] = {}

        def add(node: Node, cite: Citation, role: str, gateways: tuple[int, ...]) -> None:
            place = Place(node.address, node.label, node.cite or cite, expr_of(node), role, gateways)
            found.setdefault(node.address, place)
            if node.reading is not None:
                found.setdefault(node.reading, replace(place, address=node.reading, role="reading"))
            for child in node.children:
                add(child, place.cite or cite, role, gateways)

        every = tuple(range(len(self.edition.gateways)))
        for prohibition, applies, forbids in self.edition.prohibitions:
            for index in (applies, forbids):
                add(self.edition.item_points[index].node, prohibition.cite, "prohibition", every)
        for number, gateway in enumerate(self.edition.gateways):
            rule = gateway.rule
            found[rule.address] = Place(
                rule.address, rule.title, rule.cite, self.opening(gateway), "gateway", (number,)
            )
            for index in gateway.elements:
                add(self.edition.case_points[index].node, rule.cite, "element", (number,))
            for index in gateway.grounds:
                add(self.edition.item_points[index].node, rule.cite, "ground", (number,))
        for number, bar in enumerate(self.edition.bars):
            over = tuple(g for g, gateway in enumerate(self.edition.gateways) if number in gateway.bars)
            if not over:
                continue
            rule_of_bar = bar.rule
            found[rule_of_bar.address] = Place(
                rule_of_bar.address, rule_of_bar.title, rule_of_bar.cite, self.standing(bar), "bar", over
            )
            for index in bar.conditions:
                add(self.edition.item_points[index].node, rule_of_bar.cite, "bar", over)
        return found

    def place(self, address: str) -> Place:
        """The provision at `address`. Raises `UnknownAddress`."""
        found = self.places.get(address)
        if found is None:
            raise UnknownAddress(address, list(self.places), f"the edition `{self.edition.profile}`")
        return found

    @cached_property
    def _reads(self) -> tuple[tuple[Point, frozenset[str]], ...]:
        return tuple((point, facts_in(point.expr)) for point in (*self.edition.case_points, *self.edition.item_points))

    def apart(self, one: Case, other: Case) -> tuple[Place, ...]:
        """The provisions in which two cases differ, the innermost ones only, in the order of the book."""
        before, after = one.stated, other.stated
        changed = frozenset(differing(before, after))
        found = dict.fromkeys(
            address
            for point, reads in self._reads
            if reads & changed
            for address in _innermost(trace_node(point.node, before), trace_node(point.node, after))
        )
        return tuple(self.places[address] for address in found if address in self.places)


def latest_day(book: Book) -> date:
    """The last day, today at the latest, on which a rule of `book` came into force or a profile was first held.

    The law of that day is the law of today, and tests that name no day are the same tomorrow.
    """
    today = datetime.now(UTC).date()
    days = [rule.in_force.start for rule in book.rules.values()] + [one.since for one in book.profiles.values()]
    return max((day for day in days if day is not None and day <= today), default=today)


def expr_of(node: Node) -> Expr:
    """The whole meaning of a node of an edition."""
    parts = tuple(expr_of(child) for child in node.children)
    match node.op:
        case "any":
            return AnyOf(parts)
        case "none":
            return Not(AnyOf(parts))
        case _ if parts:
            return parts[0] if len(parts) == 1 else All(parts)
    return node.test if node.test is not None else Literal(None)


def _innermost(one: TraceNode, other: TraceNode) -> Iterator[str]:
    if one.result is other.result:
        return
    below = [address for a, b in zip(one.children, other.children, strict=True) for address in _innermost(a, b)]
    yield from below or [one.node.address]


def _only(edition: Edition, under: tuple[str, ...]) -> Edition:
    if not under:
        return edition
    known = [gateway.rule.address for gateway in edition.gateways]
    for address in under:
        if address not in known:
            raise UnknownAddress(address, known, f"the edition `{edition.profile}` of {edition.as_of}")
    kept = tuple(gateway for gateway in edition.gateways if gateway.rule.address in under)
    return replace(edition, gateways=kept, digest=f"{edition.digest}:{','.join(under)}")
