"""Many subjects matched at once: the ladder on tables, against a registry of either kind.

The grades are those of one subject at a time. A folder of Parquet is scanned once for all of them, not once for each; a
file is read into columns once, and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limen.crossref.asked import held_keys
from limen.crossref.columns import REGISTRY
from limen.crossref.errors import RegistryError
from limen.crossref.ingest import Stated, arrow_schema, ingest
from limen.crossref.ladder import Row
from limen.crossref.normalise import sounds
from limen.crossref.registry import Registry
from limen.crossref.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "2GB"
"""What the engine may use before it goes to disk."""


class TogetherMatcher:
    """A registry that is asked about many subjects at a time."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        """Raises `RegistryError` where there is no registry at `path`, or the libraries for tables are missing."""
        try:
            from limen.crossref import engines
        except ModuleNotFoundError as missing:
            raise RegistryError(f"matching by tables needs `{missing.name}`: install `limen[columns]`") from None
        self._engines = engines
        self._settings = settings or Settings()
        if path.is_dir():
            engines.registry_parts(path)
        self._registry = path if path.is_dir() else registry_table(path)

    def match_all(self, stated: Iterable[Stated]) -> pa.Table:
        """The `MATCHES` of `stated`, a row each, in their order; the numbers of the requests must rise."""
        requests, keys = ingest(stated)
        engine = self._engines.in_duckdb(self._registry, requests, keys, memory=MEMORY)
        try:
            return engine.matches(self._settings)
        finally:
            engine.backend.disconnect()


def registry_table(path: Path) -> pa.Table:
    """A registry file as the `REGISTRY` table. Raises `RegistryError` where there is none."""
    import pyarrow as pa

    opened = Registry(path)
    try:
        columns = zip(*map(_values, opened.rows()), strict=True)
        return pa.table(dict(zip(REGISTRY, map(list, columns), strict=True)), schema=arrow_schema(REGISTRY))
    finally:
        opened.close()


def _values(row: Row) -> Iterator[Any]:
    """A row in the order of `REGISTRY`."""
    yield from (row.spell, row.person, row.current, int(row.tin) if row.tin else -1, sounds(row.name), row.distinctive)
    yield from astuple(row.name)
    yield from astuple(row.address)
    filed = held_keys(row.name, row.address)._asdict()
    yield from (filed[name] for name in REGISTRY if name in filed)
