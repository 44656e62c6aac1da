"""What is wrong with a request's file, said without repeating anything that was written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from limen.law.problem import Problem, in_order, nearest
from limen.request.model import Request
from limen.request.shape import Shape, shapes_of
from limen.request.subject import Stated

Path = tuple[str | int, ...]
Place = Callable[[Path, bool], tuple[int, int]]
"""The line and column (from 1) of what a path leads to; of its key rather than its value if the flag is set."""

_READING = {
    "ambiguous-value": ("this value is read in different ways by different YAML readers", "put it in quotes"),
    "anchor": ("an anchor, alias or merge repeats something written elsewhere", "write it out"),
    "duplicate-key": ("this field is here twice", "keep one of the two"),
    "empty-file": ("there is nothing here", "write a request, starting with `id:`"),
    "flow-comma": ("a comma within `{ }` makes a field of what follows it", "put the whole text in quotes"),
    "not-a-boolean": ("only `true` and `false` are yes and no; other words are read in different ways",
                      "write `true` or `false`, or put the word in quotes"),
    "not-a-date": ("this is not a day of the calendar", "correct the date, or put it in quotes if text is meant"),
    "not-a-key": ("a field has to have a plain name", "write the name, then a colon"),
    "not-utf-8": ("this is not UTF-8 text", "save the file as UTF-8"),
    "number": ("this number is not a whole number", "write a whole number, or put it in quotes if text is meant"),
    "several-documents": ("a second request starts here, and one was asked for", "give each its own file"),
    "tab": ("a tab cannot indent", "indent with spaces"),
    "tag": ("a YAML tag is not accepted", "remove it"),
    "too-deep": ("lists and sections lie too deep in each other", "check the indentation"),
    "too-large": ("the file is too large", "write many requests as JSON lines, one to a line"),
    "unreadable-file": ("the file cannot be read", "check that it is there, and that you may read it"),
    "yaml-syntax": ("this is not YAML",
                    "check the indentation, and put text that holds a colon, a `#` or a quote in quotes"),
    "json-syntax": ("this is not JSON", "check commas, quotes and brackets around here"),
}  # fmt: skip


class RequestError(Exception):
    """A request that cannot be used. `problems` are sorted by file and line, and hold no personal data.

    It never repeats a value, or a field name that it does not know: either could be somebody's name.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        count = len(self.problems)
        head = "the request cannot be used" if count == 1 else f"the request has {count} problems"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[RequestError], tuple[tuple[Problem, ...]]]:
        return (RequestError, (self.problems,))


def reading_problem(code: str, file: str, line: int, column: int) -> Problem:
    """A file that cannot be read as data. `code` is one of the reader's."""
    message, mend = _READING.get(code, ("this cannot be read", "check what is written here"))
    return Problem(file, line, column, code, message, mend=mend)


def problems_of(error: ValidationError, data: Mapping[Any, Any], file: str, place: Place) -> list[Problem]:
    """What a failed validation of `data` means, each place once."""
    found: dict[Path, Problem] = {}
    for finding in error.errors(include_url=False, include_input=False, include_context=True):
        problem_path, model, shape = _walk(finding["loc"])
        if finding["type"] == "too_short" and _value_at(data, problem_path):
            continue  # its elements are wrong, and are reported themselves
        if problem_path not in found or finding["type"] in ("extra_forbidden", "missing"):
            found[problem_path] = _problem(finding, problem_path, model, shape, data, file, place)
    return list(found.values())


def _problem(
    finding: Any,
    path: Path,
    model: type[Stated] | None,
    shape: Shape | None,
    data: Any,
    file: str,
    place: Place,
) -> Problem:
    kind: str = finding["type"]
    section = _written(path) or "a request"
    if kind == "extra_forbidden" and model is not None:
        unknown = str(finding["loc"][len(path)]) if len(finding["loc"]) > len(path) else ""
        line, column = place((*path, unknown), True)
        fields = shapes_of(model)
        close = nearest(unknown, fields)
        mend = "remove it" if close is None else "correct the name, or remove it"
        known = f"the fields of `{section}` are {', '.join(fields)}" if path else None
        message = f"{section if not path else f'`{section}`'} has no field of this name"
        return Problem(
            file,
            line,
            column,
            "request-field",
            message,
            known if path and close is None else _written(path),
            close,
            mend,
        )
    line, column = place(path, kind == "missing")
    where = _written(path)
    if kind == "missing":
        return Problem(file, line, column, "request-missing", f"`{where}` is missing", mend="a request has to have it")
    if kind == "value_error":
        return Problem(file, line, column, "request-value", "two items have the same `id`", "items",
                       mend="give each item an id of its own")  # fmt: skip
    what, mend = _wrong(kind, where, shape, finding.get("ctx", {}))
    value = _value_at(data, path)
    words = () if shape is None else (*shape.words, *(["unknown"] if shape.may_be_unknown else []))
    close = (
        nearest(value.strip().casefold().replace(" ", "_"), words)
        if isinstance(value, str) and len(value) < 80
        else None
    )
    return Problem(file, line, column, "request-value", what, where, close, mend)


def _wrong(kind: str, where: str, shape: Shape | None, limits: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "string_too_long":
        return f"this text is longer than {limits['max_length']} characters", "shorten it"
    if kind == "too_long":
        return f"there are more than {limits['max_length']} here", "shorten the list"
    if kind == "too_short":
        return "there is nothing in this list", "name at least one"
    if kind in ("greater_than_equal", "less_than_equal"):
        return (
            "this number is out of bounds",
            f"write one {'from' if 'ge' in limits else 'up to'} {limits.get('ge', limits.get('le'))}",
        )
    if kind == "string_pattern_mismatch" and shape is not None and shape.text and not shape.facts:
        if shape.optional or shape.element is not None:
            return "this text holds a control character", "remove it"
        return "this is not a short name", "write letters, digits and `. _ : / # -`, at most 80, and nobody's name"
    if shape is not None and shape.facts:
        return (
            "this is not a fact and its value",
            "write a fact's name, and `true`, `false`, one of its words, a whole number, a date or `unknown`",
        )
    if shape is None:
        return f"this cannot stand in `{where}`", "see the page on how to write a request"
    return f"this cannot stand in `{where}`", f"write {shape.says}"


def _walk(loc: tuple[str | int, ...]) -> tuple[Path, type[Stated] | None, Shape | None]:
    """The part of a finding's place that is made of fields and list positions, with what stands there."""
    model: type[Stated] | None = Request
    shape: Shape | None = None
    path: list[str | int] = []
    for step in loc:
        if isinstance(step, int) and shape is not None and shape.element is not None:
            shape = shape.element
            model = shape.section
        elif model is not None and step in shapes_of(model):
            shape = shapes_of(model)[str(step)]
            model = shape.section
        else:
            continue
        path.append(step)
    return tuple(path), model, shape


def _value_at(data: Any, path: Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _written(path: Path) -> str:
    """A path as people write it: `recipients[0].engagement`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
