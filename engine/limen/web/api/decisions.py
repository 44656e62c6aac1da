"""`/v1/decisions`: one request, or many, decided and logged as `limen decide` does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from limen.decide.audience import decision_for
from limen.desk import Handled, told
from limen.request.batch import BatchCounts
from limen.request.model import Request as Asking
from limen.web import workbench
from limen.web.api.bodies import Asked, DecisionBody, DecisionsBody, facts_of, request_of
from limen.web.api.guard import ASKED
from limen.web.errors import OURS, Ours, Problem, problem_of

router = APIRouter(tags=["decisions"])


@router.post("/v1/decisions", summary="Decide one request", response_model=dict[str, Any], **ASKED)
def decide(request: Request, body: DecisionBody) -> Response:
    """Cross-referenced, decided with two keys, and recorded in the ledger before it is answered.

    `decision.effect` is `allow` only if every item is released. No record, no decision: where the ledger cannot
    record, the answer is a problem of the type `ledger-unavailable`.
    """
    (answer,) = _decide(request, body, [request_of(body.request)], body.audience)
    return _as_told(answer)


@router.post("/v1/decisions/many", summary="Decide many requests", response_model=dict[str, Any], **ASKED)
def decide_many(request: Request, body: DecisionsBody) -> Response:
    """All requests are read before any is decided; then each is decided and recorded in its turn.

    If the ledger fails between two of them, the problem's `recorded` has the numbers of those that are in the ledger.
    """
    most = request.app.state.settings.many
    if len(body.requests) > most:
        raise Problem("too-large", 413, "too many requests", f"send at most {most} at once")
    read = [request_of(one, f"requests, number {number}") for number, one in enumerate(body.requests, 1)]
    return _as_told({"decisions": _decide(request, body, read, body.audience)})


def _as_told(answer: Any) -> Response:
    """The text that `limen decide --json` prints; not looked at again by the framework, which would cost as much."""
    return Response(json.dumps(answer, default=str, ensure_ascii=False), media_type="application/json")


def _decide(request: Request, asked: Asked, read: Sequence[Asking], audience: Any) -> list[dict[str, Any]]:
    bench = workbench.of(request)
    profile = bench.profile(asked.profile)
    stated = facts_of(bench, asked.facts)
    counts = BatchCounts(read)
    done: list[Handled] = []
    answers: list[dict[str, Any]] = []
    for one in read:
        try:
            handled = bench.decide(
                one,
                profile=profile,
                as_of=asked.as_of,
                known_at=asked.known_at,
                batch=counts.context(one),
                stated=stated,
            )
        except OURS as error:
            raise _stopped(error, done) from error
        done.append(handled)
        answers.append(told(decision_for(handled.decision, audience), handled, audience))
    return answers


def _stopped(error: Ours, done: Sequence[Handled]) -> Problem:
    """The error, with the numbers of what had been recorded before it."""
    problem = problem_of(error)
    if done:
        receipts: list[Any] = [handled.receipt for handled in done]
        problem.more["recorded"] = [receipt.sequence for receipt in receipts]
    return problem
