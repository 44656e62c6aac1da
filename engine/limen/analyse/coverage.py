"""What a suite has tried: each provision met, not met and not known, each reading chosen, and which of it mattered.

A point is shown to matter where some case turns on it: another truth value, all else being equal, would have given
another verdict. An *independent-effect pair* is two such cases, one with the point met and one without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from limen.analyse.trials import Docket, Law, Trial
from limen.decide.reference import truth
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.law.rules import Prohibition
from limen.law.tree import Expr
from limen.law.truth import Truth

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


def coverage(book: Book, trials: Iterable[Trial]) -> Coverage:
    """What `trials` have tried of `book`."""
    docket = Docket(book, trials)
    lines = _lines(book)
    choices = {
        (address, alternative.id): Choice(address, alternative.id)
        for address, reading in book.readings.items()
        for alternative in reading.alternatives
    }
    places: dict[int, list[_Slot]] = {}
    for hearing in docket.hearings:
        trial = hearing[0].trial
        law = docket.law(trial.as_of)
        stated = law.stated(trial.facts, trial.choices)
        slots = places.get(id(law))
        if slots is None:
            slots = places[id(law)] = _slots(law, lines)
        for truths in law.node_truths(stated):
            for (tried, reading, alternative), result in zip(slots, truths, strict=True):
                if reading is None or trial.choices[reading] == alternative:
                    ids = tried[result]
                    if not ids or ids[-1] != trial.id:
                        ids.append(trial.id)
        for heard in hearing:
            for kind, index in heard.turns_on:
                point = (law.edition.case_points if kind == "case" else law.edition.item_points)[index]
                result = (heard.case if kind == "case" else heard.found.points)[index]
                lines[point.address].effect.setdefault(WORDS[result], trial.id)
        verdicts = [heard.found.verdict for heard in hearing]
        for address, chosen in trial.choices.items():
            _note(choices[address, chosen].chosen, trial.id)
            meanings = law.open.meanings[address]
            outcome = _comes_to(meanings[chosen], stated)
            for other, meaning in meanings.items():
                if other != chosen and _comes_to(meaning, stated) != outcome:
                    varied = law.read_otherwise(trial.facts, stated, trial.choices, address, other)
                    if [item.verdict for item in law.evaluator.find(varied).items] != verdicts:
                        _note(choices[address, chosen].mattered, trial.id)
                        break
    return Coverage(len({trial.id for trial in docket.trials}), tuple(lines.values()), tuple(choices.values()))


_Slot = tuple[dict[Truth, list[str]], str | None, str]


def _slots(law: Law, lines: Mapping[str, Line]) -> list[_Slot]:
    """Where to note the truth of each node of a day, and the alternative that has to be chosen for it to count."""
    found: list[_Slot] = []
    for node, _, name in law.nodes:
        tried = lines[node.address].tried
        reading, _, alternative = (name or "").partition(":")
        found.append(({result: tried[word] for result, word in WORDS.items()}, reading or None, alternative))
    return found


def _comes_to(meaning: Expr, stated: CaseFacts) -> tuple[Truth, ...]:
    """What a reading comes to for each item if it means this."""
    return tuple(truth(meaning, {**stated.facts, **item.facts}) for item in stated.items)


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
