"""The frame of every page: the words of the house, the setting in use, the caveat, and errors told."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from limen.decide.decision import CAVEAT
from limen.words import DISPOSITIONS

PAGE = {"accept": "text/html"}


def test_every_page_says_what_it_is_and_that_it_simulates(client: TestClient) -> None:
    for path, status in (("/", 200), ("/problems", 200), ("/problems/busy", 200), ("/nowhere", 404)):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code == status
        assert CAVEAT in answer.text
        assert '<html lang="en">' in answer.text and 'class="skip"' in answer.text


def test_the_four_words_stand_with_their_icons(client: TestClient) -> None:
    page = client.get("/", headers=PAGE).text
    for word in DISPOSITIONS.values():
        assert f'<span class="word">{word.word}</span>' in page
    assert page.count('<svg class="icon"') >= len(DISPOSITIONS)


def test_the_reading_and_the_day_in_use_stay_in_the_address(client: TestClient) -> None:
    page = client.get("/", params={"profile": "ddc-2025-26", "as_of": "2026-02-28"}, headers=PAGE).text
    assert '<option value="ddc-2025-26" selected>' in page
    assert "the law of 28 February 2026" in page
    assert "Readings: ddc-2025-26" in page


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"profile": "nonesuch"}, "no-such-profile"),
        ({"as_of": "yesterday"}, "bad-input"),
        ({"as_of": "0000-00-00"}, "bad-input"),
    ],
)
def test_a_setting_that_is_none_is_refused_and_not_guessed(client: TestClient, query: Any, kind: str) -> None:
    answer = client.get("/", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{kind}"
    assert client.get("/", params=query, headers=PAGE).status_code == 422


def test_a_program_is_told_problems_as_documents(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.json() == {
        "type": "/problems/not-found",
        "title": "nothing here",
        "status": 404,
        "detail": "start from the first page",
    }
    assert client.post("/health").json()["type"] == "/problems/wrong-method"
