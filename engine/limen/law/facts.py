"""The facts of one case, checked against the vocabulary: the only thing evaluators are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from limen.law.vocabulary import FactValue


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is stated about one item requested. `id` is unique in its case."""

    id: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is stated about a case and its items. A fact that is not there is not known."""

    facts: Mapping[str, FactValue]
    items: tuple[ItemFacts, ...]
