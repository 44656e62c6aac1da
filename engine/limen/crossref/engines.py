"""The two engines the table ladder runs on, opened for it: DuckDB in this process, Spark where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import ibis
from ibis.expr import types as ir

from limen.crossref.columns import MATCHES
from limen.crossref.errors import RegistryError
from limen.crossref.make import registry_info
from limen.crossref.settings import ALIKE_FLOOR, Settings
from limen.crossref.similarity import alike
from limen.crossref.tables import Narrowed, Tables, match_tables, narrow_tables

if TYPE_CHECKING:
    import pyarrow as pa


# the least that counts is told to the function, which then gives 0 sooner
_DUCKDB_ALIKE = f"""create or replace temp macro limen_alike(one, other) as
    case when one = '' or other = '' then 0 when one = other then 1000
    else cast(floor(jaro_winkler_similarity(one, other, {ALIKE_FLOOR / 1000 - 1e-9}) * 1000 + 1e-6) as bigint) end"""
"""`similarity.alike` in DuckDB's words. Not through Ibis 12.0, which writes the function wrongly."""


@dataclass(frozen=True)
class Engine:
    """An Ibis backend with the three tables of one run on it. `run` is the engine's own way of running a
    statement."""

    backend: Any
    tables: Tables
    run: Any
    keep: str
    """How the engine keeps a table: the words before `NAME as SELECT`."""

    def hold(self, name: str, table: ir.Table) -> ir.Table:
        """Compute a table once, as `limen_NAME`, and go on from the result."""
        self.run(f"{self.keep} limen_{name} as {self.backend.compile(table)}")
        return self.backend.table(f"limen_{name}")

    def narrowed(self) -> Narrowed:
        """What rung 1 leaves to compare, kept in the engine, for who matches in several ways."""
        return narrow_tables(self.tables, self.hold)

    def match(
        self,
        settings: Settings | None = None,
        watch: Callable[[str, float], None] | None = None,
        narrowed: Narrowed | None = None,
    ) -> ir.Table:
        """One row a request, kept in the engine: `MATCHES` and `EVIDENCE` of `columns`.

        `watch` is told each step (pairs, held, graded, matches) and the seconds it took; what is `narrowed` already
        has only the last two.
        """

        def hold(name: str, table: ir.Table) -> ir.Table:
            start = perf_counter()
            held = self.hold(name, table)
            if watch is not None:
                watch(name, perf_counter() - start)
            return held

        return hold("matches", match_tables(self.tables, settings, hold, narrowed))

    def matches(self, settings: Settings | None = None, narrowed: Narrowed | None = None) -> pa.Table:
        """The `MATCHES` of every request, out of DuckDB, in the order of their numbers."""
        self.match(settings, narrowed=narrowed)
        # a sum of the engine is wider than any count of candidates can be
        names = ", ".join(f"cast({name} as bigint) {name}" if name == "candidates" else name for name in MATCHES)
        return self.backend.con.sql(f"select {names} from limen_matches order by request").to_arrow_table()


def registry_parts(folder: Path) -> str:
    """The Parquet files of a large registry. Raises `RegistryError` where there are none, or of another format."""
    if not (folder / "about.json").is_file() or not any(folder.glob("part-*.parquet")):
        raise RegistryError(f"there is no registry at `{folder}`: make one with `limen registry make --people N`")
    registry_info(folder)
    return str(folder / "part-*.parquet")


def in_duckdb(
    registry: Path | pa.Table, requests: pa.Table, keys: pa.Table, *, memory: str = "3GB", threads: int | None = None
) -> Engine:
    """DuckDB with the three tables; the registry a folder, or in memory as `REGISTRY` of `columns` says.

    `memory` bounds the engine; what does not fit goes to a temporary file.
    """
    limits: dict[str, Any] = {"memory_limit": memory, "preserve_insertion_order": False}
    if threads:
        limits["threads"] = threads
    db = ibis.duckdb.connect(**limits)
    db.con.execute(_DUCKDB_ALIKE)
    db.con.execute("set enable_progress_bar = false")  # it would stand among the figures on standard output
    given = {"requests": requests, "request_keys": keys}
    if not isinstance(registry, Path):
        given["registry"] = registry
    for name, table in given.items():
        db.con.register(f"{name}_given", table)
        db.con.execute(f"create temp table {name} as select * from {name}_given")
        db.con.unregister(f"{name}_given")
    held = db.read_parquet(registry_parts(registry)) if isinstance(registry, Path) else db.table("registry")
    tables = Tables(db.table("requests"), db.table("request_keys"), held)
    return Engine(db, tables, db.con.execute, "create or replace temp table")


def in_spark(registry: Path, requests: Path, keys: Path, session: Any) -> Engine:
    """The three tables on a Spark session, which must use ANSI rules and UTC; requests and keys as Parquet files."""
    backend = ibis.pyspark.connect(session)
    # Spark 4.3 has a Jaro-Winkler of its own, which counts half transpositions that the others round down
    session.udf.register("limen_alike", alike, "bigint")
    paths = (str(requests), str(keys), registry_parts(registry))
    tables = Tables(*(backend.read_parquet(path) for path in paths))
    return Engine(backend, tables, session.sql, "cache table")
