"""The SQL that is sent is the SQL that the schema gives, for both stores."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from limen.ledger import schema, statements


def test_the_statements_are_those_of_the_schema() -> None:
    assert Path(statements.__file__).read_text(encoding="utf-8") == schema.render(), (
        "run `python -m limen.ledger.schema`"
    )


def test_both_stores_have_every_statement_with_the_same_parameters() -> None:
    for name in statements.Statements._fields:
        if name not in ("create", "guards", "is_ledger"):
            ours, theirs = getattr(statements.SQLITE, name), getattr(statements.POSTGRESQL, name)
            assert ours.count("?") == theirs.count("%s"), name


def test_logging_a_decision_loads_neither_sqlalchemy_nor_structlog_nor_pydantic(tmp_path: Path) -> None:
    program = (
        "import sys; from limen.ledger import open_ledger\n"
        f"open_ledger({str(tmp_path / 'a.db')!r}, {str(tmp_path / 'keys')!r}).append('decision', {{'id': 'd'}})\n"
        "print({'sqlalchemy', 'structlog', 'pydantic', 'asyncio', 'psycopg'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": "engine"}
    )
    assert done.stdout.strip() == "set()"
