"""The ledger in other people's forms: JSON lines to check elsewhere, OPA decision-log events, Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.canonical import encode
from limen.ledger.errors import LedgerUnavailable
from limen.ledger.expand import names_in
from limen.ledger.record import Record

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger

_ROWS = 2000
"""So many records make a row group of a Parquet file."""


def json_lines(ledger: Ledger, records: Iterable[Record] | None = None) -> Iterator[str]:
    """Each record as one JSON line, exactly as hashed; before it, the shared wordings it is the first to use.

    A line is `{"text": NAME, "says": {...}}` or a record whose last member `body` is the very text that was hashed,
    so that `limen.ledger.audit` can check a whole export without the store and without our keys.
    """
    given: set[str] = set()
    for record in ledger.records() if records is None else records:
        for name in names_in(record.stored_body):
            if name not in given:
                given.add(name)
                with ledger.lock:
                    said = ledger.writer.texts.says(name)
                yield f'{{"text":"{name}","says":{encode(said)}}}'
        yield record_line(record)


def record_line(record: Record) -> str:
    """One record as a JSON line."""
    head = {
        "sequence": record.sequence,
        "at": record.at,
        "kind": record.kind,
        "subject": record.subject,
        "commitments": record.commitments,
        "key": record.key,
        "previous": record.previous,
        "hash": record.hash,
        "seal": record.seal,
    }
    return f'{json.dumps(head, separators=(",", ":"))[:-1]},"body":{record.body_text}}}'


def opa_events(ledger: Ledger, records: Iterable[Record] | None = None) -> Iterator[dict[str, Any]]:
    """Each decision as an event of OPA's decision log, for tools that read those.

    `input` is the account of the request and the facts, `result` the decision; `masked` says where values were masked.
    """
    for record in ledger.records() if records is None else records:
        if record.kind != "decision":
            continue
        body = record.body
        decision = body.get("decision", body)
        given = {name: body[name] for name in ("request", "facts") if name in body}
        yield {
            "labels": {"id": ledger.id, "app": "limen", "version": decision.get("engine")},
            "decision_id": decision.get("id"),
            "bundles": {decision.get("book_name") or "book": {"revision": decision.get("book_digest")}},
            "path": "limen/decision",
            "input": given,
            "result": decision,
            "requested_by": given.get("request", {}).get("agency"),
            "timestamp": record.at,
            "req_id": record.sequence,
            "masked": [f"/{part}" for part in _masked_paths({"input": given, "result": decision})],
            "custom": {"sequence": record.sequence, "hash": record.hash, "subject": record.subject},
        }


def _masked_paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _masked_paths(child, f"{path}/{name}" if path else name)
    elif isinstance(value, list):
        for place, child in enumerate(value):
            yield from _masked_paths(child, f"{path}/{place}")
    elif isinstance(value, str) and value.startswith("[masked:"):
        yield path


def write_parquet(ledger: Ledger, path: Path, records: Iterable[Record] | None = None) -> int:
    """Write the records to a Parquet file, one row each, with the columns people filter by; how many were written.

    Raises LedgerUnavailable if the Parquet library is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise LedgerUnavailable(
            "writing Parquet needs a library", str(path), "install it with `pip install 'limen[columns]'`"
        ) from None
    item = pa.struct([(name, pa.string()) for name in ("item", "kind", "verdict", "gateway")])
    texts = ("at", "kind", "subject", "hash", "previous", "decision", "request", "effect", "disposition", "profile",
             "as_of", "book_digest", "agency", "office", "matter", "received", "body")  # fmt: skip
    schema = pa.schema([("sequence", pa.int64()), *((name, pa.string()) for name in texts), ("items", pa.list_(item))])
    written = 0
    with pq.ParquetWriter(path, schema) as writer:
        rows: list[dict[str, Any]] = []
        for record in ledger.records() if records is None else records:
            rows.append(_row(record))
            if len(rows) == _ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                written += len(rows)
                rows.clear()
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return written + len(rows)


def _row(record: Record) -> dict[str, Any]:
    body = record.body
    decision = body.get("decision", body)
    request = body.get("request", {})
    if not isinstance(decision, dict) or not isinstance(request, dict):
        decision, request = {}, {}
    named = {name: decision.get(name) for name in ("effect", "disposition", "profile", "as_of", "book_digest")}
    asked = {name: request.get(name) for name in ("agency", "office", "matter", "received")}
    items = [
        {name: item.get(name) for name in ("item", "kind", "verdict", "gateway")}
        for item in decision.get("items", ())
        if isinstance(item, dict)
    ]
    return {
        "sequence": record.sequence,
        "at": record.at,
        "kind": record.kind,
        "subject": record.subject,
        "hash": record.hash,
        "previous": record.previous,
        "decision": decision.get("id"),
        "request": decision.get("request_id"),
        **named,
        **asked,
        "body": encode(body),
        "items": items,
    }
