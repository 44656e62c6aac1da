"""Reading scenario files: everything wrong with one is reported at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from limen.law.load.yaml_file import YamlList, YamlMap, marks_under, read_yaml
from limen.law.places import shipped_scenarios
from limen.law.problem import Problem, in_order, nearest
from limen.request.model import Request
from limen.request.plain import plain_section
from limen.request.problems import Place, RequestError, problems_of
from limen.request.read import build_request
from limen.scenario.model import Expectation, GivenBatch, GivenMatch, Scenario, Variant, Workbench
from limen.scenario.sniff import is_scenario
from limen.scenario.variants import varied

MAX_BYTES = 200_000
"""Size of one scenario file; the longest shipped one has a tenth of this."""

_PARTS: dict[str, type[BaseModel]] = {
    "match": GivenMatch,
    "batch": GivenBatch,
    "variants": Variant,
    "workbench": Workbench,
}


class ScenarioError(Exception):
    """A scenario that cannot be used. `problems` are sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        count = len(self.problems)
        head = "the scenario cannot be used" if count == 1 else f"the scenarios have {count} problems"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return (ScenarioError, (self.problems,))


def load_scenario(path: Path) -> Scenario:
    """The scenario in `path`, or, for `FILE/VARIANT`, that variant of it.

    Raises `ScenarioError` with everything that is wrong, and `OSError`.
    """
    if path.is_file() or not path.parent.is_file():
        return _read(path, path.name)[0]
    told = _read(path.parent, path.parent.name)
    for scenario in told[1:]:
        if scenario.scenario == f"{told[0].scenario}/{path.name}":
            return scenario
    names = [scenario.scenario.partition("/")[2] for scenario in told[1:]]
    message = f"there is no variant `{path.name}` in this file"
    raise ScenarioError([Problem(path.parent.name, 1, 1, "scenario", message, nearest=nearest(path.name, names))])


def find_scenarios(places: Iterable[Path] = ()) -> list[tuple[Path, Scenario]]:
    """The scenarios in files and folders (with what is below them), sorted by path; the shipped ones by default.

    The variants of a scenario follow it, each written out as a scenario of its own; a place can be one of them, as
    `FILE/VARIANT`. Every problem in every file is reported together. Two scenarios with one id are a problem.
    """
    found: list[tuple[Path, Scenario]] = []
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for place in list(places) or [shipped_scenarios()]:
        if place.parent.is_file():
            found.append((place.parent, load_scenario(place)))
            continue
        for path in _files(place):
            name = str(path.relative_to(place)) if place.is_dir() else path.name
            try:
                told = _read(path, name)
            except ScenarioError as error:
                problems += error.problems
                continue
            id = told[0].scenario
            if id in first:
                message = f"the id `{id}` is taken by {first[id]}"
                problems.append(Problem(name, 1, 1, "scenario", message, mend="give each scenario an id of its own"))
            first.setdefault(id, name)
            found += [(path, scenario) for scenario in told]
    if problems:
        raise ScenarioError(problems)
    return found


def shipped(name: str) -> Path | None:
    """The file of a shipped scenario, by its id or its path in the folder of scenarios; `None` if there is none.

    For a variant, as `SCENARIO/VARIANT`, the path is that of the file with the name of the variant after it.
    """
    found = _shipped_file(name)
    if found is not None or "/" not in name:
        return found
    of, _, variant = name.rpartition("/")
    file = _shipped_file(of)
    return None if file is None else file / variant


def _shipped_file(name: str) -> Path | None:
    folder = shipped_scenarios()
    direct = folder / name
    for candidate in (direct, direct.with_name(direct.name + ".yaml")):
        if candidate.is_file() and folder in candidate.parents and ".." not in Path(name).parts:
            return candidate
    if "/" in name:  # no id has one
        return None
    found = _PLACES.get(folder, {}).get(name)
    if found is not None and name in _ids(found):
        return found
    places: dict[str, Path] = {}
    for path in _files(folder):
        for id in _ids(path):
            places.setdefault(id, path)
    _PLACES[folder] = places
    return places.get(name)


_PLACES: dict[Path, dict[str, Path]] = {}
"""Where each id was when a folder was last looked through; a file is asked again whether it still says so."""


def _ids(path: Path) -> list[str]:
    """The ids that a file says it has, without reading it as a scenario; none where it is gone."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.strip().removeprefix("scenario: ") for line in file if line.startswith("scenario:")]
    except FileNotFoundError:
        return []


def read_case(scenario: Scenario, place: Place | None = None, name: str | None = None) -> Request | None:
    """The request a scenario is told as, or `None` where it states bare facts.

    Raises `RequestError`, with lines if `place` finds them and `name` for the file.
    """
    if scenario.request is None:
        return None
    stated = {"id": scenario.scenario, **scenario.request}
    if place is None:
        return build_request(stated, name or scenario.scenario)
    try:
        return Request.model_validate(plain_section(stated, Request))
    except ValidationError as error:
        raise RequestError(problems_of(error, stated, name or scenario.scenario, place)) from None


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from sorted(path for path in place.rglob("*.yaml") if is_scenario(path))
    else:
        raise ScenarioError([Problem(str(place), 0, 0, "scenario", "there is no such file or folder")])


def _read(path: Path, name: str) -> list[Scenario]:
    """Read, check and build one file, called `name` in errors: the scenario, then its variants."""
    problems: list[Problem] = []

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        problems.append(Problem(name, mark.line + 1, mark.column + 1, code, message, mend=mend))

    if path.stat().st_size > MAX_BYTES:
        raise ScenarioError([Problem(name, 0, 0, "scenario", f"the file is larger than {MAX_BYTES:,} bytes")])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ScenarioError([Problem(name, 0, 0, "scenario", "the file is not UTF-8 text")]) from None
    data = read_yaml(text, report)
    if problems:
        raise ScenarioError(problems)
    if not isinstance(data, YamlMap):
        raise ScenarioError([Problem(name, 1, 1, "scenario", "a scenario is a mapping of keys to values")])
    told = [_built(data, name)]
    for variant, said in data.get("variants", {}).items():
        whole, astray = varied(data, said)
        for taken in astray:
            report(
                "scenario", said.key_marks["without"], f"`{taken}` is not in the scenario, so nothing can be without it"
            )
        try:
            built = _built(whole, name)
        except ScenarioError as error:
            problems += error.problems
            continue
        told.append(built.model_copy(update={"scenario": f"{built.scenario}/{variant}"}))
    if problems:
        raise ScenarioError(problems)
    return told


def _built(data: YamlMap, name: str) -> Scenario:
    """The scenario that `data` tells, its request read once to see that it can be."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(_problems(error, data, name)) from None

    def place(path: tuple[str | int, ...], of_key: bool) -> tuple[int, int]:
        key, value = marks_under(data, ("request", *path))
        mark = key if of_key else value
        return mark.line + 1, mark.column + 1

    try:
        read_case(scenario, place, name)
    except RequestError as error:
        raise ScenarioError(error.problems) from None
    return scenario


def _problems(error: ValidationError, data: YamlMap, name: str) -> Iterator[Problem]:
    """Pydantic's findings as problems: each place once, with the nearest name for a name nobody knows."""
    seen: set[tuple[int, int, str]] = set()
    for finding in error.errors(include_url=False, include_input=False):
        path, mark = _place(data, finding["loc"])
        message = _message(finding["type"], finding["msg"], path)
        near = None
        if finding["type"] == "extra_forbidden":
            near = nearest(str(finding["loc"][-1]), _names(finding["loc"][:-1]))
        key = (mark[0], mark[1], message)
        if key not in seen:
            seen.add(key)
            yield Problem(name, *mark, "scenario", message, nearest=near)


def _message(kind: str, words: str, path: str) -> str:
    where = f"`{path}`" if path else "the scenario"
    if kind == "extra_forbidden":
        return f"{where} is not a key that belongs here"
    if kind == "missing":
        return f"{where} is missing"
    if kind == "value_error":
        return words.removeprefix("Value error, ")
    return f"{where}: {words[:1].lower()}{words[1:]}"


def _place(data: Any, location: Iterable[str | int]) -> tuple[str, tuple[int, int]]:
    """The dotted path of `location` as far as the file has it, and its line and column."""
    mark = data.mark
    here = data
    path = ""
    for step in location:
        if isinstance(here, YamlMap) and isinstance(step, str):
            if step in here:
                mark = here.key_marks.get(step, mark)
                path = f"{path}.{step}" if path else step
                here = here[step]
                continue
            missing = f"{path}.{step}" if path else step
            return (missing if step.isidentifier() else path), (mark.line + 1, mark.column + 1)
        if isinstance(here, YamlList) and isinstance(step, int) and step < len(here):
            mark = here.value_marks[step]
            path = f"{path}[{step}]"
            here = here[step]
    return path, (mark.line + 1, mark.column + 1)


def _names(location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand where a wrong one was found."""
    if not location:
        return sorted(Scenario.model_fields)
    part = Expectation if "expect" in location else _PARTS.get(str(location[0]))
    return sorted(part.model_fields) if part is not None else []
