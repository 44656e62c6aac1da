"""A ledger in a folder, and the hand of somebody who edits its file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from limen.ledger import Ledger, open_ledger


def open_at(folder: Path) -> Ledger:
    return open_ledger(folder / "store" / "ledger.db", folder / "keys")


def tamper(folder: Path, *statements: str) -> None:
    """Run statements on the file itself with the guards taken down, and put them back up as they were."""
    with sqlite3.connect(folder / "store" / "ledger.db") as db:
        guards = [
            (name, db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        ]
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in guards:
            db.execute(sql)
    db.close()
