"""Exports say what the ledger says; an auditor can check one with a public key and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from told import decision, request

from limen.ledger import Entry, Ledger, Verification
from limen.ledger.audit import audit_export
from limen.ledger.checkpoint import Checkpoint, public_key_of
from limen.ledger.export import json_lines, opa_events, write_parquet


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.append_many(
        Entry("decision", {"decision": decision(request(n), allow=n == 2, number=n)}, request=request(n))
        for n in (1, 2, 3)
    )
    ledger.checkpoint()
    return ledger


def audited(lines: list[str], ledger: Ledger, *kept: Checkpoint) -> Verification:
    return audit_export(lines, [public_key_of(ledger.keys.current)], kept)


def codes(found: Verification) -> set[str]:
    return {problem.code for problem in found.problems}


def test_each_record_is_a_line_with_the_text_that_was_hashed(filled: Ledger) -> None:
    lines = [json.loads(line) for line in json_lines(filled)]
    records = [line for line in lines if "sequence" in line]
    assert [line["sequence"] for line in records] == [1, 2, 3, 4, 5]
    assert records[1]["body"] == filled.show(2).stored_body
    stored = {name for (name,) in filled.store.run("SELECT name FROM limen_texts")}
    assert {line["text"] for line in lines if "text" in line} == stored


def test_an_auditor_finds_an_untouched_export_intact(filled: Ledger) -> None:
    lines = list(json_lines(filled))
    found = audited(lines, filled)
    assert (found.integrity, found.completeness, found.records) == ("intact", "not_known", 5)
    assert found.notes == ("no signed checkpoint vouches for what follows record 4",)
    assert found.head == filled.verify().head
    with_copy = audited(lines, filled, filled.checkpoint())
    assert with_copy.ok and with_copy.notes == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [line.replace('"verdict":"deny"', '"verdict":"allow"') for line in lines], {"record-changed"}),
        (lambda lines: [line.replace("withhold", "release") for line in lines], {"text-changed"}),
        (lambda lines: [line.replace("is not_met", "is met") for line in lines], {"text-changed"}),
        (lambda lines: [line for line in lines if '"text"' not in line[:8]], {"text-missing"}),
        (lambda lines: [line for line in lines if not line.startswith('{"sequence":3')],
         {"records-missing", "chain-broken", "checkpoint-wrong"}),
        (lambda lines: ["{}", *lines], {"line-damaged"}),
        (lambda lines: [line[:-1] for line in lines[:1]] + lines[1:],
         {"line-damaged", "records-missing", "chain-broken", "checkpoint-wrong"}),
    ],
)  # fmt: skip
def test_an_auditor_finds_every_change(filled: Ledger, change: object, expected: set[str]) -> None:
    assert codes(audited(change(list(json_lines(filled))), filled)) == expected  # type: ignore[operator]


def test_an_auditor_with_a_copy_finds_a_cut_end(filled: Ledger) -> None:
    kept = filled.checkpoint()
    lines = list(json_lines(filled))
    assert codes(audited(lines[:-2], filled, kept)) == {"records-missing"}


def test_a_checkpoint_of_somebody_else_does_not_convince(filled: Ledger, tmp_path: Path) -> None:
    found = audit_export(json_lines(filled), ["00" * 32])
    assert codes(found) == {"checkpoint-replaced"}


def test_an_event_has_what_readers_of_opa_logs_look_for(filled: Ledger) -> None:
    filled.append("decision", {"decision": {"id": "[odd]", "items": []}}, request=request(4, id="REQ-tamarind"))
    events = list(opa_events(filled))
    assert [event["decision_id"] for event in events] == ["d-1", "d-2", "d-3", "[odd]"]
    first = events[0]
    assert first["result"]["effect"] == "deny" and first["input"]["request"]["agency"] == "dhs_ice"
    assert first["bundles"] == {"us-6103": {"revision": "ab" * 32}}
    assert first["labels"]["id"] == filled.id and first["masked"] == []
    assert events[3]["masked"] == ["/input/request/id"]
    json.dumps(events)


def test_parquet_has_a_row_a_record(filled: Ledger, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert write_parquet(filled, tmp_path / "out.parquet") == 5
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["sequence"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[2]["effect"] == "allow" and rows[2]["agency"] == "dhs_ice"
    assert rows[2]["items"] == [
        {"item": "address", "kind": "mailing_address", "verdict": "allow", "gateway": "usc.26.6103.i.2"}
    ]
    assert json.loads(rows[1]["body"]) == filled.show(2).body
