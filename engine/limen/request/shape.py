"""What each field of a request may hold, read off the models: for paths into it, and for reading files."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from limen.request.subject import Stated


@dataclass(frozen=True, slots=True)
class Shape:
    """What one field may hold.

    `words` is its closed list (without `unknown`), `section` the model of a part of its own, `element` the shape of
    a list's elements, `personal` whether it says who somebody is, `optional` whether it may be left out.
    """

    words: tuple[str, ...] = ()
    answer: bool = False
    number: bool = False
    day: bool = False
    text: bool = False
    may_be_unknown: bool = False
    section: type[Stated] | None = None
    element: Shape | None = None
    facts: bool = False
    optional: bool = False
    personal: bool = False

    @property
    def says(self) -> str:
        """What may be written here, in words."""
        if self.facts:
            return "facts, each as `name: value`"
        if self.element is not None:
            inner = "sections" if self.element.section else self.element.says
            return f"a list of {inner}"
        if self.section is not None:
            return "a section of its own, with fields below it"
        kinds = [
            *(["`true` or `false`"] if self.answer else []),
            *(["a whole number"] if self.number else []),
            *(["a date such as `2026-02-24`"] if self.day else []),
            *(["text"] if self.text else []),
            *([f"one of {', '.join(f'`{word}`' for word in self.words)}"] if self.words else []),
            *(["`unknown`"] if self.may_be_unknown else []),
        ]
        return " or ".join(kinds)


@cache
def shapes_of(model: type[Stated]) -> Mapping[str, Shape]:
    """The shape of every field of `model`, in its order."""
    return types.MappingProxyType(
        {
            name: _shape(tuple(_atoms(field.annotation)), personal=name in model.personal, required=field.is_required())
            for name, field in model.model_fields.items()
        }
    )


def _shape(atoms: tuple[Any, ...], *, personal: bool, required: bool) -> Shape:
    words = tuple(word for atom in atoms if isinstance(atom, _Word) for word in [atom.word])
    classes = [atom for atom in atoms if isinstance(atom, type)]
    sections = [atom for atom in classes if issubclass(atom, Stated)]
    lists = [atom for atom in atoms if isinstance(atom, _ListOf)]
    return Shape(
        words=tuple(word for word in words if word != "unknown"),
        answer=bool in classes,
        number=int in classes,
        day=date in classes,
        text=str in classes,
        may_be_unknown="unknown" in words or (str in classes and not personal and not required),
        section=sections[0] if sections else None,
        element=_shape(lists[0].atoms, personal=personal, required=False) if lists else None,
        facts=any(isinstance(atom, _Facts) for atom in atoms),
        optional=type(None) in classes,
        personal=personal,
    )


@dataclass(frozen=True, slots=True)
class _Word:
    word: str


@dataclass(frozen=True, slots=True)
class _ListOf:
    atoms: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    pass


def _atoms(annotation: Any) -> Iterator[Any]:
    """The plain types, words, lists and mappings that a type annotation is made of."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _atoms(get_args(annotation)[0])
    elif origin is Literal:
        yield from (_Word(word) for word in get_args(annotation))
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _atoms(part)
    elif origin is tuple:
        yield _ListOf(tuple(_atoms(get_args(annotation)[0])))
    elif origin is dict:
        yield _Facts()
    else:
        yield annotation
