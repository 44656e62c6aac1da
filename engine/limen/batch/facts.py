"""From the rows of a chunk to rows of facts, one request at a time: the same path as for a single request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from limen.batch.context import Counts
from limen.batch.deciding import FactRows
from limen.batch.matching import Matcher, match_requests
from limen.decide.columns.layout import CASE_ID, facts_table
from limen.law.facts import CaseFacts, FactError
from limen.law.vocabulary import Vocabulary
from limen.request.characterise import Characteriser
from limen.request.match import Match
from limen.request.model import Request

Reject = tuple[int, list[str]]
"""The number of a row, and why it is no request that can be decided."""


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
    matches: Sequence[Match | None] = [None] * len(requests)
    if matcher is not None and requests:
        matches = match_requests(matcher, requests)
    for (number, request), match in zip(requests, matches, strict=True):
        day = day_of[number]
        batch = None if counts is None else counts.context(request)
        try:
            seen = characteriser.characterise(request, match, as_of=day, batch=batch)
        except FactError as error:
            rejects.append((number, [str(problem) for problem in error.problems]))
            continue
        cases.append((number, request.id, day, seen.facts))
    return rows_of_cases(characteriser.vocabulary, cases), rejects
