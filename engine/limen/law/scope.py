"""The names a test may use, with their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from limen.law.vocabulary import Fact, Vocabulary

ParameterType = Literal["int", "date"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a test is checked against: facts by name, the names of definitions, the type of each parameter."""

    facts: Mapping[str, Fact]
    definitions: frozenset[str]
    parameters: Mapping[str, ParameterType]


def scope_of(vocabulary: Vocabulary) -> Scope:
    """The scope that a vocabulary gives to every test of its book."""
    return Scope(
        facts=vocabulary.facts,
        definitions=frozenset(vocabulary.definitions),
        parameters={
            name: "int" if all(isinstance(value.value, int) for value in values) else "date"
            for name, values in vocabulary.parameters.items()
        },
    )
