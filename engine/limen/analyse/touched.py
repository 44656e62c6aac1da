"""Which cases can a change of the book touch? Those for which a part it changed comes to something else.

A verdict is made of two things: whether the prohibition reaches the item, and whether some gateway is open. Where two
books have the same prohibitions on a day, they answer a case alike if the parts in which their gateways differ
(elements, grounds, bars, whole gateways) come to the same. Those are few, so most cases are settled without asking the
whole law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from limen.decide.panel import Choices
from limen.decide.reference import Stated, truth
from limen.law.closing import reading_fact
from limen.law.facts import CaseFacts
from limen.law.open_edition import OpenEdition
from limen.law.tree import Expr, facts_in
from limen.law.truth import Truth, conjunction, disjunction, negation
from limen.law.vocabulary import FactValue


class _Bar(NamedTuple):
    conditions: tuple[Expr, ...]
    lifted_by: tuple[_Bar, ...]


class _Gateway(NamedTuple):
    """A gateway with all that decides whether it is open."""

    elements: tuple[Expr, ...]
    grounds: tuple[Expr, ...]
    bars: tuple[_Bar, ...]


_Part = Expr | _Bar | _Gateway


class _Difference(NamedTuple):
    """Parts of one book, and those in their place in another; `joined` makes one truth of each."""

    joined: Callable[[Iterable[Truth]], Truth]
    before: tuple[_Part, ...]
    after: tuple[_Part, ...]


class Touched:
    """What lies between the law of a day in one book and in another."""

    def __init__(self, before: OpenEdition, after: OpenEdition) -> None:
        self._common = [reading for reading in before.meanings if reading in after.meanings]
        altered = frozenset(
            reading_fact(one) for one in self._common if before.meanings[one] != after.meanings[one]
        )  # fmt: skip
        prohibitions = _prohibitions(before)
        self._everything = prohibitions != _prohibitions(after) or _rests_on(before, prohibitions, altered)
        self._differences = tuple(_differences(before, after, altered))
        self._before = _Readings(before, (part for one in self._differences for part in one.before))
        self._after = _Readings(after, (part for one in self._differences for part in one.after))

    def can_turn(self, facts: CaseFacts, before: Choices, after: Choices) -> bool:
        """Whether some item may be answered otherwise, under these `Choices` of either book; false means it is not."""
        if self._everything or any(before[reading] != after[reading] for reading in self._common):
            return True
        if not self._differences:
            return False
        for item in facts.items:
            stated = {**facts.facts, **item.facts}
            one, other = self._before.put_in(stated, before), self._after.put_in(stated, after)
            for joined, mine, theirs in self._differences:
                if joined(_truth(part, one) for part in mine) is not joined(_truth(part, other) for part in theirs):
                    return True
        return False


class _Readings:
    """The readings of a book that some parts of it rest on."""

    def __init__(self, law: OpenEdition, parts: Iterable[_Part]) -> None:
        read = _all_reads(law, (expr for part in parts for expr in _exprs(part)))
        self._meanings = [(one, law.meanings[one]) for one in law.order if reading_fact(one) in read]

    def put_in(self, stated: Stated, choices: Choices) -> Stated:
        """The facts `stated`, with what each of these readings comes to."""
        if not self._meanings:
            return stated
        known: dict[str, FactValue] = dict(stated)
        for reading, meanings in self._meanings:
            result = truth(meanings[choices[reading]], known)
            if result is not None:
                known[reading_fact(reading)] = result
        return known


def _differences(before: OpenEdition, after: OpenEdition, altered: frozenset[str]) -> Iterator[_Difference]:
    """Where the gateways are not the same; a part that rests on an `altered` reading is not."""
    mine, theirs = _gateways(before), _gateways(after)

    def unlike(one: Sequence[_Part], other: Sequence[_Part]) -> tuple[tuple[_Part, ...], tuple[_Part, ...]]:
        same = [part for part in one if part in other and not _rests_on(before, _exprs(part), altered)]
        return tuple(part for part in one if part not in same), tuple(part for part in other if part not in same)

    for address in dict.fromkeys((*mine, *theirs)):
        was, now = mine.get(address), theirs.get(address)
        if was is None or now is None or not was.elements or not now.elements:
            yield _Difference(disjunction, () if was is None else (was,), () if now is None else (now,))
            continue
        for joined, pair in (
            (conjunction, unlike(was.elements, now.elements)),
            (disjunction, unlike(was.grounds, now.grounds)),
            (disjunction, unlike(was.bars, now.bars)),
        ):
            if pair != ((), ()):
                yield _Difference(joined, *pair)


def _truth(part: _Part, stated: Stated) -> Truth:
    """Whether a gateway is open, a bar stands, or an expression is true."""
    if isinstance(part, _Gateway):
        if not part.elements:
            return False
        return conjunction(
            (
                conjunction(truth(expr, stated) for expr in part.elements),
                disjunction(truth(expr, stated) for expr in part.grounds),
                negation(disjunction(_truth(bar, stated) for bar in part.bars)),
            )
        )
    if isinstance(part, _Bar):
        return conjunction(
            (
                disjunction(truth(expr, stated) for expr in part.conditions),
                negation(disjunction(_truth(other, stated) for other in part.lifted_by)),
            )
        )
    return truth(part, stated)


def _gateways(law: OpenEdition) -> Mapping[str, _Gateway]:
    edition = law.edition
    points = [point.expr for point in edition.item_points]
    bars: list[_Bar] = []
    for bar in edition.bars:
        conditions = tuple(points[index] for index in bar.conditions)
        bars.append(_Bar(conditions, tuple(bars[index] for index in bar.barred_by)))
    return {
        gateway.rule.address: _Gateway(
            tuple(edition.case_points[index].expr for index in gateway.elements),
            tuple(points[index] for index in gateway.grounds),
            tuple(bars[index] for index in gateway.bars),
        )
        for gateway in edition.gateways
    }


def _prohibitions(law: OpenEdition) -> tuple[Expr, ...]:
    points = law.edition.item_points
    return tuple(points[index].expr for _, *both in law.edition.prohibitions for index in both)


def _exprs(part: _Part) -> Iterator[Expr]:
    """Every expression in a part."""
    if isinstance(part, _Gateway):
        yield from (*part.elements, *part.grounds)
        inner = part.bars
    elif isinstance(part, _Bar):
        yield from part.conditions
        inner = part.lifted_by
    else:
        yield part
        return
    for bar in inner:
        yield from _exprs(bar)


def _rests_on(law: OpenEdition, exprs: Iterable[Expr], altered: frozenset[str]) -> bool:
    return bool(altered) and not altered.isdisjoint(_all_reads(law, exprs))


def _all_reads(law: OpenEdition, exprs: Iterable[Expr]) -> frozenset[str]:
    """The facts that `exprs` read, and those that the readings among them read."""
    read: set[str] = set().union(*map(facts_in, exprs))
    for address in reversed(law.order):
        if reading_fact(address) in read:
            read = read.union(*map(facts_in, law.meanings[address].values()))
    return frozenset(read)
