"""No store, no decision: whatever is wrong, the writer gets LedgerUnavailable and nothing is acknowledged."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from store_tools import open_at

from limen.ledger import Ledger, LedgerUnavailable, open_ledger


def test_a_vanished_file_refuses(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    sqlite_ledger.append("decision", {})
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(LedgerUnavailable, match="no longer where it was"):
        sqlite_ledger.append("decision", {})


def test_a_replaced_file_refuses(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "store" / "ledger.db"
    shutil.copy(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)
    with pytest.raises(LedgerUnavailable, match="no longer where it was"):
        sqlite_ledger.append("decision", {})


def test_a_file_that_is_no_ledger_refuses(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database, and longer than its header " * 20)
    with pytest.raises(LedgerUnavailable, match=r"a\.db"):
        open_ledger(tmp_path / "a.db", tmp_path / "keys")


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    with pytest.raises(LedgerUnavailable, match="holds something else"):
        open_ledger(tmp_path / "a.db", tmp_path / "keys")


def test_a_folder_that_cannot_be_made_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerUnavailable, match="cannot be made"):
        open_ledger(tmp_path / "file" / "a.db", tmp_path / "keys")


def test_a_store_another_writer_never_gives_back_refuses(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    sqlite_ledger.store.run("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "store" / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailable, match="locked"):
        sqlite_ledger.append("decision", {})
    other.execute("ROLLBACK")
    assert sqlite_ledger.append("decision", {}).sequence == 2


FULL = """
import resource, sys
from limen.ledger import open_ledger, LedgerUnavailable
ledger = open_ledger(sys.argv[1], sys.argv[2])
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
acknowledged = 1
try:
    while True:
        acknowledged = ledger.append("decision", {"filler": "x" * 5000}).sequence
except LedgerUnavailable:
    print(acknowledged)
"""


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "store" / "ledger.db"), str(tmp_path / "keys"), "300000"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": "engine"},
    )  # fmt: skip
    acknowledged = int(done.stdout)
    assert acknowledged > 10
    with open_at(tmp_path) as opened:
        found = opened.verify()
        assert found.ok and found.records == acknowledged
        assert opened.append("decision", {}).sequence == acknowledged + 1


READER = """
import os, sys
import limen.ledger.verify
from limen.ledger import open_ledger, LedgerUnavailable
os.setuid(65534)
ledger = open_ledger(sys.argv[1], sys.argv[2])
print(ledger.verify().ok, ledger.show(1).kind)
try:
    ledger.append("decision", {})
except LedgerUnavailable:
    print("refused")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody who may only read")
def test_a_store_that_may_only_be_read_is_shown_and_verified_but_not_written() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_at(folder).close()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
        (folder / "store" / "ledger.db").chmod(0o400)
        (folder / "store").chmod(0o500)
        done = subprocess.run(
            [sys.executable, "-c", READER, str(folder / "store" / "ledger.db"), str(folder / "keys")],
            capture_output=True, text=True, check=False, env={"PYTHONPATH": "engine"},
        )  # fmt: skip
    assert done.stdout.split() == ["True", "opened", "refused"], done.stderr
