"""The case behind a question: its facts, its day, and the words it is told in.

A scenario's own expectations are never looked at here, so nothing written in a file can become an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from limen.law.book import Book
from limen.law.facts import CaseFacts, FactError
from limen.law.problem import nearest
from limen.request.match import Match
from limen.request.model import Request
from limen.request.problems import RequestError
from limen.request.subject import Subject
from limen.scenario.load import ScenarioError, find_scenarios, load_scenario, shipped
from limen.scenario.model import Scenario
from limen.scenario.run import ScenarioRunner
from limen.training.course import Question, Twin, Wording, WrittenCase
from limen.training.load import one_problem


@dataclass(frozen=True, slots=True)
class TrainingCase:
    """A case as it is decided and told. `told` is the scenario it comes from, or was written as; no part of it that
    says what is expected is ever read."""

    told: Scenario
    facts: CaseFacts
    as_of: date
    known_at: date | None
    request: Request | None
    title: str
    story: str
    role: str
    teaches: str
    provisions: tuple[str, ...]


ROLE = "You work at the disclosure desk of the tax authority. This has just come in. You decide what goes out."


def _match(subject: Subject) -> Match:
    """Cross-reference with the shipped registry, for the few cases that leave the match to it.

    Opened each time: what it holds open belongs to one thread, and cases are made once.
    """
    from limen.crossref import open_registry

    registry = open_registry()
    try:
        return registry.match(subject)
    finally:
        registry.close()


@dataclass(slots=True)
class Cases:
    """Makes the cases of questions under one book; scenarios are read once."""

    book: Book
    _runner: ScenarioRunner = field(init=False)
    _read: dict[str, Scenario] = field(default_factory=dict)
    _library: list[Scenario] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._runner = ScenarioRunner(self.book, _match)

    def of(self, question: Question) -> TrainingCase:
        """The case of a question. Raises `CourseError` where it does not fit the book."""
        return self._case(question.id, question.scenario, question.case, question.wording, question)

    def twin(self, question: Question, twin: Twin) -> TrainingCase:
        """The twin that a course names for a question."""
        return self._case(f"{question.id}, twin", twin.scenario, twin.case, twin.wording, question)

    def told(self, scenario: Scenario) -> TrainingCase:
        """A scenario as a case."""
        return self._made(scenario.scenario, scenario, Wording(), None)

    def scenario(self, name: str) -> Scenario:
        """The shipped scenario, or variant of one, called `name`. Raises `CourseError`."""
        if name not in self._read:
            path = shipped(name)
            try:
                if path is None:
                    raise one_problem(
                        name,
                        "there is no shipped scenario of that name",
                        "`limen scenario list --variants` shows them",
                        nearest(name, (one.scenario for one in self.library())),
                    )
                self._read[name] = load_scenario(path)
            except ScenarioError as error:
                raise one_problem(name, str(error.problems[0].message)) from None
        return self._read[name]

    def family(self, scenario: Scenario) -> Iterator[Scenario]:
        """The scenario in the same file and its variants, without `scenario` itself."""
        head = self.scenario(scenario.family)
        names = (head.scenario, *(f"{head.scenario}/{variant}" for variant in head.variants))
        if any(name not in self._read for name in names) and (file := shipped(head.scenario)) is not None:
            self._read.update((told.scenario, told) for _, told in find_scenarios([file]))  # one reading for all
        for name in names:
            if name != scenario.scenario:
                yield self.scenario(name)

    def library(self) -> list[Scenario]:
        """Every shipped scenario and variant, in the order of their files."""
        if not self._library:
            self._library = [scenario for _, scenario in find_scenarios()]
            self._read.update((scenario.scenario, scenario) for scenario in self._library)
        return self._library

    def _case(
        self, name: str, scenario: str | None, case: WrittenCase | None, wording: Wording, question: Question
    ) -> TrainingCase:
        if scenario is not None:
            told = self.scenario(scenario)
        else:
            assert case is not None
            told = Scenario.model_construct(
                scenario=question.id.replace("/", "-"), title=wording.title or question.id, story=wording.story or "",
                teaches=question.teaches or "", provisions=question.provisions, request=case.request,
                facts=case.facts, items=case.items, match=case.match, batch=case.batch, as_of=case.as_of,
                known_at=case.known_at, expect={}, notes=None, sources=(), variants={},
            )  # fmt: skip
        return self._made(name, told, wording, question)

    def _made(self, name: str, told: Scenario, wording: Wording, question: Question | None) -> TrainingCase:
        try:
            facts, day, request = self._runner.case(told)
        except (RequestError, FactError) as error:
            problems = [str(getattr(problem, "message", problem)) for problem in error.problems]
            raise one_problem(f"question `{name}`", "; ".join(problems)) from None
        return TrainingCase(
            told=told,
            facts=facts,
            as_of=day,
            known_at=told.known_at,
            request=request,
            title=wording.title or told.title,
            story=wording.story or told.story,
            role=wording.role or ROLE,
            teaches=(question.teaches if question is not None else None) or told.teaches,
            provisions=(question.provisions if question is not None else ()) or told.provisions,
        )
