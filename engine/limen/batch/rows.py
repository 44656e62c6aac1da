"""Rows of a table as requests: dotted columns to sections, and text to what a request holds.

A column is named after a path in the request: `requester.office`, `recipients.0.agency`, `items.0.kind`,
`facts.matter.stage`. In text, `true` and `false` are answers, a list is written with `;` (an address with `;` or one
line a line), and a blank cell states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from limen.batch.errors import BatchError
from limen.law.problem import nearest
from limen.request.model import Request
from limen.request.shape import Shape, shapes_of

Path = tuple[str | int, ...]
_SEPARATOR = re.compile(r"[;\n]")


def path_of(column: str) -> tuple[Path, Shape]:
    """Where a column belongs in a request, and what may stand there. Raises `BatchError` with the nearest field."""
    steps = column.split(".")
    path: list[str | int] = []
    shapes: Mapping[str, Shape] = shapes_of(Request)
    shape: Shape | None = None
    while steps:
        step = steps.pop(0)
        if shape is not None and shape.facts:
            return (*path, ".".join([step, *steps])), Shape(text=True)
        if shape is not None and shape.element is not None:
            if not step.isdigit() or int(step) >= 200:
                raise BatchError(f"column `{column}`: `{path[-1]}` is a list; number its parts, as in `{path[-1]}.0`")
            path.append(int(step))
            shape = shape.element
        elif step in shapes:
            path.append(step)
            shape = shapes[step]
        else:
            close = nearest(step, shapes)
            hint = f"; did you mean `{'.'.join([*map(str, path), close])}`?" if close else ""
            raise BatchError(f"column `{column}` is no field of a request{hint}")
        shapes = shapes_of(shape.section) if shape.section is not None else {}
    if shape is None or shape.facts:
        raise BatchError(f"column `{column}` needs the name of a fact, as in `facts.matter.stage`")
    return tuple(path), shape


def check_columns(columns: Iterable[str]) -> dict[str, tuple[Path, Shape]]:
    """The place of every column. Raises `BatchError` for one that fits nowhere or stands twice."""
    placed: dict[str, tuple[Path, Shape]] = {}
    seen: dict[Path, str] = {}
    for column in columns:
        path, shape = path_of(column)
        if path in seen:
            raise BatchError(f"columns `{seen[path]}` and `{column}` are the same field; keep one of them")
        seen[path] = column
        placed[column] = (path, shape)
    return placed


def nest(row: Mapping[str, Any], places: Mapping[str, tuple[Path, Shape]]) -> dict[str, Any]:
    """The request that a row of dotted columns says, as plain data; what is blank is left out."""
    request: dict[str, Any] = {}
    for column, value in row.items():
        path, shape = places[column]
        value = _value(value, shape)
        if value is None:
            continue
        _put(request, path, value)
    nested: dict[str, Any] = _lists(request)
    return nested


def _put(into: dict[Any, Any], path: Path, value: Any) -> None:
    for step in path[:-1]:
        into = into.setdefault(step, {})
    into[path[-1]] = value


def _lists(found: Any) -> Any:
    """Mappings numbered by position, as lists in that order."""
    if not isinstance(found, dict):
        return found
    if found and all(isinstance(step, int) for step in found):
        return [_lists(found[step]) for step in sorted(found)]
    return {step: _lists(value) for step, value in found.items()}


def _value(value: Any, shape: Shape) -> Any:
    if not isinstance(value, str):
        return _without_nulls(value)
    text = value.strip()
    if not text:
        return None
    folded = text.casefold()
    if shape.element is not None:
        return [part.strip() for part in _SEPARATOR.split(text)]
    if (shape.answer or not (shape.words or shape.number or shape.day or shape.text)) and folded in ("true", "false"):
        return folded == "true"
    if shape.number and re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    return text


def fact_value(value: Any) -> Any:
    """A fact stated outright in a text cell: an answer, a whole number, or the word itself."""
    if isinstance(value, str):
        folded = value.strip().casefold()
        if folded in ("true", "false"):
            return folded == "true"
        if re.fullmatch(r"[+-]?\d{1,18}", folded):
            return int(folded)
    return value


def _without_nulls(value: Any) -> Any:
    """Nested data of a table without the NULLs that stand for what is not stated."""
    if isinstance(value, dict):
        kept = {name: _without_nulls(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part is not None} or None
    if isinstance(value, list):
        return [part for part in map(_without_nulls, value) if part is not None] or None
    return value
