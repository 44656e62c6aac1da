"""`/v1/whatif` and `/v1/compare`: questions about a request. Nothing is decided, and nothing is logged."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from limen.analyse.plain import plain
from limen.decide.decision import CAVEAT
from limen.web import workbench
from limen.web.api.bodies import CompareBody, WhatIfBody, facts_of, request_of
from limen.web.api.guard import ASKED
from limen.web.errors import Problem

router = APIRouter(tags=["questions"])


@router.post("/v1/whatif", summary="The smallest changes that would flip the verdict", **ASKED)
def whatif(request: Request, body: WhatIfBody) -> dict[str, Any]:
    """Every minimal set of facts that flips the verdict on one item, found in the time there is."""
    from limen.analyse.whatif import whatif as ask

    bench = workbench.of(request)
    asking = request_of(body.request)
    ids = [item.id for item in asking.items]
    if body.item is not None and body.item not in ids:
        raise Problem("not-found", 404, "no such item", "name an item of the request, by its id")
    pinned = frozenset(body.pinned)
    if not pinned <= set(bench.book.vocabulary.facts):
        raise Problem("bad-fact", 422, "a fact that is none", "`GET /v1/book` lists the facts that can be pinned")
    profile = bench.profile(body.profile)
    day, _, seen = bench.desk.case(asking, as_of=body.as_of, stated=facts_of(bench, body.facts))
    flips = ask(
        bench.asking(profile, day, body.known_at),
        seen.facts,
        ids.index(body.item) if body.item is not None else 0,
        pinned,
        body.seconds,
    )
    return {"profile": profile or "all", "as_of": day.isoformat(), **plain(flips), "caveat": CAVEAT}


@router.post("/v1/compare", summary="One request in up to four columns", **ASKED)
def compare(request: Request, body: CompareBody) -> dict[str, Any]:
    """What each profile, day or statement of facts makes of a request, point by point; rows that differ first."""
    from limen.analyse.compare import Column
    from limen.analyse.compare import compare as side_by_side

    bench = workbench.of(request)
    asking = request_of(body.request)
    columns = []
    for column in body.columns:
        profile = bench.profile(column.profile)
        if profile is None:
            raise Problem("no-such-profile", 422, "a column needs a profile", f"there are {', '.join(bench.profiles)}")
        day, _, seen = bench.desk.case(asking, as_of=column.as_of, stated=facts_of(bench, column.facts))
        columns.append(Column(column.title or f"{profile} · {day}", bench.book, profile, day, seen.facts))
    found = side_by_side(columns)
    return {
        "columns": list(found.columns),
        "verdicts": plain(found.verdicts),
        "rows": plain(found.rows if body.rows == "all" else found.differing),
        "caveat": CAVEAT,
    }
