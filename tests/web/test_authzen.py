"""OpenID AuthZEN 1.0: the form of calls and answers, and that silence, or anything that does not fit, is false.

The schemas below were written from the text of the specification (sections 5 to 7 and 9). Answers were also held to
the two schemas its authors publish, which carry no licence and so are not kept here.
"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from told_requests import textbook

from sizes import tries

DECISION = {
    "type": "object",
    "required": ["decision"],
    "properties": {"decision": {"type": "boolean"}, "context": {"type": "object"}},
}
DECISIONS = {
    "type": "object",
    "required": ["evaluations"],
    "properties": {"evaluations": {"type": "array", "items": DECISION}},
}
URL = {"type": "string", "pattern": "^https?://[^?#]+$"}
METADATA = {
    "type": "object",
    "required": ["policy_decision_point", "access_evaluation_endpoint"],
    "properties": {
        "policy_decision_point": URL,
        "access_evaluation_endpoint": URL,
        "access_evaluations_endpoint": URL,
    },
}
ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"


def question(**changes: Any) -> dict[str, Any]:
    """May the Department be told the address in the textbook request?"""
    return {
        "subject": {"type": "agency", "id": "dhs"},
        "action": {"name": "disclose"},
        "resource": {"type": "item", "id": "last-known-address"},
        "context": {"request": textbook(), "profile": "irs-2025-08"},
        **changes,
    }


def ask(client: TestClient, body: Any, path: str = ONE) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    Draft202012Validator(DECISIONS if "evaluations" in answer.json() else DECISION).validate(answer.json())
    return answer.json()


def test_what_is_released_is_true_and_has_its_record(client: TestClient) -> None:
    answer = ask(client, question())
    assert answer["decision"] is True
    kept = client.get(f"/v1/ledger/{answer['context']['record']}").json()
    assert kept["body"]["decision"]["id"] == answer["context"]["id"]


def test_a_refusal_is_an_answer_with_its_reasons(client: TestClient) -> None:
    answer = ask(client, question(context={"request": textbook(matter={"kind": "civil"}), "profile": "irs-2025-08"}))
    assert answer["decision"] is False
    assert answer["context"]["reasons"] and answer["context"]["reasons"][0]["citation"].startswith("26 U.S.C.")


@pytest.mark.parametrize(
    "changes",
    [
        {"context": None}, {"context": {}}, {"context": {"request": {}}}, {"context": {"request": "textbook"}},
        {"action": {"name": "can_read"}}, {"resource": {"type": "document", "id": "last-known-address"}},
        {"resource": {"type": "item", "id": "another"}}, {"resource": {"type": "request", "id": "another"}},
        {"subject": {"type": "agency", "id": "treasury"}}, {"subject": {"type": "user", "id": "dhs"}},
        {"context": {"request": textbook(), "profile": "nonesuch"}},
        {"context": {"request": textbook(), "as_of": "soon"}},
        {"context": {"request": textbook(), "as_of": "1700-01-01"}},
        {"context": {"request": textbook(), "facts": {"nonesuch": True}}},
        {"context": {"request": textbook(requester={})}},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_false(client: TestClient, changes: Any) -> None:
    asked = {name: part for name, part in question(**changes).items() if part is not None}
    answer = ask(client, asked)
    assert answer["decision"] is False and answer["context"]["reason"]


@pytest.mark.parametrize("missing", ["subject", "action", "resource", "subject.id", "subject.type", "action.name"])
def test_a_part_that_is_required_is_asked_for(client: TestClient, missing: str) -> None:
    body = question()
    part, _, member = missing.partition(".")
    if member:
        body[part] = {name: value for name, value in body[part].items() if name != member}
    else:
        del body[part]
    answer = client.post(ONE, json=body)
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("cannot be used as sent")


def test_unknown_members_are_ignored(client: TestClient) -> None:
    body = question(more=1)
    body["subject"]["properties"] = {"department": "x"}
    body["subject"]["also"] = True
    assert ask(client, body)["decision"] is True


def test_many_questions_share_what_is_given_once_and_one_decision(client: TestClient) -> None:
    shared = question()
    del shared["resource"]
    resources = [{"type": "item", "id": "last-known-address"}, {"type": "request", "id": "textbook"}]
    answer = ask(client, {**shared, "evaluations": [{"resource": one} for one in resources]}, MANY)
    assert [one["decision"] for one in answer["evaluations"]] == [True, True]
    assert len({one["context"]["record"] for one in answer["evaluations"]}) == 1


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        (None, [True, False, True]),
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_the_three_ways_to_go_through_many(client: TestClient, semantic: str | None, expected: list[bool]) -> None:
    items = [{}, {"action": {"name": "keep"}}, {}]
    body = {**question(), "evaluations": items, **({"options": {"evaluations_semantic": semantic}} if semantic else {})}
    assert [one["decision"] for one in ask(client, body, MANY)["evaluations"]] == expected


def test_many_without_evaluations_is_one(client: TestClient) -> None:
    assert ask(client, question(), MANY)["decision"] is True
    assert ask(client, question(evaluations=[]), MANY)["decision"] is True
    assert client.post(MANY, json={"evaluations": [{"action": {"name": "disclose"}}]}).status_code == 400
    assert client.post(MANY, json=question(options={"evaluations_semantic": "guess"})).status_code == 400


def test_the_metadata_names_the_endpoints(client: TestClient) -> None:
    told = client.get("/.well-known/authzen-configuration")
    assert told.headers["content-type"] == "application/json"
    Draft202012Validator(METADATA).validate(told.json())
    base = told.json()["policy_decision_point"]
    assert told.json()["access_evaluation_endpoint"] == base + ONE
    assert base == "http://localhost:8787"
    assert not [name for name in told.json() if name.startswith("search_")]


def test_the_callers_name_for_a_call_comes_back(client: TestClient) -> None:
    for path in (ONE, MANY):
        answer = client.post(path, json=question(), headers={"X-Request-ID": "bfe9eb29"})
        assert answer.headers["x-request-id"] == "bfe9eb29"


@settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    removed=st.sets(st.sampled_from(sorted(set(textbook()) - {"id", "items"})), min_size=1),
    profile=st.sampled_from(["irs-2025-08", "ddc-2025-26", "all"]),
)
def test_silence_is_never_true(client: TestClient, removed: set[str], profile: str) -> None:
    """Whatever parts of the request say nothing: true only where the decision in the ledger releases."""
    request = {name: part for name, part in textbook().items() if name not in removed}
    answer = ask(client, question(context={"request": request, "profile": profile}))
    if answer["decision"]:
        kept = client.get(f"/v1/ledger/{answer['context']['record']}").json()["body"]["decision"]
        assert kept["effect"] == "allow" and kept["fault"] is None
    if removed & {"requester", "matter", "reasons", "recipients", "subject"}:
        assert answer["decision"] is False
