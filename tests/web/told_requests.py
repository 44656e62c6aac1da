"""Requests that the tests of the web room send, with where they come from."""

from __future__ import annotations

import json
from typing import Any

import yaml

from limen.scenario.load import shipped

NAME = "Selena"
"""The first name of the subject of the textbook request: it may never come back."""


def textbook(**changes: Any) -> dict[str, Any]:
    """The request of the scenario `demo-textbook`, which is released under every profile."""
    path = shipped("demo-textbook")
    assert path is not None
    told = yaml.safe_load(path.read_text(encoding="utf-8"))["request"]
    request: dict[str, Any] = json.loads(json.dumps({"id": "textbook", **told}, default=str))
    return {**request, **changes}
