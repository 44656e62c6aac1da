"""Of a request the ledger keeps what the law wants kept, and of a decision every word, once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from told import decision, request, subject

from canary import assert_silent, canary_subjects
from limen.ledger import Entry, Ledger, RecordRefused, open_ledger
from limen.ledger.expand import expand, names_in
from limen.request.model import Matter, Recipient, Requester
from sizes import tries


def record(ledger: Ledger, asked: Any, **changes: Any) -> dict[str, Any]:
    body = {"decision": decision(asked, **changes)}
    return ledger.show(ledger.append("decision", body, request=asked).sequence).body


def test_the_account_says_who_asked_for_what_and_why(ledger: Ledger) -> None:
    account = record(ledger, request())["request"]
    assert {
        name: account[name] for name in ("id", "agency", "office", "received", "matter", "statute", "purposes")
    } == {
        "id": "REQ-1",
        "agency": "dhs_ice",
        "office": "component_head",
        "received": "2025-08-06",
        "matter": "criminal",
        "statute": "8 U.S.C. 1326(a)",
        "purposes": ["criminal_investigation"],
    }
    assert account["items"] == [{"id": "address", "kind": "mailing_address", "came_from": "taxpayer", "period": None}]


def test_an_official_has_one_pseudonym_and_no_name(ledger: Ledger) -> None:
    asked = request(requester=Requester(agency="dhs_ice", signed_by="Kim Officer"))
    account = record(ledger, asked)["request"]
    assert account["signed_by"] == account["recipients"][0]["name"]
    again = record(ledger, request(2, recipients=(Recipient(name=" KIM  officer"),)))["request"]
    assert again["recipients"][0]["name"] == account["signed_by"]
    assert "officer" not in json.dumps(account["recipients"][0]["name"]).lower()


def test_one_reason_word_for_word_is_seen_to_be_one_whoever_it_is_about(ledger: Ledger) -> None:
    one, two = (record(ledger, request(number))["request"] for number in (1, 2))
    other = record(ledger, request(3, reasons="Something else."))["request"]
    assert one["reasons"] == two["reasons"] != other["reasons"]


def test_the_number_of_a_matter_is_told_apart_within_a_subject_only(ledger: Ledger) -> None:
    matter = Matter(kind="criminal", number="M-7")
    one, same, other = (
        record(ledger, request(number, matter=matter))["request"]["matter_number"] for number in (1, 1, 2)
    )
    assert one == same != other


def test_words_that_are_not_of_the_expected_form_are_not_kept(ledger: Ledger) -> None:
    asked = request(matter=Matter(statute="the case against Bo Zarrow"), tax_periods=("2023", "when Bo was here"))
    account = record(ledger, asked)["request"]
    assert account["statute"] == "other" and account["periods"] == ["2023", "other"]


def test_a_decision_comes_back_word_for_word(ledger: Ledger) -> None:
    asked = request()
    given_in = decision(asked, allow=True)
    kept = record(ledger, asked, allow=True)["decision"]
    expected = given_in.model_dump(mode="json")
    assert kept.pop("request_digest") != expected.pop("request_digest")
    assert kept == expected
    as_mapping = ledger.append("decision", {"decision": given_in.model_dump(mode="json")}, request=asked)
    assert ledger.show(as_mapping.sequence).body_text == ledger.show(2).body_text


def test_shared_wording_is_stored_once(ledger: Ledger) -> None:
    ledger.append_many(
        Entry("decision", {"decision": decision(request(n), number=n)}, request=request(n)) for n in range(20)
    )
    # Two reasons, one elsewhere, one hinge; and who decided under what.
    assert len(ledger.store.run("SELECT name FROM limen_texts")) == 5
    assert all("The requester is met." not in one.body_text for one in ledger.records())
    assert all(len(one.body["decision"]["items"][0]["reasons"]) == 2 for one in ledger.records() if one.sequence > 1)


def test_the_items_of_a_shared_wording_stay_in_the_record(ledger: Ledger) -> None:
    duties = [{"address": "a", "items": ["x"]}, {"address": "b", "items": ["y", "z"]}]
    for body in ({"duties": duties}, {"duties": duties[:1]}, {"duties": []}, {"duties": ["plain", "words"]}):
        assert ledger.show(ledger.append("decision", body).sequence).body == body


def test_a_wording_that_holds_something_personal_is_not_shared(ledger: Ledger) -> None:
    who = subject()
    body = {"reasons": [{"note": "seen at 4801 Tamarind Street"}, {"note": "nothing"}]}
    kept = ledger.show(ledger.append("decision", body, who).sequence).body
    assert kept["reasons"][1] == {"note": "nothing"}
    assert kept["reasons"][0]["note"].startswith("[masked:")
    assert ledger.store.run("SELECT name FROM limen_texts") == []


def test_the_sign_of_shared_wording_is_not_for_callers(ledger: Ledger) -> None:
    for body in ({"=": 1}, {"deep": [{"=": ["x"]}]}, {"reasons": [{"=": 0}, "plain"]}):
        with pytest.raises(RecordRefused):
            ledger.append("decision", body)
    for body in ({"note": '{"=":0}'}, {"reasons": [{"=": 0}]}):
        assert ledger.show(ledger.append("decision", body).sequence).body == body


@settings(max_examples=tries(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(canary_subjects())
def test_no_account_names_its_subject(tmp_path_factory: Any, who: Any) -> None:
    folder = tmp_path_factory.mktemp("silent")
    name = f"{who.name.first} {who.name.last}"
    asked = request(
        id="REQ-1",
        subject=who,
        reasons=f"We look for {name} of {who.address.lines[0]}, number {who.tin}.",
        note=f"call {name}",
        matter=Matter(statute=f"the case of {name}", number=str(who.tin), authority_cited=name),
        requester=Requester(agency="dhs_ice", signed_by=name),
        recipients=(Recipient(name=name),),
        tax_periods=(name,),
    )
    with open_ledger(folder / "a.db", folder / "keys") as ledger:
        ledger.append("decision", {"decision": decision(asked)}, request=asked, person="P-1")
        ledger.append("decision", {"decision": decision(asked).model_dump(mode="json")}, request=asked)
        shown = repr([one.body for one in ledger.records()])
    outputs: dict[str, str | bytes] = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert_silent({**outputs, "shown": shown}, who)


SAID: dict[str, dict[str, Any]] = {"a": {"x": 1, "y": 2}, "b": {"fact": "a path", "other": "silence"}}


@pytest.mark.parametrize(
    ("stored", "full"),
    [
        ({"items": {"=": ["a", "b"]}}, {"items": [SAID["a"], SAID["b"]]}),
        ({"=": ["a"], "items": [["i"]]}, [{**SAID["a"], "items": ["i"]}]),
        ({"=": ["a", "a"], "items_of_all": ["i"]}, [{**SAID["a"], "items": ["i"]}] * 2),
        ({"=": "a", "own": {"=": ["b"]}}, {"x": 1, "y": 2, "own": [SAID["b"]]}),
        ({"=": "b", "has": "2", "values": [True]}, {"other": True}),
        ({"=": "b", "has": "3", "but": {"stated": "1"}}, {"fact": "stated", "other": "silence"}),
        ({"facts": {"case": {"fact": True}}, "n": [1]}, {"facts": {"case": {"fact": True}}, "n": [1]}),
    ],
)
def test_every_form_of_shared_wording_is_read_back(stored: Any, full: Any) -> None:
    """The lists, and bodies without any, are what earlier ledgers hold."""
    assert expand(stored, SAID.__getitem__) == full
    assert set(names_in(stored)) <= set(SAID)


@pytest.mark.parametrize(
    "stored",
    [{"=": 1}, {"=": ["c"]}, {"=": "c"}, {"=": ["a"], "items": []}, {"=": "b", "has": 3}, {"=": "b", "has": "4"},
     {"=": "b", "has": "1", "values": []}, {"=": "b", "has": "1", "but": []}],
)  # fmt: skip
def test_a_shared_part_of_no_known_form_is_an_error(stored: Any) -> None:
    with pytest.raises(ValueError):
        expand({"decision": stored}, SAID.__getitem__)
