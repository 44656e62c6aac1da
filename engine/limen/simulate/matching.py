"""Cross-reference of the whole batch, by tables, once for each way of accepting a match."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from limen.crossref.engines import Engine, in_duckdb
from limen.crossref.settings import Settings
from limen.crossref.tables import Narrowed
from limen.simulate.making import BLOCK, Block
from limen.simulate.place import whole

MEMORY = "3GB"


def open_engine(registry: Path, blocks: Sequence[Block], rows: int | None = None) -> Engine:
    """The registry and the batch, or its first `rows` requests, in an embedded engine."""
    asked = pa.concat_tables([pq.read_table(block.path("asked")) for block in blocks])
    keys = pa.concat_tables([pq.read_table(block.path("keys")) for block in blocks])
    if rows is not None and rows < asked.num_rows:
        import pyarrow.compute as pc

        asked = asked.slice(0, rows)
        keys = keys.filter(pc.less(keys.column("request"), rows))
    return in_duckdb(registry, asked, keys, memory=MEMORY)


def keep_matches(engine: Engine, settings: Settings, narrowed: Narrowed, path: Path) -> None:
    """Match every request and keep what was found, one row group a block."""
    found = engine.matches(settings, narrowed)
    with whole(path) as building:
        pq.write_table(found, building, row_group_size=BLOCK)


def matches_of(path: Path, block: Block) -> pa.Table:
    """What was found for the requests of one block."""
    return pq.ParquetFile(path).read_row_group(block.number)
