"""OpenID AuthZEN, Authorization API 1.0: a policy enforcement point asks Limen as it asks any decision point.

How the words meet: the *subject* is who asks (`type` `agency`, `id` as in a request's `requester.agency`), the
*action* is `disclose`, the *resource* is a whole request (`type` `request`) or one item of it (`type` `item`), by id.
The request itself stands in `context.request`; `profile`, `as_of`, `known_at` and `facts` beside it. `decision` is
true only for what is released; anything that does not fit is false, with the reason in `context`.

Source: openid.net/specs/authorization-api-1_0.html (final of 11 January 2026), sections 5 to 7, 9 and 10.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from limen.decide.audience import decision_for
from limen.desk import Handled
from limen.law.facts import FactError
from limen.law.making import EditionError
from limen.request.model import Request as Asking
from limen.web import workbench
from limen.web.api.bodies import Asked, facts_of, request_of
from limen.web.api.guard import ASKED
from limen.web.errors import Problem, problem_of
from limen.web.guards import public

router = APIRouter(tags=["AuthZEN"])
EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"
ACTION = "disclose"
MOST = 100
"""Evaluations in one call."""

Semantic = Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"]


class Part(BaseModel):
    """Unknown members are ignored, as the standard asks."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Subject(Part):
    type: str
    id: str
    properties: dict[str, Any] | None = None


class Action(Part):
    name: str
    properties: dict[str, Any] | None = None


class Resource(Part):
    type: str
    id: str
    properties: dict[str, Any] | None = None


class Evaluation(Part):
    """One question: may this subject do this to this resource?"""

    subject: Subject
    action: Action
    resource: Resource
    context: dict[str, Any] | None = None


class PartialEvaluation(Part):
    """A question that may leave out what the call gives for all of them."""

    subject: Subject | None = None
    action: Action | None = None
    resource: Resource | None = None
    context: dict[str, Any] | None = None


class Options(Part):
    """How the questions of one call are gone through."""

    evaluations_semantic: Semantic = "execute_all"


class Evaluations(PartialEvaluation):
    """Several questions in one call, with what they share."""

    evaluations: list[PartialEvaluation] = Field([], max_length=MOST)
    options: Options = Options()


class Answer(BaseModel):
    """`decision` is true only for a release."""

    decision: bool
    context: dict[str, Any] = {}


class Answers(BaseModel):
    """One answer a question, in their order; fewer where the semantic stops early."""

    evaluations: list[Answer]


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": "An error message", "content": {"text/plain": {"schema": {"type": "string"}}}}
    for status in (400, 401, 403, 408, 413, 415, 421, 429, 503)
}
CALL: dict[str, Any] = {**ASKED, "responses": _ERRORS}


@router.get("/.well-known/authzen-configuration", dependencies=[public], summary="What this decision point can do")
def configuration(request: Request) -> dict[str, str]:
    """The metadata document. Search is not offered, so its parameters are left out."""
    base = str(request.base_url).rstrip("/")
    return {
        "policy_decision_point": base,
        "access_evaluation_endpoint": base + EVALUATION,
        "access_evaluations_endpoint": base + EVALUATIONS,
    }


@router.post(EVALUATION, summary="One access evaluation", **CALL)
def evaluate(request: Request, response: Response, body: Evaluation) -> Answer:
    """May the subject disclose the resource? Decided and recorded as any request is."""
    _echo(request, response)
    return _Call(request).answer(body)


@router.post(EVALUATIONS, summary="Several access evaluations", response_model_exclude_unset=True, **CALL)
def evaluate_many(request: Request, response: Response, body: Evaluations) -> Answers | Answer:
    """Each question on its own, with what they share given once. Without `evaluations` it is the single call."""
    _echo(request, response)
    call = _Call(request)
    if not body.evaluations:
        return call.answer(_whole(body, PartialEvaluation(), "body"))
    # Every question is read before any is answered, as every request is before any is decided.
    asked = [_whole(one, body, f"evaluations, number {n}") for n, one in enumerate(body.evaluations, 1)]
    answers: list[Answer] = []
    for one in asked:
        answers.append(call.answer(one))
        if body.options.evaluations_semantic == "deny_on_first_deny" and not answers[-1].decision:
            answers[-1].context.setdefault("reason", "deny_on_first_deny")
            break
        if body.options.evaluations_semantic == "permit_on_first_permit" and answers[-1].decision:
            break
    return Answers(evaluations=answers)


def _whole(one: PartialEvaluation, shared: PartialEvaluation, where: str) -> Evaluation:
    """A question with what is shared put in. Raises `Problem` for one that still lacks a part."""
    given = {name: getattr(one, name) or getattr(shared, name) for name in ("subject", "action", "resource")}
    for name, part in given.items():
        if part is None:
            raise Problem("bad-input", 400, "a part is missing", f"{where}: `{name}` is required")
    context = one.context if one.context is not None else shared.context
    return Evaluation.model_construct(**given, context=context)


def _echo(request: Request, response: Response) -> None:
    """The caller's own name for the call, given back."""
    named = request.headers.get("X-Request-ID")
    if named is not None and named.isprintable() and named.isascii():
        response.headers["X-Request-ID"] = named[:200]


class _Call:
    """One call of the API. A request that several of its questions are about is decided and recorded once."""

    def __init__(self, request: Request) -> None:
        self._bench = workbench.of(request)
        self._handled: dict[str, Handled] = {}

    def answer(self, asked: Evaluation) -> Answer:
        """True only where what is asked for is released; whatever does not fit is false."""
        if asked.action.name != ACTION:
            return _no("no_such_action", f"the action Limen knows is `{ACTION}`")
        if asked.resource.type not in ("request", "item"):
            return _no("no_such_resource", "a resource is of the type `request` or `item`")
        context = asked.context or {}
        try:
            asking = request_of(context["request"] if isinstance(context.get("request"), dict) else {})
            settings = Asked.model_validate_json(
                json.dumps({k: context[k] for k in Asked.model_fields if k in context})
            )
            profile = self._bench.profile(settings.profile)
            stated = facts_of(self._bench, settings.facts)
        except Problem as problem:
            return _no(problem.name, f"{problem.title}: {problem.detail}", errors=problem.more.get("errors", []))
        except (ValidationError, ValueError):
            return _no("bad_context", "`profile`, `as_of`, `known_at` or `facts` in the context cannot be read")
        if asked.subject.type != "agency" or asked.subject.id != asking.requester.agency:
            return _no("another_subject", "the subject is not the agency that asks in the request")
        if asked.resource.type == "request" and asked.resource.id != asking.id:
            return _no("another_resource", "the resource is not the request in the context")
        if asked.resource.type == "item" and asked.resource.id not in {item.id for item in asking.items}:
            return _no("another_resource", "the resource is no item of the request in the context")
        try:
            handled = self._decided(asking, settings, profile, stated, json.dumps(context, sort_keys=True))
        except (EditionError, FactError) as error:
            unfit = problem_of(error)
            return _no(unfit.name, f"{unfit.title}: {unfit.detail}")
        return _told(handled, asked.resource)

    def _decided(self, asking: Asking, settings: Asked, profile: str | None, stated: Any, key: str) -> Handled:
        if key not in self._handled:
            self._handled[key] = self._bench.decide(
                asking, profile=profile, as_of=settings.as_of, known_at=settings.known_at, stated=stated
            )
        return self._handled[key]


def _told(handled: Handled, resource: Resource) -> Answer:
    """What the decision says of the resource, with its reasons, in the standard's form."""
    decision = decision_for(handled.decision, "reviewer")
    whole = resource.type == "request"
    items = [item for item in decision.items if whole or item.item == resource.id]
    released = decision.effect == "allow" if whole else resource.id in decision.releasable
    receipt: Any = handled.receipt
    context: dict[str, Any] = {
        "id": decision.id,
        "disposition": decision.disposition,
        "profile": decision.profile or "all",
        "as_of": decision.as_of.isoformat(),
        "record": receipt.sequence,
        "reasons": [
            {"item": item.item, "address": one.address, "citation": one.citation, "outcome": one.outcome,
             "sentence": one.sentence, "cure": one.cure}
            for item in items
            for one in item.reasons
            if one.outcome != "met"
        ],
        "caveat": decision.caveat,
    }  # fmt: skip
    return Answer(decision=released and decision.fault is None, context=context)


def _no(code: str, why: str, **more: Any) -> Answer:
    """False, because what was asked could not be decided; nothing is recorded."""
    return Answer(decision=False, context={"code": code, "reason": why, **{k: v for k, v in more.items() if v}})
