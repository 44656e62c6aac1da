"""Reading a plan from its file, with what the reader of it wants otherwise: another size, settings, a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from limen.simulate.errors import SimulationError
from limen.simulate.plan import BatchPlan, Changes, MatchPlan, Part, Plan, Policy, RegistryPlan, SweepPlan

LEAST_PEOPLE = 12_000
"""A plan made smaller keeps at least so many people in its registry, so that names still repeat."""


def read_plan(
    path: Path,
    size: int | None = None,
    changes: Iterable[str] = (),
    profiles: Sequence[str] = (),
    what_if: Changes | None = None,
) -> Plan:
    """The plan in a YAML file.

    `size` scales batch and registry together, shares kept; `changes` are `key=value` and win over the file;
    `profiles` are compared instead of what the plan compares; `what_if` sets a changed twin beside each of them.
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
    plan = plan if size is None else scaled(plan, size)
    plan = only(plan, profiles) if profiles else plan
    return with_twins(plan, what_if)


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
    batch = plan.batch.model_copy(update={"size": size})
    knobs = dict(plan.knobs)
    for name, home in (("registry.people", people / plan.registry.people), ("batch.size", size / plan.batch.size)):
        knob = knobs.get(name)
        if knob is not None and knob.low is not None and knob.high is not None:
            knobs[name] = knob.model_copy(update={"low": round(knob.low * home), "high": round(knob.high * home)})
    return plan.model_copy(update={"registry": registry, "batch": batch, "knobs": knobs})


def with_value(plan: Plan, name: str, value: float) -> Plan:
    """The plan with one knob turned; a share of what rows are about is taken from or given to `nobody`."""
    data = plan.model_dump()
    *parts, last = name.split(".")
    place = data
    for part in parts:
        place = place[part]
    if parts[-1] == "about" and last != "nobody":
        place["nobody"] += place[last] - value
    place[last] = round(value) if isinstance(place[last], int) and not isinstance(place[last], bool) else value
    return check_plan(data, name)


def only(plan: Plan, profiles: Sequence[str]) -> Plan:
    """The plan with these policies or profiles compared, in this order, and no other."""
    given = {policy.name: policy for policy in plan.compare}
    chosen = [given.get(name) or Policy(name=name, profile=name) for name in dict.fromkeys(profiles)]
    names = {policy.name for policy in chosen}
    chosen = [one if one.beside in names else one.model_copy(update={"beside": None}) for one in chosen]
    targets = tuple(target for target in plan.targets if target.policy in names)
    return plan.model_copy(update={"compare": tuple(chosen), "targets": targets})


def with_twins(plan: Plan, asked: Changes | None) -> Plan:
    """The plan with a twin beside each plain profile, in which what the plan's `what_if` and `asked` say is changed.

    Where somebody asks, policies of the plan that are more than a profile are left out: the twins stand instead.
    Raises `SimulationError` where there is no plain profile to change.
    """
    said = asked.told() if asked else []
    if not said and not (plan.what_if and plan.what_if.told()):
        return plan
    changes = (plan.what_if or Changes()).model_dump(exclude_unset=True)
    if asked is not None:
        changes = {
            **changes,
            **asked.model_dump(exclude_defaults=True),
            "says": {**changes.get("says", {}), **asked.says},
        }
    found: list[Policy] = []
    for policy in plan.compare:
        if not policy.plain:
            found += [] if said else [policy]
            continue
        twin = Policy(name=f"{policy.name[:52]}.what-if", profile=policy.profile, beside=policy.name, **changes)
        found += [policy, twin]
    if not any(policy.beside for policy in found):
        raise SimulationError("nothing compared is a profile and nothing else, so there is nothing to change: name one")
    targets = tuple(target for target in plan.targets if target.policy in {policy.name for policy in found})
    return plan.model_copy(update={"compare": tuple(found), "targets": targets, "what_if": None})


def said(given: Iterable[str]) -> dict[str, Any]:
    """`name=value` pairs as what every row says. Raises `SimulationError` for one that says nothing."""
    import yaml

    found = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip() or not text.strip():
            raise SimulationError(
                f"`{pair}` says nothing; write name=value, for example recipients.0.engagement=works_the_matter"
            )
        found[name.strip()] = yaml.safe_load(text)
    return found


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
    homes: dict[str, type[Part]] = {
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
