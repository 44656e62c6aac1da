"""The SQL of the ledger for each store. Written by `python -m limen.ledger.schema`; do not edit."""

# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from typing import NamedTuple


class Statements(NamedTuple):
    """One store's SQL, by name. See `schema.py` for what each says."""

    create: tuple[str, ...]
    add_lookup: str
    add_subject: str
    add_text: str
    all_lookups: str
    all_subjects: str
    all_texts: str
    append: str
    begin: str
    counts_after: str
    drop_lookups: str
    drop_subject: str
    find_subject: str
    guards: str
    is_ledger: str
    last: str
    newest_checkpoint: str
    newest_holding: str
    one: str
    one_text: str
    page: str
    page_of_subject: str
    turn: str


SQLITE = Statements(
    create=(
        'CREATE TABLE limen_records ( sequence INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT, commitments TEXT, body TEXT NOT NULL, "key" TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (sequence) )',
        'CREATE TABLE limen_subjects ( subject TEXT NOT NULL, salt TEXT NOT NULL, "key" TEXT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (subject) )',
        'CREATE TABLE limen_texts ( name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name) )',
        'CREATE TABLE limen_lookups ( lookup TEXT NOT NULL, subject TEXT NOT NULL, "key" TEXT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (lookup, subject), FOREIGN KEY(subject) REFERENCES limen_subjects (subject) )',
        "CREATE INDEX limen_records_checkpoints ON limen_records (sequence) WHERE kind = 'checkpoint'",
        'CREATE INDEX limen_lookups_subject ON limen_lookups (subject)',
        "CREATE TRIGGER limen_records_no_update BEFORE UPDATE ON limen_records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER limen_records_no_delete BEFORE DELETE ON limen_records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER limen_records_in_order BEFORE INSERT ON limen_records WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM limen_records) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER limen_subjects_no_update BEFORE UPDATE ON limen_subjects BEGIN SELECT RAISE(ABORT, 'a salt is made once'); END",
        "CREATE TRIGGER limen_lookups_no_update BEFORE UPDATE ON limen_lookups BEGIN SELECT RAISE(ABORT, 'a lookup is made once'); END",
        "CREATE TRIGGER limen_texts_no_update BEFORE UPDATE ON limen_texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER limen_texts_no_delete BEFORE DELETE ON limen_texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    add_lookup='INSERT INTO limen_lookups (lookup, subject, "key", proof) VALUES (?, ?, ?, ?)',
    add_subject='INSERT INTO limen_subjects (subject, salt, "key", proof) VALUES (?, ?, ?, ?)',
    add_text='INSERT INTO limen_texts (name, text) VALUES (?, ?) ON CONFLICT DO NOTHING',
    all_lookups='SELECT limen_lookups.lookup, limen_lookups.subject, limen_lookups."key", limen_lookups.proof FROM limen_lookups ORDER BY limen_lookups.lookup, limen_lookups.subject',
    all_subjects='SELECT limen_subjects.subject, limen_subjects.salt, limen_subjects."key", limen_subjects.proof FROM limen_subjects ORDER BY limen_subjects.subject',
    all_texts='SELECT limen_texts.name, limen_texts.text FROM limen_texts ORDER BY limen_texts.name',
    append='INSERT INTO limen_records (sequence, at, kind, subject, commitments, body, "key", previous, hash, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    begin='BEGIN IMMEDIATE',
    counts_after='SELECT limen_records.kind, count(*) AS count_1 FROM limen_records WHERE limen_records.sequence > ? GROUP BY limen_records.kind',
    drop_lookups='DELETE FROM limen_lookups WHERE limen_lookups.subject = ?',
    drop_subject='DELETE FROM limen_subjects WHERE limen_subjects.subject = ?',
    find_subject='SELECT limen_subjects.subject, limen_subjects.salt, limen_subjects.proof FROM limen_lookups JOIN limen_subjects ON limen_subjects.subject = limen_lookups.subject WHERE limen_lookups.lookup = ?',
    guards="SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    is_ledger="SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'limen_records'",
    last='SELECT limen_records.sequence, limen_records.hash, limen_records.at FROM limen_records ORDER BY limen_records.sequence DESC LIMIT 1',
    newest_checkpoint='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records."key", limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.kind = \'checkpoint\' ORDER BY limen_records.sequence DESC LIMIT 1',
    newest_holding='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records."key", limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.body LIKE ? ESCAPE \'!\' ORDER BY limen_records.sequence DESC LIMIT 1',
    one='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records."key", limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.sequence = ?',
    one_text='SELECT limen_texts.text FROM limen_texts WHERE limen_texts.name = ?',
    page='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records."key", limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.sequence > ? ORDER BY limen_records.sequence LIMIT 500',
    page_of_subject='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records."key", limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.subject = ? AND limen_records.sequence > ? ORDER BY limen_records.sequence LIMIT 500',
    turn='',
)

POSTGRESQL = Statements(
    create=(
        'CREATE TABLE limen_records ( sequence BIGINT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT, commitments TEXT, body TEXT NOT NULL, key TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (sequence) )',
        'CREATE TABLE limen_subjects ( subject TEXT NOT NULL, salt TEXT NOT NULL, key TEXT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (subject) )',
        'CREATE TABLE limen_texts ( name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name) )',
        'CREATE TABLE limen_lookups ( lookup TEXT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (lookup, subject), FOREIGN KEY(subject) REFERENCES limen_subjects (subject) )',
        "CREATE INDEX limen_records_checkpoints ON limen_records (sequence) WHERE kind = 'checkpoint'",
        'CREATE INDEX limen_lookups_subject ON limen_lookups (subject)',
        "CREATE FUNCTION limen_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
        "CREATE FUNCTION limen_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM limen_records) THEN RAISE EXCEPTION 'the ledger is append-only'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER limen_records_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON limen_records FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()',
        'CREATE TRIGGER limen_records_in_order BEFORE INSERT ON limen_records FOR EACH ROW EXECUTE FUNCTION limen_in_order()',
        'CREATE TRIGGER limen_subjects_no_update BEFORE UPDATE OR TRUNCATE ON limen_subjects FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()',
        'CREATE TRIGGER limen_lookups_no_update BEFORE UPDATE OR TRUNCATE ON limen_lookups FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()',
        'CREATE TRIGGER limen_texts_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON limen_texts FOR EACH STATEMENT EXECUTE FUNCTION limen_append_only()',
    ),
    add_lookup='INSERT INTO limen_lookups (lookup, subject, key, proof) VALUES (%s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR)',
    add_subject='INSERT INTO limen_subjects (subject, salt, key, proof) VALUES (%s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR)',
    add_text='INSERT INTO limen_texts (name, text) VALUES (%s::VARCHAR, %s::VARCHAR) ON CONFLICT DO NOTHING',
    all_lookups='SELECT limen_lookups.lookup, limen_lookups.subject, limen_lookups.key, limen_lookups.proof FROM limen_lookups ORDER BY limen_lookups.lookup, limen_lookups.subject',
    all_subjects='SELECT limen_subjects.subject, limen_subjects.salt, limen_subjects.key, limen_subjects.proof FROM limen_subjects ORDER BY limen_subjects.subject',
    all_texts='SELECT limen_texts.name, limen_texts.text FROM limen_texts ORDER BY limen_texts.name',
    append='INSERT INTO limen_records (sequence, at, kind, subject, commitments, body, key, previous, hash, seal) VALUES (%s::BIGINT, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR)',
    begin='BEGIN',
    counts_after='SELECT limen_records.kind, count(*) AS count_1 FROM limen_records WHERE limen_records.sequence > %s::BIGINT GROUP BY limen_records.kind',
    drop_lookups='DELETE FROM limen_lookups WHERE limen_lookups.subject = %s::VARCHAR',
    drop_subject='DELETE FROM limen_subjects WHERE limen_subjects.subject = %s::VARCHAR',
    find_subject='SELECT limen_subjects.subject, limen_subjects.salt, limen_subjects.proof FROM limen_lookups JOIN limen_subjects ON limen_subjects.subject = limen_lookups.subject WHERE limen_lookups.lookup = %s::VARCHAR',
    guards="SELECT tgname, pg_get_triggerdef(t.oid) || tgenabled::text || pg_get_functiondef(tgfoid) FROM pg_trigger t WHERE NOT tgisinternal AND tgrelid IN (to_regclass('limen_records'), to_regclass('limen_subjects'), to_regclass('limen_lookups'), to_regclass('limen_texts')) ORDER BY tgname",
    is_ledger="SELECT count(*) FROM pg_class WHERE oid = to_regclass('limen_records')",
    last='SELECT limen_records.sequence, limen_records.hash, limen_records.at FROM limen_records ORDER BY limen_records.sequence DESC LIMIT 1',
    newest_checkpoint="SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records.key, limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.kind = 'checkpoint' ORDER BY limen_records.sequence DESC LIMIT 1",
    newest_holding="SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records.key, limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.body LIKE %s::VARCHAR ESCAPE '!' ORDER BY limen_records.sequence DESC LIMIT 1",
    one='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records.key, limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.sequence = %s::BIGINT',
    one_text='SELECT limen_texts.text FROM limen_texts WHERE limen_texts.name = %s::VARCHAR',
    page='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records.key, limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.sequence > %s::BIGINT ORDER BY limen_records.sequence LIMIT 500',
    page_of_subject='SELECT limen_records.sequence, limen_records.at, limen_records.kind, limen_records.subject, limen_records.commitments, limen_records.body, limen_records.key, limen_records.previous, limen_records.hash, limen_records.seal FROM limen_records WHERE limen_records.subject = %s::VARCHAR AND limen_records.sequence > %s::BIGINT ORDER BY limen_records.sequence LIMIT 500',
    turn='SELECT pg_advisory_xact_lock(465625245038) AS pg_advisory_xact_lock_1',
)
