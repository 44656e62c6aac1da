"""What a simulation is to do: the registry, the batch, the policies to compare, and where each number comes from.

Every number of the registry and of the batch is a knob. A knob with a `source` is told as sourced; any other is told
as assumed, in every output, whether the plan remembers to say so or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]


class Part(BaseModel):
    """A part of a plan: what is not known is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RegistryPlan(Part):
    """The registry of invented people."""

    people: Annotated[int, Field(ge=1_000, le=1_000_000_000)]
    seed: int = 6103


class AboutPlan(Part):
    """What the rows are about; the four shares add up to 1.

    `held`: a person the registry holds, at an address it holds or held. `elsewhere`: such a person at an address that
    was never theirs. `nobody`: nobody the registry holds. `insufficient`: such a person with no address at all, in the
    words of the public record.
    """

    held: Share
    elsewhere: Share
    nobody: Share
    insufficient: Share

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.held + self.elsewhere + self.nobody + self.insufficient
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares add up to {total:.6g}, and must add up to 1")
        return self


class BatchPlan(Part):
    """The batch of requests, and how they were written."""

    size: Annotated[int, Field(ge=100, le=100_000_000)]
    seed: int = 2025
    as_of: date
    about: AboutPlan
    former_address: Share = 0.2
    with_tin: Share = 0.5
    wrong_tin: Share = 0.01
    lookalikes: Share = 0.02
    dirt: Annotated[float, Field(ge=0, le=5)] = 1.0
    without_order: Share = 0.0
    officers: Annotated[int, Field(ge=1)] = 1
    cap_per_officer: Annotated[int, Field(ge=1)] | None = None
    own_reasons: Share = 0.0


class MatchPlan(Part):
    """How a match is accepted: see `limen.crossref.Settings`."""

    close: Annotated[int, Field(ge=850, le=1000)] = 920
    confirm_address: bool = False
    tie: Annotated[int, Field(ge=0, le=200)] = 20


class Changes(Part):
    """What a policy, or a question, sets otherwise than the plan.

    `close`, `confirm_address` and `tie` say how a match is accepted. `officers` are named in turn, at most
    `cap_per_officer` matters each; `own_reasons` is the share of rows that give reasons of their own. `says` is what
    the rows say otherwise, by dotted name, as in `recipients.0.engagement: works_the_matter`; `as_of` is the law of
    another day.
    """

    close: Annotated[int, Field(ge=850, le=1000)] | None = None
    confirm_address: bool | None = None
    tie: Annotated[int, Field(ge=0, le=200)] | None = None
    officers: Annotated[int, Field(ge=1)] | None = None
    cap_per_officer: Annotated[int, Field(ge=1)] | None = None
    own_reasons: Share | None = None
    says: dict[str, str | bool | int | date] = Field(default_factory=dict)
    as_of: date | None = None

    def told(self) -> list[str]:
        """What is set, each in a few plain words.

        >>> Changes(close=960, confirm_address=True).told()
        ['names alike from 960 of 1,000', 'the stated address must be confirmed']
        """
        words: dict[str, str] = {}
        if self.close is not None:
            words["close"] = f"names alike from {self.close:,} of 1,000"
        if self.confirm_address is not None:
            words["confirm_address"] = (
                "the stated address must be confirmed" if self.confirm_address else "no address is confirmed"
            )
        if self.tie is not None:
            words["tie"] = f"a tie within {self.tie} of 1,000"
        if self.officers is not None:
            words["officers"] = f"{self.officers:,} officer{'s' if self.officers > 1 else ''} named"
        if self.cap_per_officer is not None:
            words["cap_per_officer"] = f"at most {self.cap_per_officer:,} matters for each officer"
        if self.own_reasons is not None:
            words["own_reasons"] = (
                "every row with reasons of its own" if self.own_reasons == 1
                else "all rows with one and the same reasons" if self.own_reasons == 0
                else f"{self.own_reasons:.0%} of rows with reasons of their own"
            )  # fmt: skip
        said = [f"every row says `{name}` is `{value}`" for name, value in self.says.items()]
        return [*words.values(), *said, *([f"the law of {self.as_of}"] if self.as_of else [])]


class Policy(Changes):
    """One policy to compare: a profile, and what is set otherwise than in the plan.

    `beside` names the policy of which this one is the same with something changed: flips are told against it.
    """

    name: Word
    profile: str
    title: str | None = None
    beside: Word | None = None

    @property
    def plain(self) -> bool:
        """Whether it is a profile and nothing else."""
        return not self.told()

    @model_validator(mode="before")
    @classmethod
    def _only_a_profile(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"name": data, "profile": data}
        if isinstance(data, Mapping) and "name" not in data and "profile" in data:
            return {"name": data["profile"], **data}
        return data


class Knob(Part):
    """Where a number comes from. `low` and `high` are where the sensitivity sweep turns it to."""

    kind: Literal["sourced", "assumed"] = "assumed"
    source: str | None = None
    why: str | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if (self.kind == "sourced") != (self.source is not None):
            raise ValueError("a `sourced` knob names its `source`, and an `assumed` one has none")
        if (self.low is None) != (self.high is None):
            raise ValueError("a knob is turned to `low` and to `high`, both or neither")
        return self


Measure = Literal["released", "released_by_tin", "released_by_address", "released_defective", "released_updated"]


class Target(Part):
    """A public figure that the plan should meet under one policy, at full size."""

    measure: Measure
    value: Annotated[int, Field(ge=0)]
    policy: str
    compare: Literal["about", "under"] = "about"
    within: Share = 0.02
    aim: Annotated[int, Field(ge=0)] | None = None
    source: str

    @property
    def aimed_at(self) -> int:
        """What calibration aims at: `aim` where there is one, as under a figure that is only a limit."""
        return self.value if self.aim is None else self.aim


class SweepPlan(Part):
    """The thresholds to try, and how many rows the sweep and the sensitivity runs look at."""

    close: tuple[Annotated[int, Field(ge=850, le=1000)], ...] = (860, 880, 900, 920, 940, 960, 980)
    rows: Annotated[int, Field(ge=100)] = 320_000
    sensitivity_rows: Annotated[int, Field(ge=100)] = 20_000


class Plan(Part):
    """One simulation.

    `request` is what every row says alike: a request without id, subject and reasons. `gateway` is the one the agency
    relies on: reasons are told for it. `what_if` sets a twin beside each plain profile that is compared.
    """

    simulation: Word
    title: str
    story: str
    registry: RegistryPlan
    batch: BatchPlan
    match: MatchPlan = MatchPlan()
    request: dict[str, Any]
    reasons: str
    gateway: str = "usc.26.6103.i.2"
    compare: Annotated[tuple[Policy, ...], Field(min_length=1)]
    what_if: Changes | None = None
    knobs: dict[str, Knob] = Field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    sweep: SweepPlan = SweepPlan()
    samples: Annotated[int, Field(ge=0, le=50)] = 2
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [policy.name for policy in self.compare]
        if len(set(names)) < len(names):
            raise ValueError("two policies of `compare` have one name; give each its own `name`")
        for policy in self.compare:
            if policy.beside is not None and policy.beside not in names:
                raise ValueError(f"`{policy.name}` stands beside `{policy.beside}`, which is not among those compared")
            if policy.beside is not None and policy.plain:
                raise ValueError(
                    f"`{policy.name}` stands beside `{policy.beside}` and changes nothing: say what it sets"
                )
        for target in self.targets:
            if target.policy not in names:
                raise ValueError(f"a target is about `{target.policy}`, which is not among the policies compared")
        for knob in self.knobs:
            if knob not in knob_values(self):
                raise ValueError(f"`knobs` tells of `{knob}`, which is no number of the registry, batch or match")
        return self


class ToldKnob(NamedTuple):
    """A knob as every output tells it."""

    name: str
    value: object
    kind: str
    because: str


def knob_values(plan: Plan) -> dict[str, object]:
    """Every number of the registry, of the batch and of the match, by dotted name."""
    found: dict[str, object] = {}

    def walk(prefix: str, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            if isinstance(value, Mapping):
                walk(f"{prefix}{name}.", value)
            else:
                found[f"{prefix}{name}"] = value

    for part in ("registry", "batch", "match"):
        walk(f"{part}.", getattr(plan, part).model_dump(mode="json"))
    return found


def told_knobs(plan: Plan) -> list[ToldKnob]:
    """Every knob with its value and where it comes from; what the plan does not mark is assumed."""
    told = []
    for name, value in knob_values(plan).items():
        knob = plan.knobs.get(name, Knob())
        because = knob.source or knob.why or "no source gives it"
        told.append(ToldKnob(name, value, knob.kind, because))
    return told
