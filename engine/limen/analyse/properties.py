"""Promises that a user writes in the test language, in a YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

Verdicts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A promise in the test language: where `where` holds, the verdict is one of `verdicts` (or, `never`, none).

    `through` narrows it to releases through one gateway, by address.
    """

    id: str
    says: str
    where: str
    verdicts: Verdicts
    never: bool = True
    through: str | None = None


class PropertyError(Exception):
    """A file of properties that cannot be used: where, and what is wrong."""


def read_properties(path: Path) -> tuple[Property, ...]:
    """The properties in a YAML file: a list of `property`, `says`, `where`, and `never` or `always` with a verdict.

    Raises `PropertyError` and `OSError`.
    """
    from limen.law.load.yaml_file import read_yaml

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        raise PropertyError(f"{path.name}:{mark.line + 1}: {message}" + (f"; {mend}" if mend else ""))

    found = read_yaml(path.read_text(encoding="utf-8"), report)
    if not isinstance(found, list):
        raise PropertyError(f"{path.name}:1: a file of properties is a list of them")
    return tuple(_property(path.name, one) for one in found)


def _property(file: str, one: Any) -> Property:
    at = f"{file}:{getattr(getattr(one, 'mark', None), 'line', 0) + 1}"
    if not isinstance(one, dict):
        raise PropertyError(f"{at}: a property is keys and values")
    unknown = set(one) - {"property", "says", "where", "never", "always", "through"}
    missing = {"property", "says", "where"} - set(one)
    if unknown or missing or ("never" in one) == ("always" in one):
        raise PropertyError(
            f"{at}: a property has `property`, `says`, `where`, one of `never` and `always`, and may have `through`"
        )
    said = one.get("never", one.get("always"))
    verdicts = tuple(said) if isinstance(said, list) else (str(said),)
    known = ("allow", "deny", "open", "not_covered")
    for verdict in verdicts:
        if verdict not in known:
            raise PropertyError(f"{at}: `{verdict}` is no verdict; there are {', '.join(f'`{v}`' for v in known)}")
    return Property(one["property"], one["says"], one["where"], verdicts, "never" in one, one.get("through"))
