"""The first page, the files that pages need, and whether the server is there."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from limen.web import metrics
from limen.web.errors import PROBLEMS, Problem
from limen.web.guards import CurrentUser, public, require_role
from limen.web.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/")
def first_page(request: Request, user: CurrentUser) -> Response:
    """What there is to do here, for each role the visitor has."""
    return render(request, "home.html")


@router.get("/health", dependencies=[public])
def health() -> Response:
    """That the process answers; says nothing else."""
    return JSONResponse({"status": "ok"})


@router.get("/metrics", dependencies=[require_role("admin")])
def measured() -> Response:
    """What the server counts, for Prometheus."""
    return Response(metrics.exposition(), media_type=metrics.MEDIA_TYPE)


@router.get("/openapi.json", dependencies=[public])
def description(request: Request) -> Response:
    """What the API takes and answers (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


@router.get("/problems/{name}", dependencies=[public])
def problem_page(request: Request, name: str) -> Response:
    """What a kind of problem means, and how to mend it."""
    about = PROBLEMS.get(name)
    if about is None:
        raise Problem("not-found", 404, "no such problem", "`/problems` lists them")
    return render(request, "problem_kind.html", name=name, about=about)


@router.get("/problems", dependencies=[public])
def problem_list(request: Request) -> Response:
    """Every kind of problem the server can answer with."""
    return render(request, "problem_kinds.html", problems=PROBLEMS)
