"""What every call of the API has to be, and what its description says of problems."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from limen.web.errors import PROBLEM_JSON, Problem
from limen.web.guards import csrf_free_api, require_role


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457). `type` is also the address of the page that explains it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/bad-request"])
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


def _described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
    return {
        status: {"description": "A problem document", "content": {PROBLEM_JSON: schema}} for status in statuses
    }  # fmt: skip


READ_RESPONSES = _described(400, 401, 403, 404, 421, 422, 429, 503)
PROBLEM_RESPONSES = _described(400, 401, 403, 404, 408, 413, 415, 421, 422, 429, 503)


def _json_only(request: Request) -> None:
    """A body is JSON and says so: a form of another site cannot say that without being asked first."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem("wrong-media-type", 415, "not JSON", "send `Content-Type: application/json`")


ASKED: dict[str, Any] = {
    "dependencies": [require_role("analyst"), csrf_free_api, Depends(_json_only)],
    "responses": PROBLEM_RESPONSES,
}
"""Who may call a route of the API that takes a body, how, and what problems it may answer with."""
