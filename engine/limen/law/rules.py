"""The kinds of rule a book holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from limen.law.citation import Citation
from limen.law.node import Node
from limen.law.period import ALWAYS, Period

Effect = Literal["must", "may"]
Status = Literal["contested", "vague", "redacted"]
Bounds = Literal["narrows", "widens", "unknown"]
DutyTime = Literal["before_release", "on_release", "after_release"]


@dataclass(frozen=True, slots=True)
class Duty:
    """What must follow a release, or be in place before it.

    `deadline` is in plain words; `within` is its length in hours where the source gives one.
    """

    address: str
    id: str
    who: str
    when: DutyTime
    duty: str
    cite: Citation
    deadline: str | None = None
    within_hours: int | None = None
    breach: str | None = None
    in_force: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Duties that attach to every release under the gateways it names."""

    address: str
    title: str
    cite: Citation
    in_force: Period
    attaches_to: tuple[str, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One cited meaning of contested words. `meaning.address` is `READING:ID`."""

    id: str
    label: str
    meaning: Node
    authorities: tuple[Citation, ...]
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that bear several meanings (or that nobody outside has seen), as data.

    For `redacted` words, `bounds` says what the hidden text could do to the result at most, and the last
    alternative is `unseen`, whose truth is not known.
    """

    address: str
    id: str
    words: str
    question: str
    status: Status
    alternatives: tuple[Alternative, ...]
    bounds: Bounds | None = None

    def alternative(self, id: str) -> Alternative:
        """The alternative called `id`; raises `KeyError`."""
        for alternative in self.alternatives:
            if alternative.id == id:
                return alternative
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Prohibition:
    """The general rule: who is bound, and what may not be disclosed."""

    address: str
    title: str
    cite: Citation
    in_force: Period
    applies_when: Node
    forbids: Node
    says: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """An authorisation. Every element must hold, and for an item at least one release ground."""

    address: str
    title: str
    cite: Citation
    in_force: Period
    effect: Effect
    elements: tuple[Node, ...]
    releases: tuple[Node, ...]
    withheld_because: str
    duties: tuple[Duty, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Stops the gateways it `overrides` (or other bars) when any of its conditions holds."""

    address: str
    title: str
    cite: Citation
    in_force: Period
    overrides: tuple[str, ...]
    conditions: tuple[Node, ...]
    if_true: str
    if_unknown: str
    confidential: bool = False
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of one alternative for every reading, so that a result can be quoted and repeated."""

    id: str
    title: str
    held_by: str
    since: date | None
    chooses: Mapping[str, str]
    authorities: tuple[Citation, ...]
    summary: str = ""
