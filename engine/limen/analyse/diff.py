"""What an amendment changes: every way in which two books decide differently, and nothing else.

Differences are told gateway by gateway, in the words of what the amendment touched: *the verdict goes from deny to
allow where, in this gateway, these facts are so and everything else it asks is met.* Each sentence comes with a case
that shows it and a twin, one fact apart, that both books decide alike; both are run. When every sentence has been
found, Z3 is asked once more for a difference outside all of them: `complete` means that there is none.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import z3

from limen.analyse.apart import ITEM, Side, Witness, alike, shortened, verdict_of
from limen.analyse.bench import Spot, get, put
from limen.analyse.trials import Law
from limen.decide.exact import FactVariables, Undecided, can_hold, same
from limen.decide.exact_rails import Formula, every, opposite, some
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.expression import text_of
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import BoolFact as Flag
from limen.law.tree import Compare, DaysBetween, Expr, Member, Not, Number, walk
from limen.law.tree import Literal as Fixed
from limen.law.vocabulary import FactValue

SECONDS = 0.9
TRANSITIONS = tuple(
    (before, after)
    for before in ("allow", "deny", "open", "not_covered")
    for after in ("allow", "deny", "open", "not_covered")
    if before != after
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way in which verdicts change, under one profile.

    `where` lists what has to be so, in the test language: facts that what was changed reads; `rule` is the gateway,
    bar or prohibition they are read in. `witness` changes, `twin` (one fact apart) does not; `twin` is `None` where
    no single fact makes the difference.
    """

    profile: str
    before: str
    after: str
    rule: str
    where: tuple[str, ...]
    witness: CaseFacts
    twin: CaseFacts | None
    apart_by: str | None


@dataclass(frozen=True, slots=True)
class Difference(Shown):
    """All sentences, the addresses whose words differ, and whether any difference lies outside the sentences.

    `counts` says for a population how many cases change under each profile; `population` how many were asked.
    """

    as_of: date
    changed: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    complete: bool
    population: int = 0
    counts: Mapping[str, int] | None = None

    @property
    def same(self) -> bool:
        """Whether the two books are proved to decide every case of the day alike, under every profile they share."""
        return self.complete and not self.sentences

    def _repr_html_(self) -> str:
        from limen.analyse.html import difference_html

        return difference_html(self)


def diff(
    one: Book,
    other: Book,
    as_of: date,
    profiles: Iterable[str] | None = None,
    population: Iterable[CaseFacts] = (),
    seconds: float = SECONDS,
) -> Difference:
    """What changes between two books on one day, under each profile they share (or under `profiles`).

    Raises `EditionError` where one of them has no law for the day.
    """
    until = time.perf_counter() + seconds
    before, after = Law(one, as_of), Law(other, as_of)
    names = [name for name in (profiles or one.profiles) if name in one.profiles and name in other.profiles]
    sentences: list[Sentence] = []
    complete = True
    for name in names if not alike(before, after, tuple(names)) else ():
        try:
            sentences += _Comparing(before, after, name, until).sentences()
        except (TimeoutError, Undecided) as stopped:
            sentences += getattr(stopped, "found", ())
            complete = False
    counts: dict[str, int] = {}
    number = 0
    for facts in population:
        number += 1
        for name in names:
            counts[name] = counts.get(name, 0) + (verdict_of(before, facts, name) != verdict_of(after, facts, name))
    return Difference(as_of, changed_addresses(before, after), tuple(sentences), complete, number, counts)


def changed_addresses(before: Law, after: Law) -> tuple[str, ...]:
    """The points, and alternatives of readings, that do not read the same, in the order of the first book."""

    def all_of(law: Law) -> dict[str, Expr]:
        points = (*law.edition.case_points, *law.edition.item_points)
        found = {point.address: point.expr for point in points}
        for reading, meanings in law.open.meanings.items():
            found |= {f"{reading}:{id}": expr for id, expr in meanings.items()}
        return found

    one, other = all_of(before), all_of(after)
    return tuple(address for address in {**one, **other} if one.get(address) != other.get(address))


class _Comparing:
    """Two books under one profile, in one solver."""

    def __init__(self, before: Law, after: Law, profile: str, until: float) -> None:
        self._before, self._after, self._profile, self._until = before, after, profile, until
        context = z3.Context()
        self._variables = FactVariables({**after.edition.facts, **before.edition.facts}, context)
        chosen: dict[str, Formula] = {profile: True}
        self._one = Side(before, self._variables, chosen)
        self._other = Side(after, self._variables, chosen, self._one)
        self._solver = z3.Solver(ctx=context)
        self._atoms = _atoms_of_change(self._one, self._other, profile)
        self._literals = [(rule, words, formula) for rule, words, formula in self._atom_literals()]
        self._solver.add(*self._variables.domain)

    def sentences(self) -> list[Sentence]:
        """Every sentence for this profile. Raises `TimeoutError` with those found so far in `found`."""
        found: list[Sentence] = []
        for before, after in TRANSITIONS:
            change = every((self._one.settled.verdict(before), self._other.settled.verdict(after)))
            if change is False:
                continue
            self._solver.push()
            if change is not True:
                self._solver.add(change)
            told: list[tuple[Sentence, Formula]] = []
            try:
                for sentence, block in self._of_transition(before, after):
                    told.append((sentence, opposite(block)))
                    self._solver.add(block)
                found += self._needed(told)
            except TimeoutError as stopped:
                stopped.found = [*found, *(sentence for sentence, _ in told)]  # type: ignore[attr-defined]
                raise
            finally:
                self._solver.pop()
        return found

    def _needed(self, told: list[tuple[Sentence, Formula]]) -> list[Sentence]:
        """The sentences without those that the others say already."""
        kept = list(told)
        for one in told:
            others = [formula for sentence, formula in kept if sentence is not one[0]]
            solver = z3.Solver(ctx=self._variables.context)
            solver.add(*self._variables.domain)
            if len(kept) > 1 and not can_hold(solver, one[1], opposite(some(others))):
                kept.remove(one)
        return [sentence for sentence, _ in kept]

    def _of_transition(self, before: str, after: str) -> Iterator[tuple[Sentence, Formula]]:
        """One sentence after another, until no case of this transition is left outside them."""
        while (model := self._model()) is not None:
            case = self._case(model)
            facts = shortened(case, lambda shorter: self._turns(shorter) == (before, after))
            held = self._held(facts)
            kept = self._fewest(held, before, after)
            rule = kept[0][0] if kept else self._rule_of(facts)
            twin, apart = self._twin(facts)
            block = opposite(every(formula for _, _, formula in kept))
            where = tuple(dict.fromkeys(words for _, words, _ in kept))
            yield Sentence(self._profile, before, after, rule, where, facts, twin, apart), block

    def _fewest(self, held: list[tuple[str, str, Formula]], before: str, after: str) -> list[tuple[str, str, Formula]]:
        """Of what holds in a case, no more than what separates it from cases that are decided alike.

        A literal goes when, without it, the sentence still speaks only of what was changed: the points that differ
        come out, in both books, as they do in this case.
        """
        change = self._core
        solver = z3.Solver(ctx=self._variables.context)
        solver.add(*self._variables.domain, opposite(change))
        kept = list(held)
        for literal in held:
            fewer = [one for one in kept if one is not literal]
            if solver.check(*(formula for _, _, formula in fewer if formula is not True)) == z3.unsat:
                kept = fewer
        return kept

    @property
    def _core(self) -> Formula:
        """That something the change touched comes out otherwise in the other book, or is there in one of them alone."""
        differing: list[Formula] = []
        for address in {**self._one.points, **self._other.points}:
            mine, theirs = self._one.points.get(address), self._other.points.get(address)
            if mine is not None and theirs is not None:
                if mine[1] is not theirs[1]:
                    both = same(mine[1].true, theirs[1].true), same(mine[1].false, theirs[1].false)
                    differing.append(opposite(every(both)))
            elif self._of_both(address):
                (_, alone) = mine or theirs or (None, None)
                if alone is not None:
                    differing.append(opposite(alone.true if address in self._elements else alone.false))
        for side, others in ((self._one, self._after), (self._other, self._before)):
            rules = {g.rule.address for g in others.edition.gateways} | {b.rule.address for b in others.edition.bars}
            settled = side.settled
            for gateway, rails in zip(side.law.edition.gateways, settled.gateways, strict=True):
                differing += [opposite(rails.false)] if gateway.rule.address not in rules else []
            for bar, rails in zip(side.law.edition.bars, settled.bars, strict=True):
                differing += [opposite(rails.false)] if bar.rule.address not in rules else []
        return some(differing)

    @cached_property
    def _elements(self) -> frozenset[str]:
        return frozenset(p.address for law in (self._before, self._after) for p in law.edition.case_points)

    def _of_both(self, address: str) -> bool:
        """Whether the rule that holds a point is law in both books."""
        rule = address.partition("#")[0]
        return all(
            any(
                point.address.partition("#")[0] == rule
                for point in (*law.edition.case_points, *law.edition.item_points)
            )
            for law in (self._before, self._after)
        )

    def _atom_literals(self) -> Iterator[tuple[str, str, Formula]]:
        fold = self._one.fold
        for rule, atom in self._atoms:
            rails = fold(atom)
            words = text_of(atom)
            yield rule, words, rails.true
            yield rule, text_of(Not(atom)), rails.false
            yield rule, f"nobody has said whether {words}", every((opposite(rails.true), opposite(rails.false)))

    def _held(self, facts: CaseFacts) -> list[tuple[str, str, Formula]]:
        """What holds of a case, of all that the changed points read."""
        from limen.decide.reference import truth

        stated = {**facts.facts, **facts.items[0].facts}
        held = []
        for position, (_, atom) in enumerate(self._atoms):
            result = truth(atom, stated)
            held.append(self._literals[3 * position + (0 if result is True else 1 if result is False else 2)])
        return held

    def _model(self) -> z3.ModelRef | None:
        left = self._until - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        self._solver.set("timeout", max(1, int(left * 1000)))
        answer = self._solver.check()
        if answer == z3.unknown:
            raise TimeoutError
        return self._solver.model() if answer == z3.sat else None

    def _case(self, model: z3.ModelRef) -> CaseFacts:
        stated = self._variables.read(model)
        facts = self._variables.facts
        case = {name: value for name, value in stated.items() if not facts[name].per_item}
        return CaseFacts(case, (ItemFacts(ITEM, {n: v for n, v in stated.items() if facts[n].per_item}),))

    def _turns(self, facts: CaseFacts) -> tuple[str, str]:
        return verdict_of(self._before, facts, self._profile), verdict_of(self._after, facts, self._profile)

    def _twin(self, facts: CaseFacts) -> tuple[CaseFacts | None, str | None]:
        """A case one fact apart that both books decide alike, nearest to what was changed."""
        read = {fact for _, atom in self._atoms for fact in _facts(atom)}
        spots: list[Spot] = [
            (name, ITEM if self._variables.facts[name].per_item else None)
            for name in sorted(self._variables.facts, key=lambda name: name not in read)
            if not name.startswith("reading ")
        ]
        for spot in spots:
            values: list[FactValue | None] = [None]
            fact = self._variables.facts[spot[0]]
            values += [True, False] if fact.type == "bool" else list(fact.values)
            for value in values:
                if value == get(facts, spot):
                    continue
                twin = put(facts, {spot: value})
                before, after = self._turns(twin)
                if before == after:
                    return twin, spot[0]
        return None, None

    def _rule_of(self, facts: CaseFacts) -> str:
        """The first rule that is gone, or new, where no point that both have tells the two apart."""
        mine = {g.rule.address for g in self._before.edition.gateways} | {
            b.rule.address for b in self._before.edition.bars
        }
        theirs = {g.rule.address for g in self._after.edition.gateways} | {
            b.rule.address for b in self._after.edition.bars
        }
        return next(iter(sorted(mine ^ theirs)), next(iter(sorted(mine))))


def _atoms_of_change(one: Side, other: Side, profile: str) -> list[tuple[str, Expr]]:
    """What the points that differ read, readings replaced by what the profile takes them to mean; with their rule."""
    found: dict[tuple[str, Expr], None] = {}
    for address in {**one.points, **other.points}:
        mine, theirs = one.points.get(address), other.points.get(address)
        if mine is not None and theirs is not None and mine[1] is theirs[1]:
            continue
        for side, point in ((one, mine), (other, theirs)):
            for atom in _atoms(side, point[0], profile) if point is not None else ():
                found.setdefault((address.partition("#")[0], atom))
    unique: dict[Expr, str] = {}
    for rule, atom in found:
        unique.setdefault(atom, rule)
    return [(rule, atom) for atom, rule in unique.items()]


def _atoms(side: Side, expr: Expr, profile: str) -> Iterator[Expr]:
    for part in walk(expr):
        match part:
            case Flag(name) if name.startswith("reading "):
                address = name.removeprefix("reading ")
                chosen = side.law.book.profiles[profile].chooses[address]
                yield from _atoms(side, side.law.open.meanings[address][chosen], profile)
            case Flag() | Member() | Compare():
                yield part
            case Fixed():
                continue


def _facts(atom: Expr) -> Iterator[str]:
    match atom:
        case Flag(fact) | Member(fact, _) | Compare(Number(fact)):
            yield fact
        case Compare(DaysBetween(start, end)):
            yield from (start, end)


def witnesses(found: Difference) -> Iterator[Witness]:
    """The witness of each sentence, as two books told apart."""
    for sentence in found.sentences:
        yield Witness(sentence.witness, found.as_of, sentence.profile, sentence.before, sentence.after)
