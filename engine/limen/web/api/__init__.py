"""The API, for programs: decisions, questions, the book and the ledger, and the AuthZEN endpoints."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from limen.web.api import authzen, book, decisions, ledger, questions
from limen.web.api.bodies import REQUEST_MARK
from limen.web.api.guard import ProblemDocument

ROUTERS = (decisions.router, questions.router, book.router, ledger.router, authzen.router)


def _with_requests(part: Any) -> Any:
    """The description with a reference to the schema of a request wherever one is sent."""
    if isinstance(part, dict):
        if part.get(REQUEST_MARK):
            return {"$ref": "#/components/schemas/Request"}
        return {key: _with_requests(inner) for key, inner in part.items()}
    return [_with_requests(one) for one in part] if isinstance(part, list) else part


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once: with the schema of a request, which the models of bodies refer to."""
    if app.openapi_schema is None:
        from limen.request.model import Request

        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description="No decision without a record. A simulation with invented people; not legal advice.",
            routes=app.routes,
            license_info=app.license_info,
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for model in (Request, ProblemDocument):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        app.openapi_schema = _with_requests(made)
    return app.openapi_schema
