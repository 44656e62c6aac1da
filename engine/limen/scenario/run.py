"""Running a scenario: decide its case under each profile it names, and compare with what it expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from limen.decide.decider import Decider, Key
from limen.decide.decision import Decision
from limen.law import check_facts, usable_profiles
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.law.vocabulary import Vocabulary
from limen.request.batch import BatchContext, BatchCounts
from limen.request.characterise import Characterisation, Characteriser
from limen.request.digest import request_digest
from limen.request.match import Match
from limen.request.model import Request
from limen.request.subject import Subject
from limen.request.words import without_unknown
from limen.scenario.load import read_case
from limen.scenario.model import ALL, EVERY, Expectation, GivenMatch, Scenario

Matcher = Callable[[Subject], Match]
"""Cross-reference, for scenarios that leave the match to the registry."""


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario's case was decided to be under each profile, and each expectation that was not met."""

    scenario: Scenario
    decisions: dict[str, Decision]
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures


@dataclass(slots=True)
class ScenarioRunner:
    """Runs scenarios against one book; what it makes for one scenario serves the next.

    `match` answers for requests that give no match of their own; without it such a request has nobody cross-referenced.
    """

    book: Book
    match: Matcher | None = None
    second_key: Key | None = None
    _characteriser: Characteriser = field(init=False)
    _deciders: dict[tuple[str | None, date | None, bool], Decider] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._characteriser = Characteriser(self.book.vocabulary)

    def run(self, scenario: Scenario, profiles: Iterable[str] | None = None) -> ScenarioResult:
        """Decide under each profile `scenario` expects something of (or under `profiles`), and compare.

        Raises `RequestError`, `FactError` or `EditionError` where the scenario does not fit the book.
        """
        facts, day, request = self.case(scenario)
        asked = tuple(self.expected_profiles(scenario) if profiles is None else profiles)
        decisions: dict[str, Decision] = {}
        failures: list[str] = []
        for name in asked:
            expectation = scenario.expect.get(name) or (scenario.expect.get(EVERY) if name != ALL else None)
            profile = None if name == ALL else name
            turning = expectation is not None and self._names_readings(expectation)
            decider = self._decider(profile, scenario.known_at, turning)
            decision = decider.decide(
                facts,
                day,
                request_id=scenario.scenario,
                request_digest=request_digest(request) if request is not None else "",
            )
            decisions[name] = decision
            if expectation is not None:
                failures += [f"{name}: {failure}" for failure in compare(expectation, decision)]
        return ScenarioResult(scenario, decisions, tuple(failures))

    def case(self, scenario: Scenario) -> tuple[CaseFacts, date, Request | None]:
        """The facts of a scenario, the day of the law, and the request if it is told as one."""
        request = read_case(scenario)
        day = scenario.as_of or (request.received if request is not None else None)
        if day is None:
            raise ValueError(f"scenario `{scenario.scenario}` does not say which day's law applies")
        if request is None:
            return bare_facts(scenario, self.book.vocabulary), day, None
        return self.characterise(scenario, request, day).facts, day, request

    def characterise(self, scenario: Scenario, request: Request, day: date) -> Characterisation:
        """The facts of the `request` that `scenario` tells, with where each came from."""
        match = given_match(scenario.match) if scenario.match is not None else None
        if match is None and self.match is not None:
            match = self.match(request.subject)
        batch = given_batch(scenario) or BatchCounts([request]).context(request)
        return self._characteriser.characterise(request, match, as_of=day, batch=batch)

    def expected_profiles(self, scenario: Scenario) -> Iterator[str]:
        """The profiles a scenario expects something of: those it names, and for `every` those it does not."""
        named = [name for name in scenario.expect if name != EVERY]
        yield from named
        if EVERY in scenario.expect:
            yield from (one.id for one in usable_profiles(self.book, scenario.known_at) if one.id not in named)

    def _decider(self, profile: str | None, known_at: date | None, turning: bool) -> Decider:
        key = (profile, known_at, turning)
        if key not in self._deciders:
            self._deciders[key] = Decider(
                self.book,
                profile=profile,
                known_at=known_at,
                second_key=self.second_key,
                hinges="always" if turning else "when_differing",
            )
        return self._deciders[key]

    def _names_readings(self, expectation: Expectation) -> bool:
        """Whether the answer is said to turn on a reading, so that hinges have to be looked for."""
        return bool(expectation.under) or any(
            name == reading.address or name == reading.id
            for name in expectation.turns_on
            for reading in self.book.readings.values()
        )


def bare_facts(scenario: Scenario, vocabulary: Vocabulary) -> CaseFacts:
    """The facts a scenario states without a request; what it says is `unknown` is not known. Raises `FactError`."""
    items = {id: without_unknown(stated) for id, stated in (scenario.items or {}).items()}
    return check_facts(vocabulary, without_unknown(scenario.facts or {}), items)


def run_scenario(
    scenario: Scenario, book: Book, *, match: Matcher | None = None, second_key: Key | None = None
) -> ScenarioResult:
    """Decide the case of `scenario` under `book` for each profile it names, and compare every expectation."""
    return ScenarioRunner(book, match, second_key).run(scenario)


def given_match(given: GivenMatch) -> Match:
    """The match a scenario gives, as cross-reference would have reported it; the person found has no registry's id."""
    candidates = given.candidates if given.candidates is not None else {"none": 0, "ambiguous": 2}.get(given.grade, 1)
    return Match(
        grade=given.grade,
        lane="none" if given.grade == "none" else given.lane,
        person=None,
        candidates=candidates,
        score={"exact": 1.0, "strong": 0.97, "weak": 0.9, "ambiguous": 0.95, "none": 0.0}[given.grade],
        address_held=given.address_held,
        tin_agrees=given.tin_agrees,
        name_agrees=given.name_agrees,
        evidence=("given by the scenario",),
    )


def given_batch(scenario: Scenario) -> BatchContext | None:
    """What a scenario says of the batch its request came in; `None`: it came alone."""
    return None if scenario.batch is None else BatchContext(**scenario.batch.model_dump())


def compare(expectation: Expectation, decision: Decision) -> list[str]:
    """Each way in which `decision` is not what was expected, in a sentence."""
    failures: list[str] = []
    if decision.fault is not None:
        failures.append(f"engine fault: {decision.fault.detail}")
    if expectation.disposition is not None and decision.disposition != expectation.disposition:
        failures.append(f"expected `{expectation.disposition}`, decided `{decision.disposition}`{_because(decision)}")
    decided = {item.item: item for item in decision.items}
    for name, verdict in expectation.items.items():
        if name not in decided:
            failures.append(f"no item `{name}`; there are {', '.join(f'`{one}`' for one in decided)}")
        elif decided[name].verdict != verdict:
            failures.append(f"item `{name}`: expected `{verdict}`, decided `{decided[name].verdict}`")
    if expectation.releasable is not None and set(expectation.releasable) != set(decision.releasable):
        failures.append(f"releasable: expected {list(expectation.releasable)}, decided {list(decision.releasable)}")
    failures += _absent("turns on", expectation.turns_on, turning_points(decision))
    failures += _absent("missing fact", expectation.missing, {missing.fact for missing in decision.missing})
    failures += _absent("duty", expectation.duties, {duty.address for duty in decision.duties})
    failures += _otherwise(expectation, decision)
    return failures


def _otherwise(expectation: Expectation, decision: Decision) -> Iterator[str]:
    """Each alternative of a reading under which the answer is not what was expected."""
    hinges = {hinge.reading: hinge.under for hinge in decision.hinges}
    for reading, alternatives in expectation.under.items():
        if reading not in hinges:
            yield f"the answer does not turn on `{reading}`; it turns on {_listed(hinges)}"
            continue
        for alternative, disposition in alternatives.items():
            found = hinges[reading].get(alternative)
            if found is None:
                yield f"`{reading}` has no alternative `{alternative}`; there is {_listed(hinges[reading])}"
            elif found != disposition:
                yield f"`{reading}:{alternative}`: expected `{disposition}`, decided `{found}`"


def turning_points(decision: Decision) -> set[str]:
    """The addresses an answer rests on: of the reasons that made each item's verdict, and of its hinges."""
    decisive = {
        "allow": {"met"},
        "deny": {"not_met", "barred"},
        "open": {"not_known"},
        "not_covered": {"not_met"},
        "readings_differ": {"not_met", "barred", "not_known"},
    }
    points = {hinge.reading for hinge in decision.hinges}
    for item in decision.items:
        outcomes = decisive[item.verdict]
        points |= {reason.address for reason in (*item.reasons, *item.elsewhere) if reason.outcome in outcomes}
    return points


def _absent(what: str, names: Iterable[str], there: set[str]) -> list[str]:
    """A failure for each of `names` that is not among the addresses (nor the last part of one)."""
    ends = {part for address in there for part in (address, address.rpartition("#")[2], address.rpartition("/")[2])}
    return [f"{what}: `{name}` is not there; there is {_listed(there)}" for name in names if name not in ends]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def _because(decision: Decision) -> str:
    """Why, in short, to show how a scenario came out otherwise: points not met or known, or profiles and hinges."""
    points = {
        f"{reason.address} {reason.outcome.replace('_', ' ')}": None
        for item in decision.items
        for reason in item.reasons
        if reason.outcome != "met"
    }
    if decision.disposition == "readings_differ":
        points |= {f"{outcome.profile} {outcome.disposition}": None for outcome in decision.profiles}
        points |= {f"hinge {hinge.reading}": None for hinge in decision.hinges}
    return f" ({'; '.join(points)})" if points else ""
