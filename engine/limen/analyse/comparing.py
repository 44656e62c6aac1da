"""Two books under profiles that take the change alike, in one solver: every way in which verdicts change, told.

A sentence is necessary: when the last has been found, no case changes outside them, under any of the profiles.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import z3

from limen.analyse.apart import ITEM, Side, shortened, verdict_of
from limen.analyse.bench import Spot, get, put
from limen.analyse.conditions import Atoms, Condition, holds
from limen.analyse.trials import Law
from limen.decide.exact import FactVariables, same
from limen.decide.exact_rails import Formula, every, opposite, some
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue

TRANSITIONS = tuple(
    (before, after)
    for before in ("allow", "deny", "open", "not_covered")
    for after in ("allow", "deny", "open", "not_covered")
    if before != after
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way in which verdicts change, under each of `profiles`.

    `where` lists what has to be so, in the test language: facts that what was changed reads; `rule` is the gateway,
    bar or prohibition they are read in. `witness` changes under the first of the profiles, `twin` (one fact apart) does
    not; `twin` is `None` where no single fact makes the difference. Under each other profile a case was found and run
    that fits the sentence and changes so.
    """

    profiles: tuple[str, ...]
    before: str
    after: str
    rule: str
    where: tuple[str, ...]
    witness: CaseFacts
    twin: CaseFacts | None
    apart_by: str | None

    @property
    def profile(self) -> str:
        """The profile under which the witness changes."""
        return self.profiles[0]


class Comparing:
    """Two books under a group of profiles that take the change alike, in one solver, until a moment of the clock."""

    def __init__(self, before: Law, after: Law, profiles: tuple[str, ...], until: float) -> None:
        self._before, self._after, self._profiles, self._until = before, after, profiles, until
        context = z3.Context()
        self._variables = FactVariables({**after.edition.facts, **before.edition.facts}, context)
        alone = len(profiles) == 1
        self._chosen: dict[str, Formula] = {name: alone or z3.Bool(f"profile {name}", context) for name in profiles}
        self._one = Side(before, self._variables, self._chosen)
        self._other = Side(after, self._variables, self._chosen, self._one)
        self._atoms = Atoms(self._one, self._other, profiles[0])
        self._domain: list[Formula] = [*self._variables.domain]
        self._domain += [] if alone else [z3.PbEq([(flag, 1) for flag in self._chosen.values()], 1)]
        self._solver, self._telling = z3.Solver(ctx=context), z3.Solver(ctx=context)
        self._solver.add(*self._domain)
        self._telling.add(*self._domain)

    def sentences(self) -> list[Sentence]:
        """Every sentence for these profiles. Raises `TimeoutError` with those found so far in `found`."""
        found: list[Sentence] = []
        for before, after in TRANSITIONS:
            change = every((self._one.settled.verdict(before), self._other.settled.verdict(after)))
            if change is False:
                continue
            self._solver.push()
            self._solver.add(*([] if change is True else [change]))
            told: list[tuple[Sentence, Formula]] = []
            try:
                self._solver.push()
                for sentence, holds in self._of_transition(before, after):
                    told.append((sentence, holds))
                    self._solver.add(opposite(holds))
                self._solver.pop()
                found += [self._under_each(*one) for one in self._needed(told)]
            except TimeoutError as stopped:
                stopped.found = [*found, *(sentence for sentence, _ in told)]  # type: ignore[attr-defined]
                raise
            finally:
                self._solver.pop()
        return found

    def _needed(self, told: list[tuple[Sentence, Formula]]) -> list[tuple[Sentence, Formula]]:
        """The sentences without those that the others say already."""
        kept = list(told)
        for one in told:
            others = [formula for _, formula in kept if formula is not one[1]]
            if len(kept) > 1 and self._never(one[1], opposite(some(others))):
                kept.remove(one)
        return kept

    def _never(self, *formulas: Formula) -> bool:
        """Whether it is proved, of every case whatever its verdict, that these do not hold together."""
        if any(formula is False for formula in formulas):
            return True
        self._telling.set("timeout", self._left())
        return bool(self._telling.check(*(formula for formula in formulas if formula is not True)) == z3.unsat)

    def _under_each(self, sentence: Sentence, holds: Formula) -> Sentence:
        """The sentence with each profile under which some case that fits it changes so; the case is run."""
        turn = (sentence.before, sentence.after)
        under = [sentence.profile]
        for name in self._profiles:
            if name == sentence.profile:
                continue
            if self._turns(sentence.witness, name) == turn:
                under.append(name)
                continue
            model = self._model(self._chosen[name], holds)
            if model is not None:
                if self._turns(self._case(model), name) != turn:
                    raise RuntimeError(f"the solver and the evaluators differ on a case under {name}")
                under.append(name)
        first, *others = under
        return replace(sentence, profiles=(first, *(name for name in self._profiles if name in others)))

    def _of_transition(self, before: str, after: str) -> Iterator[tuple[Sentence, Formula]]:
        """One sentence after another with when it holds, until no case of this transition is left outside them."""
        while (model := self._model()) is not None:
            profile = next(name for name, flag in self._chosen.items() if flag is True or z3.is_true(model.eval(flag)))
            facts, kept = self._told_of(self._case(model), profile, (before, after))
            rule = self._atoms.rule(kept) or self._rule_of(facts)
            twin, apart = self._twin(facts, profile)
            sentence = Sentence((profile,), before, after, rule, self._atoms.words(kept), facts, twin, apart)
            yield sentence, self._atoms.formula(kept)

    def _told_of(self, whole: CaseFacts, profile: str, turn: tuple[str, str]) -> tuple[CaseFacts, Condition]:
        """A short case that turns so, and what is told of it, which holds of the `whole` case that was found too.

        Otherwise the whole one would stay outside every sentence, and be found for ever.
        """
        facts = shortened(whole, lambda shorter: self._turns(shorter, profile) == turn)
        kept = self._fewest(self._atoms.truths(facts))
        if holds(kept, self._atoms.truths(whole)):
            return facts, kept
        kept = self._fewest(self._atoms.truths(whole))

        def still(shorter: CaseFacts) -> bool:
            return self._turns(shorter, profile) == turn and holds(kept, self._atoms.truths(shorter))

        return shortened(whole, still), kept

    def _fewest(self, truths: Sequence[Truth]) -> Condition:
        """Of what holds in a case, no more than what separates it from cases that are decided alike.

        A part goes when the sentence then still speaks only of what was changed: the points that differ come out, in
        both books, as they do in this case.
        """
        kept: Condition = dict(enumerate(truths))
        for position in range(len(truths)):
            fewer = {at: truth for at, truth in kept.items() if at != position}
            if self._never(opposite(self._core), self._atoms.formula(fewer)):
                kept = fewer
        return kept

    @cached_property
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

    def _left(self) -> int:
        """Milliseconds until time runs out. Raises `TimeoutError` when it has."""
        left = self._until - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        return max(1, int(left * 1000))

    def _model(self, *assumed: Formula) -> z3.ModelRef | None:
        if any(formula is False for formula in assumed):
            return None
        self._solver.set("timeout", self._left())
        answer = self._solver.check(*(formula for formula in assumed if formula is not True))
        if answer == z3.unknown:
            raise TimeoutError
        return self._solver.model() if answer == z3.sat else None

    def _case(self, model: z3.ModelRef) -> CaseFacts:
        stated = self._variables.read(model)
        facts = self._variables.facts
        case = {name: value for name, value in stated.items() if not facts[name].per_item}
        return CaseFacts(case, (ItemFacts(ITEM, {n: v for n, v in stated.items() if facts[n].per_item}),))

    def _turns(self, facts: CaseFacts, profile: str) -> tuple[str, str]:
        return verdict_of(self._before, facts, profile), verdict_of(self._after, facts, profile)

    def _twin(self, facts: CaseFacts, profile: str) -> tuple[CaseFacts | None, str | None]:
        """A case one fact apart that both books decide alike, nearest to what was changed."""
        read = self._atoms.facts
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
                before, after = self._turns(twin, profile)
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
