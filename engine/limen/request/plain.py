"""From plain data, as a YAML or JSON file gives it, to what the models accept, without guessing.

A list becomes a tuple, a day written as text a day, a whole number in a text field its digits, a single text where a
list of texts may stand a list of one. Everything else is left as it is for the models to judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from limen.request.shape import Shape, shapes_of
from limen.request.subject import Stated

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def plain_section(data: Mapping[Any, Any], model: type[Stated]) -> dict[Any, Any]:
    """`data` for `model`; a field without a value is left out, because blank is not stated."""
    shapes = shapes_of(model)
    return {
        name: _plain(value, shapes[name]) if name in shapes else value
        for name, value in data.items()
        if value is not None or name not in shapes
    }


def _plain(value: Any, shape: Shape) -> Any:
    if isinstance(value, Mapping):
        if shape.facts:
            return {name: _day(said) for name, said in value.items() if said is not None}
        return plain_section(value, shape.section) if shape.section is not None else value
    if shape.element is not None:
        if isinstance(value, (list, tuple)):
            return tuple(_plain("" if part is None and shape.element.text else part, shape.element) for part in value)
        return (_plain(value, shape.element),) if shape.element.text and _is_scalar(value) else value
    if shape.text and _is_scalar(value):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, str):
        if value == "" or value.isspace():
            return None if shape.optional else value
        return _day(value) if shape.day else value.strip()
    return value


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, date)) and not isinstance(value, bool)


def _day(value: Any) -> Any:
    """Text in the form of a day of the calendar, as that day."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
