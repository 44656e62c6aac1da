"""The embedded engine: Ibis on DuckDB, in this process."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from limen.decide.columns.relational import law_columns
from limen.law.edition import Edition


def connect(threads: int | None = None, memory: str | None = None) -> Any:
    """A DuckDB of its own in memory, its time zone UTC. `memory` (`2GB`) is what it holds before it spills."""
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone = 'UTC'")
    if threads is not None:
        connection.raw_sql(f"SET threads = {int(threads)}")
    if memory is not None:
        connection.raw_sql(f"SET memory_limit = '{memory}'")
    return connection


def evaluate(edition: Edition, facts: pa.Table, connection: Any = None, **wanted: bool) -> pa.Table:
    """What `edition` says of a table of facts (`limen.decide.columns.layout`); see `law_columns` for `wanted`."""
    connection = connect() if connection is None else connection
    found: pa.Table = connection.to_pyarrow(law_columns(edition, ibis.memtable(facts), **wanted))
    return found
