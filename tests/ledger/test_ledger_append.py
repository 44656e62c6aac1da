"""What is appended is there, in order, chained, for whoever opens the ledger next."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from store_tools import open_at

from limen.ledger import Ledger, LedgerUnavailable, NoSuchRecord, RecordRefused, open_ledger
from limen.ledger.entry import Entry
from limen.ledger.record import GENESIS
from limen.request.subject import Subject


def test_a_record_is_shown_as_it_was_given(ledger: Ledger) -> None:
    receipt = ledger.append("decision", {"id": "d-1", "effect": "deny", "items": [1, None, "§"]})
    record = ledger.show(receipt.sequence)
    assert record.body == {"id": "d-1", "effect": "deny", "items": [1, None, "§"]}
    assert (record.kind, record.hash) == ("decision", receipt.hash)


def test_each_record_names_the_hash_of_the_one_before(ledger: Ledger) -> None:
    for number in range(5):
        ledger.append("decision", {"number": number})
    records = list(ledger.records())
    assert [record.sequence for record in records] == [1, 2, 3, 4, 5, 6]
    assert [record.previous for record in records] == [GENESIS, *(record.hash for record in records[:-1])]


def test_the_chain_goes_on_after_the_ledger_is_opened_again(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    first = ledger.append("decision", {"id": "d-1"})
    ledger.close()
    with reopen() as again:
        second = again.append("decision", {"id": "d-2"})
        assert again.show(second.sequence).previous == first.hash
        assert again.verify().ok


def test_many_entries_are_one_commit_and_all_or_none(ledger: Ledger) -> None:
    receipts = ledger.append_many(Entry("decision", {"number": n}) for n in range(700))
    assert [receipt.sequence for receipt in receipts] == list(range(2, 702))
    with pytest.raises(RecordRefused):
        ledger.append_many([Entry("decision", {}), Entry("decision", {"bad": object()})])
    assert sum(1 for _ in ledger.records()) == 701
    assert ledger.verify().ok


def test_a_record_is_found_by_the_id_in_its_body(ledger: Ledger) -> None:
    ledger.append("decision", {"id": "d_1%"})
    ledger.append("decision", {"id": "dx1y"})
    assert ledger.show("d_1%").sequence == 2
    with pytest.raises(NoSuchRecord, match="there is no record `d_2`"):
        ledger.show("d_2")


def test_json_text_is_recorded_as_the_object_it_is(ledger: Ledger) -> None:
    receipt = ledger.append("decision", '{"b": 1, "a": "x"}')
    assert ledger.show(receipt.sequence).body == {"a": "x", "b": 1}


@pytest.mark.parametrize("body", ["", "[]", '{"a": ', '{"a": NaN}', {"a": float("nan")}, {"a": b"x"}])
def test_a_body_that_is_no_json_object_is_refused(ledger: Ledger, body: object) -> None:
    with pytest.raises(RecordRefused):
        ledger.append("decision", body)  # type: ignore[arg-type]
    assert sum(1 for _ in ledger.records()) == 1


def test_two_ledgers_on_one_store_write_one_chain(place: Path, ana: Subject) -> None:
    def write(opened: Ledger) -> None:
        for number in range(50):
            opened.append("decision", {"number": number}, ana)

    with open_at(place) as one, open_at(place) as other:
        threads = [threading.Thread(target=write, args=(opened,)) for opened in (one, other, one)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.verify().ok
        records = list(other.records())
    assert [record.sequence for record in records] == list(range(1, 152))
    assert len({record.subject for record in records if record.subject}) == 1


def test_a_ledger_is_not_used_across_a_fork(ledger: Ledger) -> None:
    child = os.fork()
    if child == 0:
        try:
            ledger.append("decision", {})
        except LedgerUnavailable:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_the_same_person_has_one_pseudonym_however_it_is_spaced_and_cased(ledger: Ledger, ana: Subject) -> None:
    same = ana.model_copy(update={"name": ana.name.model_copy(update={"last": " QUORREL "}) if ana.name else None})
    first, second = ledger.append("decision", {}, ana), ledger.append("decision", {}, same)
    assert ledger.show(first.sequence).subject == ledger.show(second.sequence).subject


def test_a_person_of_the_registry_has_one_pseudonym_whatever_was_stated(ledger: Ledger, ana: Subject) -> None:
    moved = ana.model_copy(update={"address": None})
    pseudonyms = {
        ledger.show(ledger.append("decision", {}, subject, person="P-17").sequence).subject for subject in (ana, moved)
    }
    assert len(pseudonyms) == 1 and None not in pseudonyms


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    (tmp_path / "keys" / "keys.json").chmod(0o644)
    with pytest.raises(LedgerUnavailable, match="may be read by others"):
        open_at(tmp_path)


def test_a_path_may_be_given_as_a_url(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path}/a.db", tmp_path / "keys") as opened:
        assert opened.append("decision", {}).sequence == 2
    assert (tmp_path / "a.db").exists()


def test_a_batch_is_acknowledged_as_it_is_recorded(ledger: Ledger) -> None:
    with ledger.batch(size=10) as batch:
        for number in range(25):
            batch.append(Entry("decision", {"number": number}))
        assert [receipt.sequence for receipt in batch.receipts] == list(range(2, 22))
    assert [receipt.sequence for receipt in batch.receipts] == list(range(2, 27))
    assert [record.body["number"] for record in ledger.records(after=1)] == list(range(25))


def test_a_batch_that_fails_leaves_what_was_acknowledged(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.batch(size=2) as batch:
        for number in range(3):
            batch.append(Entry("decision", {"number": number}))
        raise KeyError
    assert len(batch.receipts) == 2 and sum(1 for _ in ledger.records()) == 3
    assert ledger.verify().ok
