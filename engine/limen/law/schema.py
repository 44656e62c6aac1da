"""The JSON Schema of rule files, generated from their models, so that editors complete and check them.

    python -m limen.law.schema > rules/schema/rule-file.schema.json

A rule file asks for it with a first line such as

    # yaml-language-server: $schema=../../schema/rule-file.schema.json
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from limen.law.documents import RuleFile

SCHEMA_ID = "rule-file.schema.json"


def rule_file_schema() -> dict[str, Any]:
    """The schema of one rule file of any kind, told apart by `kind`."""
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[RuleFile, Field(discriminator="kind")])
    schema: dict[str, Any] = _without_null(adapter.json_schema(by_alias=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "A rule file of Limen",
        **schema,
    }


def schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(rule_file_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_null(part: Any) -> Any:
    """The schema without empty values (a key has a value or is left out), and with names held to their form."""
    if isinstance(part, list):
        return [_without_null(each) for each in part]
    if not isinstance(part, dict):
        return part
    cleaned = {key: _without_null(value) for key, value in part.items() if not (key == "default" and value is None)}
    if "patternProperties" in cleaned:
        cleaned.setdefault("additionalProperties", False)
    choices = cleaned.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices = [choice for choice in choices if choice != {"type": "null"}]
        del cleaned["anyOf"]
        cleaned = {**choices[0], **cleaned} if len(choices) == 1 else {"anyOf": choices, **cleaned}
    return cleaned


if __name__ == "__main__":
    sys.stdout.write(schema_text())
