"""The page on writing a request, the schema for editors, and how little importing this room costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from limen.request.model import Request
from limen.request.read import read_request
from limen.request.schema import request_schema, request_schema_text

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "the-request.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```yaml\n(.*?)```", PAGE, re.DOTALL))


def example(name: str, folder: Path) -> Path:
    path = folder / "request.yaml"
    path.write_text(EXAMPLES[name], encoding="utf-8")
    return path


def test_the_complete_example_is_a_request_whose_facts_are_known(tmp_path, characteriser):
    seen = characteriser.characterise(read_request(example("request", tmp_path)), as_of=date(2026, 3, 3))
    facts = seen.facts.facts
    assert facts["matter.designated_statute"] == "usc_8_1326"
    assert facts["request.address_quality"] == "complete"
    assert facts["recipient.engagement"] == "works_the_matter"
    assert facts["secretary.finds_informant_risk"] is False
    assert "secretary.finds_tax_case_harm" not in facts
    assert seen.origin["batch.requests_with_same_reasons"] == "stated"


def test_the_example_of_stated_facts_does_what_the_page_says(tmp_path, characteriser):
    seen = characteriser.characterise(read_request(example("facts", tmp_path)), as_of=date(2026, 3, 3))
    assert seen.facts.facts["matter.removal_order_final"] == date(2025, 11, 3)
    assert "request.address_quality" not in seen.facts.facts
    assert seen.facts.items[0].facts["item.named_in_order"] is True


def test_every_fact_the_page_names_is_in_the_vocabulary(vocabulary):
    sections = {name.split(".")[0] for name in vocabulary.facts} - {"request", "matter", "order", "match", "batch"}
    named = {name for name in re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE) if name.split(".")[0] in sections | {"request"}}
    assert (
        named
        - {"request.yaml", "request.states_reasons"}
        - set(vocabulary.facts)
        - {"requester.agency", "requester.office"}
        == set()
    )
    assert "request.states_reasons" in vocabulary.facts


def test_the_schema_file_is_what_the_models_say():
    """To make it anew: `python -m limen.request.schema > docs/schemas/request.schema.json`."""
    assert (ROOT / "docs" / "schemas" / "request.schema.json").read_text(encoding="utf-8") == request_schema_text()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_examples_satisfy_the_schema(name):
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(json.dumps(yaml.safe_load(EXAMPLES[name]), default=date.isoformat))
    jsonschema.Draft202012Validator(request_schema()).validate(data)


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "a"},
        {"id": "a", "items": []},
        {"id": "a", "items": [{"id": "x", "kind": "nam"}]},
        {"id": "a", "items": [{"id": "x", "kind": "name"}], "requestor": {}},
        {"id": "a", "items": [{"id": "x", "kind": "name"}], "order": {"granted": "yes"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(broken):
    jsonschema = pytest.importorskip("jsonschema")
    assert not jsonschema.Draft202012Validator(request_schema()).is_valid(broken)


def test_every_field_of_a_request_is_in_the_schema():
    assert set(request_schema()["properties"]) == set(Request.model_fields)


def test_importing_the_room_imports_nothing_heavy():
    script = (
        "import sys, limen.request; heavy = {'yaml', 'pydantic', 're'} & set(sys.modules);"
        "heavy.discard('re'); assert not heavy, heavy;"
        "from limen.request import read_request, Characteriser;"
        "assert 'yaml' not in sys.modules and 'rapidfuzz' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", script], check=True, env={"PYTHONPATH": str(ROOT / "engine"), "PATH": "/usr/bin:/bin"}
    )


def test_the_face_of_the_room_is_complete():
    import limen.request

    for name in limen.request.__all__:
        assert getattr(limen.request, name) is not None
    with pytest.raises(AttributeError, match="has no attribute `nothing`"):
        _ = limen.request.nothing
