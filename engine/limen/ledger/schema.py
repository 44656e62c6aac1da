"""The tables of a ledger and every statement the ledger sends, written once for both stores.

This module needs SQLAlchemy and is not loaded when a decision is logged: `statements.py` holds the SQL text it gives
for each store. `python -m limen.ledger.schema` writes that file; a test shows that it is up to date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from limen.ledger.record import CHECKPOINT_KIND

metadata = MetaData()

records = Table(
    "limen_records",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text),
    Column("commitments", Text),
    Column("body", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

_CHECKPOINT: ColumnElement[str] = literal_column(f"'{CHECKPOINT_KIND}'")
Index(
    "limen_records_checkpoints",
    records.c.sequence,
    sqlite_where=records.c.kind == _CHECKPOINT,
    postgresql_where=records.c.kind == _CHECKPOINT,
)

subjects = Table(
    "limen_subjects",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("proof", Text, nullable=False),
)

lookups = Table(
    "limen_lookups",
    metadata,
    Column("lookup", Text, primary_key=True),
    Column("subject", Text, ForeignKey("limen_subjects.subject"), primary_key=True),
    Column("key", Text, nullable=False),
    Column("proof", Text, nullable=False),
)
Index("limen_lookups_subject", lookups.c.subject)

texts = Table(
    "limen_texts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

PAGE = 500
"""Records are read this many at a time."""

ADVISORY_LOCK = 0x6C696D656E
"""Names the writer's turn among all who use the same PostgreSQL database."""

_SQLITE_GUARDS = (
    "CREATE TRIGGER limen_records_no_update BEFORE UPDATE ON limen_records "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER limen_records_no_delete BEFORE DELETE ON limen_records "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER limen_records_in_order BEFORE INSERT ON limen_records "
    "WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM limen_records) "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER limen_subjects_no_update BEFORE UPDATE ON limen_subjects "
    "BEGIN SELECT RAISE(ABORT, 'a salt is made once'); END",
    "CREATE TRIGGER limen_lookups_no_update BEFORE UPDATE ON limen_lookups "
    "BEGIN SELECT RAISE(ABORT, 'a lookup is made once'); END",
    "CREATE TRIGGER limen_texts_no_update BEFORE UPDATE ON limen_texts "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER limen_texts_no_delete BEFORE DELETE ON limen_texts "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)

_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION limen_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "CREATE FUNCTION limen_in_order() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM limen_records) THEN "
    "RAISE EXCEPTION 'the ledger is append-only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER limen_records_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON limen_records "
    "FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()",
    "CREATE TRIGGER limen_records_in_order BEFORE INSERT ON limen_records "
    "FOR EACH ROW EXECUTE FUNCTION limen_in_order()",
    "CREATE TRIGGER limen_subjects_no_update BEFORE UPDATE OR TRUNCATE ON limen_subjects "
    "FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()",
    "CREATE TRIGGER limen_lookups_no_update BEFORE UPDATE OR TRUNCATE ON limen_lookups "
    "FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()",
    "CREATE TRIGGER limen_texts_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON limen_texts "
    "FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()",
)


def _queries() -> dict[str, Executable]:
    """Every statement by name. Parameters are given by position, in the order they stand in the text."""
    found = select(subjects.c.subject, subjects.c.salt, subjects.c.proof).join_from(lookups, subjects)
    return {
        "last": select(records.c.sequence, records.c.hash, records.c.at)
        .order_by(records.c.sequence.desc())
        .suffix_with("LIMIT 1"),
        "append": insert(records),
        "page": select(records)
        .where(records.c.sequence > bindparam("after"))
        .order_by(records.c.sequence)
        .suffix_with(f"LIMIT {PAGE}"),
        "page_of_subject": select(records)
        .where(records.c.subject == bindparam("subject"), records.c.sequence > bindparam("after"))
        .order_by(records.c.sequence)
        .suffix_with(f"LIMIT {PAGE}"),
        "one": select(records).where(records.c.sequence == bindparam("number")),
        "newest_checkpoint": select(records)
        .where(records.c.kind == _CHECKPOINT)
        .order_by(records.c.sequence.desc())
        .suffix_with("LIMIT 1"),
        "counts_after": select(records.c.kind, func.count())
        .where(records.c.sequence > bindparam("after"))
        .group_by(records.c.kind),
        "newest_holding": select(records)
        .where(records.c.body.like(bindparam("pattern"), escape="!"))
        .order_by(records.c.sequence.desc())
        .suffix_with("LIMIT 1"),
        "find_subject": found.where(lookups.c.lookup == bindparam("sought")),
        "add_subject": insert(subjects),
        "add_lookup": insert(lookups),
        "all_subjects": select(subjects).order_by(subjects.c.subject),
        "all_lookups": select(lookups).order_by(lookups.c.lookup, lookups.c.subject),
        "one_text": select(texts.c.text).where(texts.c.name == bindparam("sought")),
        "all_texts": select(texts.c.name, texts.c.text).order_by(texts.c.name),
        "drop_lookups": delete(lookups).where(lookups.c.subject == bindparam("gone")),
        "drop_subject": delete(subjects).where(subjects.c.subject == bindparam("gone")),
    }


def _store_queries(dialect: Dialect) -> dict[str, Executable]:
    """What the two stores say differently: taking the writer's turn, and asking which guards stand."""
    if dialect.name == "sqlite":
        return {
            "begin": text("BEGIN IMMEDIATE"),
            "turn": text(""),
            "add_text": sqlite_insert(texts).on_conflict_do_nothing(),
            "is_ledger": text("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'limen_records'"),
            "guards": text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"),
        }
    return {
        "begin": text("BEGIN"),
        "add_text": postgresql_insert(texts).on_conflict_do_nothing(),
        "turn": select(func.pg_advisory_xact_lock(literal_column(str(ADVISORY_LOCK)))),
        "is_ledger": text("SELECT count(*) FROM pg_class WHERE oid = to_regclass('limen_records')"),
        "guards": text(
            "SELECT tgname, pg_get_triggerdef(t.oid) || tgenabled::text || pg_get_functiondef(tgfoid) "
            "FROM pg_trigger t WHERE NOT tgisinternal AND tgrelid IN (to_regclass('limen_records'), "
            "to_regclass('limen_subjects'), to_regclass('limen_lookups'), to_regclass('limen_texts')) ORDER BY tgname"
        ),
    }


def _sql(statement: Any, dialect: Dialect) -> str:
    return " ".join(str(statement.compile(dialect=dialect)).split())


def compiled(name: str) -> dict[str, Any]:
    """The text of every statement for the store `name` (`sqlite` or `postgresql`)."""
    dialect: Dialect = sqlite_dialect() if name == "sqlite" else postgresql_dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    guards = _SQLITE_GUARDS if name == "sqlite" else _POSTGRESQL_GUARDS
    tables = [_sql(CreateTable(table), dialect) for table in metadata.sorted_tables]
    indexes = [_sql(CreateIndex(index), dialect) for table in metadata.sorted_tables for index in table.indexes]
    queries = dict(sorted({**_queries(), **_store_queries(dialect)}.items()))
    return {"create": (*tables, *indexes, *guards), **{key: _sql(query, dialect) for key, query in queries.items()}}


def render() -> str:
    """The text of `statements.py`."""
    stores = {name: compiled(name) for name in ("sqlite", "postgresql")}
    lines = [
        '"""The SQL of the ledger for each store. Written by `python -m limen.ledger.schema`; do not edit."""',
        "",
        "# ruff: noqa: E501",
        "# fmt: off",
        "",
        "from __future__ import annotations",
        "",
        "from typing import NamedTuple",
        "",
        "",
        "class Statements(NamedTuple):",
        '    """One store\'s SQL, by name. See `schema.py` for what each says."""',
        "",
        "    create: tuple[str, ...]",
        *[f"    {name}: str" for name in stores["sqlite"] if name != "create"],
        "",
    ]
    for store, texts in stores.items():
        lines += ["", f"{store.upper()} = Statements("]
        lines += ["    create=(", *[f"        {statement!r}," for statement in texts["create"]], "    ),"]
        lines += [f"    {name}={sql!r}," for name, sql in texts.items() if name != "create"]
        lines += [")"]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    Path(__file__).with_name("statements.py").write_text(render(), encoding="utf-8")
