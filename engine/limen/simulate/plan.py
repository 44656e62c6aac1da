"""What a simulation is to do: the registry, the batch, the policies to compare, and where each number comes from.

Every number of the registry and of the batch is a knob. A knob with a `source` is told as sourced; any other is told
as assumed, in every output, whether the plan remembers to say so or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from limen.simulate.errors import SimulationError

Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
LEAST_PEOPLE = 12_000
"""A plan made smaller keeps at least so many people in its registry, so that names still repeat."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RegistryPlan(_Part):
    """The registry of invented people."""

    people: Annotated[int, Field(ge=1_000, le=1_000_000_000)]
    seed: int = 6103


class AboutPlan(_Part):
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


class BatchPlan(_Part):
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


class MatchPlan(_Part):
    """How a match is accepted: see `limen.crossref.Settings`."""

    close: Annotated[int, Field(ge=850, le=1000)] = 920
    confirm_address: bool = False
    tie: Annotated[int, Field(ge=0, le=200)] = 20


class Policy(_Part):
    """One policy to compare: a profile, and what is set otherwise than in the plan.

    `says` is what the rows say otherwise, by dotted name, as in `recipients.0.engagement: works_the_matter`.
    """

    name: Word
    profile: str
    as_of: date | None = None
    close: Annotated[int, Field(ge=850, le=1000)] | None = None
    confirm_address: bool | None = None
    tie: Annotated[int, Field(ge=0, le=200)] | None = None
    officers: Annotated[int, Field(ge=1)] | None = None
    cap_per_officer: Annotated[int, Field(ge=1)] | None = None
    own_reasons: Share | None = None
    says: dict[str, str | bool | int | date] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _only_a_profile(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"name": data, "profile": data}
        if isinstance(data, Mapping) and "name" not in data and "profile" in data:
            return {"name": data["profile"], **data}
        return data


class Knob(_Part):
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


class Target(_Part):
    """A public figure that the plan should meet under one policy, at full size."""

    measure: Measure
    value: Annotated[int, Field(ge=0)]
    policy: str
    compare: Literal["about", "under"] = "about"
    within: Share = 0.02
    source: str


class SweepPlan(_Part):
    """The thresholds to try, and how many rows the sweep and the sensitivity runs look at."""

    close: tuple[Annotated[int, Field(ge=850, le=1000)], ...] = (860, 880, 900, 920, 940, 960, 980)
    rows: Annotated[int, Field(ge=100)] = 64_000
    sensitivity_rows: Annotated[int, Field(ge=100)] = 32_000


class Plan(_Part):
    """One simulation.

    `request` is what every row says alike: a request without id, subject and reasons. `gateway` is the one the agency
    relies on: reasons are told for it.
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


def read_plan(path: Path, size: int | None = None, changes: Iterable[str] = ()) -> Plan:
    """The plan in a YAML file. `size` scales batch and registry together, shares kept; `changes` are `key=value`.

    Raises `SimulationError` for a file that is no plan, with the place of each problem.
    """
    import yaml

    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except OSError:
        raise SimulationError(f"there is no plan at `{path}`; `scenarios/plans/` holds those shipped") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        where = getattr(problem, "problem_mark", None)
        line = f" (line {where.line + 1})" if where is not None else ""
        raise SimulationError(f"`{path}`{line} is not YAML: write `key: value`, two spaces deeper for a part") from None
    if not isinstance(data, dict):
        raise SimulationError(f"`{path}` is no plan: it begins with `simulation:` and a name")
    for change in changes:
        _change(data, change, yaml.safe_load)
    plan = check_plan(data, str(path))
    return plan if size is None else scaled(plan, size)


def check_plan(data: object, where: str) -> Plan:
    """`data` as a plan. Raises `SimulationError` with every problem and its place."""
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise SimulationError(_told(error, where)) from None


def scaled(plan: Plan, size: int) -> Plan:
    """The plan with `size` requests and a registry smaller or larger alike; every share is kept."""
    if size < 100:
        raise SimulationError(f"`{size}` requests are too few to count shares of: ask for 100 or more")
    people = max(LEAST_PEOPLE, round(plan.registry.people * size / plan.batch.size))
    registry = plan.registry.model_copy(update={"people": people})
    return plan.model_copy(update={"registry": registry, "batch": plan.batch.model_copy(update={"size": size})})


def with_value(plan: Plan, name: str, value: float) -> Plan:
    """The plan with one knob turned; a share of what rows are about is taken from or given to `nobody`."""
    data = plan.model_dump()
    *parts, last = name.split(".")
    place = data
    for part in parts:
        place = place[part]
    if parts[-1] == "about" and last != "nobody":
        place["nobody"] += place[last] - value
    place[last] = value
    return check_plan(data, name)


def _change(data: dict[str, Any], change: str, read: Any) -> None:
    from limen.law.problem import nearest

    name, equals, text = change.partition("=")
    if not equals or not name.strip() or not text.strip():
        raise SimulationError(f"`{change}` changes nothing; write key=value, for example batch.officers=20000")
    *parts, last = name.strip().split(".")
    place = data
    for part in parts:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise SimulationError(f"`{name}` is no place in a plan: `{part}` has no parts")
    homes: dict[str, type[_Part]] = {
        "registry": RegistryPlan, "batch": BatchPlan, "match": MatchPlan, "sweep": SweepPlan,
    }  # fmt: skip
    known = homes.get(parts[0]) if len(parts) == 1 else None
    if known is not None and last not in known.model_fields:
        near = nearest(last, known.model_fields)
        hint = f"; did you mean `{parts[0]}.{near}`?" if near else f"; there are {', '.join(known.model_fields)}"
        raise SimulationError(f"`{name}` is no setting of a plan{hint}")
    place[last] = read(text)


def _told(error: ValidationError, where: str) -> str:
    lines = [f"`{where}` is no plan that can be run"]
    for problem in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in problem["loc"]) or "the plan"
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        lines.append(f"`{place}`: {message[:1].lower()}{message[1:]}")
    return "\n".join(lines)
