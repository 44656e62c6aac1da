"""Variants: the case of a scenario with something changed, written out as a scenario of its own.

Each key and value keeps its place in the file, so that a mistake is reported where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from limen.law.load.yaml_file import YamlMap

CHANGES: Final = ("request", "facts", "items", "match", "batch")
"""The parts of a scenario that a variant changes rather than replaces."""


def varied(scenario: YamlMap, variant: YamlMap) -> tuple[YamlMap, list[str]]:
    """`scenario` with what `variant` says, and each name in its `without` that is not there."""
    whole = _copied(scenario)
    whole.pop("variants", None)
    whole.mark = variant.mark
    names: Any = variant.get("without", ())
    astray = []
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.split(".")[0] in CHANGES and _take_away(whole, name):
            continue
        astray.append(str(name))
    for key, value in variant.items():
        if key != "without":
            before = whole.get(key) if key in CHANGES else None
            if isinstance(before, YamlMap) and isinstance(value, YamlMap):
                value = merged(before, value)
            _put(whole, key, value, variant)
    return whole, astray


def merged(before: YamlMap, change: YamlMap) -> YamlMap:
    """`before` with `change`: what are mappings in both are merged, everything else is replaced."""
    after = _copied(before)
    for key, value in change.items():
        old = after.get(key)
        if isinstance(old, YamlMap) and isinstance(value, YamlMap):
            value = merged(old, value)
        _put(after, key, value, change)
    return after


def _take_away(whole: YamlMap, name: str) -> bool:
    """Take away what a dotted name leads to, changing no mapping in place. Whether it was there.

    Keys may themselves have dots, as the names of facts do.
    """
    for key in _starts(whole, name):
        rest = name[len(key) + 1 :]
        if not rest:
            del whole[key]
            return True
        inner = whole[key]
        if isinstance(inner, YamlMap):
            copy = _copied(inner)
            if _take_away(copy, rest):
                whole[key] = copy
                return True
    return False


def _starts(mapping: YamlMap, name: str) -> Iterable[str]:
    return [key for key in mapping if name == key or name.startswith(f"{key}.")]


def _copied(mapping: YamlMap) -> YamlMap:
    copy = YamlMap(mapping.mark)
    for key, value in mapping.items():
        _put(copy, key, value, mapping)
    return copy


def _put(into: YamlMap, key: str, value: object, place: YamlMap) -> None:
    into[key] = value
    into.key_marks[key] = place.key_marks[key]
    into.value_marks[key] = place.value_marks[key]
