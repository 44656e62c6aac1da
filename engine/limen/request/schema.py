"""The JSON Schema of a request file, made from the models, so that an editor completes and checks one.

`python -m limen.request.schema` prints it; `docs/schemas/request.schema.json` is what it printed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from limen.request.model import Request

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def request_schema() -> dict[str, Any]:
    """The schema. A text may be written as a whole number (a year), as in the file itself."""
    schema = Request.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        part["description"] = " ".join(part.get("description", "").split("\n\n")[0].split())
        for field in part["properties"].values():
            _for_editors(field)
    return {"$schema": DIALECT, **schema, "title": "A request"}


def request_schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(request_schema(), indent=2, ensure_ascii=False) + "\n"


def _for_editors(schema: dict[str, Any]) -> None:
    """Let a whole number stand for a line of text, and leave out what an editor has no use for."""
    for key in ("title", "default"):
        schema.pop(key, None)
    if schema.get("type") == "string" and schema.get("maxLength") == 200:
        schema["type"] = ["string", "integer"]
    for key in ("anyOf", "items"):
        inner = schema.get(key, [])
        for part in inner if isinstance(inner, list) else [inner]:
            _for_editors(part)


if __name__ == "__main__":
    sys.stdout.write(request_schema_text())
