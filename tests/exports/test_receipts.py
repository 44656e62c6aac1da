"""A receipt decides its case again; one that was changed, cut or made for somebody else does not pass."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handing_over import MADE, brief, told_and_day
from hypothesis import given
from hypothesis import strategies as st

from book_cases import book
from limen.cli.main import main
from limen.decide.decider import Decider
from limen.exports.armour import ReceiptError, armoured, read_receipt, receipt_in
from limen.exports.hand_over import FORMS, brief_of, hand_over
from limen.exports.memo import Brief
from limen.exports.receipt import Receipt, receipt_id, to_json
from limen.exports.replay import book_of, replay_receipt
from limen.law.overlay import overlaid

pytest.importorskip("docx")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_a_receipt_that_is_answered_the_same_way_again(withheld: Brief, form: str) -> None:
    handed = hand_over(withheld, form)
    receipt = receipt_in(handed.content, handed.name)
    assert receipt == withheld.receipt
    found = replay_receipt(receipt, book())
    assert found.agrees and found.intact and found.same_book
    assert handed.receipt == receipt.id and receipt.id in handed.name


def test_a_receipt_asked_under_all_profiles_replays_with_its_hinges(disputed: Brief) -> None:
    assert disputed.decision.hinges and len(disputed.decision.profiles) == 6
    assert replay_receipt(disputed.receipt, book()).agrees


def test_a_receipt_says_who_stated_each_fact_and_what_every_point_came_to(withheld: Brief) -> None:
    receipt = withheld.receipt
    by = {one.fact: one.by for one in receipt.facts}
    assert by["requester.office"] == "the request, requester.office"
    assert by["request.address_quality"] == "worked out from the request (address_quality)"
    outcomes = {one.address: one.outcome for one in receipt.trace}
    assert outcomes["usc.26.6103.i.2#states_address"] == "not_met"
    assert outcomes["usc.26.6103.i.2#in_writing"] == "met"


def changed(receipt: Receipt, change: dict[str, Any]) -> Receipt:
    return Receipt.model_validate({**json.loads(to_json(receipt)), **change})


def test_a_receipt_that_was_changed_is_found_by_its_id(withheld: Brief) -> None:
    forged = changed(withheld.receipt, {"title": "Another title"})
    found = replay_receipt(forged, book())
    assert not found.intact and not found.agrees and not found.differences


def test_a_receipt_whose_id_was_made_anew_is_found_by_deciding_it_again(withheld: Brief) -> None:
    decision = json.loads(to_json(withheld.receipt))["decision"]
    forged = changed(withheld.receipt, {"decision": {**decision, "disposition": "release", "effect": "allow"}})
    forged = forged.model_copy(update={"id": receipt_id(forged)})
    found = replay_receipt(forged, book())
    assert found.intact and not found.agrees
    assert {one.path for one in found.differences} == {"disposition", "effect"}


def test_a_trace_that_was_changed_is_found(withheld: Brief) -> None:
    trace = [
        {**line, "outcome": "met"} if line["address"] == "usc.26.6103.i.2#states_address" else line
        for line in json.loads(to_json(withheld.receipt))["trace"]
    ]
    forged = changed(withheld.receipt, {"trace": trace})
    forged = forged.model_copy(update={"id": receipt_id(forged)})
    assert [one.path for one in replay_receipt(forged, book()).differences] == ["trace/usc.26.6103.i.2#states_address"]


def test_another_book_is_said_to_be_another(withheld: Brief) -> None:
    other = replace(book(), digest="0" * 64)
    found = replay_receipt(withheld.receipt, other)
    assert not found.same_book


def test_a_requester_gets_no_fact_that_only_the_authority_knows_and_cannot_replay() -> None:
    shown = brief("demo-informant", "irs-2025-08", "requester")
    facts = book().vocabulary.facts
    assert not [one.fact for one in shown.receipt.facts if facts[one.fact].authority_side or facts[one.fact].sensitive]
    for form in ("markdown", "html", "csv", "json", "python"):
        text = hand_over(shown, form).content.decode("utf-8")
        told = text.lower().replace(shown.receipt.title.lower(), "").replace("demo-informant", "")
        assert "informant" not in told
    with pytest.raises(ReceiptError, match="made for a requester"):
        replay_receipt(shown.receipt, book())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is no receipt"),
        (b"a letter", "there is no receipt"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{}", "does not fit its form"),
        (b'{"receipt_version": 99}', "does not fit its form"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"-----BEGIN LIMEN RECEIPT-----\nAAAA\n-----END LIMEN RECEIPT-----", "damaged"),
    ],
)
def test_what_holds_no_receipt_gets_a_clear_error(content: bytes, message: str) -> None:
    with pytest.raises(ReceiptError, match=message):
        receipt_in(content, "memo.md")


@given(cut=st.integers(1, 400), data=st.data())
def test_a_damaged_armour_is_never_read_as_something_else(cut: int, data: st.DataObject) -> None:
    lines = _LINES or _LINES.extend(armoured(brief("demo-number-no-address", "ddc-2025-26").receipt)) or _LINES
    body = "".join(lines[1:-1])
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = "\n".join([lines[0], body[:at] + body[at + cut :], lines[-1]])
    with pytest.raises(ReceiptError):
        receipt_in(damaged.encode(), "memo.md")


_LINES: list[str] = []


DRAFT = """\
kind: overlay
overlay: by-word-of-mouth
base: us-6103
title: To ask by word of mouth is enough
operations:
  - repeal: usc.26.6103.i.2#in_writing
"""


def test_a_case_asked_with_a_draft_takes_the_draft_with_it() -> None:
    told, day = told_and_day("demo-number-no-address")
    law = overlaid(DRAFT.encode(), "draft.yaml")
    decision = Decider(law, profile="ddc-2025-26").decide(told.facts, day)
    made = brief_of(law, replace(told, draft=DRAFT), decision, made_at=MADE)
    receipt = receipt_in(hand_over(made, "json").content, "receipt.json")
    assert replay_receipt(receipt, book_of(receipt)).agrees
    assert not replay_receipt(receipt, book()).same_book
    said: list[str] = []
    code = hand_over(made, "python").content.decode()
    exec(compile(code, "snippet", "exec"), {"print": lambda *words: said.append(" ".join(map(str, words)))})
    assert said[0] == decision.disposition


def test_the_python_snippet_runs_and_says_the_same(withheld: Brief) -> None:
    code = hand_over(withheld, "python").content.decode()
    said: list[str] = []
    exec(compile(code, "snippet", "exec"), {"print": lambda *words: said.append(" ".join(map(str, words)))})
    assert said == ["withhold", "last-known-address deny"]


def test_memo_and_replay_as_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "memo.md"
    assert (
        main(["memo", "demo-number-no-address", "--profile", "irs-2025-08", "--no-second-key", "--out", str(out)]) == 0
    )
    assert read_receipt(out).decision.disposition == "release"
    capsys.readouterr()
    assert main(["ledger", "replay", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["agrees"] is True
    out.write_text("no receipt", encoding="utf-8")
    assert main(["ledger", "replay", str(out)]) == 2
    assert "there is no receipt in this file" in capsys.readouterr().err


def test_what_somebody_does_not_know_is_in_the_receipt_and_is_no_fact() -> None:
    told, day = told_and_day("demo-number-no-address")
    from limen.decide.decider import Decider
    from limen.exports.hand_over import brief_of

    unsaid = replace(told, unknown=frozenset({("consent.signed", None)}))
    decision = Decider(book(), profile="irs-2025-08").decide(told.facts, day)
    made = brief_of(book(), unsaid, decision)
    if "consent.signed" in book().vocabulary.facts and "consent.signed" not in told.facts.facts:
        assert ("consent.signed", "unknown") in {(one.fact, one.value) for one in made.receipt.facts}
    assert replay_receipt(made.receipt, book()).agrees
