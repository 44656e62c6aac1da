"""No name, street or number of a subject in anything the ledger writes, whatever its callers put into a record."""

from __future__ import annotations

import json
import tempfile
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_tools import open_at

from canary import assert_silent, canary_subjects, leaks
from limen.ledger import LedgerUnavailable, RecordRefused
from limen.ledger.entry import Entry
from limen.request.subject import Address, PersonName, Subject
from sizes import tries


def test_the_canary_is_heard() -> None:
    subject = Subject(name=PersonName(last="Qxzharrow"), address=Address(lines=("70000001 Zvqmill Street",)))
    for output in ("qxzHARROW", '{"x": "70000001"}', "zvqmill%20street", "UXh6aGFycm93", "51787a686172726f77"):
        assert leaks(output, subject), output
    assert leaks("a street, a harrow and a mill", subject) == []


def _careless_bodies(subject: Subject) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies by a caller who lets what was stated slip into places where it should not be."""
    assert subject.name is not None and subject.address is not None
    stated = [
        value
        for value in (subject.name.first, subject.name.last, f"{subject.name.first} {subject.name.last}",
                      *subject.address.lines, subject.tin, str(subject.date_of_birth))
        if value
    ]  # fmt: skip
    slips = st.sampled_from(stated).flatmap(
        lambda value: st.sampled_from(
            (value, value.upper(), value.lower(), f"REQ-{value}-1", f"about {value}.", [value], {"at": value},
             {value: 1}, {"deep": [{value: value}]})
        )
    )  # fmt: skip
    fields = st.sampled_from(("id", "request_id", "note", "items", "detail", "fault", "releasable", "unheard_of"))
    return st.dictionaries(fields, slips, min_size=1)


@settings(max_examples=tries(20), deadline=None)
@given(st.data())
def test_nothing_stated_reaches_the_store_the_keys_or_an_error(data: st.DataObject) -> None:
    subject = data.draw(canary_subjects())
    bodies = data.draw(st.lists(_careless_bodies(subject), min_size=1, max_size=4))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_at(folder) as ledger:
            for body in bodies:
                ledger.append("decision", body, subject, person="P-1")
            shown = repr(list(ledger.records())) + repr(ledger.verify()) + repr(ledger.keys)
            outputs: dict[str, str | bytes] = {
                str(path.name): path.read_bytes() for path in folder.rglob("*") if path.is_file()
            }
            (folder / "store" / "ledger.db").unlink()
            try:
                ledger.append("decision", bodies[0], subject)
            except LedgerUnavailable as error:
                outputs["error"] = "".join(traceback.format_exception(error))
        outputs["shown"] = shown
        outputs["entry"] = repr(Entry("decision", bodies[0], subject, "P-1"))
        assert "error" in outputs and len(outputs) >= 6
        assert_silent(outputs, subject)


def test_a_plain_digest_of_the_request_is_not_stored(ledger: Any, ana: Subject) -> None:
    digest = "ab" * 32
    for subject in (ana, None):
        body = ledger.show(ledger.append("decision", {"request_digest": digest}, subject).sequence).body
        assert body["request_digest"] != digest and len(body["request_digest"]) == 64


def test_a_short_name_does_not_blank_the_rule_book(ledger: Any) -> None:
    subject = Subject(name=PersonName(first="May", last="Met"))
    body = {"reasons": [{"outcome": "met", "sentence": "the authority may disclose"}], "note": "May called"}
    recorded = ledger.show(ledger.append("decision", body, subject).sequence).body
    assert recorded["reasons"] == body["reasons"]
    assert recorded["note"].startswith("[masked:")


def test_a_placeholder_in_the_place_of_an_address_masks_nothing(ledger: Any) -> None:
    subject = Subject(address=Address(lines=("No address on file", "FAILED TO PROVIDE")))
    body = {"id": "last-known-address", "note": "no address on file"}
    assert ledger.show(ledger.append("decision", body, subject).sequence).body == body


def test_an_item_keeps_one_name_through_its_record(ledger: Any, ana: Subject) -> None:
    body = {"items": [{"item": "quorrel-2023"}], "releasable": ["quorrel-2023"], "verdicts": {"quorrel-2023": "deny"}}
    recorded = ledger.show(ledger.append("decision", body, ana).sequence).body
    name = recorded["releasable"][0]
    assert name != "quorrel-2023"
    assert recorded["items"][0]["item"] == name and recorded["verdicts"] == {name: "deny"}


def test_every_digest_of_a_request_in_a_record_is_committed_to(ledger: Any, ana: Subject) -> None:
    body = {"request_digest": "ab" * 32, "deep": [{"request_digest": "cd" * 32}], "note": '"request_digest":"ee"'}
    text = ledger.show(ledger.append("decision", body, ana).sequence).body_text
    assert "abab" not in text and "cdcd" not in text and json.loads(text)["note"] == body["note"]
    for odd in ('ab"cd', "", "ab cd", "\\"):
        with pytest.raises(RecordRefused):
            ledger.append("decision", {"request_digest": odd}, ana)
