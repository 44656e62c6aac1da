"""The law and facts of a case as plain JSON, and back again unchanged.

A value type of ours is written as `{"is": CLASS, FIELD: ...}` without the fields that have their default; a date as
`{"date": "2025-06-01"}`, a mapping as `{"map": {...}}`, a tuple as a list. Only the classes listed here are ever
built, so that a file can hold nothing but law and facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any

from limen.decide.findings import Findings, ItemFindings
from limen.law import citation, edition, facts, node, period, rules, tree, vocabulary

_CLASSES: tuple[type, ...] = (
    *(tree.Literal, tree.BoolFact, tree.Member, tree.Number, tree.DaysBetween, tree.Parameter, tree.Compare),
    *(tree.Known, tree.Not, tree.All, tree.AnyOf, tree.Defined),
    *(citation.Citation, period.Period, node.Node),
    *(rules.Duty, rules.Gateway, rules.Bar, rules.Prohibition),
    *(vocabulary.Source, vocabulary.Fact),
    *(edition.Point, edition.EditionGateway, edition.EditionBar, edition.Edition),
    *(facts.ItemFacts, facts.CaseFacts, ItemFindings, Findings),
)
_BY_NAME: Mapping[str, type] = {one.__name__: one for one in _CLASSES}
_FIELDS: Mapping[type, tuple[Field[Any], ...]] = {one: fields(one) for one in _CLASSES}


class FormError(Exception):
    """Something that is not law or facts, or was written by a version with other fields."""


def to_json(value: Any) -> Any:
    """`value` as JSON. Raises `FormError` for what has no form.

    >>> to_json(tree.Not(tree.BoolFact("order.granted")))
    {'is': 'Not', 'part': {'is': 'BoolFact', 'fact': 'order.granted'}}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if type(value) is date:
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    if isinstance(value, Mapping):
        return {"map": {key: to_json(one) for key, one in value.items()}}
    own = _FIELDS.get(type(value))
    if own is None:
        raise FormError(f"a `{type(value).__name__}` has no place in a reproduction file")
    form: dict[str, Any] = {"is": type(value).__name__}
    for field in own:
        part = getattr(value, field.name)
        if field.default is MISSING or part != field.default or type(part) is not type(field.default):
            form[field.name] = to_json(part)
    return form


def from_json(form: Any) -> Any:
    """The value that `to_json` wrote. Raises `FormError`.

    >>> from_json({"is": "BoolFact", "fact": "order.granted"})
    BoolFact(fact='order.granted')
    """
    if isinstance(form, list):
        return tuple(from_json(one) for one in form)
    if not isinstance(form, dict):
        return form
    if "is" in form:
        return _build(form)
    if set(form) == {"date"}:
        return _read(date.fromisoformat, form["date"])
    if set(form) == {"map"} and isinstance(form["map"], dict):
        return {key: from_json(one) for key, one in form["map"].items()}
    raise FormError("a mapping in the file is neither a date, a map nor a value of ours")


def _build(form: Mapping[str, Any]) -> Any:
    name = form["is"]
    kind = _BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise FormError(f"`{name}` is no kind of value this version knows")
    parts = {key: from_json(one) for key, one in form.items() if key != "is"}
    try:
        return kind(**parts)
    except TypeError as error:
        raise FormError(f"a `{name}` in the file has other fields than this version's: {error}") from error


def _read(read: Callable[[str], date], text: Any) -> date:
    try:
        return read(text)
    except (TypeError, ValueError) as error:
        raise FormError(f"`{text}` is no date") from error
