"""A forgotten subject: the chain still verifies, and nobody can say any more who it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_tools import open_at, tamper

from limen.ledger import Ledger
from limen.request.subject import PersonName, Subject


@pytest.fixture
def other() -> Subject:
    return Subject(name=PersonName(first="Bo", last="Zarrow"), tin="900-70-9999")


def test_the_chain_still_verifies_and_the_others_stay(ledger: Ledger, ana: Subject, other: Subject) -> None:
    ledger.append("decision", {"id": "d-1"}, ana)
    kept = ledger.show(ledger.append("decision", {"id": "d-2"}, other).sequence)
    before = [(record.sequence, record.hash) for record in ledger.records()]
    forgotten = ledger.forget(ana)
    assert forgotten.pseudonyms == (ledger.show(2).subject,) and forgotten.scrubbed
    assert [(record.sequence, record.hash) for record in ledger.records()][:-1] == before
    assert ledger.verify().ok
    assert ledger.show(ledger.append("decision", {}, other).sequence).subject == kept.subject


def test_the_same_person_later_is_somebody_new(ledger: Ledger, ana: Subject) -> None:
    first = ledger.show(ledger.append("decision", {}, ana).sequence).subject
    ledger.forget(ana)
    second = ledger.show(ledger.append("decision", {}, ana).sequence).subject
    assert first is not None and second is not None and first != second
    assert ledger.forget(ana).pseudonyms == (second,)


def test_forgetting_a_person_of_the_registry_reaches_every_statement_about_them(ledger: Ledger, ana: Subject) -> None:
    moved = ana.model_copy(update={"address": None})
    ledger.append("decision", {}, ana, person="P-1")
    ledger.append("decision", {}, moved, person="P-1")
    assert len(ledger.forget(moved).pseudonyms) == 1
    assert ledger.forget(ana).pseudonyms == () == ledger.forget(person="P-1").pseudonyms


def test_another_open_ledger_does_not_bring_a_forgotten_pseudonym_back(place: Path, ana: Subject) -> None:
    with open_at(place) as one, open_at(place) as two:
        old = two.show(two.append("decision", {}, ana).sequence).subject
        one.forget(ana)
        assert two.show(two.append("decision", {}, ana).sequence).subject != old
        assert one.verify().ok


def test_who_was_never_recorded_is_forgotten_without_a_trace(ledger: Ledger, ana: Subject) -> None:
    assert ledger.forget(ana).pseudonyms == ()
    assert sum(1 for _ in ledger.records()) == 1


def test_no_byte_of_the_salt_stays_in_the_files(sqlite_ledger: Ledger, tmp_path: Path, ana: Subject) -> None:
    sqlite_ledger.append("decision", {"id": "d-1"}, ana)
    salt, proof = sqlite_ledger.store.run("SELECT salt, proof FROM limen_subjects")[0]
    lookup = sqlite_ledger.store.run("SELECT lookup FROM limen_lookups")[0][0]
    files = list((tmp_path / "store").iterdir())
    assert any(salt.encode() in path.read_bytes() for path in files)
    assert sqlite_ledger.forget(ana).scrubbed
    for path in (tmp_path / "store").iterdir():
        for secret in (salt, proof, lookup):
            assert secret.encode() not in path.read_bytes(), path.name


def test_a_salt_put_back_from_a_backup_is_found(place: Path, ana: Subject) -> None:
    with open_at(place) as opened:
        opened.append("decision", {}, ana)
        row = opened.store.run("SELECT subject, salt, key, proof FROM limen_subjects")[0]
        opened.forget(ana)
    tamper(place, f"INSERT INTO limen_subjects (subject, salt, key, proof) VALUES {tuple(row)!r}")
    with open_at(place) as opened:
        assert [problem.code for problem in opened.verify().problems] == ["forgotten-returned"]


def test_keys_rotate_and_old_records_and_subjects_are_still_known(place: Path, ana: Subject) -> None:
    with open_at(place) as opened:
        first = opened.show(opened.append("decision", {}, ana).sequence)
        name = opened.rotate_keys()
        second = opened.show(opened.append("decision", {}, ana).sequence)
        assert (first.key != name, second.key) == (True, name)
        assert first.subject == second.subject
        assert opened.verify().ok
    with open_at(place) as again:
        assert again.keys.current.id == name and len(again.keys.keys) == 2
        assert again.verify().ok
        assert again.forget(ana).pseudonyms == (first.subject,)
        assert again.verify().ok


def test_a_ledger_opened_before_a_rotation_still_writes_and_verifies(place: Path) -> None:
    with open_at(place) as one, open_at(place) as two:
        two.append("decision", {})
        one.rotate_keys()
        one.append("decision", {})
        two.append("decision", {})
        assert two.verify().ok and one.verify().ok
