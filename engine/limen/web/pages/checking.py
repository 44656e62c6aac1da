"""What a draft does: the errors in it, each on its line, or every scenario whose answer it changes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from limen.analyse.touched import Touched
from limen.decide.compiled import compile_edition
from limen.decide.panel import Choices, Panel
from limen.law import BookError, EditionError
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.law.english import English
from limen.law.expression import text_of
from limen.law.facts import CaseFacts
from limen.law.node import Node
from limen.law.overlay import OverlayError
from limen.law.problem import nearest
from limen.law.profiles import usable_profiles
from limen.scenario.run import ScenarioRunner
from limen.web.pages.drafts import MOST_CHARACTERS, Draft
from limen.web.pages.workroom import Workroom

MOST_PROBLEMS, MOST_CHANGES, MOST_FOUND, MOST_SAID = 50, 200, 20, 20

BLANK = """\
kind: overlay
overlay: {name}
base: {base}
title: What this draft would do, in a few words
operations:
"""


class Told(NamedTuple):
    """One scenario as a case."""

    id: str
    title: str
    facts: CaseFacts
    as_of: date
    known_at: date | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with a draft. `line` counts from 1 in the draft; 0 where it is wrong as a whole."""

    line: int
    message: str
    address: str | None = None
    nearest: str | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A scenario whose answer a draft changes, under one profile: the verdict of an item before and after."""

    scenario: str
    title: str
    profile: str
    item: str
    before: str
    after: str


class Said(NamedTuple):
    """What a part of the book says in words, before and after; `None` where there is no such part."""

    address: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a draft: what is wrong with it, or what it changes among so many `cases` under so many profiles."""

    troubles: tuple[Trouble, ...]
    turned: tuple[Turned, ...] = ()
    cases: int = 0
    profiles: int = 0
    scenarios_turned: int = 0
    said: tuple[Said, ...] = ()
    waiting: int | None = None
    """Where the scenarios are still being asked: how many have been, else `None`; the rest is what those gave."""


class Checker:
    """Holds the scenarios as cases and the law they are asked under; one for a process."""

    def __init__(self, room: Workroom) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._told: tuple[Told, ...] | None = None
        self._panels: dict[date, Panel | None] = {}
        self._base: dict[tuple[int, str], tuple[str, ...]] = {}
        self._at_work = threading.Lock()
        self._wanted: str | None = None
        self._so_far = Checked(())
        self._found: dict[str, Checked] = {}

    def told(self) -> tuple[Told, ...]:
        """Every shipped scenario with its variants, as cases."""
        if self._told is None:
            runner = ScenarioRunner(self._room.base, self._room.match)
            found = []
            for scenario in self._room.scenarios:
                facts, day, _ = runner.case(scenario)
                found.append(Told(scenario.scenario, scenario.title, facts, day, scenario.known_at))
            self._told = tuple(found)
        return self._told

    def check(self, text: str, name: str = "draft", *, wait: bool = False) -> Checked:
        """What is wrong with a draft, or what it changes. Nothing is kept.

        The scenarios are asked in the background, for the newest draft only; `waiting` says that they still are.
        """
        if len(text) > MOST_CHARACTERS:
            return Checked((Trouble(0, f"a draft has at most {MOST_CHARACTERS:,} characters"),))
        draft = Draft(name, text.replace("\r\n", "\n"))
        room = self._room
        try:
            book = room.kept(("preview", draft.digest), lambda: room.drafts.book_with(draft))
        except OverlayError as error:
            return Checked((Trouble(error.line, error.message, None, error.nearest, error.mend),))
        except BookError as error:
            return Checked(tuple(_troubles(error, text)))
        if wait:
            return replace(self._compared(book), said=self._said(book))
        return replace(self._asked(book), said=self._said(book))

    def _said(self, book: Book) -> tuple[Said, ...]:
        return self._room.kept(("said", book.digest), lambda: tuple(islice(_said(self._room.base, book), MOST_SAID)))

    def _asked(self, book: Book) -> Checked:
        """What is known of a draft by now; the first to ask has the rest found out."""
        with self._lock:
            if book.digest in self._found:
                return self._found[book.digest]
            if self._wanted != book.digest:
                self._wanted, self._so_far = book.digest, Checked((), waiting=0)
                threading.Thread(target=self._find_out, args=(book,), daemon=True, name="a draft's effects").start()
            return self._so_far

    def _find_out(self, book: Book) -> None:
        """Ask the scenarios, one draft at a time; a draft that is no longer the newest is let go."""
        with self._at_work:
            try:
                found = self._compared(book)
            except _NoLongerWanted:
                return
            except Exception as error:
                found = Checked((Trouble(0, f"the scenarios could not be asked: {type(error).__name__}"),))
        with self._lock:
            self._found[book.digest] = found
            while len(self._found) > MOST_FOUND:
                del self._found[next(iter(self._found))]

    def _compared(self, book: Book) -> Checked:
        told = self.told()
        laws = _Laws(self._room.base, self._panels), _Laws(book, {})
        between: dict[tuple[Panel, Panel], Touched] = {}
        turned: list[Turned] = []
        scenarios: set[str] = set()
        for number, one in enumerate(told):
            if self._wanted not in (None, book.digest):
                raise _NoLongerWanted
            self._so_far = Checked(
                (), tuple(turned[:MOST_CHANGES]), len(told), len(book.profiles), len(scenarios), waiting=number
            )
            before, after = (law.on(one.as_of) for law in laws)
            if before is None or after is None:
                continue
            if (before, after) not in between:
                between[before, after] = Touched(before.open, after.open)
            touched = between[before, after]
            held = {profile.id: profile.chooses for profile in usable_profiles(laws[0].book, one.known_at)}
            for profile in usable_profiles(book, one.known_at):
                chosen = held.get(profile.id)
                if chosen is None or not touched.can_turn(one.facts, chosen, profile.chooses):
                    continue
                if (number, profile.id) not in self._base:
                    self._base[number, profile.id] = _verdicts(before, one.facts, chosen)
                was, now = self._base[number, profile.id], _verdicts(after, one.facts, profile.chooses)
                for item, mine, theirs in zip(one.facts.items, was, now, strict=True):
                    if mine != theirs:
                        scenarios.add(one.id)
                        turned.append(Turned(one.id, one.title, profile.id, item.id, mine, theirs))
        return Checked((), tuple(turned[:MOST_CHANGES]), len(told), len(book.profiles), len(scenarios))


class _NoLongerWanted(Exception):
    """Inside this module only: another draft is wanted by now."""


def _said(base: Book, book: Book) -> Iterator[Said]:
    """The smallest parts of the two books that are not the same, in plain words."""
    one, other = ({node.address: node for node in law.nodes()} for law in (base, book))
    differing = {
        address for address in dict.fromkeys((*one, *other)) if _meant(one.get(address)) != _meant(other.get(address))
    }
    english = [English(law.vocabulary, law.readings) for law in (base, book)]
    for address in [address for address in (*one, *(a for a in other if a not in one)) if address in differing]:
        inner = any(a != address and a.startswith(f"{address}/") for a in differing)
        if not inner or address not in one or address not in other:
            said = [words.sentence(node) if (node := law.get(address)) else None
                    for words, law in zip(english, (one, other), strict=True)]  # fmt: skip
            yield Said(address, *said)


def _meant(node: Node | None) -> object:
    """What a node says, wherever in a file it stands."""
    return None if node is None else (node.op, node.label, node.test, node.reading, tuple(map(_meant, node.children)),
                                      node.in_force, node.cite, node.if_false, node.if_unknown)  # fmt: skip


def _verdicts(panel: Panel, facts: CaseFacts, choices: Choices) -> tuple[str, ...]:
    return tuple(item.verdict for item in panel.find(facts, choices).items)


class _Laws:
    """The law of a book on each day that is asked about; days between which it does not change share one."""

    def __init__(self, book: Book, panels: dict[date, Panel | None]) -> None:
        self.book = book
        self._days = change_days(book)
        self._panels = panels

    def on(self, day: date) -> Panel | None:
        """The law of a day; nothing where there was none."""
        day = unchanged_since(self._days, day)
        if day not in self._panels:
            try:
                self._panels[day] = Panel(self.book, day, compile_edition)
            except EditionError:
                self._panels[day] = None
        return self._panels[day]


def _troubles(error: BookError, text: str) -> Iterator[Trouble]:
    """The problems of the book that a draft makes, each led back to the operation that it comes from."""
    for problem in error.problems[:MOST_PROBLEMS]:
        line = problem.line or _line_of(problem.address, text)
        yield Trouble(line, problem.message, problem.address, problem.nearest, problem.mend)


def _line_of(address: str | None, text: str) -> int:
    """The line of the operation that names `address` or what it lies in; 0 if there is none."""
    best, found = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        named = re.match(r"\s*-?\s*(?:replace|add_after|repeal):\s*['\"]?([^'\"\s]+)", line)
        if named and address is not None and address.startswith(named[1]) and len(named[1]) > best:
            best, found = len(named[1]), number
    return found


def begun(book: Book, name: str, address: str | None) -> str:
    """The text a draft begins with: a blank one, or one that has a part of the book in it to be changed."""
    head = BLANK.format(name=name, base=book.name)
    if address is None:
        return head + "  - repeal: ADDRESS\n"
    node = next((one for one in book.nodes() if one.address == address), None)
    if node is None:
        near = nearest(address, (one.address for one in book.nodes()))
        return head + f"  - repeal: {near or 'ADDRESS'}\n"
    lines = [f"  - replace: {address}", "    with:"]
    if node.label:
        lines.append(f"      label: {_quoted(node.label)}")
    if node.test is not None:
        lines.append(f"      test: {_quoted(text_of(node.test))}")
    elif node.reading is not None:
        lines.append(f"      reading: {node.reading.rpartition('/')[2]}")
    if len(lines) == 2:
        lines = [f"  - repeal: {address}"]
    return head + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
