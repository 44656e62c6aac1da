"""A ledger in a folder, and the hand of somebody who edits its store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from limen.ledger import Ledger, open_ledger


def open_at(folder: Path) -> Ledger:
    """The ledger of a folder: at the URL written in it, or in a file of its own."""
    url = folder / "url"
    return open_ledger(url.read_text() if url.exists() else folder / "store" / "ledger.db", folder / "keys")


def tamper(folder: Path, *statements: str) -> None:
    """Run statements on the store itself, with its guards out of the way and afterwards as they were."""
    if (folder / "url").exists():
        import psycopg

        with psycopg.connect((folder / "url").read_text()) as server:
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                server.execute(statement)
        return
    with sqlite3.connect(folder / "store" / "ledger.db") as db:
        guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in guards:
            db.execute(sql)
    db.close()
