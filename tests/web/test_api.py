"""The API: the same decisions as the command's, in the ledger before they are answered; problems told as documents."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from told_requests import NAME, textbook

from limen.crossref.errors import RegistryError
from limen.ledger import LedgerUnavailable
from limen.web.errors import PROBLEMS


def records(client: TestClient) -> int:
    return len(client.get("/v1/ledger", params={"limit": 500}).json()["records"])


def test_a_decision_is_in_the_ledger_before_it_is_answered(client: TestClient) -> None:
    answer = client.post("/v1/decisions", json={"request": textbook(), "profile": "irs-2025-08"}).json()
    assert answer["decision"]["disposition"] == "release"
    kept = client.get(f"/v1/ledger/{answer['decision']['id']}").json()
    assert kept["sequence"] == answer["ledger"]["sequence"] and kept["hash"] == answer["ledger"]["hash"]
    assert kept["body"]["decision"]["effect"] == "allow"
    assert NAME.lower() not in str(kept).lower()


def test_the_api_decides_as_the_command_does(client: TestClient, web_home: Any, tmp_path: Any) -> None:
    import json

    from click.testing import CliRunner

    from limen.cli.main import limen

    for profile in ("all", "ddc-2025-26"):
        file = tmp_path / "request.json"
        file.write_text(json.dumps(textbook(matter={"kind": "civil"})))
        words = ["decide", str(file), "--profile", profile, "--json", "--no-second-key"]
        told = json.loads(CliRunner().invoke(limen, words, standalone_mode=False).stdout)
        answer = client.post(
            "/v1/decisions", json={"request": textbook(matter={"kind": "civil"}), "profile": profile}
        ).json()
        for changing in ("id", "decided_at", "second_key"):
            told["decision"].pop(changing), answer["decision"].pop(changing)
        assert answer["decision"] == told["decision"]
        assert answer["match"] == told["match"] and answer["facts"] == told["facts"]


def test_many_requests_know_of_each_other(client: TestClient) -> None:
    requests = [textbook(id=f"one-of-{n}") for n in range(3)]
    answer = client.post("/v1/decisions/many", json={"requests": requests}).json()
    assert [one["decision"]["request_id"] for one in answer["decisions"]] == ["one-of-0", "one-of-1", "one-of-2"]
    facts = answer["decisions"][0]["facts"]["case"]
    alone = client.post("/v1/decisions", json={"request": textbook()}).json()["facts"]["case"]
    differing = {name for name in facts if facts[name] != alone.get(name)}
    assert any(name.startswith(("batch.", "request.")) or "batch" in name for name in differing), differing


def test_one_bad_request_among_many_and_none_is_decided(client: TestClient) -> None:
    before = records(client)
    answer = client.post("/v1/decisions/many", json={"requests": [textbook(), {"id": "no items"}]})
    assert answer.status_code == 422 and answer.json()["type"] == "/problems/bad-request"
    assert records(client) == before


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"request": {"id": "x"}}, 422, "bad-request"),
        ({"request": []}, 422, "bad-input"),
        ({"request": textbook(), "profile": "nonesuch"}, 422, "no-such-profile"),
        ({"request": textbook(), "as_of": "1700-01-01"}, 422, "no-such-law"),
        ({"request": textbook(), "facts": {"nonesuch.fact": True}}, 422, "bad-fact"),
        ({"request": textbook(), "facts": {"request.in_writing": "perhaps"}}, 422, "bad-fact"),
        ({"request": textbook(), "more": 1}, 422, "bad-input"),
        ({"request": textbook(subject={"name": {"first": NAME, "nick": NAME}})}, 422, "bad-request"),
    ],
)
def test_what_cannot_be_used_is_refused_without_repeating_it(
    client: TestClient, body: Any, status: int, kind: str
) -> None:
    before = records(client)
    answer = client.post("/v1/decisions", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"/problems/{kind}" and kind in PROBLEMS
    assert NAME not in answer.text
    assert records(client) == before


def test_every_problem_has_its_page(client: TestClient) -> None:
    for name, about in PROBLEMS.items():
        page = client.get(f"/problems/{name}", headers={"accept": "text/html"})
        assert page.status_code == 200 and about.title in page.text


def test_a_requester_is_not_told_what_only_the_authority_knows(client: TestClient) -> None:
    hidden = textbook(authority={"informant_risk": True, "tax_case_harm": False, "safeguards_refused": False})
    answer = client.post("/v1/decisions", json={"request": hidden, "audience": "requester"}).json()
    assert set(answer) == {"decision", "ledger"}
    assert answer["decision"]["disposition"] != "release" and "informant" not in str(answer).lower()


def test_no_record_no_decision(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = client.app.state.bench  # type: ignore[attr-defined]
    given = iter([True, False])
    append = bench.ledger.append

    def full(*words: Any, **more: Any) -> Any:
        if next(given):
            return append(*words, **more)
        raise LedgerUnavailable("the ledger failed: disk full", "somewhere", "make room")

    monkeypatch.setattr(bench.ledger, "append", full)
    answer = client.post("/v1/decisions/many", json={"requests": [textbook(id="a"), textbook(id="b")]})
    assert answer.status_code == 503 and answer.headers["retry-after"]
    problem = answer.json()
    assert problem["type"] == "/problems/ledger-unavailable" and "decision" not in problem
    assert "somewhere" not in answer.text
    (recorded,) = problem["recorded"]
    assert client.get(f"/v1/ledger/{recorded}").json()["body"]["decision"]["request_id"] == "a"


def test_a_registry_that_goes_between_two_requests_leaves_nothing_unsaid(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = client.app.state.bench.registry  # type: ignore[attr-defined]
    matches = iter([registry.match])

    def gone(subject: Any) -> Any:
        raise RegistryError("the registry is gone")

    monkeypatch.setattr(registry, "match", lambda subject: next(matches, gone)(subject))
    answer = client.post("/v1/decisions/many", json={"requests": [textbook(id="a"), textbook(id="b")]})
    assert answer.status_code == 503
    problem = answer.json()
    assert problem["type"] == "/problems/registry-unavailable" and "decisions" not in problem
    (recorded,) = problem["recorded"]
    assert client.get(f"/v1/ledger/{recorded}").json()["body"]["decision"]["request_id"] == "a"


def test_a_question_records_nothing(client: TestClient) -> None:
    before = records(client)
    flips = client.post("/v1/whatif", json={"request": textbook(), "profile": "irs-2025-08", "seconds": 10}).json()
    assert flips["verdict"] == "allow" and flips["in_hand"] and flips["profile"] == "irs-2025-08"
    columns = [{"profile": "centro-2026"}, {"profile": "irs-2025-08", "facts": {"request.in_writing": False}}]
    compared = client.post("/v1/compare", json={"request": textbook(), "columns": columns}).json()
    assert compared["verdicts"][0]["cells"][1] == "deny" and len(compared["columns"]) == 2
    assert records(client) == before


def test_a_pinned_fact_is_never_proposed(client: TestClient) -> None:
    body = {"request": textbook(), "profile": "irs-2025-08", "seconds": 10}
    free = client.post("/v1/whatif", json=body).json()
    fact = free["in_hand"][0]["changes"][0]["fact"]
    pinned = client.post("/v1/whatif", json={**body, "pinned": [fact]}).json()
    proposed = {c["fact"] for flip in (*pinned["in_hand"], *pinned["others"]) for c in flip["changes"]}
    assert fact not in proposed


def test_the_book_says_what_can_be_asked(client: TestClient) -> None:
    book = client.get("/v1/book").json()
    assert "irs-2025-08" in [one["id"] for one in book["profiles"]]
    rule = client.get("/v1/book/usc.26.6103.i.2").json()
    assert rule["effect"] == "must" and {"requester", "states_address"} <= {
        node["address"].partition("#")[2] for node in rule["elements"]
    } | {"states_address"}
    assert client.get("/v1/book/usc.26.6103.i.22").json()["detail"].startswith("did you mean")


def test_the_ledger_is_paged_searched_and_verified(client: TestClient) -> None:
    client.post("/v1/decisions", json={"request": textbook()})
    page = client.get("/v1/ledger", params={"limit": 1}).json()
    assert len(page["records"]) == 1 and page["next"] == page["records"][0]["sequence"]
    following = client.get("/v1/ledger", params={"after": page["next"], "limit": 1}).json()
    assert following["records"][0]["previous"] == page["records"][0]["hash"]
    found = client.get("/v1/ledger", params={"provision": "usc.26.6103.i.2", "kind": "decision"}).json()
    assert found["records"] and all(one["kind"] == "decision" for one in found["records"])
    assert client.get("/v1/ledger/verification").json()["sound"] is True
    assert client.get("/v1/ledger/no-such-record").status_code == 404


def test_the_description_covers_every_route_of_the_api(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/v1/decisions", "/v1/whatif", "/v1/compare", "/v1/book", "/v1/ledger"} <= set(described["paths"])
    body = described["components"]["schemas"]["DecisionBody"]["properties"]["request"]
    assert body == {"$ref": "#/components/schemas/Request"} and "Request" in described["components"]["schemas"]


def test_what_is_measured_names_nobody(client: TestClient) -> None:
    client.post("/v1/decisions", json={"request": textbook()})
    client.get(f"/v1/ledger/{NAME}")
    measured = client.get("/metrics")
    assert measured.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'limen_http_calls_total{method="GET",route="/v1/ledger/{which}",status="404"}' in measured.text
    assert "limen_decisions_total" in measured.text and NAME not in measured.text
