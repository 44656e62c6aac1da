"""The pages of an analyst, asked for without a script: the same answers as the engine, and never a stack."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from book_cases import book
from limen.decide.decider import Decider
from limen.exports.armour import receipt_in
from limen.exports.replay import replay_receipt
from limen.web.pages import asking, codec
from limen.web.pages import case as cases
from limen.web.pages.casefile import open_shipped, open_text
from limen.web.pages.codec import decode, encode
from limen.web.pages.state import UNKNOWN, CaseState, answered, with_snapshot
from limen.words import DISPOSITIONS

PAGE = {"accept": "text/html"}
PART = {**PAGE, "HX-Request": "true"}


@pytest.fixture(scope="module")
def state() -> CaseState:
    return replace(open_shipped("demo-number-no-address", book(), None), profile="ddc-2025-26")


def asked(state: CaseState, **more: Any) -> dict[str, Any]:
    return {"s": encode(state), "profile": state.profile or "all", "as_of": state.as_of.isoformat(), **more}


def state_in(address: str) -> CaseState:
    found = re.search(r"[?&]s=([^&]+)", address)
    assert found is not None
    return decode(found[1], book())


def word_of(state: CaseState) -> str:
    decision = Decider(book(), profile=state.profile, known_at=state.known_at).decide(state.facts, state.as_of)
    return DISPOSITIONS[decision.disposition].word


def test_the_page_shows_the_answer_that_the_engine_gives(client: TestClient, state: CaseState) -> None:
    for profile in (None, *book().profiles):
        one = replace(state, profile=profile)
        page = client.get("/case", params=asked(one), headers=PAGE).text
        assert f"<title>{word_of(one)}: " in page


def test_a_change_gives_the_new_answer_the_old_one_and_an_address_to_come_back_to(
    client: TestClient, state: CaseState
) -> None:
    answer = client.get("/case/change", params=asked(state, **{"f.request.address_quality": "complete"}), headers=PART)
    later = state_in(answer.headers["HX-Push-Url"])
    assert later.answer(("request.address_quality", None)) == "complete"
    assert word_of(later) in answer.text and "Before:" in answer.text and word_of(state) in answer.text
    assert "words that stand in for an address → a complete address" in answer.text
    whole = client.get(answer.headers["HX-Push-Url"], headers=PAGE).text
    assert "Before:" in whole, "what changed last is in the address, and is there after loading it again"


def test_i_do_not_know_is_kept_apart_from_not_asked(client: TestClient, state: CaseState) -> None:
    answer = client.get("/case/change", params=asked(state, **{"f.request.in_writing": "unknown"}), headers=PAGE)
    assert answer.status_code == 303
    later = state_in(answer.headers["location"])
    assert later.answer(("request.in_writing", None)) == UNKNOWN
    cleared = client.get("/case/change", params=asked(later, **{"f.request.in_writing": ""}), headers=PAGE)
    assert state_in(cleared.headers["location"]).answer(("request.in_writing", None)) is None


def test_not_met_and_not_known_are_counted_apart(client: TestClient, state: CaseState) -> None:
    page = client.get("/case", params=asked(state), headers=PAGE).text
    assert re.search(r'class="count not_met"><strong>\d</strong> not met', page)
    assert re.search(r'class="count not_known"><strong>\d</strong> not known', page)


def test_each_reason_leads_to_its_provision_at_that_unit(client: TestClient, state: CaseState) -> None:
    page = client.get("/case", params=asked(state), headers=PAGE).text
    assert "/book/usc.26.6103.i.2%23states_address" in page
    led = client.get("/book/usc.26.6103.i.2%23states_address", headers=PAGE)
    assert led.headers["location"].endswith("/book/provisions/usc.26.6103.i.2.html#states_address")
    assert 'id="states_address"' in client.get(led.headers["location"], headers=PAGE).text


def test_the_profile_and_the_day_of_the_header_become_those_of_the_case(client: TestClient, state: CaseState) -> None:
    page = client.get("/case", params={**asked(state), "profile": "irs-2025-08", "as_of": "2026-02-28"}, headers=PAGE)
    assert "Profile <strong>irs-2025-08</strong>" in page.text and "28 February 2026" in page.text


def test_the_interview_asks_and_says_why(client: TestClient) -> None:
    begun = client.get("/case/new", params={"profile": "ddc-2025-26"}, headers=PAGE).headers["location"]
    page = client.get("/case/interview", params={"s": encode(state_in(begun))}, headers=PART).text
    assert "may remain" in page and "Why are you asking?" in page and "I do not know" in page
    assert "26 U.S.C." in page


def test_the_next_question_does_not_wait_until_all_were_looked_at_but_the_list_does(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(cases, "LIST_SECONDS", 60.0)
    begun = {"s": encode(state_in(client.get("/case/new?profile=ddc-2025-26", headers=PAGE).headers["location"]))}
    at_once = client.get("/case/interview", params=begun, headers=PART).text
    assert "that is proved" in at_once and "that may still change the answer" in at_once
    assert 'hx-get="/case/questions?' in at_once
    listed = client.get("/case/questions", params=begun, headers=PART).text
    assert "that can still change the answer" in listed and "hx-get" not in listed
    ends = client.get("/case/from/demo-use-not-said?profile=text-strict", headers=PAGE).headers["location"]
    monkeypatch.setattr(cases, "ASK_SECONDS", 60.0)
    whole = client.get("/case/interview", params={"s": encode(state_in(ends))}, headers=PART).text
    assert "that can still change the answer" in whole and 'hx-get="/case/questions?' not in whole


def test_a_saved_case_comes_back_through_the_browser(client: TestClient, state: CaseState) -> None:
    kept = with_snapshot(answered(state, ("request.in_writing", None), False), "by word of mouth")
    saved = client.get("/case/file", params=asked(kept))
    assert saved.headers["content-disposition"].startswith("attachment")
    page = client.get("/case", headers=PAGE)
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    sent = client.post(
        "/case/open", data={"csrf": token[1]}, files={"file": ("case.yaml", saved.content)}, headers=PAGE
    )
    again = state_in(sent.headers["location"])
    assert again.facts == kept.facts and [one.name for one in again.snapshots] == ["by-word-of-mouth"]
    assert open_text(saved.text, "case.yaml", book(), None).facts == kept.facts


def test_a_package_holds_what_may_be_released_and_nothing_else_whatever_is_asked_for(client: TestClient) -> None:
    state = replace(open_shipped("employer-and-wages", book(), None), profile="centro-2026")
    decision = Decider(book(), profile="centro-2026").decide(state.facts, state.as_of)
    able, kept = set(decision.releasable), {item.item for item in decision.items} - set(decision.releasable)
    assert able and kept, "some of it may be released and some may not"
    page = client.get("/case", params=asked(state), headers=PAGE).text
    assert set(re.findall(r'type="checkbox" name="item" value="([^"]+)"', page)) == able
    for chosen in ([], sorted(able), sorted(able | kept)):
        text = client.get("/case/package", params=asked(state, item=chosen, form="csv")).content.decode("utf-8-sig")
        assert {row["item"] for row in csv.DictReader(io.StringIO(text))} == able
    told = client.get("/case/package", params=asked(state, item=sorted(kept)), headers=PAGE).text
    assert "may not be released" in told and "there is no package" in told
    some = client.get("/case/package", params=asked(state, item=sorted(able)[:1]), headers=PAGE).text
    assert "Duties that come with it" in some and (len(able) == 1 or "is not in this package" in some)


@pytest.mark.parametrize("profile", [None, "text-strict"])
def test_no_package_comes_of_what_is_not_settled(client: TestClient, profile: str | None) -> None:
    state = replace(state_in(client.get("/case/new", headers=PAGE).headers["location"]), profile=profile)
    text = client.get("/case/package", params=asked(state, item="item-1", form="csv")).text
    assert len(text.strip().splitlines()) == 1, "nobody has stated anything, and nothing is in it"


def test_a_change_says_which_facts_can_change_the_answer_now(client: TestClient, state: CaseState) -> None:
    def mattering(page: str) -> set[str]:
        found = re.search(r'id="mattering" hidden data-ids="([^"]*)"', page)
        assert found is not None
        return set(found[1].split())

    before = mattering(client.get("/case", params=asked(state), headers=PAGE).text)
    part = client.get("/case/change", params=asked(state, **{"f.request.address_quality": "complete"}), headers=PART)
    after = mattering(part.text)
    whole = client.get(part.headers["HX-Push-Url"], headers=PAGE).text
    assert before != after == mattering(whole) and after
    told = re.compile(r'id="stated"[^>]*>(\d+ answers)<')
    assert told.findall(part.text) == told.findall(whole) != []


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "json", "python", "word"])
def test_what_is_handed_over_opens_as_the_case_it_was(client: TestClient, state: CaseState, form: str) -> None:
    if form == "word":
        pytest.importorskip("docx")
    given = answered(answered(state, ("request.in_writing", None), False), ("matter.kind", None), UNKNOWN)
    sent = client.get(f"/memo/{form}", params=asked(given)).content
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/case", headers=PAGE).text)
    assert token is not None
    opened = client.post("/case/open", data={"csrf": token[1]}, files={"file": ("memo", sent)}, headers=PAGE)
    again = state_in(opened.headers["location"])
    assert (again.facts, again.unknown, again.profile, again.as_of) == (
        given.facts, given.unknown, given.profile, given.as_of
    )  # fmt: skip
    assert ("request.in_writing", None) in again.mine, "who stated it is kept"
    requester = client.get(f"/memo/{form}", params=asked(given, audience="requester")).content
    refused = client.post("/case/open", data={"csrf": token[1]}, files={"file": ("memo", requester)}, headers=PAGE)
    assert refused.status_code == 422 and "made for a requester" in refused.text
    cut = client.post(
        "/case/open", data={"csrf": token[1]}, files={"file": ("memo", sent[: len(sent) // 2])}, headers=PAGE
    )
    assert cut.status_code == 422


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "json", "python", "word"])
def test_what_is_handed_over_is_answered_the_same_way_again(client: TestClient, state: CaseState, form: str) -> None:
    if form == "word":
        pytest.importorskip("docx")
    answer = client.get(f"/memo/{form}", params=asked(state, at=1_790_000_000))
    receipt = receipt_in(answer.content, form)
    assert replay_receipt(receipt, book()).agrees
    assert receipt.profile == "ddc-2025-26" and receipt.decision.disposition == "withhold"


def test_the_memo_on_the_page_and_the_one_handed_over_have_one_receipt(client: TestClient, state: CaseState) -> None:
    page = client.get("/memo", params=asked(state, at=1_790_000_000), headers=PAGE).text
    told = receipt_in(client.get("/memo/json", params=asked(state, at=1_790_000_000)).content, "receipt.json")
    assert told.id in page
    assert receipt_in(page.encode(), "page.html") == told, "a page that is saved can be replayed"


def test_the_code_on_a_printed_memo_leads_to_the_same_memo_without_what_else_was_tried(
    client: TestClient, state: CaseState
) -> None:
    tried = with_snapshot(answered(state, ("request.in_writing", None), False), "tried")
    text = client.get("/memo/markdown", params=asked(tried, at=1_790_000_000)).text
    address = re.search(r"Opens this memo[^(]*\(<([^>]+)>\)", text)
    assert address is not None and address[1].startswith("http://localhost")
    page = client.get(address[1], headers=PAGE).text
    assert receipt_in(page.encode(), "page.html") == receipt_in(text.encode(), "memo.md")
    assert state_in(address[1]).snapshots == () and state_in(address[1]).facts == tried.facts
    requester = client.get("/memo/markdown", params=asked(tried, audience="requester")).text
    assert "Opens this memo" not in requester and "s=1." not in requester


@pytest.mark.parametrize(
    "path", ["/case", "/what-if", "/compare", "/readings", "/memo", "/case/file", "/case/interview"]
)
@pytest.mark.parametrize("s", ["", "1.", "garbage<script>", "1." + "A" * 9000, "2.abc"])
def test_a_damaged_address_gets_a_page_that_says_so(client: TestClient, path: str, s: str) -> None:
    answer = client.get(path, params={"s": s}, headers=PAGE)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.replace('<script src="/static', "") and "Traceback" not in answer.text


def test_a_case_of_another_book_says_so_and_opens_with_what_is_left(client: TestClient, state: CaseState) -> None:
    other = encode(replace(state, book="0" * 64))
    page = client.get("/case", params={"s": other}, headers=PAGE)
    assert page.status_code == 409 and "another edition of the rules" in page.text
    assert client.get("/what-if", params={"s": other}, headers=PAGE).status_code == 409
    led = client.get("/case/carried-over", params={"s": other}, headers=PAGE)
    assert state_in(led.headers["location"]).facts == state.facts


def test_a_title_is_escaped_wherever_it_is_shown(client: TestClient, state: CaseState) -> None:
    evil = replace(state, title='"><img src=x onerror=alert(1)>')
    for path in ("/case", "/what-if", "/compare", "/readings", "/memo"):
        assert "<img" not in client.get(path, params=asked(evil), headers=PAGE).text


def test_a_case_with_no_room_left_for_what_a_page_leads_to_says_so(
    client: TestClient, state: CaseState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "LONGEST", len(encode(state)))
    monkeypatch.setattr(asking, "WHATIF_SECONDS", 30.0)
    for path, more in (("/what-if", {}), ("/what-if", {"profile": "irs-2025-08"}), ("/case/item", {"add": "name"})):
        answer = client.get(path, params=asked(state) | more, headers=PAGE)
        assert answer.status_code == 422 and "too long for an address" in answer.text


@pytest.mark.parametrize(
    "field", ["f.no.such.fact", "f.request.in_writing@nobody", "f.item.kind", "f.item.kind@nowhere", "f."]
)
def test_a_fact_that_is_none_is_refused(client: TestClient, state: CaseState, field: str) -> None:
    answer = client.get("/case/change", params=asked(state, **{field: "true"}), headers=PAGE)
    assert answer.status_code == 422


def test_a_value_that_does_not_fit_is_refused_without_being_repeated(client: TestClient, state: CaseState) -> None:
    answer = client.get("/case/change", params=asked(state, **{"f.request.in_writing": "Jane-Doe"}), headers=PAGE)
    assert answer.status_code == 422 and "Jane-Doe" not in answer.text


def test_compare_puts_what_differs_first_and_any_column_can_be_the_baseline(
    client: TestClient, state: CaseState
) -> None:
    params = asked(state, col=["profile:irs-2025-08", "as_of:2026-02-28", "profile:text-strict"])
    page = client.get("/compare", params=params, headers=PAGE).text
    rows = re.findall(r"<tr( class=\"differs\")?><th scope=\"row\">", page)
    assert rows == sorted(rows, reverse=True) and page.count('<th scope="col">') == 5
    swapped = client.get("/compare", params={**params, "base": 1}, headers=PAGE).text
    assert page.count(" other than the baseline") and swapped.index('class="mark">baseline') > page.index(
        'class="mark">baseline'
    )
    assert client.get("/compare", params=asked(state, col="profile:none"), headers=PAGE).status_code == 422


def test_a_case_can_be_recorded_and_its_record_opened_as_a_case(client: TestClient, state: CaseState) -> None:
    page = client.get("/case", params=asked(state), headers=PAGE).text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/case/record", data={"csrf": token[1], "s": encode(state)}, headers=PAGE)
    assert answer.status_code == 200 and "Recorded in the ledger" in answer.text
    led = re.search(r"/ledger/([0-9a-f]{16})", answer.text)
    assert led is not None
    record = client.get(f"/ledger/{led[1]}", headers=PAGE).text
    assert "Withhold" in record and "Open its facts as a case" in record
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "LONGEST", 100)
        assert "Open its facts as a case" not in client.get(f"/ledger/{led[1]}", headers=PAGE).text
    found = client.get(
        "/ledger", params={"provision": "usc.26.6103.i.2#states_address", "outcome": "not_met"}, headers=PAGE
    )
    assert "Withhold" in found.text
    assert (
        client.get("/ledger", params={"outcome": "no_such_thing"}, headers=PAGE).text.count("No record meets that") == 1
    )
    assert client.post("/case/record", data={"csrf": "x", "s": encode(state)}, headers=PAGE).status_code == 403


FIGURES = {
    "simulation": "tiny", "size": 10, "book": book().digest,
    "policies": [
        {"name": "irs-2025-08", "profile": "irs-2025-08", "requests": 10,
         "verdicts": {"allow": 4, "deny": 5, "open": 1},
         "reasons": {"usc.26.6103.i.2#states_address": 6}, "wrong": 0},
        {"name": "text-strict", "profile": "text-strict", "requests": 10,
         "verdicts": {"allow": 1, "deny": 9, "open": 0},
         "reasons": {"usc.26.6103.i.2#states_address": 9}, "wrong": 0},
    ],
    "flips": [{"before": "irs-2025-08", "after": "text-strict", "verdict_before": "allow", "verdict_after": "deny",
               "requests": 3}],
}  # fmt: skip


@pytest.fixture
def run(web_home: Path) -> Path:
    folder = web_home / "simulations" / "tiny-run"
    (folder / "cases" / "irs-2025-08").mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(FIGURES), encoding="utf-8")
    shipped = Path(__file__).parents[3] / "scenarios" / "demo" / "05-number-no-address.yaml"
    (folder / "cases" / "irs-2025-08" / "allow-1.yaml").write_text(shipped.read_text("utf-8"), encoding="utf-8")
    return folder


def test_every_count_of_a_population_has_its_denominator_and_leads_to_cases_in_two_steps(
    client: TestClient, run: Path
) -> None:
    page = client.get("/population/tiny-run", headers=PAGE).text
    assert "40.0 % of 10" in page and "<strong>3</strong> of 10" in page
    cell = client.get("/population/tiny-run", params={"policy": "irs-2025-08", "verdict": "allow"}, headers=PAGE).text
    led = re.search(r'href="(/population/tiny-run/irs-2025-08/allow-1\.yaml)"', cell)
    assert led is not None
    opened = client.get(led[1], headers=PAGE)
    assert state_in(opened.headers["location"]).profile == "irs-2025-08"


def test_a_run_shows_the_pictures_it_left_and_no_other_file(client: TestClient, run: Path) -> None:
    folder = run / "pictures"
    folder.mkdir(exist_ok=True)
    (folder / "flow.png").write_bytes(b"\x89PNG of a flow")
    (folder / "other.png").write_bytes(b"\x89PNG of something else")
    page = client.get("/population/tiny-run", headers=PAGE).text
    assert re.findall(r'<img src="([^"]+)" alt="[^"]+"', page) == ["/population/tiny-run/pictures/flow"]
    shown = client.get("/population/tiny-run/pictures/flow")
    assert shown.content == b"\x89PNG of a flow" and shown.headers["content-type"] == "image/png"
    for name in ("other", "reasons", "..%2f..%2ffigures", "flow.png"):
        assert client.get(f"/population/tiny-run/pictures/{name}", headers=PAGE).status_code == 404


@pytest.mark.parametrize("path", ["/population/none", "/population/tiny-run/irs-2025-08/x.yaml",
                                  "/population/tiny-run/..%2f..%2fetc/allow-1.yaml"])  # fmt: skip
def test_a_run_that_is_not_there_is_not_found(client: TestClient, run: Path, path: str) -> None:
    assert client.get(path, headers=PAGE).status_code in (303, 404)


def test_flips_are_told_from_either_side(client: TestClient, run: Path) -> None:
    params = {"before": "text-strict", "after": "irs-2025-08"}
    page = client.get("/population/tiny-run", params=params, headers=PAGE).text
    assert "<strong>3</strong> of 10" in page


def test_figures_that_cannot_be_read_are_said_to_be(client: TestClient, run: Path) -> None:
    (run / "figures.json").write_text('{"simulation": 1}', encoding="utf-8")
    assert client.get("/population/tiny-run", headers=PAGE).status_code == 404
    assert client.get("/population", headers=PAGE).status_code == 200
