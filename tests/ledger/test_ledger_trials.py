"""What is asked of trusted systems, tried small here and at length by `make soak`: nothing lost, nothing missed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import trials
from postgresql_server import running_server
from store_tools import open_at

from limen.ledger import LedgerUnavailable


@pytest.mark.parametrize("batch", [1, 7])
def test_no_acknowledged_record_is_lost_when_writers_are_killed(place: Path, batch: int) -> None:
    outcome = trials.kill_writers(place, random.Random(batch), writes=60, batch=batch)
    assert outcome.failures == () and outcome.counts["kills"] > 0


@pytest.mark.parametrize("limit", [120_000, 200_000, 333_333])
def test_a_full_disk_loses_nothing(tmp_path: Path, limit: int) -> None:
    outcome = trials.fill_disk(tmp_path, limit)
    assert outcome.failures == () and outcome.counts["refusals"] == 1


def test_a_byte_changed_anywhere_is_found_or_changes_nothing(tmp_path: Path) -> None:
    outcome = trials.flip_bytes(tmp_path, random.Random(1), flips=60)
    assert outcome.failures == () and outcome.counts["found"] > 20


def test_a_byte_changed_in_the_beginning_of_the_file_is_found_or_changes_nothing(tmp_path: Path) -> None:
    outcome = trials.flip_bytes(
        tmp_path, random.Random(5), flips=80, only=lambda path: path.suffix == ".db", within=8192
    )
    assert outcome.failures == () and outcome.counts["found"] > 20


def test_a_byte_changed_in_the_log_of_the_store_is_found_or_changes_nothing(tmp_path: Path) -> None:
    outcome = trials.flip_bytes(
        tmp_path, random.Random(6), flips=40, only=lambda path: path.name.endswith("-wal"), stopped=True
    )
    assert outcome.failures == () and outcome.counts["found"] > 20


def test_a_byte_changed_beside_the_store_is_found_or_changes_nothing(tmp_path: Path) -> None:
    outcome = trials.flip_bytes(tmp_path, random.Random(2), flips=30, only=lambda path: path.parent.name == "keys")
    assert outcome.failures == () and outcome.counts["found"] > 20


def test_a_cut_file_and_an_older_copy_are_found(tmp_path: Path) -> None:
    outcome = trials.cut_tails(tmp_path, random.Random(3), cuts=25)
    assert outcome.failures == () and outcome.counts["found"] == 25


def test_many_writers_make_one_chain(place: Path) -> None:
    outcome = trials.crowd(place, processes=3, threads=3, writes=15)
    assert outcome.failures == () and outcome.counts["records"] == 135


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path, postgresql: str) -> None:
    with running_server() as server:
        (tmp_path / "url").write_text(server.url)
        outcome = trials.kill_server(tmp_path, server, random.Random(4), kills=2)
    assert outcome.failures == () and outcome.counts["writes acknowledged"] > 0


def test_a_server_that_is_gone_refuses(tmp_path: Path, postgresql: str) -> None:
    with running_server() as server:
        (tmp_path / "url").write_text(server.url)
        ledger = open_at(tmp_path)
        ledger.append("decision", {})
        server.kill()
        with pytest.raises(LedgerUnavailable, match="the ledger failed"):
            ledger.append("decision", {})
        with pytest.raises(LedgerUnavailable, match="cannot be opened"):
            open_at(tmp_path)
        server.start()
        assert ledger.append("decision", {}).sequence == 3
        assert ledger.verify().ok
        ledger.close()
