"""The application: every router, every layer, put together once for one process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from limen import __version__
from limen.web import api, home, learn, pages, signin
from limen.web.accounts import Accounts
from limen.web.errors import OURS, PROBLEM_JSON, Problem, SignInNeeded, problem_of
from limen.web.rendering import NavEntry, Setting, render
from limen.web.security import Shield
from limen.web.settings import Settings
from limen.web.workbench import Workbench

STATIC = Path(__file__).parent / "static"


def make_app(settings: Settings) -> FastAPI:
    """The application for one process. Book, ledger and keys are opened when it starts and closed when it stops."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = settings.at_once
        app.state.bench = Workbench(settings)
        app.state.accounts = Accounts(settings.store) if settings.sign_in else None
        try:
            yield
        finally:
            app.state.bench.close()
            if app.state.accounts is not None:
                app.state.accounts.close()

    app = FastAPI(
        title="Limen",
        version=__version__,
        summary="A simulator of disclosure law: hypothetical requests, cited decisions.",
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=life,
    )
    app.state.settings = settings
    nav: list[NavEntry] = []
    for area in (pages, learn):
        for router in area.ROUTERS:
            app.include_router(router)
        nav += area.NAV
    app.state.nav = tuple(nav)
    for router in api.ROUTERS:
        app.include_router(router)
    app.include_router(home.router)
    app.include_router(signin.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for ours in OURS:
        app.add_exception_handler(ours, _ours)
    for refused in learn.REFUSED:
        app.add_exception_handler(refused, _refused)
    app.openapi = partial(api.description, app)  # type: ignore[method-assign]
    app.add_middleware(Shield, settings=settings)
    return app


def app_from_environment() -> FastAPI:
    """The application with the settings that the parent process handed over: what each worker makes."""
    return make_app(Settings.from_environment())


async def _told(request: Request, error: Any) -> Response:
    """A problem, to a program as a document and to a person as a page."""
    if request.url.path.startswith("/access/"):
        status = 400 if error.status == 422 else error.status
        places = "".join(f"; {one['at']}: {one['what']}" for one in error.more.get("errors", ()))
        said = f"{error.title}{places}" if places else f"{error.title}: {error.detail}"
        return PlainTextResponse(said, status_code=status, headers=error.headers)
    if not _wants_page(request):
        return JSONResponse(
            error.document(), status_code=error.status, headers=error.headers, media_type=PROBLEM_JSON
        )  # fmt: skip
    if isinstance(error, SignInNeeded):
        return RedirectResponse(signin.way_in(request), status_code=303)
    return render(request, "problem.html", status=error.status, headers=error.headers, problem=error, setting=Setting())


async def _ours(request: Request, error: Any) -> Response:
    """An error that the rooms below raise on purpose."""
    return await _told(request, problem_of(error))


async def _refused(request: Request, error: Any) -> Response:
    """What the room of training refuses."""
    return await _told(request, learn.refused(error))


async def _invalid(request: Request, error: Any) -> Response:
    """A body or query of another form than asked for: each place, without what was sent there."""
    places = [{"at": ".".join(str(part) for part in one["loc"]), "what": one["msg"]} for one in error.errors()]
    return await _told(
        request, Problem("bad-input", 422, "cannot be used as sent", "see `errors`", errors=places)
    )  # fmt: skip


async def _http(request: Request, error: Any) -> Response:
    """What the framework itself refuses."""
    if error.status_code == 405:
        problem = Problem("wrong-method", 405, "not this way", "see `Allow`", headers=dict(error.headers or {}))
    elif error.status_code == 404:
        problem = Problem("not-found", 404, "nothing here", "start from the first page")
    else:
        problem = Problem("bad-input", error.status_code, "cannot be used as sent", "see /openapi.json")
    return await _told(request, problem)


def _wants_page(request: Request) -> bool:
    """Whether a person is looking: a browser asks for HTML, and the API never gives it."""
    path = request.url.path
    return "text/html" in request.headers.get("accept", "") and not path.startswith(
        ("/v1/", "/access/", "/.well-known/")
    )
