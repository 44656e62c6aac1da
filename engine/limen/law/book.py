"""The rule book: everything that was loaded, whole and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from limen.law.node import Node
from limen.law.rules import Bar, DutyRule, Gateway, Profile, Prohibition, Reading
from limen.law.vocabulary import Vocabulary

Rule = Prohibition | Gateway | Bar | DutyRule


@dataclass(frozen=True, slots=True)
class Book:
    """A rule book. `digest` is the SHA-256 of its canonical content (not of white space or comments).

    `locations` gives file and line of each address; it has no part in the digest. The order of `rules` and
    `profiles` is that of their files, sorted by path.
    """

    name: str
    version: str
    digest: str
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    readings: Mapping[str, Reading]
    profiles: Mapping[str, Profile]
    locations: Mapping[str, tuple[str, int]]
    title: str = ""

    @property
    def prohibitions(self) -> tuple[Prohibition, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, Prohibition))

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, Gateway))

    @property
    def bars(self) -> tuple[Bar, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, Bar))

    @property
    def duty_rules(self) -> tuple[DutyRule, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, DutyRule))

    def nodes(self) -> Iterator[Node]:
        """Every node of every rule, definition and reading, in the order of the book."""
        for rule in self.rules.values():
            match rule:
                case Prohibition():
                    yield from rule.applies_when.walk()
                    yield from rule.forbids.walk()
                case Gateway():
                    for node in (*rule.elements, *rule.releases):
                        yield from node.walk()
                case Bar():
                    for node in rule.conditions:
                        yield from node.walk()
        for definition in self.vocabulary.definitions.values():
            yield from definition.meaning.walk()
        for reading in self.readings.values():
            for alternative in reading.alternatives:
                yield from alternative.meaning.walk()
