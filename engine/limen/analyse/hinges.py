"""What the answer hinges on: the verdict under every combination of readings, and the least it depends on.

Combinations are not tried one by one. Readings are left open as facts, and split only where the verdict is still
undecided: what is settled whatever a reading says is settled for all its alternatives. The leaves that remain part the
whole space of combinations, so whatever is said of them is said of every combination: that is the proof.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations, product
from math import prod

from limen.decide.compiled import Compiled, compile_edition
from limen.decide.missing import missing_facts
from limen.decide.reference import truth
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.closing import reading_fact
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.open_edition import make_open_edition
from limen.law.tree import facts_in
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue

SECONDS = 0.9
MARK = reading_fact("")
Choices = Mapping[str, str]
FlipTo = tuple[Mapping[str, tuple[str, ...]], str]
"""Readings with the alternatives that do, and the verdict they lead to together."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Combinations with one verdict: those that choose, for each reading in `where`, one of these alternatives."""

    where: Mapping[str, tuple[str, ...]]
    verdict: str
    combinations: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """What words nobody has seen do to the answer, the other readings being as in the basis.

    `met`, `not_met`: the verdict if, for this case, the words came to that. They say nothing of the case where the
    two agree: then it is that verdict whatever the words say.
    """

    reading: str
    words: str
    met: str
    not_met: str

    @property
    def whatever_it_says(self) -> bool:
        """Whether the verdict is the same either way."""
        return self.met == self.not_met


@dataclass(frozen=True, slots=True)
class ItemHinges(Shown):
    """What the verdict on one item hinges on.

    `by_verdict` counts combinations. `pivots` are the readings that make the difference in some combination.
    `flips` are the minimal sets of readings which, chosen otherwise than in the basis, change its verdict, with what
    they lead to. `rests_on` are the minimal sets which, chosen as in the basis, give its verdict whatever the others
    say. `whatever_seen` is the verdict if every redacted passage comes to the same whatever all of them say, else
    `None`. `complete` is false when time ran out: then some combinations are not counted and nothing is proved; then
    `rests_on` is empty.
    """

    item: str
    verdict: str
    leaves: tuple[Leaf, ...]
    by_verdict: Mapping[str, int]
    total: int
    pivots: tuple[str, ...]
    flips: tuple[FlipTo, ...]
    rests_on: tuple[tuple[str, ...], ...]
    redacted: tuple[Redacted, ...]
    whatever_seen: str | None
    complete: bool

    def _repr_html_(self) -> str:
        from limen.analyse.html import hinges_html

        return hinges_html(self)


class Hinges:
    """All readings of one day, to be asked about any number of cases."""

    def __init__(self, book: Book, as_of: date) -> None:
        self.book = book
        self.open = make_open_edition(book, as_of)
        self._evaluator: Compiled = compile_edition(self.open.edition)
        self._ids = {address: tuple(a.id for a in reading.alternatives) for address, reading in book.readings.items()}
        self.total = prod(len(ids) for ids in self._ids.values())
        self._needs = {
            address: tuple(
                name.removeprefix(MARK) for meaning in meanings.values() for name in facts_in(meaning)
                if name.startswith(MARK)
            )
            for address, meanings in self.open.meanings.items()
        }  # fmt: skip

    def of(self, facts: CaseFacts, basis: Choices, seconds: float = SECONDS) -> tuple[ItemHinges, ...]:
        """What each item's verdict hinges on, starting from the choices of `basis`."""
        until = time.perf_counter() + seconds
        return tuple(self._item(CaseFacts(facts.facts, (item,)), basis, until) for item in facts.items)

    def verdict(self, facts: CaseFacts, choices: Choices) -> str:
        """The verdict on the only item under one choice of readings."""
        stated = self._stated(facts)
        for address in self.open.order:
            self._put(stated, address, truth(self.open.meanings[address][choices[address]], stated))
        return self._find(facts, stated)

    def _item(self, facts: CaseFacts, basis: Choices, until: float) -> ItemHinges:
        found: list[Leaf] = []
        complete = True
        for leaf in self._leaves(facts, self._stated(facts), {}):
            found.append(leaf)
            if time.perf_counter() > until:
                complete = sum(one.combinations for one in found) == self.total
                break
        leaves = _merged(found, self._ids)
        verdict = self.verdict(facts, basis)
        by_verdict: dict[str, int] = {}
        for leaf in leaves:
            by_verdict[leaf.verdict] = by_verdict.get(leaf.verdict, 0) + leaf.combinations
        differing = [_differing(leaf, basis) for leaf in leaves if leaf.verdict != verdict]
        flips = [
            ({reading: leaf.where[reading] for reading in sorted(_differing(leaf, basis))}, leaf.verdict)
            for leaf in leaves
            if leaf.verdict != verdict and _is_minimal(_differing(leaf, basis), differing)
        ]
        rests_on = _hitting_sets(differing) if complete else ()
        return ItemHinges(
            facts.items[0].id, verdict, tuple(leaves), by_verdict, self.total, _pivots(leaves), tuple(_joined(flips)),
            rests_on, tuple(self._redacted(facts, basis)), self._whatever_seen(facts, basis), complete,
        )  # fmt: skip

    def _leaves(
        self, facts: CaseFacts, stated: dict[str, FactValue], where: dict[str, tuple[str, ...]]
    ) -> Iterator[Leaf]:
        """The combinations that choose as `where` says, in parts with one verdict each."""
        verdict = self._find(facts, stated)
        split = self._to_split(facts, stated, where) if verdict == "open" else None
        if split is None:
            chosen = {address: len(ids) for address, ids in where.items()}
            size = prod(chosen.get(address, len(ids)) for address, ids in self._ids.items())
            yield Leaf(dict(where), verdict, size)
            return
        classes: dict[Truth, list[str]] = {}
        for id, meaning in self.open.meanings[split].items():
            classes.setdefault(truth(meaning, stated), []).append(id)
        for result, ids in classes.items():
            inner = dict(stated)
            self._put(inner, split, result)
            yield from self._leaves(facts, inner, {**where, split: tuple(ids)})

    def _to_split(self, facts: CaseFacts, stated: Mapping[str, FactValue], where: Choices | Mapping[str, object]
    ) -> str | None:  # fmt: skip
        """A reading that may still settle the verdict, after those it is built on; `None` if there is none."""
        case = self._case(facts, stated)
        wanted = missing_facts(self.open.edition, case, self._evaluator.find(case))
        for name in wanted:
            address = name.removeprefix(MARK)
            if name.startswith(MARK) and address not in where:
                below = [need for need in self._needs[address] if need not in where]
                return below[0] if below else address
        return None

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The redacted readings that some point of the law of this day reads."""
        points = (*self.open.edition.case_points, *self.open.edition.item_points)
        read = frozenset().union(*(facts_in(point.expr) for point in points))
        return tuple(
            address
            for address, reading in self.book.readings.items()
            if reading.status == "redacted" and reading_fact(address) in read
        )

    def _redacted(self, facts: CaseFacts, basis: Choices) -> Iterator[Redacted]:
        """Each of the hidden readings, met and not met."""
        for address in self.hidden:
            met, not_met = (self._seen(facts, basis, {address: result}) for result in (True, False))
            yield Redacted(address, self.book.readings[address].words, met, not_met)

    def _whatever_seen(self, facts: CaseFacts, basis: Choices) -> str | None:
        """The verdict, if it is the same whatever all hidden words come to."""
        said = set()
        for results in product((True, False), repeat=len(self.hidden)):
            said.add(self._seen(facts, basis, dict(zip(self.hidden, results, strict=True))))
            if len(said) > 1:
                return None
        return said.pop()

    def _seen(self, facts: CaseFacts, basis: Choices, results: Mapping[str, bool]) -> str:
        stated = self._stated(facts)
        for address in self.open.order:
            result = results.get(address)
            chosen = self.open.meanings[address][basis[address]]
            self._put(stated, address, truth(chosen, stated) if result is None else result)
        return self._find(facts, stated)

    def _stated(self, facts: CaseFacts) -> dict[str, FactValue]:
        return {**facts.facts, **facts.items[0].facts}

    def _put(self, stated: dict[str, FactValue], address: str, result: Truth) -> None:
        if result is not None:
            stated[reading_fact(address)] = result

    def _case(self, facts: CaseFacts, stated: Mapping[str, FactValue]) -> CaseFacts:
        declared = self.open.edition.facts
        item = {name: value for name, value in stated.items() if name in declared and declared[name].per_item}
        case = {name: value for name, value in stated.items() if name not in item}
        return CaseFacts(case, (ItemFacts(facts.items[0].id, item),))

    def _find(self, facts: CaseFacts, stated: Mapping[str, FactValue]) -> str:
        return self._evaluator.find(self._case(facts, stated)).items[0].verdict


def _differing(leaf: Leaf, basis: Choices) -> frozenset[str]:
    """The readings that have to be chosen otherwise than in `basis` to come into `leaf`."""
    return frozenset(reading for reading, ids in leaf.where.items() if basis[reading] not in ids)


def _is_minimal(one: frozenset[str], others: Iterable[frozenset[str]]) -> bool:
    return not any(other < one for other in others)


def _joined(flips: Iterable[FlipTo]) -> Iterator[FlipTo]:
    """Each minimal set of readings and verdict once, with every alternative that takes part in it."""
    seen: dict[tuple[tuple[str, ...], str], dict[str, tuple[str, ...]]] = {}
    for changes, verdict in flips:
        known = seen.setdefault((tuple(changes), verdict), {})
        for reading, ids in changes.items():
            known[reading] = tuple(dict.fromkeys((*known.get(reading, ()), *ids)))
    for (_, verdict), changes in sorted(seen.items(), key=lambda entry: (len(entry[1]), entry[0])):
        yield changes, verdict


def _merged(leaves: Sequence[Leaf], ids: Mapping[str, tuple[str, ...]]) -> list[Leaf]:
    """The same parting with fewer leaves: two that differ in one reading only, and not in verdict, are one."""
    merged = list(leaves)
    joined = True
    while joined:
        joined = False
        for one, other in combinations(merged, 2):
            differ = [r for r in {**one.where, **other.where} if one.where.get(r) != other.where.get(r)]
            if one.verdict == other.verdict and len(differ) == 1 and set(one.where) == set(other.where):
                reading = differ[0]
                both = tuple(id for id in ids[reading] if id in (*one.where[reading], *other.where[reading]))
                where = {**one.where, reading: both}
                if len(both) == len(ids[reading]):
                    del where[reading]
                merged.remove(one)
                merged.remove(other)
                merged.append(Leaf(where, one.verdict, one.combinations + other.combinations))
                joined = True
                break
    return merged


def _pivots(leaves: Sequence[Leaf]) -> tuple[str, ...]:
    """The readings that alone make the difference between two combinations.

    Two leaves hold such a pair of combinations exactly when there is one reading for which they share no alternative.
    """
    found: set[str] = set()
    for one, other in combinations(leaves, 2):
        if one.verdict != other.verdict:
            apart = [r for r, ids in one.where.items() if r in other.where and not set(ids) & set(other.where[r])]
            if len(apart) == 1:
                found.add(apart[0])
    return tuple(sorted(found))


def _hitting_sets(sets: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """The minimal sets that share something with each of `sets`; of nothing but the empty set if there are none."""
    minimal = [one for one in set(sets) if _is_minimal(one, set(sets))]
    found: list[frozenset[str]] = [frozenset()]
    for one in minimal:
        longer = {hit | {reading} for hit in found for reading in (hit & one or one)}
        found = [hit for hit in longer if _is_minimal(hit, longer)]
    return tuple(sorted((tuple(sorted(hit)) for hit in found), key=lambda hit: (len(hit), hit)))
