"""What a scenario file says.

A scenario is told (`title`, `story`), teaches one thing (`teaches`), concerns named provisions, and states a case in
one of two forms: a whole `request`, as an agency would write it, or bare `facts` and `items` in the words of the
vocabulary, where `unknown` says that somebody was asked and does not know. `expect` says, per profile, what the law
answers and what that turns on. `variants` tell the same case with something changed: they are scenarios of their own,
called `SCENARIO/VARIANT`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
FactValue = bool | int | date | str

EVERY = "every"
"""Stands in `expect` for each profile that is not named there."""
ALL = "all"
"""Stands in `expect` for the question without a profile, where all profiles are asked together."""

Disposition = Literal["release", "withhold", "more_needed", "readings_differ"]
ItemVerdict = Literal["allow", "deny", "open", "not_covered", "readings_differ"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Expectation(_Part):
    """What is expected under one profile. What is not said is not checked, but something must be said.

    `turns_on` names points the answer rests on, by address or by the id of an element, ground or bar: for a release
    those that are met, for a refusal those not met or barred, for an open question those not known; and readings
    whose other alternatives change the answer. `missing` names facts that could still change it, `duties` the ids of
    duties that come with it, `releasable` exactly the items that could be released now. `under` says, for a reading and
    its alternatives, what the answer would be if that reading alone were chosen so.
    """

    disposition: Disposition | None = None
    items: dict[str, ItemVerdict] = Field(default_factory=dict)
    turns_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    releasable: tuple[str, ...] | None = None
    under: dict[str, dict[str, Disposition]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.disposition is None and not self.items:
            raise ValueError("an expectation says a `disposition` or a verdict for some of the `items`")
        return self


class GivenMatch(_Part):
    """What cross-reference is taken to have found, instead of asking a registry."""

    grade: Literal["exact", "strong", "weak", "ambiguous", "none"]
    lane: Literal["tin", "address", "none"] = "address"
    candidates: Annotated[int, Field(ge=0)] | None = None
    address_held: Literal["current", "former", "never"] | None = None
    tin_agrees: bool | None = None
    name_agrees: bool | None = None


class GivenBatch(_Part):
    """What is known of the batch a request came in."""

    matters_naming_same_recipient: Annotated[int, Field(ge=1)] | None = None
    requests_with_same_reasons: Annotated[int, Field(ge=1)] | None = None
    size: Annotated[int, Field(ge=1)] | None = None


class Workbench(_Part):
    """What the workbench keeps beside a case that was saved there; no part of the case.

    `profile` is the one it was asked under (left out: all), `pinned` names facts that stay as they are when it is asked
    what would have to change. `stated_by` says of a fact, or of an `ITEM/FACT`, who stated it if it was not there
    first.
    """

    profile: Word | None = None
    pinned: tuple[str, ...] = ()
    stated_by: dict[str, Sentence] = Field(default_factory=dict)


class Variant(_Part):
    """The case of a scenario with something changed, told and expected anew.

    `request`, `facts`, `items`, `match` and `batch` say only what changes: a mapping is merged with what was there,
    everything else (a list too) stands in its place. `without` names what is taken away, as in
    `request.use.solely_this_matter`. The other parts replace those of the scenario; what is not said is as there.
    """

    title: Sentence
    story: Sentence
    teaches: Sentence | None = None
    provisions: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    request: dict[str, Any] | None = None
    facts: dict[str, Any] | None = None
    items: dict[str, Any] | None = None
    match: dict[str, Any] | None = None
    batch: dict[str, Any] | None = None
    without: tuple[str, ...] = ()
    as_of: date | None = None
    known_at: date | None = None
    expect: Annotated[dict[str, Expectation], Field(min_length=1)]
    notes: Sentence | None = None
    sources: tuple[Sentence, ...] = ()
    workbench: Workbench | None = None


class Scenario(_Part):
    """One scenario. People and facts are invented. See the module for the parts."""

    scenario: Word
    title: Sentence
    story: Sentence
    teaches: Sentence
    provisions: Annotated[tuple[str, ...], Field(min_length=1)]
    request: dict[str, Any] | None = None
    facts: dict[str, FactValue] | None = None
    items: dict[str, dict[str, FactValue]] | None = None
    match: GivenMatch | None = None
    batch: GivenBatch | None = None
    as_of: date | None = None
    known_at: date | None = None
    expect: Annotated[dict[str, Expectation], Field(min_length=1)]
    notes: Sentence | None = None
    sources: tuple[Sentence, ...] = ()
    workbench: Workbench | None = None
    variants: dict[Word, Variant] = Field(default_factory=dict)

    @property
    def family(self) -> str:
        """The id of the scenario in the file; for a variant, of the one it varies."""
        return self.scenario.partition("/")[0]

    @model_validator(mode="after")
    def _states_one_case(self) -> Self:
        check_stated(self)
        return self


class StatesCase(Protocol):
    """A part of a file that states a case."""

    @property
    def request(self) -> dict[str, Any] | None: ...
    @property
    def facts(self) -> dict[str, FactValue] | None: ...
    @property
    def items(self) -> dict[str, dict[str, FactValue]] | None: ...
    @property
    def match(self) -> GivenMatch | None: ...
    @property
    def batch(self) -> GivenBatch | None: ...
    @property
    def as_of(self) -> date | None: ...


def check_stated(case: StatesCase) -> None:
    """Raises `ValueError` unless a case is stated once, whole, and on a day; a scenario and a course are held to the
    same."""
    if (case.request is None) == (case.items is None):
        raise ValueError("a case is stated once: as a `request`, or as `facts` and `items`")
    if case.request is not None and case.facts is not None:
        raise ValueError("facts beside a request go into the request, under `facts`")
    if case.items is not None and not case.items:
        raise ValueError("a case has at least one item")
    if case.request is None and (case.match is not None or case.batch is not None):
        raise ValueError("`match` and `batch` belong to a `request`; bare facts say what follows from them")
    if case.as_of is None and not (case.request or {}).get("received"):
        raise ValueError("say which day's law applies: `as_of`, or `received` in the request")


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors that complete and check."""
    schema = Scenario.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
