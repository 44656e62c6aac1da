"""The pages of a population: counts with what they are counts of, flips between settings, and the cases behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from limen.home import home
from limen.web.errors import Problem
from limen.web.guards import csrf_protected
from limen.web.pages.case_routes import Analyst
from limen.web.pages.casefile import open_text
from limen.web.pages.glue import lead, room_of, told
from limen.web.pages.population import LARGEST, SMALLEST, RunError, Runs
from limen.web.rendering import render

router = APIRouter(include_in_schema=False)
Verdict = Literal["allow", "deny", "open"]
Word = Annotated[str | None, Query(max_length=80)]


def runs_of(request: Request) -> Runs:
    """The runs that this server knows."""
    room = room_of(request)
    return room.once("runs", lambda: Runs(home(), room.rules))


@router.get("/population")
def population_page(request: Request, user: Analyst) -> Response:
    """The finished runs, and one being made."""
    runs = runs_of(request)
    listed = []
    for name in runs.names():
        try:
            listed.append(runs.get(name))
        except RunError:
            continue
    return render(
        request, "analyst/population.html", runs=listed, making=runs.making, smallest=SMALLEST, largest=LARGEST
    )  # fmt: skip


@router.get("/population/making")
def making(request: Request, user: Analyst) -> Response:
    """How far the run is that is being made."""
    return render(request, "analyst/making.html", making=runs_of(request).making)


@router.post("/population/run", dependencies=[csrf_protected])
def begin(request: Request, user: Analyst, size: Annotated[int, Form()]) -> Response:
    """Begin a small run."""
    try:
        runs_of(request).begin(size)
    except RunError as error:
        raise Problem("bad-input", 422, "no run was begun", str(error)) from error
    return RedirectResponse("/population", status_code=303)


@router.get("/population/{run}")
def run_page(
    request: Request,
    user: Analyst,
    run: str,
    before: Word = None,
    after: Word = None,
    policy: Word = None,
    verdict: Verdict | None = None,
) -> Response:
    """One run: the counts of each policy, what two of them answer differently, and the cases of one cell."""
    try:
        found = runs_of(request).get(run)
        one, other = _pair([count.name for count in found.counts], before, after)
        cases = found.cases(policy, verdict) if policy else []
    except RunError as error:
        raise Problem("not-found", 404, "no such run", str(error)) from error
    return render(
        request, "analyst/run.html", run=found, before=one, after=other, flips=found.between(one, other),
        policy=policy, verdict=verdict, cases=cases, same_book=found.book == room_of(request).base.digest,
    )  # fmt: skip


@router.get("/population/{run}/pictures/{name}")
def picture(request: Request, user: Analyst, run: str, name: str) -> Response:
    """One of the pictures of a run."""
    try:
        return Response(runs_of(request).get(run).picture(name), media_type="image/png")
    except RunError as error:
        raise Problem("not-found", 404, "no such picture", str(error)) from error


@router.get("/population/{run}/{policy}/{case}")
def case_of(request: Request, user: Analyst, run: str, policy: str, case: str) -> Response:
    """One case of a run, opened as a case."""
    room = room_of(request)
    try:
        found = runs_of(request).get(run)
        text = found.case(policy, case)
    except RunError as error:
        raise Problem("not-found", 404, "no such case", str(error)) from error
    count = found.count(policy)
    asked = {policy} if count is None else {policy, count.profile}
    profile = next((name for name in room.base.profiles if name in asked), None)
    with told():
        state = open_text(text, case, room.base, room.match)
    return lead("/case", replace(state, profile=profile))


def _pair(names: list[str], before: str | None, after: str | None) -> tuple[str, str]:
    """The two policies to hold to each other: those asked for, or the first two."""
    one = before if before in names else names[0]
    rest = [name for name in names if name != one] or [one]
    return one, after if after in rest else rest[0]
