"""Reading back: bodies with shared wording (`texts.py`) in full, and which wordings they need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from limen.ledger.listed import HAS, SIGN, expand_listed
from limen.ledger.shared import ALIKE, OWN, Written

Says = Callable[[str], Mapping[str, Any]]
"""Gives the wording of a name. Raises ValueError if there is none."""


def expand(value: Any, says: Says) -> Any:
    """A parsed body, or a part of one, in full. Raises ValueError if a part does not fit its wording."""
    if isinstance(value, dict):
        if SIGN not in value:
            return {name: expand(child, says) for name, child in value.items()}
        try:
            return _shared(value, says)
        except (TypeError, KeyError, AttributeError):
            raise ValueError("a shared part of the record is not of a known form") from None
    if isinstance(value, list):
        return [expand(child, says) for child in value]
    return value


def names_in(value: Any) -> Iterator[str]:
    """The names of all shared wordings in a parsed body."""
    if isinstance(value, dict):
        named = value.get(SIGN, [])
        yield from [named] if isinstance(named, str) else named
        for name, child in value.items():
            if name != SIGN:
                yield from names_in(child)
    elif isinstance(value, list):
        for child in value:
            yield from names_in(child)


def read_back(written: Written) -> Any:
    """The value in full."""
    wordings = {name: json.loads(text) for name, text in written.wordings}
    return expand(json.loads(written.text), wordings.__getitem__)


def with_steady(part: Mapping[str, Any], says: Says) -> Mapping[str, Any]:
    """An object of a body with the fields that its wording has, and nothing else put back."""
    named = part.get(SIGN)
    return {**says(named), **part} if isinstance(named, str) else part


def _shared(value: Mapping[str, Any], says: Says) -> Any:
    named = value[SIGN]
    if isinstance(named, str):
        if HAS in value:
            return expand_listed(says(named), value)
        own = {name: expand(child, says) for name, child in value.items() if name != SIGN}
        return dict(sorted({**says(named), **own}.items()))
    said = [dict(says(name)) for name in named]
    if ALIKE in value:
        for one in said:
            one[OWN] = value[ALIKE]
    elif OWN in value:
        for one, items in zip(said, value[OWN], strict=True):
            one[OWN] = items
    return said
