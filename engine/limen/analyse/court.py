"""The trials of a suite, held again under one mutant after another: only what a mutant touches is heard anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from limen.analyse.mutants import Mutant
from limen.analyse.tops import node_at, users_of
from limen.analyse.trials import Docket, Heard, Law, Trial
from limen.analyse.turning import Spot
from limen.decide.reference import truth
from limen.decide.settle import settle_item
from limen.law.book import Book
from limen.law.closing import Closing, reading_fact
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.making import EditionError
from limen.law.rules import Gateway
from limen.law.tree import Expr, Literal, facts_in
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue

MARK = reading_fact("")


class Court:
    """The trials of a suite, to be held again under one mutant after another: only what a mutant touches is heard."""

    def __init__(self, book: Book, trials: Iterable[Trial]) -> None:
        self.book = book
        whole = Docket(book, trials)
        self._joint: dict[int, list[tuple[Heard, ...]]] = {}
        for trial, heard in zip(whole.trials, whole.hearings, strict=True):
            if trial.joint is not None:
                self._joint.setdefault(id(trial.joint), []).append(heard)
        for key, members in list(self._joint.items()):
            if not self._joint_passes(members, [_said(heard) for heard in members]):
                del self._joint[key]
        self.docket = whole
        sound, failing = [], []
        for trial, heard in zip(whole.trials, whole.hearings, strict=True):
            if trial.passes([one.found.verdict for one in heard]):
                sound.append((trial, heard))
            else:
                failing.append(trial.id)
        self.failing = frozenset(failing)
        self._by_law: dict[int, list[tuple[Heard, ...]]] = {}
        self._laws: dict[int, Law] = {}
        for trial, heard in sound:
            law = whole.law(trial.as_of)
            self._laws[id(law)] = law
            self._by_law.setdefault(id(law), []).append(heard)
        self._places = {key: _Places(law) for key, law in self._laws.items()}
        self._turning: dict[int, dict[Spot, list[tuple[Heard, ...]]]] = {key: {} for key in self._laws}
        for key, hearings in self._by_law.items():
            for hearing in hearings:
                for spot in frozenset().union(*(heard.turns_on for heard in hearing)):
                    self._turning[key].setdefault(spot, []).append(hearing)
        self._users = users_of(book)
        self._known: dict[tuple[int, int, int], tuple[Expr, Truth]] = {}
        self._with_readings: dict[int, tuple[Expr, bool]] = {}

    def killer(self, mutant: Mutant) -> str | None:
        """The trial that notices `mutant`, by its id; `None` if none does."""
        if mutant.kind == "reading":
            return self._killer_of_reading(mutant)
        if mutant.days is not None:
            return self._killer_on_days(mutant)
        changed = mutant.make()
        self._known = {}
        for key, hearings in self._by_law.items():
            felt = self._places[key].felt(changed, self._users.get(mutant.top, frozenset({mutant.top})))
            if len(felt.points) == 1 and not felt.meanings:
                hearings = self._turning[key].get(next(iter(felt.points)), [])
            if felt.points or felt.meanings:
                for hearing in hearings:
                    verdicts = self._verdicts(self._laws[key], self._places[key], felt, hearing)
                    if verdicts is not None and not self._passes(hearing, verdicts, key, felt):
                        return hearing[0].trial.id
        return None

    def _passes(self, hearing: tuple[Heard, ...], verdicts: list[str], key: int, felt: Felt) -> bool:
        """Whether new verdicts are as expected of the trial itself, and of all profiles together where that is said."""
        trial = hearing[0].trial
        if not trial.passes(verdicts):
            return False
        members = self._joint.get(id(trial.joint))
        if members is None:
            return True
        law, places = self._laws[key], self._places[key]
        together = [
            verdicts if member is hearing else self._verdicts(law, places, felt, member) or _said(member)
            for member in members
        ]
        return self._joint_passes(members, together)

    def _joint_passes(self, members: Sequence[tuple[Heard, ...]], verdicts: Sequence[Sequence[str]]) -> bool:
        trial = members[0][0].trial
        return trial.joint is None or trial.joint.passes([item.id for item in trial.facts.items], verdicts)

    def _killer_of_reading(self, mutant: Mutant) -> str | None:
        profile = mutant.make().profiles[mutant.profile or ""]
        for key, hearings in self._by_law.items():
            law = self._laws[key]
            for hearing in hearings:
                trial = hearing[0].trial
                if trial.profile != mutant.profile:
                    continue
                address = mutant.address
                meaning = law.open.meanings[address][profile.chooses[address]]
                if not any(self._reads_otherwise(heard, address, meaning) for heard in hearing):
                    continue
                before = law.stated(trial.facts, trial.choices)
                read = law.read_otherwise(trial.facts, before, trial.choices, address, profile.chooses[address])
                if read == before:
                    continue
                verdicts = [str(item.verdict) for item in law.evaluator.find(read).items]
                members = self._joint.get(id(trial.joint), [])
                together = [verdicts if member is hearing else _said(member) for member in members]
                if not trial.passes(verdicts) or (members and not self._joint_passes(members, together)):
                    return trial.id
        return None

    def _killer_on_days(self, mutant: Mutant) -> str | None:
        together: dict[int, list[list[str]]] = {}
        law: Law | None = None
        for trial in self.docket.trials:
            if trial.as_of not in (mutant.days or ()) or trial.id in self.failing:
                continue
            try:
                law = law or Law(mutant.make(), trial.as_of)
            except EditionError:
                return trial.id
            found = law.evaluator.find(law.stated(trial.facts, trial.choices))
            verdicts = [str(item.verdict) for item in found.items]
            if not trial.passes(verdicts):
                return trial.id
            members = self._joint.get(id(trial.joint), [])
            said = together.setdefault(id(trial.joint), [])
            said.append(verdicts)
            if members and len(said) == len(members) and not self._joint_passes(members, said):
                return trial.id
        return None

    def _reads_otherwise(self, heard: Heard, reading: str, meaning: Expr) -> bool:
        """Whether the words come to something else for one item if they mean this."""
        return self._truth(meaning, heard) is not heard.stated.get(reading_fact(reading))

    def _truth(self, expr: Expr, heard: Heard) -> Truth:
        """The truth of `expr`, worked out once for all trials that state the same facts, unless it reads a reading."""
        of = self._with_readings.get(id(expr))
        if of is None or of[0] is not expr:
            of = self._with_readings[id(expr)] = (expr, any(name.startswith(MARK) for name in facts_in(expr)))
        if of[1]:
            return truth(expr, heard.stated)
        key = (id(expr), id(heard.trial.facts), heard.item)
        known = self._known.get(key)
        if known is None or known[0] is not expr:
            known = self._known[key] = (expr, truth(expr, heard.stated))
        return known[1]

    def _verdicts(self, law: Law, places: _Places, felt: Felt, hearing: tuple[Heard, ...]) -> list[str] | None:
        """The verdicts of one trial under a mutant; `None` where nothing it turns on is touched."""
        trial = hearing[0].trial
        concerned = {
            key: expr
            for key, expr in felt.meanings.items()
            if trial.choices[key[0]] == key[1] and any(self._reads_otherwise(heard, key[0], expr) for heard in hearing)
        }
        if not concerned and not felt.points:
            return None
        exprs = dict(felt.points)
        if concerned:
            for reading in {key[0] for key in concerned}:
                for spot, expr in places.readers(reading):
                    exprs.setdefault(spot, expr)
        elif len(exprs) == 1 and not any(next(iter(exprs)) in heard.turns_on for heard in hearing):
            return None
        restated = _restated(law, trial, concerned) if concerned else None
        verdicts = []
        changed = False
        for number, heard in enumerate(hearing):
            stated: Mapping[str, FactValue] = heard.stated
            if restated is not None:
                stated = {**restated.facts, **restated.items[number].facts}
            case, points = list(heard.case), list(heard.found.points)
            for (kind, index), expr in exprs.items():
                found = truth(expr, stated) if restated is not None else self._truth(expr, heard)
                (case if kind == "case" else points)[index] = found
            if tuple(case) == heard.case and tuple(points) == heard.found.points:
                verdicts.append(heard.found.verdict)
                continue
            changed = True
            verdicts.append(settle_item(law.edition, tuple(case), tuple(points)).verdict)
        return [str(verdict) for verdict in verdicts] if changed else None


def _said(hearing: tuple[Heard, ...]) -> list[str]:
    """The verdicts of the book itself."""
    return [str(heard.found.verdict) for heard in hearing]


def _restated(law: Law, trial: Trial, meanings: Mapping[tuple[str, str], Expr]) -> CaseFacts:
    """The facts of a trial with readings as a mutant has them."""
    case: dict[str, FactValue] = dict(trial.facts.facts)
    items: list[dict[str, FactValue]] = [dict(item.facts) for item in trial.facts.items]
    for address in law.open.order:
        chosen = trial.choices[address]
        expr = meanings.get((address, chosen), law.open.meanings[address][chosen])
        for into, stated in [(case, case)] if address not in law.open.per_item else [
            (own, {**case, **own}) for own in items
        ]:  # fmt: skip
            result = truth(expr, stated)
            if result is not None:
                into[reading_fact(address)] = result
    return CaseFacts(case, tuple(ItemFacts(i.id, own) for i, own in zip(trial.facts.items, items, strict=True)))


@dataclass(frozen=True, slots=True)
class Felt:
    """What a mutant changes of one day's law: points, and meanings of readings."""

    points: Mapping[Spot, Expr]
    meanings: Mapping[tuple[str, str], Expr]


class _Places:
    """Where the nodes of the book stand in one day's law."""

    def __init__(self, law: Law) -> None:
        self._law = law
        edition = law.edition
        self._spots: dict[str, tuple[Spot, Expr]] = {}
        for kind, points in (("case", edition.case_points), ("item", edition.item_points)):
            for index, point in enumerate(points):
                self._spots[point.address] = ((kind, index), point.expr)
        self._alone = {
            edition.case_points[g.elements[0]].address for g in edition.gateways if len(g.elements) == 1
        }  # fmt: skip
        self._readers: dict[str, list[tuple[Spot, Expr]]] = {}

    def readers(self, reading: str) -> list[tuple[Spot, Expr]]:
        """The points that read a reading, or one built on it."""
        if reading not in self._readers:
            facts = {reading_fact(reading)} | {
                reading_fact(other)
                for other, meanings in self._law.open.meanings.items()
                if any(reading_fact(reading) in facts_in(meaning) for meaning in meanings.values())
            }
            self._readers[reading] = [at for at in self._spots.values() if facts & facts_in(at[1])]
        return self._readers[reading]

    def felt(self, changed: Book, tops: frozenset[str]) -> Felt:
        """What is different on this day in a book of which only the nodes at `tops` can be."""
        closing = Closing(changed.vocabulary, changed.readings, None, self._law.as_of)
        points: dict[Spot, Expr] = {}
        meanings: dict[tuple[str, str], Expr] = {}
        for top in tops:
            if top in self._spots:
                spot, before = self._spots[top]
                node = node_at(changed, top)
                closed = closing.close(node) if node is not None else None
                expr = closed.expr if closed is not None else self._gone(changed, top)
                if expr != before:
                    points[spot] = expr
            reading, colon, alternative = top.partition(":")
            if colon and reading in changed.readings and "#" not in reading:
                expr = closing.alternative(changed.readings[reading].alternative(alternative))
                if expr != self._law.open.meanings[reading][alternative]:
                    meanings[reading, alternative] = expr
        return Felt(points, meanings)

    def _gone(self, changed: Book, top: str) -> Expr:
        """What a point that is no more amounts to: an element asks nothing, a ground or condition gives nothing."""
        rule = changed.rules[top.partition("#")[0]]
        is_element = self._spots[top][0][0] == "case"
        return Literal(isinstance(rule, Gateway) and is_element and top not in self._alone)
