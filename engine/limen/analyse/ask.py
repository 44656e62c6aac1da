"""The interview: only questions that can still change the answer, the best one first, and why each is asked.

A question can change the answer when there are two ways to answer everything else, alike but for this one fact, that
lead to different verdicts. Z3 looks for such a pair; where there is none the question is not asked, even if the rules
mention the fact. *I do not know* is an answer too: the fact then stays unknown, and the rest goes on without it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from limen.analyse.bench import Bench, Spot, put, rule_cite
from limen.decide.missing import missing_facts
from limen.decide.shown import Shown
from limen.law.facts import CaseFacts
from limen.law.vocabulary import FactValue

SECONDS = 0.7
AT_ONCE = 24
"""So many questions are looked at before somebody else may ask the same bench."""


@dataclass(frozen=True, slots=True)
class Why:
    """An element that a question is asked for."""

    address: str
    label: str
    citation: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question that can still change the answer.

    `splits` is how many gateways of all profiles asked would on average still be open after an answer: the fewer, the
    better the question. `values` are the answers, with plain words where the book has them. `proved` says that the
    solver has shown a pair of cases in which it makes the difference.
    """

    fact: str
    item: str | None
    ask: str
    type: str
    values: Mapping[str, str]
    why: tuple[Why, ...]
    splits: float
    authority_side: bool
    proved: bool


@dataclass(frozen=True, slots=True)
class Interview(Shown):
    """Where an interview stands: the verdict per item, and the questions that matter, the best first.

    No more than `len(questions)` questions remain. With none, nothing that anybody could still say changes a verdict.
    The first is always proved to matter; `proved` is how many are, where time ran out before the rest were looked at.
    """

    verdicts: Mapping[str, str]
    questions: tuple[Question, ...]

    @property
    def proved(self) -> int:
        """How many of the questions are proved to matter."""
        return sum(question.proved for question in self.questions)

    @property
    def next(self) -> Question | None:
        """The question to ask now."""
        return self.questions[0] if self.questions else None

    def _repr_html_(self) -> str:
        from limen.analyse.html import interview_html

        return interview_html(self)


def ask(bench: Bench, facts: CaseFacts, not_known: Iterable[Spot] = (), seconds: float = SECONDS) -> Interview:
    """The questions that can still change some item's verdict under some profile, best first.

    `not_known` are facts about which somebody said that they do not know. After `seconds` the questions not yet looked
    at stay in the list, unproved.
    """
    until = time.perf_counter() + seconds
    silent = frozenset(not_known)
    places = _places(bench, facts, silent)
    splits = {spot: _left_open(bench, facts, spot) for spot in places}
    ranked = sorted(places, key=lambda spot: (splits[spot], -len(places[spot])))
    questions: list[Question] = []
    for some in _portions(ranked):
        with bench.pair.about(facts, silent) as can_change:
            for spot in some:
                late = time.perf_counter() > until and bool(questions)
                if late or can_change(spot):
                    questions.append(_question(bench, spot, places[spot], splits[spot], proved=not late))
        time.sleep(0)  # whoever else waits to ask this bench has a turn
    verdicts = {item.id: verdict for item, verdict in zip(facts.items, bench.verdicts(facts), strict=True)}
    return Interview(verdicts, tuple(questions))


def _portions(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    for start in range(0, len(spots), AT_ONCE):
        yield spots[start : start + AT_ONCE]


def _places(bench: Bench, facts: CaseFacts, silent: frozenset[Spot]) -> dict[Spot, dict[str, None]]:
    """Every fact not stated that the open verdicts mention, with the points it is for: none but these can matter."""
    found: dict[Spot, dict[str, None]] = {}
    for evaluator in bench.evaluators:
        edition = evaluator.edition
        for fact, by_item in missing_facts(edition, facts, evaluator.find(facts)).items():
            for item, addresses in by_item.items():
                spot = (fact, item if bench.facts[fact].per_item else None)
                if spot not in silent:
                    found.setdefault(spot, {}).update(dict.fromkeys(sorted(addresses)))
    order = {name: number for number, name in enumerate(bench.facts)}
    return dict(sorted(found.items(), key=lambda entry: order[entry[0][0]]))


def _question(bench: Bench, spot: Spot, addresses: Mapping[str, None], splits: float, proved: bool) -> Question:
    fact = bench.facts[spot[0]]
    labels = fact.labels or {}
    values = {"true": "yes", "false": "no"} if fact.type == "bool" else {v: labels.get(v, v) for v in fact.values}
    return Question(
        fact=fact.name,
        item=spot[1],
        ask=fact.ask,
        type=fact.type,
        values=values,
        why=tuple(_why(bench, address) for address in addresses),
        splits=splits,
        authority_side=bench.is_authoritys(fact.name),
        proved=proved,
    )


def _left_open(bench: Bench, facts: CaseFacts, spot: Spot) -> float:
    """How many gateways stay open on average after an answer; a settled verdict leaves none."""
    answers: tuple[FactValue, ...] = bench.candidates(spot, facts)
    if not answers:
        return float(len(bench.editions) * len(bench.editions[0].gateways))
    left = 0
    for value in answers:
        case = put(facts, {spot: value})
        for evaluator in bench.evaluators:
            for item in evaluator.find(case).items:
                left += 0 if item.verdict != "open" else item.gateways.count(None)
    return left / len(answers)


def _why(bench: Bench, address: str) -> Why:
    """The point at `address` with its citation, or that of its rule."""
    for edition in bench.editions:
        for point in (*edition.case_points, *edition.item_points):
            if point.address == address:
                cite = point.node.cite or rule_cite(edition, address.partition("#")[0])
                return Why(address, point.node.label or point.node.id, cite.text if cite is not None else "")
    raise KeyError(address)
