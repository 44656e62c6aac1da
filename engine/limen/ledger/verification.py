"""The answer of `verify`: two questions apart, and what speaks against each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Integrity = Literal["intact", "broken"]
Completeness = Literal["complete", "incomplete", "not_known"]

MOST_PROBLEMS = 100
"""No more problems, and no more notes, than this are listed; the verdict does not depend on it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `about` is what it speaks against; `sequence` the record, where there is one."""

    about: Literal["integrity", "completeness"]
    code: str
    sequence: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found.

    `integrity`: every record still there is the one that was written, in its place. `completeness`: every record
    that was acknowledged is still there; `not_known` where nothing outside the store can tell.
    """

    records: int
    head: str
    integrity: Integrity
    completeness: Completeness
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.integrity == "intact" and self.completeness == "complete"


class Findings:
    """What is collected while looking."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.broken = False
        self.incomplete = False

    def add(self, about: Literal["integrity", "completeness"], code: str, sequence: int | None, what: str) -> None:
        if about == "integrity":
            self.broken = True
        else:
            self.incomplete = True
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(about, code, sequence, what))

    def note(self, what: str) -> None:
        if len(self.notes) < MOST_PROBLEMS:
            self.notes.append(what)
