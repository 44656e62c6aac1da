"""What a duty is, for the purpose of telling whether it was kept: four forms of condition on events.

- `Owed`: opens with an event and is kept by another, before a deadline if there is one.
- `Act`: an act that is only allowed after something else, or not at all, or not while something lasts.
- `Every`: owed again and again.
- `Count`: something happened for the n-th time. Not a duty that is broken, but a sign to look at.

Each form says what it means as a sentence; `limen.casework.oracle` is those sentences as plain Python, and
`limen.casework.network` the same as rules for durable-rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from limen.casework.event import Event
from limen.casework.span import Span
from limen.law.citation import Citation

State = Literal["open", "kept", "lapsed", "breached", "raised"]

ALL = "all"
"""The key of what is not asked for each thing apart."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Events of one kind that have, for each field in `words`, one of the values given.

    `key` is the field whose value joins this pattern to the others of its duty; `None` joins it to all.
    """

    kind: str
    words: Mapping[str, tuple[str, ...]]
    key: str | None

    def fits(self, event: Event) -> bool:
        """Whether `event` is one of these, its key aside."""
        return event.kind == self.kind and all(event.fields.get(name) in words for name, words in self.words.items())

    def key_of(self, event: Event) -> str | None:
        """What `event` is joined by; `None` when it does not say."""
        return ALL if self.key is None else event.fields.get(self.key)


Patterns = tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Once:
    """A duty opens only once an event like `pattern` has happened too; `ours` is the opening event's field that
    must hold what the pattern's key holds. It does not open if an event in `unless` has happened by then."""

    pattern: Pattern
    ours: str
    unless: Patterns = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """For each key: opens with the first event in `opens` (and `once`); any event in `kept_by` after that keeps it.

    An event in `broken_by` breaks it, also after it was kept. `within` after the opening, if it is still open, it is
    `at_deadline`. An event in `ends` ends it: if still open, it is `ends_as`; from then on nothing breaks it.
    """

    opens: Patterns
    kept_by: Patterns = ()
    broken_by: Patterns = ()
    once: Once | None = None
    within: Span | None = None
    at_deadline: Literal["breached", "kept"] = "breached"
    ends: Patterns = ()
    ends_as: Literal["lapsed", "kept"] = "lapsed"


@dataclass(frozen=True, slots=True)
class Need:
    """An event that must have come before: at least `ahead` before, and not longer ago than `valid`."""

    pattern: Pattern
    ahead: Span | None = None
    valid: Span | None = None


@dataclass(frozen=True, slots=True)
class While:
    """From an event in `since` until one in `until` with the same `by`."""

    since: Patterns
    until: Patterns
    by: str


@dataclass(frozen=True, slots=True)
class Act:
    """Each event in `doing` is looked at (only while `during` lasts, if given).

    It keeps the duty if one of `needs` came before it, and breaks it otherwise; without `needs` it always breaks it.
    """

    doing: Patterns
    needs: tuple[Need, ...] = ()
    during: While | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """For each key: opens with the first event in `opens`; at the end of each period of length `every` it is kept if an
    event in `kept_by` fell in the period, else breached. An event in `ends` ends it."""

    opens: Patterns
    kept_by: Patterns
    every: Span
    ends: Patterns = ()


@dataclass(frozen=True, slots=True)
class Count:
    """For each value of the key: raised by the event with which `at_least` different values of `distinct` are there."""

    of: Pattern
    distinct: str
    at_least: int


Form = Owed | Act | Every | Count


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. `rule` is the address in the rule book of the same duty in words, where there is one."""

    id: str
    title: str
    who: str
    duty: str
    breach: str
    cite: Citation
    form: Form
    rule: str | None = None
