"""The JSON Schema that editors use says what the loader says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.strategies import SMALL_BOOK

from limen.law.places import shipped_rules
from limen.law.schema import rule_file_schema, schema_text

VALIDATOR = Draft202012Validator(rule_file_schema())
RULES = sorted(shipped_rules().rglob("*.yaml"))


def as_json(value: Any) -> Any:
    """YAML data as an editor sees it, which has no type for days."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schema_in_the_rules_folder_is_up_to_date() -> None:
    committed = (shipped_rules() / "schema" / "rule-file.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `python -m limen.law.schema > rules/schema/rule-file.schema.json`"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(rule_file_schema())


@pytest.mark.parametrize("path", RULES, ids=[path.relative_to(shipped_rules()).as_posix() for path in RULES])
def test_every_shipped_file_fits(path: Path) -> None:
    document = as_json(
        yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    )
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


GATEWAY = SMALL_BOOK["gate_0.yaml"]
NODE = {"id": "a", "label": "a thing", "test": "true"}


@pytest.mark.parametrize(
    "wrong",
    [
        {**GATEWAY, "kind": "gate"},
        {**GATEWAY, "effect": "shall"},
        {**GATEWAY, "lable": "x"},
        {key: value for key, value in GATEWAY.items() if key != "releases"},
        {**GATEWAY, "elements": []},
        {**GATEWAY, "elements": [{**NODE, "id": "Not An Id"}]},
        {**GATEWAY, "elements": [{**NODE, "any": [NODE]}]},
        {**GATEWAY, "elements": [{"id": "a", "label": "neither test nor group"}]},
        {**GATEWAY, "elements": [{**NODE, "label": None}]},
        {**GATEWAY, "cite": {"title": 26, "certainty": "read"}},
        {**GATEWAY, "cite": {"title": 26, "code": "U.S.C.", "section": 6103, "certainty": "read"}},
        {**GATEWAY, "title": 3},
        {**SMALL_BOOK["vocabulary.yaml"], "facts": {"Not A Name": {"type": "bool", "ask": "What?"}}},
    ],
)
def test_a_file_that_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(as_json(wrong))


def test_the_small_book_fits() -> None:
    for document in SMALL_BOOK.values():
        VALIDATOR.validate(as_json(document))
