"""What is at an address of the book: the way from a printed reason to its rule, its citation and its tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from limen.cli.screen import Screen
from limen.cli.words import day
from limen.law.book import Book
from limen.law.citation import Citation
from limen.law.expression.printer import text_of
from limen.law.node import Node
from limen.law.period import Period
from limen.law.problem import nearest
from limen.law.rules import Bar, Duty, DutyRule, Gateway, Prohibition, Reading
from limen.law.vocabulary import Fact

MOST_TESTS = 8
"""Scenarios listed with an entry before the rest is only counted."""

_GROUPS = {"all": "all of", "any": "any of", "none": "none of"}


class NotInBook(Exception):
    """Nothing in the book has this address."""

    def __init__(self, address: str, near: str | None) -> None:
        hint = f"; did you mean `{near}`?" if near else "; `limen book list` shows what there is"
        super().__init__(f"nothing in the book has the address `{address}`{hint}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is at one address: `lines` are indented by their first member."""

    kind: str
    address: str
    title: str
    cite: Citation | None
    in_force: Period | None
    written: tuple[str, int] | None
    lines: tuple[tuple[int, str], ...]
    tests: tuple[str, ...]

    def show(self, screen: Screen) -> None:
        """Print the entry."""
        screen.pair(screen.paint(self.title, "strong"), screen.paint(self.kind, "quiet"))
        if self.cite is not None:
            screen.wrapped(cited(self.cite), 2, 4)
            if self.cite.note:
                screen.wrapped(self.cite.note, 4)
        if self.in_force is not None and (words := period(self.in_force)):
            screen.wrapped(words, 2, 4)
        screen.line(screen.paint(f"  {self.address}", "quiet"))
        if self.written is not None:
            screen.line(screen.paint(f"  written in {self.written[0]}:{self.written[1]}", "quiet"))
        if self.lines:
            screen.line()
        for indent, text in self.lines:
            screen.wrapped(text, 2 + indent, 4 + indent)
        screen.line()
        if self.tests:
            screen.line(f"  tested by {len(self.tests)} scenario{'s' if len(self.tests) > 1 else ''}:")
            for test in self.tests[:MOST_TESTS]:
                screen.wrapped(test, 4, 6)
            if len(self.tests) > MOST_TESTS:
                screen.line(
                    f"    and {len(self.tests) - MOST_TESTS} more: `limen scenario list --about {self.address}`"
                )
        else:
            screen.line(f"  {screen.icon('open')} no shipped scenario names it")

    def as_json(self) -> dict[str, Any]:
        """The entry as data."""
        return {
            "kind": self.kind,
            "address": self.address,
            "title": self.title,
            "citation": None if self.cite is None else self.cite.text,
            "certainty": None if self.cite is None else self.cite.certainty,
            "in_force": None if self.in_force is None else [self.in_force.start, self.in_force.until],
            "written": self.written,
            "lines": [text for _, text in self.lines],
            "tests": list(self.tests),
        }


def cited(cite: Citation) -> str:
    """A citation with how sure we are of its text."""
    sure = {"read": "text read", "reported": "as others report it", "assumed": "our assumption"}[cite.certainty]
    return f"{cite.text} ({sure})"


def period(in_force: Period) -> str:
    """When something was law, in words; empty for always."""
    parts = []
    if in_force.start is not None:
        parts.append(f"in force from {day(in_force.start)}" + (f" by {in_force.by}" if in_force.by else ""))
    if in_force.until is not None:
        ended = f" by {in_force.repealed_by}" if in_force.repealed_by else ""
        parts.append(f"no longer from {day(in_force.until)}{ended}")
    return ", ".join(parts)


def look_up(book: Book, address: str) -> Entry:
    """The entry at `address`. Raises `NotInBook` with the nearest address."""
    entry = _entry(book, address)
    if entry is None:
        raise NotInBook(address, nearest(address, addresses(book)))
    return entry


def _entry(book: Book, address: str) -> Entry | None:
    written = book.locations.get(address)
    rule = book.rules.get(address)
    if rule is not None:
        kind = {Prohibition: "general rule", Gateway: "gateway", Bar: "bar", DutyRule: "duties"}[type(rule)]
        lines = tuple(_rule_lines(rule))
        return Entry(kind, address, rule.title, rule.cite, rule.in_force, written, lines, _tests(address))
    reading = book.readings.get(address)
    if reading is not None:
        lines = tuple(_reading_lines(book, reading))
        title = f"“{reading.words}”"
        return Entry(f"reading, {reading.status}", address, title, None, None, written, lines, _tests(address))
    profile = book.profiles.get(address)
    if profile is not None:
        choices = [(2, f"{where}: {choice}") for where, choice in profile.chooses.items()]
        authorities = [(0, f"on {cited(authority)}") for authority in profile.authorities]
        lines = ((0, f"held by {profile.held_by}"), (0, profile.summary), *authorities, (0, "chooses"), *choices)
        since = Period(start=profile.since)
        return Entry("profile", address, profile.title, None, since, written, lines, _tests(address))
    return _part(book, address, written)


def _part(book: Book, address: str, written: tuple[str, int] | None) -> Entry | None:
    fact = book.vocabulary.facts.get(address)
    if fact is not None:
        lines = tuple(_fact_lines(book, fact))
        return Entry("fact", address, fact.ask, fact.cite, None, written, lines, _tests(address))
    parameter = book.vocabulary.parameters.get(address)
    if parameter is not None:
        lines = tuple((0, f"{one.value}: {cited(one.cite)} {period(one.in_force)}".rstrip()) for one in parameter)
        return Entry("parameter", address, address, None, None, written, lines, ())
    for duty in _duties(book):
        if duty.address == address:
            lines = tuple(_duty_lines(duty))
            return Entry("duty", address, duty.duty, duty.cite, duty.in_force, written, lines, _tests(address))
    for node in book.nodes():
        if node.address == address:
            lines = tuple(_node_lines(node, 0))
            title = node.label or node.id
            tests = _tests(address)
            return Entry("element", address, title, node.cite, node.in_force, written, lines, tests)
    definition = book.vocabulary.definitions.get(address)
    return None if definition is None else _entry(book, definition.meaning.address)


def addresses(book: Book) -> set[str]:
    """Every address that `look_up` knows."""
    names = {*book.rules, *book.readings, *book.profiles, *book.vocabulary.facts, *book.vocabulary.parameters}
    return names | {node.address for node in book.nodes()} | {duty.address for duty in _duties(book)}


def _duties(book: Book) -> Iterator[Duty]:
    for rule in book.rules.values():
        if isinstance(rule, Gateway | DutyRule):
            yield from rule.duties


def _rule_lines(rule: Prohibition | Gateway | Bar | DutyRule) -> Iterator[tuple[int, str]]:
    match rule:
        case Prohibition():
            yield 0, rule.says
            yield from _node_lines(rule.applies_when, 0, "applies when")
            yield from _node_lines(rule.forbids, 0, "forbids")
        case Gateway():
            if rule.summary:
                yield 0, rule.summary
            yield 0, f"the authority {rule.effect} disclose when every element is met:"
            for element in rule.elements:
                yield from _node_lines(element, 2)
            yield 0, "and the item is any of:"
            for ground in rule.releases:
                yield from _node_lines(ground, 2)
            yield 0, f"otherwise: {rule.withheld_because}"
            for duty in rule.duties:
                yield from _duty_lines(duty)
        case Bar():
            yield 0, f"stops {', '.join(rule.overrides)} when any of these holds:"
            for condition in rule.conditions:
                yield from _node_lines(condition, 2)
        case DutyRule():
            yield 0, f"attached to {', '.join(rule.attaches_to)}"
            for duty in rule.duties:
                yield from _duty_lines(duty)


def _node_lines(node: Node, indent: int, lead: str = "") -> Iterator[tuple[int, str]]:
    """A node and what is under it, one line each, in the words and the test of the book."""
    title = f"{lead}: {node.label or node.id}" if lead else node.label or node.id
    cite = f" [{node.cite.text}]" if node.cite is not None else ""
    match node.op:
        case "test" if node.test is not None:
            yield indent, f"{title}{cite}: {text_of(node.test)}"
        case "reading":
            yield indent, f"{title}{cite}: as read in {node.reading}"
        case _:
            yield indent, f"{title}{cite}: {_GROUPS[node.op]}"
            for child in node.children:
                yield from _node_lines(child, indent + 2)


def _reading_lines(book: Book, reading: Reading) -> Iterator[tuple[int, str]]:
    yield 0, reading.question
    if reading.bounds:
        yield 0, f"nobody outside has read these words; at most they {reading.bounds.replace('unknown', 'do anything')}"
    for alternative in reading.alternatives:
        yield 0, f"{alternative.id}: {alternative.label}"
        if alternative.held_by:
            yield 4, f"held by {alternative.held_by}"
        for authority in alternative.authorities:
            yield 4, cited(authority)
        yield from _node_lines(alternative.meaning, 4, "means")
        chosen = [id_ for id_, one in book.profiles.items() if one.chooses.get(reading.address) == alternative.id]
        if chosen:
            yield 4, f"chosen by {', '.join(chosen)}"


def _duty_lines(duty: Duty) -> Iterator[tuple[int, str]]:
    deadline = f" ({duty.deadline})" if duty.deadline else ""
    yield 0, f"duty #{duty.id}, {duty.who}, {duty.when.replace('_', ' ')}{deadline}: {duty.duty} [{duty.cite.text}]"


def _fact_lines(book: Book, fact: Fact) -> Iterator[tuple[int, str]]:
    yield 0, f"{fact.type}" + (f": {', '.join(fact.values)}" if fact.values else "")
    if fact.per_item:
        yield 0, "asked for each item"
    silence = "not known" if fact.silence is None else f"{fact.silence}".lower()
    yield 0, f"when nothing is said: {silence}"
    if fact.source is not None:
        where = fact.source.derive and f"derived: {fact.source.derive}"
        yield 0, f"read from {where or f'{fact.source.aggregate} of {fact.source.path}'}"
    for node in book.nodes():
        if node.test is not None and fact.name in _facts(node):
            yield 0, f"used by {node.address}"


def _facts(node: Node) -> frozenset[str]:
    from limen.law.tree import facts_in

    return facts_in(node.test) if node.test is not None else frozenset()


@cache
def _scenarios() -> tuple[tuple[str, frozenset[str]], ...]:
    """Each shipped scenario in a line, and every address that it is about."""
    from limen.scenario.about import addresses_of
    from limen.scenario.load import find_scenarios

    return tuple((f"{one.scenario}: {one.title}", addresses_of(one)) for _, one in find_scenarios())


def _tests(address: str) -> tuple[str, ...]:
    """The shipped scenarios that are about `address`."""
    return tuple(line for line, about in _scenarios() if address in about)
