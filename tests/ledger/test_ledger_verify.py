"""Whoever edits, removes, reorders, inserts, cuts or swaps is found; and verify says which of the two was harmed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from store_tools import open_at, tamper

from limen.ledger import LedgerUnavailable, Verification
from limen.ledger.record import record_hash
from limen.request.subject import Subject

SWAP = """UPDATE limen_records SET sequence = CASE sequence WHEN 3 THEN -4 WHEN 4 THEN -3 ELSE sequence END
          WHERE sequence IN (3, 4)"""

REASONS = [{"address": "usc.26.6103.i.2#requester", "outcome": "not_met", "sentence": "this is not met"}]

TAMPERING = {
    "an edited body": ("UPDATE limen_records SET body = replace(body, 'deny', 'allow') WHERE sequence = 3",),
    "an edited time": ("UPDATE limen_records SET at = '2020-01-01' WHERE sequence = 3",),
    "an edited subject": ("UPDATE limen_records SET subject = 's-0' WHERE sequence = 3",),
    "a lost subject": ("UPDATE limen_records SET subject = NULL, commitments = NULL WHERE sequence = 3",),
    "an edited kind": ("UPDATE limen_records SET kind = 'verified' WHERE sequence = 3",),
    "an edited seal": ("UPDATE limen_records SET seal = hash WHERE sequence = 3",),
    "a removed record": ("DELETE FROM limen_records WHERE sequence = 3",),
    "a removed first record": ("DELETE FROM limen_records WHERE sequence = 1",),
    "a removed last record": ("DELETE FROM limen_records WHERE sequence = 6",),
    "a removed record closed up": (
        "DELETE FROM limen_records WHERE sequence = 3",
        "UPDATE limen_records SET sequence = sequence - 1 WHERE sequence > 3",
    ),
    "two records swapped": (SWAP, "UPDATE limen_records SET sequence = -sequence WHERE sequence < 0"),
    "a record copied to the end": (
        "INSERT INTO limen_records SELECT 7, at, kind, subject, commitments, body, key, previous, hash, seal "
        "FROM limen_records WHERE sequence = 3",
    ),
    "everything removed": ("DELETE FROM limen_records",),
    "a salt edited": ("UPDATE limen_subjects SET salt = salt || '00'",),
    "a salt removed": ("DELETE FROM limen_lookups", "DELETE FROM limen_subjects"),
    "a shared wording edited": ("UPDATE limen_texts SET text = replace(text, 'not met', 'met')",),
    "a shared wording removed": ("DELETE FROM limen_texts",),
    "a lookup pointed elsewhere": ("UPDATE limen_lookups SET lookup = lookup || '0'",),
}


@pytest.fixture
def written(place: Path, ana: Subject) -> Path:
    with open_at(place) as opened:
        for number in range(5):
            opened.append("decision", {"id": f"d-{number}", "effect": "deny", "reasons": REASONS}, ana)
    return place


@pytest.fixture
def sqlite_written(tmp_path: Path) -> Path:
    with open_at(tmp_path) as opened:
        opened.append("decision", {"id": "d-1"})
    return tmp_path


def verified(folder: Path) -> Verification:
    with open_at(folder) as opened:
        return opened.verify()


def test_an_untouched_ledger_is_intact_and_complete(written: Path) -> None:
    found = verified(written)
    assert found.ok and found.records == 6 and found.problems == ()


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_is_found(written: Path, case: str) -> None:
    tamper(written, *TAMPERING[case])
    try:
        found = verified(written)
    except LedgerUnavailable:
        assert "first" in case or "everything" in case
    else:
        assert not found.ok and found.problems


@pytest.mark.parametrize("case", ["a removed last record", "everything removed", "a removed first record"])
def test_nothing_is_decided_on_a_ledger_that_lost_its_end_or_its_beginning(written: Path, case: str) -> None:
    tamper(written, *TAMPERING[case])
    with pytest.raises(LedgerUnavailable), open_at(written) as opened:
        opened.append("decision", {})


def test_a_cut_tail_is_a_matter_of_completeness_alone(written: Path) -> None:
    tamper(written, "DELETE FROM limen_records WHERE sequence > 4")
    found = verified(written)
    assert (found.integrity, found.completeness) == ("intact", "incomplete")
    assert [problem.code for problem in found.problems] == ["records-missing"]


def test_an_edit_is_a_matter_of_integrity_alone(written: Path) -> None:
    tamper(written, *TAMPERING["an edited body"])
    found = verified(written)
    assert (found.integrity, found.completeness) == ("broken", "complete")
    assert [(problem.code, problem.sequence) for problem in found.problems] == [("record-changed", 3)]


def test_a_chain_computed_again_from_an_edit_fails_for_want_of_the_key(written: Path) -> None:
    with open_at(written) as opened:
        records = list(opened.records())
    previous, changes = records[1].hash, []
    for record in records[2:]:
        body = record.body_text.replace("deny", "allow")
        hash_ = record_hash(
            record.sequence, record.at, record.kind, record.subject, record.commitments, body, record.key, previous
        )
        changes.append(
            f"UPDATE limen_records SET body = '{body}', previous = '{previous}', hash = '{hash_}' "
            f"WHERE sequence = {record.sequence}"
        )
        previous = hash_
    tamper(written, *changes)
    found = verified(written)
    assert {problem.code for problem in found.problems} == {"seal-broken", "chain-rewritten"}


def test_an_older_copy_put_back_is_found(sqlite_written: Path) -> None:
    store, older = sqlite_written / "store", sqlite_written / "older"
    shutil.copytree(store, older)
    with open_at(sqlite_written) as opened:
        opened.append("decision", {"id": "d-later"})
    shutil.rmtree(store)
    older.rename(store)
    found = verified(sqlite_written)
    assert (found.integrity, found.completeness) == ("intact", "incomplete")


def test_a_record_of_another_ledger_does_not_fit(written: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(written / "keys", elsewhere / "keys")
    with open_at(elsewhere) as opened:
        opened.append("decision", {"id": "d-0"})
        opened.append("decision", {"id": "d-0"})
        foreign = opened.show(3)
    columns = ", ".join(
        f"{name} = '{getattr(foreign, name)}'" for name in ("at", "key", "previous", "hash", "seal", "kind")
    )
    tamper(written, f"UPDATE limen_records SET {columns}, body = '{foreign.body_text}' WHERE sequence = 3")
    assert "chain-broken" in {problem.code for problem in verified(written).problems}


def test_without_a_mark_completeness_is_not_known(written: Path) -> None:
    next((written / "keys").glob("*.mark")).unlink()
    found = verified(written)
    assert (found.integrity, found.completeness) == ("intact", "not_known")


def test_a_mark_begun_anew_is_written_in_the_chain(written: Path) -> None:
    next((written / "keys").glob("*.mark")).unlink()
    with open_at(written) as opened:
        assert opened.append("decision", {}).sequence == 8
        assert opened.show(7).kind == "mark_begun"
        assert "a new mark was begun at record 7" in opened.verify().notes[0]


def test_a_mark_that_was_edited_is_found_and_stops_the_ledger(written: Path) -> None:
    mark = next((written / "keys").glob("*.mark"))
    mark.write_text(mark.read_text().replace("00000000000000000006", "00000000000000000004"))
    assert "mark-replaced" in {problem.code for problem in verified(written).problems}
    with pytest.raises(LedgerUnavailable, match="the mark of the ledger"), open_at(written) as opened:
        opened.append("decision", {})


CHANGES = (
    "UPDATE limen_records SET at = at",
    "DELETE FROM limen_records",
    "UPDATE limen_subjects SET salt = salt",
    "UPDATE limen_lookups SET proof = proof",
    "UPDATE limen_texts SET text = text",
    "DELETE FROM limen_texts",
    "INSERT INTO limen_records SELECT 99, at, kind, subject, commitments, body, key, previous, hash, seal "
    "FROM limen_records WHERE sequence = 3",
    "INSERT INTO limen_records SELECT sequence, at, kind, subject, commitments, body, key, previous, hash, seal "
    "FROM limen_records WHERE sequence = 3",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_store_itself_refuses_a_change(written: Path, change: str) -> None:
    with open_at(written) as opened, pytest.raises(LedgerUnavailable):
        opened.store.run(change)
    assert verified(written).ok


@pytest.mark.parametrize("table", ["limen_records", "limen_subjects", "limen_lookups", "limen_texts"])
def test_the_server_refuses_to_truncate(postgresql_url: str, tmp_path: Path, table: str) -> None:
    (tmp_path / "url").write_text(postgresql_url)
    with open_at(tmp_path) as opened, pytest.raises(LedgerUnavailable):
        opened.store.run(f"TRUNCATE {table} CASCADE")


def test_a_guard_taken_down_is_found(written: Path) -> None:
    with open_at(written) as opened:
        for name, _ in opened.store.run(opened.store.sql.guards):
            table = "_".join(name.split("_")[:2])
            opened.store.run(f"DROP TRIGGER {name}" + (f" ON {table}" if (written / "url").exists() else ""))
            assert [problem.what for problem in opened.verify().problems][-1].startswith("the guard `limen_")
        assert {problem.code for problem in opened.verify().problems} == {"guard-missing"}


def test_a_guard_made_toothless_is_found(postgresql_url: str, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(postgresql_url)
    with open_at(tmp_path) as opened:
        opened.store.run(
            "CREATE OR REPLACE FUNCTION limen_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$"
        )
        assert {problem.code for problem in opened.verify().problems} == {"guard-missing"}
        opened.store.run("ALTER TABLE limen_records DISABLE TRIGGER limen_records_in_order")
        assert any("in_order" in problem.what for problem in opened.verify().problems)


def test_other_keys_do_not_verify(written: Path) -> None:
    shutil.rmtree(written / "keys")
    found = verified(written)
    assert found.integrity == "broken" and {problem.code for problem in found.problems} >= {"key-missing"}


def test_a_clock_that_went_back_is_noted_and_breaks_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(["2026-11-23T10:00:00.000000+00:00", "2026-11-23T09:00:00.000000+00:00"])
    with open_at(place) as opened:
        monkeypatch.setattr("limen.ledger.writer.now", lambda: next(times))
        first, second = opened.append("decision", {}), opened.append("decision", {})
        assert (first.sequence, second.sequence) == (2, 3)
        found = opened.verify()
    assert found.ok and "the clock went back before record 3" in found.notes


def test_a_store_whose_numbers_go_round_is_damaged_and_not_followed_for_ever(sqlite_written: Path) -> None:
    class GoingRound:
        """A store that gives the same page again and again, as a damaged tree of pages can."""

        def __init__(self, store: Any) -> None:
            self._store = store

        def __getattr__(self, name: str) -> Any:
            return getattr(self._store, name)

        def run(self, sql: str, values: Any = ()) -> Any:
            return self._store.run(sql, (0,) if sql == self._store.sql.page else values)

    with open_at(sqlite_written) as opened:
        opened.store = GoingRound(opened.store)
        assert "store-damaged" in {problem.code for problem in opened.verify().problems}
        with pytest.raises(LedgerUnavailable, match="damaged"):
            list(opened.records())
