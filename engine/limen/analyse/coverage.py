"""What a suite has tried: each provision met, not met and not known, each reading chosen, and which of it mattered.

A point is shown to matter where some case turns on it: another truth value, all else being equal, would have given
another verdict. An *independent-effect pair* is two such cases, one with the point met and one without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from limen.analyse.trials import Docket, Heard, Law, Trial
from limen.decide.reference import truth
from limen.decide.settle import settle_item
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.closing import reading_fact
from limen.law.facts import CaseFacts
from limen.law.rules import Prohibition
from limen.law.tree import Expr
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue

WORDS: dict[Truth, str] = {True: "met", False: "not_met", None: "not_known"}


@dataclass(slots=True)
class Line:
    """One node of the book: the trials that found it met, not met and not known.

    For an element, ground, bar condition or limb (`is_point`), `effect` has, per outcome, a trial that turned on it.
    """

    address: str
    label: str
    rule: str
    is_point: bool
    reading: str | None
    tried: dict[str, list[str]] = field(default_factory=lambda: {word: [] for word in WORDS.values()})
    effect: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Outcomes that no trial has shown."""
        return tuple(word for word, trials in self.tried.items() if not trials)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Two trials that turn on the point, one with it met and one without."""
        met = self.effect.get("met")
        without = self.effect.get("not_met") or self.effect.get("not_known")
        return (met, without) if met is not None and without is not None else None


@dataclass(slots=True)
class Choice:
    """One alternative of a reading: the trials that choose it, and those in which another would have said otherwise."""

    reading: str
    alternative: str
    chosen: list[str] = field(default_factory=list)
    mattered: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Coverage(Shown):
    """What a suite has tried of a book. Shares are of lines and outcomes; nothing counts twice."""

    trials: int
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...]

    @property
    def outcomes(self) -> tuple[int, int]:
        """Outcomes shown, of those there are: three for each node."""
        shown = sum(len(WORDS) - len(line.missing) for line in self.lines)
        return shown, len(WORDS) * len(self.lines)

    @property
    def pairs(self) -> tuple[int, int]:
        """Points with an independent-effect pair, of all points."""
        points = [line for line in self.lines if line.is_point]
        return sum(line.pair is not None for line in points), len(points)

    @property
    def readings(self) -> tuple[int, int]:
        """Alternatives that some trial chooses, of all."""
        return sum(bool(choice.chosen) for choice in self.choices), len(self.choices)

    def _repr_html_(self) -> str:
        from limen.analyse.coverage_html import coverage_table

        return coverage_table(self)


def coverage(book: Book, trials: Iterable[Trial], note: Callable[[int, int], None] | None = None) -> Coverage:
    """What `trials` have tried of `book`; `note` is told how many of how many have been heard."""
    docket = Docket(book, trials)
    lines = _lines(book)
    choices = {
        (address, alternative.id): Choice(address, alternative.id)
        for address, reading in book.readings.items()
        for alternative in reading.alternatives
    }
    places: dict[int, _Places] = {}
    told: _Told | None = None
    for number, trial in enumerate(docket.trials, 1):
        law = docket.law(trial.as_of)
        if told is None or told.facts is not trial.facts or told.law is not law:
            told = _Told(law, trial.facts)
        if id(law) not in places:
            places[id(law)] = _Places(law, lines)
        stated = law.stated(trial.facts, trial.choices)
        for truths in law.node_truths(stated):
            places[id(law)].note(trial, truths, told)
        hearing = docket.hear_stated(trial, stated)
        for heard in hearing:
            for kind, index in heard.turns_on:
                point = (law.edition.case_points if kind == "case" else law.edition.item_points)[index]
                result = (heard.case if kind == "case" else heard.found.points)[index]
                lines[point.address].effect.setdefault(WORDS[result], trial.id)
        items = [heard.stated for heard in hearing]
        said = {
            address: told.comes_to(address, chosen, law.open.meanings[address][chosen], items)
            for address, chosen in trial.choices.items()
        }
        for address, chosen in trial.choices.items():
            choice = choices[address, chosen]
            _note(choice.chosen, trial.id)
            if choice.mattered[-1:] != [trial.id] and _matters(told, hearing, said, address):
                choice.mattered.append(trial.id)
        if note is not None:
            note(number, len(docket.trials))
    return Coverage(len({trial.id for trial in docket.trials}), tuple(lines.values()), tuple(choices.values()))


_Outcome = tuple[Truth, ...]
"""What a reading comes to, item by item."""


class _Told:
    """One case under the law of a day, whatever the readings: what trials of it have in common is worked out once."""

    def __init__(self, law: Law, facts: CaseFacts) -> None:
        self.law, self.facts = law, facts
        self.noted: set[tuple[str, _Outcome]] = set()
        self._known: dict[tuple[str, str], _Outcome] = {}

    def comes_to(
        self, address: str, alternative: str, meaning: Expr, stated: Sequence[Mapping[str, FactValue]]
    ) -> _Outcome:
        """What a reading comes to if it means this."""
        key = (address, alternative)
        if key in self._known:
            return self._known[key]
        found = tuple(truth(meaning, one) for one in stated)
        if key not in self.law.built_on_readings:
            self._known[key] = found
        return found

    def turns(self, heard: Heard, address: str, outcome: Truth) -> bool:
        """Whether an item would have another verdict if the words came to this."""
        readers = self.law.readers.get(address, ())
        if not readers or (len(readers) == 1 and readers[0][0] not in heard.turns_on):
            return False
        fact = reading_fact(address)
        stated = {name: value for name, value in heard.stated.items() if name != fact}
        if outcome is not None:
            stated[fact] = outcome
        case, points = list(heard.case), list(heard.found.points)
        for (kind, index), expr in readers:
            (case if kind == "case" else points)[index] = truth(expr, stated)
        if tuple(case) == heard.case and tuple(points) == heard.found.points:
            return False
        return settle_item(self.law.edition, tuple(case), tuple(points)).verdict != heard.found.verdict


def _matters(told: _Told, hearing: Sequence[Heard], said: Mapping[str, _Outcome], address: str) -> bool:
    """Whether some other alternative of a reading would have led to another verdict on some item."""
    trial = hearing[0].trial
    for other, meaning in told.law.open.meanings[address].items():
        if other == trial.choices[address]:
            continue
        if address in told.law.read_by_readings:
            varied = told.law.stated(trial.facts, {**trial.choices, address: other})
            verdicts = [item.verdict for item in told.law.evaluator.find(varied).items]
            if verdicts != [heard.found.verdict for heard in hearing]:
                return True
            continue
        outcome = told.comes_to(address, other, meaning, [heard.stated for heard in hearing])
        if outcome != said[address] and any(map(told.turns, hearing, repeat(address), outcome)):
            return True
    return False


class _Places:
    """Where to note the truth of each node of a day; nodes of an alternative count only where it is chosen."""

    def __init__(self, law: Law, lines: Mapping[str, Line]) -> None:
        self._always: list[tuple[int, dict[Truth, list[str]]]] = []
        self._under: dict[tuple[str, str], list[tuple[int, dict[Truth, list[str]]]]] = {}
        for number, (node, _, name) in enumerate(law.nodes):
            slot = (number, {result: lines[node.address].tried[word] for result, word in WORDS.items()})
            if name is None:
                self._always.append(slot)
            else:
                reading, _, alternative = name.partition(":")
                self._under.setdefault((reading, alternative), []).append(slot)

    def note(self, trial: Trial, truths: tuple[Truth, ...], told: _Told) -> None:
        """That this trial found the nodes so."""
        slots = [slot for chosen in trial.choices.items() for slot in self._under.get(chosen, ())]
        if (trial.id, truths) not in told.noted:
            told.noted.add((trial.id, truths))
            slots += self._always
        id = trial.id
        for number, tried in slots:
            ids = tried[truths[number]]
            if not ids or ids[-1] != id:
                ids.append(id)


def _note(trials: list[str], id: str) -> None:
    if not trials or trials[-1] != id:
        trials.append(id)


def _lines(book: Book) -> dict[str, Line]:
    """An empty line for each node of the book."""
    points: set[str] = set()
    for rule in book.rules.values():
        tops = (
            (rule.applies_when, rule.forbids) if isinstance(rule, Prohibition)
            else (*getattr(rule, "elements", ()), *getattr(rule, "releases", ()), *getattr(rule, "conditions", ()))
        )  # fmt: skip
        points |= {node.address for node in tops}
    lines: dict[str, Line] = {}
    for node in book.nodes():
        address = node.address
        in_reading = "/" in address.partition("#")[0]
        reading = address.partition(":")[0] if in_reading else None
        home = address.partition("#")[0].partition("/")[0]
        lines[address] = Line(address, node.label or node.id, home, address in points, reading)
    return lines
