"""What a case may say: the one declared list of typed facts between a request and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from limen.law.citation import Citation
from limen.law.node import Node
from limen.law.period import Period

FactType = Literal["bool", "enum", "int", "date"]
FactValue = bool | str | int | date
Aggregate = Literal["value", "every", "any", "worst_of", "count"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is read from in a request.

    Either `path` (dotted; `[]` walks a list) folded by `aggregate`, or `derive`: the name of a derivation
    registered in `limen.request.derivations`.
    """

    aggregate: Aggregate = "value"
    path: str | None = None
    derive: str | None = None
    order: tuple[str, ...] = ()
    equals: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a case may say. `per_item` facts are asked once for each item requested.

    `values` is the closed set of an enum (else empty). `silence` is what it means when the part of the request
    it would stand in is there and does not say it; `None` means unknown. `authority_side` facts are known to the
    authority and not to the requester; `sensitive` facts never reach a log or a requester. `says` puts the fact in
    words: a statement for a bool (`the request is in writing`), else a noun (`the office of the signer`).
    """

    name: str
    type: FactType
    ask: str
    source: Source | None
    values: tuple[str, ...] = ()
    silence: FactValue | None = None
    per_item: bool = False
    sensitive: bool = False
    authority_side: bool = False
    minimum: int | None = None
    maximum: int | None = None
    cite: Citation | None = None
    labels: Mapping[str, str] | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A cited number or date, in one of its periods."""

    value: int | date
    in_force: Period
    cite: Citation


@dataclass(frozen=True, slots=True)
class Definition:
    """A term with a meaning of its own, built from facts like any other rule."""

    name: str
    meaning: Node
    per_item: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts, definitions and parameters of a book, by name."""

    facts: Mapping[str, Fact]
    definitions: Mapping[str, Definition]
    parameters: Mapping[str, tuple[ParameterValue, ...]]
