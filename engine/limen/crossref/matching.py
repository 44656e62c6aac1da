"""One subject against one registry: the two lanes.

Where a taxpayer number is stated, number and name lead (the lane `tin`); otherwise, or where they lead nowhere, name
and address do (the lane `address`). A person is named only for an exact or strong match with nobody else near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from limen.crossref.asked import GATE, Asked, asked_keys, make_asked
from limen.crossref.evidence import name_words, row_words
from limen.crossref.ladder import Row, compare_addresses, compare_names, grade_row, resolve
from limen.crossref.settings import IDENTIFIED, Settings
from limen.request.match import AddressHeld, Grade, Lane, Match
from limen.request.subject import Subject

GRADES: tuple[Grade, ...] = ("none", "weak", "strong", "exact")


class Source(Protocol):
    """Where registry rows come from."""

    def rows_in_blocks(self, keys: Sequence[int]) -> Sequence[Row]:
        """Every row filed under one of the keys."""

    def rows_of_tin(self, tin: str) -> Sequence[Row]:
        """Every row of the persons who hold a taxpayer number."""


def person_text(person: int) -> str:
    """A registry id as it is written everywhere.

    >>> person_text(41)
    'P000000041'
    """
    return f"P{person:09d}"


def person_number(text: str) -> int:
    """The registry id that `person_text` writes so; -1 for a text that is none.

    >>> person_number("P000000041"), person_number("41")
    (41, -1)
    """
    return int(text[1:]) if text[:1] == "P" and text[1:].isdigit() else -1


def match_subject(subject: Subject, source: Source, settings: Settings) -> Match:
    """Who in the registry is meant, if anybody. Never raises for what a subject says."""
    asked = make_asked(subject)
    evidence: list[str] = []
    tin_agrees: bool | None = None
    if asked.tin_stated:
        found, tin_agrees = _tin_lane(asked, source, settings, evidence)
        if found is not None:
            return found
    return _address_lane(asked, source, settings, evidence, tin_agrees)


def _tin_lane(
    asked: Asked, source: Source, settings: Settings, evidence: list[str]
) -> tuple[Match | None, bool | None]:
    """A match by number and name, or what the number contributed before the address lane is tried."""
    if not asked.tin:
        evidence.append("the stated taxpayer number is not nine digits")
        return None, False
    if asked.name is None:
        evidence.append("a taxpayer number without a comparable name identifies nobody")
        return None, None
    rows = source.rows_of_tin(asked.tin)
    persons: dict[int, list[Row]] = {}
    for row in rows:
        persons.setdefault(row.person, []).append(row)
    agreeing = {
        person: held
        for person, held in persons.items()
        if compare_names(asked.name, held[0].name).level(settings.close) >= 2
    }
    if not agreeing:
        evidence.append(
            "the taxpayer number is held under another name"
            if persons
            else "the registry does not hold the taxpayer number"
        )
        return None, False
    if len(agreeing) > 1:
        evidence.append(f"the taxpayer number and the name agree for {len(agreeing)} persons")
        return _nobody("ambiguous", "tin", evidence, len(agreeing), tin_agrees=True, name_agrees=True), True
    person, held = next(iter(agreeing.items()))
    name = compare_names(asked.name, held[0].name)
    grade = GRADES[name.level(settings.close)]
    address_held = _held(asked, held)
    evidence += [
        "the taxpayer number agrees",
        name_words(name, asked.name, held[0].name),
        _held_words(asked, address_held),
    ]
    if settings.confirm_address and address_held in (None, "never"):
        evidence.append("the address had to be confirmed and was not")
        return (
            _nobody("weak", "tin", evidence, 1, tin_agrees=True, name_agrees=True, address_held=address_held),
            True,
        )
    score = round((name.points + IDENTIFIED) / 1_000_000, 4)
    return (
        Match(grade, "tin", person_text(person), 1, score, address_held, True, True, tuple(evidence)),
        True,
    )


def _held(asked: Asked, rows: Sequence[Row]) -> AddressHeld | None:
    """Whether one of a person's addresses is the stated one (as closely as a strong match asks)."""
    if asked.address is None:
        return None
    levels = [(compare_addresses(asked.address, row.address).level, row.current) for row in rows]
    if any(level >= 2 and current for level, current in levels):
        return "current"
    return "former" if any(level >= 2 for level, _ in levels) else "never"


def _held_words(asked: Asked, held: AddressHeld | None) -> str:
    if held is None:
        return f"the address was not compared: {GATE[asked.quality.kind]}"
    return {
        "current": "the stated address is the one the registry holds now",
        "former": "the stated address is one the registry held before",
        "never": "the registry has never held the stated address for this person",
    }[held]


def _address_lane(
    asked: Asked, source: Source, settings: Settings, evidence: list[str], tin_agrees: bool | None
) -> Match:
    if asked.address is None:
        evidence.append(GATE[asked.quality.kind])
        return _nobody("none", "none", evidence, 0, tin_agrees=tin_agrees)
    if asked.name is None:
        evidence.append("the stated name has no first name and surname that can be compared")
        return _nobody("none", "none", evidence, 0, tin_agrees=tin_agrees)
    rows = source.rows_in_blocks(asked_keys(asked.name, asked.address))
    best, near = resolve((grade_row(asked.name, asked.address, asked.tin, row, settings) for row in rows), settings)
    if best is None:
        evidence.append("nobody in the registry agrees with the name and the address")
        return _nobody("none", "none", evidence, 0, tin_agrees=tin_agrees)
    score = round(best.score / 1_000_000, 4)
    name_agrees = best.name.level(settings.close) >= 2
    if near > 1:
        evidence.append(f"{near} persons agree about equally well, so nobody is named")
        return _nobody(
            "ambiguous", "address", evidence, near, tin_agrees=tin_agrees, name_agrees=name_agrees, score=score
        )
    evidence += row_words(best, asked.name, asked.address)
    held: AddressHeld = "never" if best.address.level < 2 else "current" if best.row.current else "former"
    if best.level == 2 and best.address.level < 2:
        evidence.append("few people bear this name, which makes up for the address")
    if asked.tin and best.row.tin and best.row.tin != asked.tin:
        evidence.append("this person holds another taxpayer number than the one stated")
    if best.level < 2:
        evidence.append("this is too weak to name a person")
        return _nobody(
            "weak",
            "address",
            evidence,
            1,
            tin_agrees=tin_agrees,
            name_agrees=name_agrees,
            address_held=held,
            score=score,
        )
    return Match(
        GRADES[best.level],
        "address",
        person_text(best.row.person),
        1,
        score,
        held,
        tin_agrees,
        name_agrees,
        tuple(evidence),
    )


def _nobody(
    grade: Grade,
    lane: Lane,
    evidence: Sequence[str],
    candidates: int,
    *,
    tin_agrees: bool | None,
    name_agrees: bool | None = None,
    address_held: AddressHeld | None = None,
    score: float = 0.0,
) -> Match:
    """A match that names no person."""
    return Match(grade, lane, None, candidates, score, address_held, tin_agrees, name_agrees, tuple(evidence))
