"""From the rows of a chunk to rows of facts, one request at a time: the same path as for a single request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import pyarrow as pa

from limen.batch.checked import CheckedColumns
from limen.batch.context import Counts
from limen.batch.deciding import FactRows
from limen.decide.columns.layout import CASE_ID, facts_table
from limen.law.facts import CaseFacts, FactError
from limen.law.vocabulary import Vocabulary
from limen.request.characterise import Characteriser
from limen.request.match import Match
from limen.request.model import Request
from limen.request.subject import Address, PersonName, Subject

Reject = tuple[int, list[str]]
"""The number of a row, and why it is no request that can be decided."""


class Matcher(Protocol):
    """Cross-reference: who is meant."""

    def match(self, subject: Subject) -> Match: ...


def rows_of_cases(vocabulary: Vocabulary, cases: Sequence[tuple[int, str, date, CaseFacts]]) -> FactRows:
    """Rows of facts from cases: each with the number of its row, the id of its request, its day and its facts."""
    facts = facts_table(vocabulary.facts, [case for *_, case in cases], coded=True)
    numbers = pa.array([number for number, *_ in cases], pa.int64())
    facts = facts.set_column(0, facts.schema.field(CASE_ID), numbers.take(facts.column(CASE_ID)))
    requests = pa.table(
        {
            "case_id": numbers,
            "request": pa.array([request for _, request, *_ in cases], pa.string()),
            "day": pa.array([day for _, _, day, _ in cases], pa.date32()),
        }
    )
    return FactRows(facts, requests)


def characterise_rows(
    characteriser: Characteriser,
    requests: Sequence[tuple[int, Request]],
    day_of: dict[int, date],
    matcher: Matcher | None,
    counts: Counts | None,
) -> tuple[FactRows, list[Reject]]:
    """The facts of `requests`, each a row number and a request; those whose stated facts do not fit are rejected."""
    cases: list[tuple[int, str, date, CaseFacts]] = []
    rejects: list[Reject] = []
    for number, request in requests:
        day = day_of[number]
        match = None if matcher is None else matcher.match(request.subject)
        batch = None if counts is None else counts.context(request)
        try:
            seen = characteriser.characterise(request, match, as_of=day, batch=batch)
        except FactError as error:
            rejects.append((number, [str(problem) for problem in error.problems]))
            continue
        cases.append((number, request.id, day, seen.facts))
    return rows_of_cases(characteriser.vocabulary, cases), rejects


_PARTS = ("first", "middle", "last", "suffix")


def match_rows(matcher: Matcher, checked: CheckedColumns) -> pa.Table:
    """The match of every row, as columns named after the derivations that read it."""
    nothing = [None] * checked.rows

    def said(name: str) -> list[Any]:
        column = checked.columns.get(name)
        return nothing if column is None else column.to_pylist()

    names = zip(*(said(f"subject.name.{part}") for part in _PARTS), strict=True)
    found: list[Match] = []
    for name, lines, tin in zip(names, said("subject.address.lines"), said("subject.tin"), strict=True):
        parts = dict(zip(_PARTS, name, strict=True))
        found.append(
            matcher.match(
                Subject(
                    name=PersonName(**parts) if any(name) else None,
                    address=Address(lines=tuple(lines)) if lines else None,
                    tin=tin,
                )
            )
        )
    columns = {
        "match_grade": pa.array([match.grade for match in found], pa.string()),
        "match_lane": pa.array([match.lane for match in found], pa.string()),
        "match_address_held": pa.array([match.address_held for match in found], pa.string()),
        "match_tin_agrees": pa.array([match.tin_agrees for match in found], pa.bool_()),
        "match_name_agrees": pa.array([match.name_agrees for match in found], pa.bool_()),
    }
    return pa.table(columns)
