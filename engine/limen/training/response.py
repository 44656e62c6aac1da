"""What a trainee answers to one question, checked against the choices that were offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from limen.training.course import CoursePart
from limen.training.key import Answer, Key
from limen.training.question import MOST_GROUNDS, PutQuestion


class ResponseError(Exception):
    """An answer that does not fit the question. Nothing was recorded."""


class Response(CoursePart):
    """An answer: a verdict per item, the grounds marked for each, facts asked for, duties named."""

    verdicts: dict[str, Answer]
    grounds: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


def check_response(question: PutQuestion, response: Response) -> Response:
    """`response` with its choices each once and in order. Raises `ResponseError` where it does not fit."""
    items = [item.id for item in question.items]
    without = [item for item in items if item not in response.verdicts]
    if without:
        raise ResponseError(f"choose a verdict for each item: there is none yet for `{without[0]}`")
    if set(response.verdicts) - set(items) or set(response.grounds) - set(items):
        raise ResponseError("the answer names an item that was not asked for")
    grounds = {}
    for item in items:
        offered = {choice.address for choice in question.grounds_for(response.verdicts[item])}
        marked = tuple(sorted(set(response.grounds.get(item, ()))))
        if set(marked) - offered:
            raise ResponseError(f"a ground marked for `{item}` is not among those offered for this verdict")
        if len(marked) > MOST_GROUNDS:
            raise ResponseError(f"mark at most {MOST_GROUNDS} grounds for `{item}`: those that decide")
        grounds[item] = marked
    missing, duties = (tuple(sorted(set(part))) for part in (response.missing, response.duties))
    if set(missing) - {choice.name for choice in question.missing}:
        raise ResponseError("a fact asked for is not among those offered")
    if set(duties) - {choice.name for choice in question.duties}:
        raise ResponseError("a duty named is not among those offered")
    return Response(
        verdicts={item: response.verdicts[item] for item in items}, grounds=grounds, missing=missing, duties=duties
    )


def response_of(stored: Mapping[str, Any]) -> Response:
    """A response as it was stored. Raises `pydantic.ValidationError`."""
    return Response.model_validate(stored)


def keys_own(question: PutQuestion, key: Key, profile: str | None = None) -> Response:
    """The answer that the key itself gives, or that one accepted profile gives."""
    view = key.views[profile] if profile is not None else None
    verdicts = {item.item: view.verdicts[item.item] if view else item.verdict for item in key.items}
    grounds = {}
    for item in key.items:
        right = view.grounds[item.item] if view else item.grounds
        fitting = [c.address for c in question.grounds_for(verdicts[item.item]) if c.address in right]
        grounds[item.item] = tuple(fitting[:1])
    missing = view.missing if view else {one.fact for one in key.missing}
    duties = view.duties if view else {duty.address for duty in key.duties}
    return Response(
        verdicts=verdicts,
        grounds=grounds,
        missing=tuple(choice.name for choice in question.missing if choice.name in missing),
        duties=tuple(choice.name for choice in question.duties if choice.name in duties),
    )
