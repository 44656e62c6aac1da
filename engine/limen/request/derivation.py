"""What a derivation is: a named question to a whole request that one path cannot answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Literal

from limen.law.vocabulary import FactType, FactValue
from limen.request.batch import BatchContext
from limen.request.match import Match
from limen.request.model import Item, Request


class Blank(Enum):
    """The document is in front of us and does not say it. Only this is silence; not known (`None`) never is."""

    BLANK = "blank"


BLANK = Blank.BLANK
Derived = FactValue | Blank | None


@dataclass(frozen=True, slots=True)
class Given:
    """All that a derivation may look at. `match` and `batch` are `None` where nobody has looked."""

    request: Request
    match: Match | None
    batch: BatchContext | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivation: what type of value it gives (`values`: the closed set of an enum), and what it means in law.

    `part` is the section of the request whose silence a `BLANK` is: `None` for the request itself.
    `source` is the provision or the practice it comes from. Exactly one of `of_case`, `of_item` is there. It gives a
    value, `None` (not known) or `BLANK`, and never raises.
    """

    name: str
    type: FactType
    meaning: str
    source: str
    values: tuple[str, ...] = ()
    part: str | None = None
    of_case: Callable[[Given], Derived] | None = None
    of_item: Callable[[Given, Item], Derived] | None = None


class Registry:
    """Derivations by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Derivation] = {}

    def case(
        self,
        type: FactType,
        meaning: str,
        *,
        source: str,
        values: tuple[str, ...] = (),
        part: str | None = None,
    ) -> Callable[[Callable[[Given], Derived]], Callable[[Given], Derived]]:
        """Register a function of the case under its own name."""

        def register(function: Callable[[Given], Derived]) -> Callable[[Given], Derived]:
            self._add(Derivation(function.__name__, type, meaning, source, values, part, of_case=function))
            return function

        return register

    def item(
        self, type: Literal["bool"], meaning: str, *, source: str, part: str | None = None
    ) -> Callable[[Callable[[Given, Item], Derived]], Callable[[Given, Item], Derived]]:
        """Register a function of one item under its own name."""

        def register(function: Callable[[Given, Item], Derived]) -> Callable[[Given, Item], Derived]:
            self._add(Derivation(function.__name__, type, meaning, source, (), part, of_item=function))
            return function

        return register

    def _add(self, derivation: Derivation) -> None:
        if derivation.name in self._by_name:
            raise ValueError(f"the derivation `{derivation.name}` is registered twice")
        self._by_name[derivation.name] = derivation

    @property
    def all(self) -> Mapping[str, Derivation]:
        """Every derivation, by name."""
        return MappingProxyType(self._by_name)
