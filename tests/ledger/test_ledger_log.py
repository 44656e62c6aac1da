"""The log shows what is declared, hides what is personal, and when it is not sure it hides everything."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from told import decision, request

from canary import assert_silent, canary_subjects
from limen.ledger import LedgerUnavailable, RecordRefused, log, open_ledger
from limen.ledger.masking import MASK
from limen.request.subject import PersonName, Subject
from sizes import tries


def written(subject: Subject | None = None, /, *, scoped: bool = True, **fields: Any) -> dict[str, Any]:
    file = io.StringIO()
    logger = log.open_log(file)
    if scoped:
        with log.about(subject):
            logger.info(fields.pop("event", "recorded"), **fields)
    else:
        logger.info(fields.pop("event", "recorded"), **fields)
    line = json.loads(file.getvalue())
    assert line.pop("level") == "info" and line.pop("timestamp")
    return line


def test_declared_fields_are_shown() -> None:
    assert written(sequence=3, kind="decision", id="d-1") == {
        "event": "recorded", "sequence": 3, "kind": "decision", "id": "d-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Ana Quorrel"},
        {"sequence": "Ana Quorrel"},
        {"kind": "Ana Quorrel"},
        {"id": "Ana Quorrel"},
        {"id": {"name": "Ana"}},
        {"event": "asked about Ana Quorrel"},
        pytest.param({"profile": object()}, id="an object"),
    ],
    ids=str,
)
def test_a_field_not_declared_or_not_of_its_shape_masks_the_whole_line(fields: dict[str, Any]) -> None:
    assert written(**{"sequence": 3, **fields}) == {"event": MASK}


def test_an_error_while_masking_masks_the_whole_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> bool:
        raise RuntimeError("Ana Quorrel")

    monkeypatch.setattr(log, "TOOL", {**log.TOOL, "sequence": fail})
    assert written(sequence=3, kind="decision") == {"event": MASK}


def test_what_came_from_a_request_is_hidden_while_nobody_knows_whose_it_is() -> None:
    assert written(scoped=False, sequence=3, id="d-1") == {"event": "recorded", "sequence": 3, "id": MASK}


def test_a_value_that_holds_a_word_of_the_subject_is_hidden() -> None:
    subject = Subject(name=PersonName(first="Ana", last="Quorrel"))
    assert written(subject, id="REQ-quorrel-7")["id"] == MASK
    assert written(subject, id="REQ-ANA-7")["id"] == MASK
    assert written(subject, id="REQ-BANANA-7")["id"] == "REQ-BANANA-7"


def test_the_tools_own_words_are_shown_even_if_the_subject_is_called_like_one() -> None:
    subject = Subject(name=PersonName(first="May", last="Deny"))
    assert written(subject, effect="deny")["effect"] == "deny"


def test_scopes_nest_and_end() -> None:
    subject = Subject(name=PersonName(last="Quorrel"))
    with log.about(subject):
        assert written(None, id="quorrel")["id"] == "quorrel"
        assert written(scoped=False, id="quorrel")["id"] == MASK
    assert written(scoped=False, id="x")["id"] == MASK


@given(canary_subjects())
def test_of_an_error_only_its_class_and_places_are_logged(subject: Subject) -> None:
    file = io.StringIO()
    logger = log.open_log(file)
    assert subject.name is not None
    secret = str(subject.name.last)
    try:
        int(secret)
    except ValueError:
        with log.about(subject):
            logger.exception("failed", sequence=3)
            logger.error("failed", exc_info=KeyError(secret))
            logger.error("failed", exception=secret)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert lines[0]["error"] == "ValueError"
    assert lines[0]["places"][0].endswith(":test_of_an_error_only_its_class_and_places_are_logged")
    assert lines[1]["error"] == "KeyError" and "exception" not in lines[2]
    assert_silent({"log": file.getvalue()}, subject)


@given(canary_subjects())
def test_nothing_stated_of_a_subject_is_ever_logged(subject: Subject) -> None:
    assert subject.name is not None and subject.address is not None
    file = io.StringIO()
    logger = log.open_log(file)
    with log.about(subject):
        for value in (subject.name.first, subject.name.last, subject.address.lines[0], subject.tin, subject):
            for field in ("id", "kind", "hash", "profile", "provision", "anything", "exc_info", "places", "at"):
                logger.info("recorded", **{field: value})
                logger.info("recorded", **{field: [value]})
        logger.info(str(subject.tin))
        logger.info("recorded", **{str(subject.name.first): 1})
    assert_silent({"log": file.getvalue()}, subject)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_record_is_a_line_beside_the_ledger(tmp_path: Path) -> None:
    asked = request()
    with open_ledger(tmp_path / "a.db", tmp_path / "keys", log=tmp_path / "log.jsonl") as ledger:
        receipt = ledger.append("decision", {"decision": decision(asked)}, request=asked)
        ledger.append("case_event", {"note": "Ana"}, asked.subject)
    first, second = lines_of(tmp_path / "log.jsonl")
    assert first.items() >= {
        "event": "recorded", "kind": "decision", "sequence": 2, "hash": receipt.hash, "id": "d-1",
        "request_id": "REQ-1", "effect": "deny", "disposition": "withhold", "profile": "text-strict",
        "as_of": "2025-08-06", "book_digest": "ab" * 32, "level": "info",
    }.items()  # fmt: skip
    assert second["kind"] == "case_event" and "note" not in second


def test_a_refusal_is_a_line_too(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "a.db", tmp_path / "keys", tmp_path / "log.jsonl") as ledger:
        with pytest.raises(RecordRefused):
            ledger.append("decision", {"name": object()}, request().subject)
        (tmp_path / "a.db").unlink()
        with pytest.raises(LedgerUnavailable):
            ledger.append("decision", {})
    first, second = lines_of(tmp_path / "log.jsonl")
    assert (first["event"], first["code"], first["error"]) == ("refused", "record-refused", "RecordRefused")
    assert (second["code"], second["error"]) == ("ledger-unavailable", "LedgerUnavailable")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_log_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    with (
        pytest.raises(LedgerUnavailable, match="the log beside the ledger cannot be written"),
        open_ledger(tmp_path / "a.db", tmp_path / "keys", log="/dev/full") as ledger,
    ):
        ledger.append("decision", {})
    with pytest.raises(LedgerUnavailable, match="cannot be written"):
        open_ledger(tmp_path / "a.db", tmp_path / "keys", log=tmp_path)


@settings(max_examples=tries(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(canary_subjects())
def test_no_line_names_a_subject(tmp_path_factory: Any, who: Subject) -> None:
    folder = tmp_path_factory.mktemp("silent")
    name = str(who.name.last if who.name else "")
    asked = request(subject=who, id="REQ-1")
    with open_ledger(folder / "a.db", folder / "keys", log=folder / "log.jsonl") as ledger:
        for careless in ({"request_id": f"REQ-{name}"}, {"id": name}, {"profile": name}):
            said = decision(asked, **careless)
            ledger.append("decision", {"decision": said}, request=asked)
            ledger.append("decision", {"decision": said.model_dump(mode="json")}, who)
        with pytest.raises(RecordRefused):
            ledger.append("decision", {name: object()}, who)
        with pytest.raises(RecordRefused):
            ledger.append(name, {}, who)
    assert len(lines_of(folder / "log.jsonl")) == 8
    assert_silent({"log": (folder / "log.jsonl").read_text()}, who)
