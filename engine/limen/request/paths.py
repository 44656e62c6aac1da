"""Paths into a request: where the vocabulary says that a fact is read from.

`matter.stage` is a field of a section, `recipients[].employment` one field of each element of a list, `purposes[]` each
element itself, `order` a whole section. The path of an item's fact starts at the item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from limen.law.problem import nearest
from limen.law.truth import Truth, conjunction, disjunction
from limen.law.vocabulary import Fact, Source
from limen.request.derivation import BLANK, Derived
from limen.request.model import Item, Request
from limen.request.shape import Shape, shapes_of
from limen.request.subject import Stated


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads.

    `part` is the section of its own that it leads into (`None`: the request, or the item, itself), `steps` the fields
    to walk, `listed` the place of the `[]` among them, `shape` what is found at the end.
    """

    part: str | None
    steps: tuple[str, ...]
    listed: int | None
    shape: Shape


class PathError(Exception):
    """A path that leads nowhere, or to something that a fact cannot be read from."""


def place_of(path: str, root: type[Stated]) -> Place:
    """Follow `path` from `root` (`Request` or `Item`).

    Raises `PathError`, with the nearest field.
    """
    model: type[Stated] | None = root
    part: str | None = None
    listed: int | None = None
    steps: list[str] = []
    shape: Shape | None = None
    for number, step in enumerate(path.split(".")):
        name, is_list = step.removesuffix("[]"), step.endswith("[]")
        shapes: Mapping[str, Shape] = shapes_of(model) if model is not None else {}
        if name not in shapes:
            close = nearest(name, shapes)
            there = "" if close is None else f"; did you mean `{close}`?"
            raise PathError(f"`{path}` leads nowhere: there is no `{name}`{there}")
        shape = shapes[name]
        steps.append(name)
        if is_list:
            if shape.element is None or listed is not None:
                raise PathError(f"`{path}`: `{name}` is not a list that can be walked here")
            listed, shape = number, shape.element
        elif number == 0 and shape.section is not None and shape.optional and root is Request:
            part = name
        model = shape.section
    if shape is None or shape.facts:
        raise PathError(f"`{path}` does not lead to anything a fact can be read from")
    if part == path:
        part = None
    return Place(part, tuple(steps), listed, shape)


def reader_for(fact: Fact, source: Source) -> tuple[Place, Callable[[Any], Derived]]:
    """Where `fact` is read from, and how: a function from a request (or an item) to its value.

    Raises `PathError` when the path, its type or its words do not fit the fact.
    """
    path = source.path or ""
    place = place_of(path, Item if fact.per_item else Request)
    if source.aggregate == "value":
        if place.listed is not None:
            raise PathError(f"`{path}` walks a list: use `every`, `any`, `worst_of` or `count`")
        of_value = _of_value(fact, source, place)
        steps = place.steps
        return place, lambda root: of_value(_walk(root, steps))
    if place.listed is None:
        if source.aggregate != "count" or place.shape.element is None:
            raise PathError(f"`{path}` walks no list: write `[]` after the name of one")
        steps = place.steps
        return place, lambda root: _count(_walk(root, steps))
    return place, _of_list(fact, source, place)


def _of_list(fact: Fact, source: Source, place: Place) -> Callable[[Any], Derived]:
    before, after = place.steps[: (place.listed or 0) + 1], place.steps[(place.listed or 0) + 1 :]

    def elements(root: Any) -> Any:
        found = _walk(root, before)
        return tuple(_walk(element, after) for element in found) if isinstance(found, tuple) else found

    if source.aggregate == "worst_of":
        order = source.order
        if fact.type != "enum" or not set(order) <= set(place.shape.words) or set(order) != set(fact.values):
            raise PathError(
                f"`{source.path}`: `order` must list the values of `{fact.name}`, all of them words found there"
            )
        return lambda root: _worst_of(elements(root), order)
    _need(fact, "int" if source.aggregate == "count" else "bool", source)
    if source.aggregate == "count" and source.equals is None:
        return lambda root: _count(elements(root))
    of_value = _of_value(fact, source, place, as_bool=True)

    def fold(root: Any) -> Derived:
        found = elements(root)
        if not isinstance(found, tuple):
            return BLANK if found is None else None
        if not found:
            return 0 if source.aggregate == "count" else BLANK
        answers = [_truth(of_value(value)) for value in found]
        if source.aggregate == "every":
            return conjunction(answers)
        if source.aggregate == "any":
            return disjunction(answers)
        return None if None in answers else answers.count(True)

    return fold


def _of_value(fact: Fact, source: Source, place: Place, *, as_bool: bool = False) -> Callable[[Any], Derived]:
    """How one value found becomes the fact's: itself, whether it equals a word, or whether it is stated."""
    shape, kind = place.shape, "bool" if as_bool else fact.type
    if source.equals is not None:
        word = source.equals
        if word not in shape.words or kind != "bool":
            close = nearest(word, shape.words)
            there = "" if close is None else f"; did you mean `{close}`?"
            raise PathError(f"`{source.path}` never says `{word}`{there}")
        return lambda value: BLANK if value is None else None if value == "unknown" else value == word
    if kind == "bool" and shape.answer:
        return lambda value: BLANK if value is None else value if isinstance(value, bool) else None
    if kind == "bool" and not shape.words and not shape.number:
        return _is_stated
    if shape.personal:
        raise PathError(f"`{source.path}` says who somebody is: a fact may only say whether it is stated")
    if kind == "enum" and shape.words:
        if extra := set(fact.values) - set(shape.words):
            raise PathError(f"`{source.path}` never says `{min(extra)}`")
        if missing := set(shape.words) - set(fact.values):
            raise PathError(f"`{source.path}` may say `{min(missing)}`, which `{fact.name}` does not know")
        return lambda value: BLANK if value is None else None if value == "unknown" else value
    if kind == "date" and shape.day:
        return lambda value: BLANK if value is None else value if isinstance(value, date) else None
    if kind == "int" and shape.number:
        return lambda value: BLANK if value is None else None if isinstance(value, str) else value
    raise PathError(f"`{source.path}` holds {shape.says}, and `{fact.name}` is {kind}")


def _need(fact: Fact, kind: str, source: Source) -> None:
    if fact.type != kind:
        raise PathError(f"`{source.aggregate}: {source.path}` gives {kind}, and `{fact.name}` is {fact.type}")


def _walk(root: Any, steps: Iterable[str]) -> Any:
    """The value at the end, `None` where something on the way is not stated, `"unknown"` where it is said to be."""
    value = root
    for step in steps:
        if value is None or isinstance(value, str):
            return value
        value = getattr(value, step)
    return value


def _is_stated(value: Any) -> Derived:
    if isinstance(value, tuple):
        known = [part for part in value if part != "unknown"]
        return True if known else None if value else BLANK
    return BLANK if value is None else None if value == "unknown" else True


def _truth(value: Derived) -> Truth:
    return value if isinstance(value, bool) else None


def _count(found: Any) -> Derived:
    return len(found) if isinstance(found, tuple) else BLANK if found is None else None


def _worst_of(found: Any, order: tuple[str, ...]) -> Derived:
    """The first of `order` that any element says; not known while one that is not known could be worse."""
    if not isinstance(found, tuple) or not found:
        return BLANK if found is None or found == () else None
    known = [word for word in found if word in order]
    worst = min(known, key=order.index, default=None)
    if len(known) == len(found) or worst == order[0]:
        return worst
    return None
