"""What a course file says: which cases are put to a trainee, and in what words. Never what is right.

Words of a course can be edited by whoever makes it. The answers cannot be written at all: they follow from the facts of
each case, the profile and the book (`limen.training.key`), so a file that tries to say them is refused.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from limen.scenario.model import FactValue, GivenBatch, GivenMatch, Sentence, Word, check_stated

ALL: Final = "all"
"""Stands for every profile asked together, in `profile`."""

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./-]*$", max_length=160)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Percent = Annotated[int, Field(ge=0, le=100)]
Level = Literal["border", "missing", "readings", "plain"]
"""What makes a question hard: one fact from the border, facts missing, readings that differ, or none of these."""


class CoursePart(BaseModel):
    """A part of a course file: frozen, nothing undeclared, and an error never repeats what was put in."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class WrittenCase(CoursePart):
    """A case written out in the course: a whole `request`, or bare `facts` and `items`, as a scenario states it."""

    request: dict[str, Any] | None = None
    facts: dict[str, FactValue] | None = None
    items: dict[str, dict[str, FactValue]] | None = None
    match: GivenMatch | None = None
    batch: GivenBatch | None = None
    as_of: date | None = None
    known_at: date | None = None

    @model_validator(mode="after")
    def _states_one_case(self) -> Self:
        check_stated(self)
        return self


class Wording(CoursePart):
    """The words a trainee reads. What is not said here is taken from the scenario."""

    title: Title | None = None
    story: Sentence | None = None
    role: Sentence | None = None


class Twin(CoursePart):
    """The case shown after the answer, one fact apart. What differs is worked out, and cannot be written here."""

    scenario: Reference | None = None
    case: WrittenCase | None = None
    wording: Wording = Wording()

    @model_validator(mode="after")
    def _is_one_case(self) -> Self:
        if (self.scenario is None) == (self.case is None):
            raise ValueError("a twin is a `scenario` or a `case`")
        return self


class Question(CoursePart):
    """One case put to a trainee: a scenario by its id, or a `case` written out."""

    id: Word
    scenario: Reference | None = None
    case: WrittenCase | None = None
    wording: Wording = Wording()
    teaches: Sentence | None = None
    provisions: tuple[str, ...] = ()
    level: Level | None = None
    twin: Twin | None = None

    @model_validator(mode="after")
    def _is_one_case(self) -> Self:
        if (self.scenario is None) == (self.case is None):
            raise ValueError("a question is a `scenario` or a `case`")
        if self.case is not None and not (self.wording.title and self.wording.story):
            raise ValueError("a `case` written out needs a `title` and a `story` in its `wording`")
        return self


class PassMarks(CoursePart):
    """What has to be reached in each of the four scores, in percent; and whether one unlawful release fails."""

    verdict: Percent = 75
    ground: Percent = 50
    missing: Percent = 50
    duties: Percent = 50
    unlawful_release_fails: bool = True


class Course(CoursePart):
    """A course. `profile` gives the key: one profile, or `all` of them asked together.

    `accepts` are the profiles under which an answer is defensible (default: all that could be used on the day).
    `draw` is how many questions a paper has; by default all of them.
    """

    course: Word
    title: Title
    version: Annotated[int, Field(ge=1, le=100_000)] = 1
    summary: Sentence
    introduction: Sentence | None = None
    profile: Word = ALL
    accepts: tuple[Word, ...] = ()
    draw: Annotated[int, Field(ge=1, le=500)] | None = None
    pass_marks: PassMarks = PassMarks()
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        ids = [question.id for question in self.questions]
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise ValueError(f"two questions have the id `{twice[0]}`; give each its own")
        if self.draw is not None and self.draw > len(ids):
            raise ValueError(f"`draw` is {self.draw}, but there are only {len(ids)} questions")
        return self

    def question(self, id: str) -> Question:
        """The question called `id`; raises `KeyError`."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)


def course_schema() -> dict[str, Any]:
    """The JSON Schema of a course file, for editors that complete and check."""
    schema = Course.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
