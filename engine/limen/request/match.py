"""What cross-reference found: one person, several, or nobody, and on what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["exact", "strong", "weak", "ambiguous", "none"]
Lane = Literal["tin", "address", "none"]
AddressHeld = Literal["current", "former", "never"]


@dataclass(frozen=True, slots=True)
class Match:
    """The answer of cross-reference for one subject.

    `person` is the registry's id of the one person found (`None` unless there is exactly one). `lane` says whether a
    taxpayer number or the address led there. `address_held` says whether the registry has held the stated
    address for that person (`None`: it could not be compared). `evidence` is in words, without personal data.
    """

    grade: Grade
    lane: Lane
    person: str | None
    candidates: int
    score: float
    address_held: AddressHeld | None
    tin_agrees: bool | None
    name_agrees: bool | None
    evidence: tuple[str, ...]
