"""What the API is sent: one request or many, and under which reading, day and facts they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, WithJsonSchema

from limen.decide.audience import Audience
from limen.law.facts import FactError, read_value, value_problem
from limen.law.problem import nearest
from limen.law.vocabulary import FactValue
from limen.request import Request, RequestError, build_request
from limen.web.errors import Problem, problem_of
from limen.web.workbench import Workbench

REQUEST_MARK = "x-limen-request"
"""Stands in the schema of a body where the schema of a request belongs; the description puts it there."""

RequestDocument = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", REQUEST_MARK: True}),
    Field(description="A request, as its file has it: `limen request schema` prints the form."),
]
Facts = dict[StrictStr, StrictBool | StrictInt | StrictStr]
Profile = Annotated[str | None, Field(max_length=100, description="A profile of the book; `all` (or none) asks all.")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(Body):
    """Under which reading, day and facts."""

    profile: Profile = None
    as_of: date | None = Field(None, description="The law of this day; by default the day the request was received.")
    known_at: date | None = Field(None, description="Only what had been decided or published by this day.")
    facts: Facts = Field({}, max_length=500, description="Facts that win over the request; `unknown` takes one away.")


class DecisionBody(Asked):
    """One request to decide."""

    request: RequestDocument
    audience: Audience = "reviewer"


class DecisionsBody(Asked):
    """Requests to decide together: each is characterised knowing how it stands among the others."""

    requests: list[RequestDocument] = Field(min_length=1, max_length=1000)
    audience: Audience = "reviewer"


class WhatIfBody(Asked):
    """One item of a request: which smallest sets of facts would flip its verdict?"""

    request: RequestDocument
    item: Annotated[str | None, Field(max_length=200, description="By default the first item.")] = None
    seconds: Annotated[float, Field(ge=0.1, le=10, description="How long to look.")] = 0.9
    pinned: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=500, description="Facts that stay.")


class ColumnBody(Asked):
    """One column of a comparison."""

    title: Annotated[str | None, Field(max_length=100)] = None


class CompareBody(Body):
    """One request in up to four columns."""

    request: RequestDocument
    columns: list[ColumnBody] = Field(min_length=1, max_length=4)
    rows: Literal["differing", "all"] = "differing"


def request_of(document: Mapping[str, Any], where: str = "request") -> Request:
    """The request in a document. Raises `Problem`, which repeats nothing that was written in it."""
    try:
        return build_request(document, where)
    except RequestError as error:
        raise problem_of(error) from None


def facts_of(bench: Workbench, facts: Mapping[str, bool | int | str]) -> dict[str, FactValue]:
    """Facts of the whole case, each value read as the type its fact has. Raises `Problem`."""
    found: dict[str, FactValue] = {}
    wrong: list[dict[str, str]] = []
    for number, (name, value) in enumerate(facts.items()):
        fact = bench.book.vocabulary.facts.get(name)
        if fact is None or fact.per_item:
            near = nearest(name, (n for n, one in bench.book.vocabulary.facts.items() if not one.per_item))
            what = "is asked of each item; state it there" if fact else "is not in the vocabulary"
            wrong.append({"at": f"facts, number {number + 1}", "what": f"{what}{f'; nearest: {near}' if near else ''}"})
            continue
        if value == "unknown":
            found[name] = value
            continue
        try:
            read = read_value(fact, value) if fact.type == "date" and isinstance(value, str) else None
        except FactError as error:
            wrong.append({"at": f"facts, {name}", "what": str(error)})
            continue
        stated: FactValue = value if read is None else read
        problem = value_problem(fact, stated)
        if problem is not None:
            wrong.append({"at": f"facts, {name}", "what": problem[0]})
        else:
            found[name] = stated
    if wrong:
        raise Problem("bad-fact", 422, "a fact that does not fit", "see `errors`", errors=wrong)
    return found
