"""Requests made ready for the table ladder: folded, parsed, judged and keyed once, in plain Python.

The same functions as for one request, so nothing can differ; several processes where there are many rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

from limen.crossref.asked import asked_blocks
from limen.crossref.columns import ADDRESS, NAME, REQUEST_KEYS, REQUESTS
from limen.crossref.normalise import address_key, asked_sounds, name_key_of, tin_key
from limen.request.address import judge_address

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 20_000


class Stated(NamedTuple):
    """One request as stated: the subject's name parts, address lines and taxpayer number, empty texts where not
    given."""

    request: int
    first: str
    middle: str
    last: str
    suffix: str
    lines: tuple[str, ...]
    tin: str


def ingest(stated: Iterable[Stated], processes: int = 1) -> tuple[pa.Table, pa.Table]:
    """The `REQUESTS` table and the `REQUEST_KEYS` table of some requests, in their order."""
    import pyarrow as pa

    chunks = _chunks(stated)
    if processes == 1:
        parts = list(map(_ingest_chunk, chunks))
    else:
        # an executor, not a pool: without a main guard in the script a pool would start processes for ever
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_ingest_chunk, chunks))
    requests = [_batch(columns, REQUESTS) for columns, _ in parts]
    keys = [_batch(columns, REQUEST_KEYS) for _, columns in parts]
    return (
        pa.Table.from_batches(requests, arrow_schema(REQUESTS)),
        pa.Table.from_batches(keys, arrow_schema(REQUEST_KEYS)),
    )


def arrow_schema(columns: dict[str, str]) -> pa.Schema:
    """The Arrow schema of one of the tables of `columns`."""
    import pyarrow as pa

    kinds = {"int8": pa.int8(), "int32": pa.int32(), "int64": pa.int64(), "boolean": pa.bool_(), "string": pa.string()}
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _batch(values: dict[str, list[Any]], columns: dict[str, str]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict(values, arrow_schema(columns))


def _chunks(stated: Iterable[Stated]) -> Iterator[list[Stated]]:
    rows = iter(stated)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _ingest_chunk(stated: Sequence[Stated]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[int, int, int, int]] = []
    no_name, no_address = ("",) * len(NAME), ("",) * len(ADDRESS)
    for one in stated:
        quality = judge_address(one.lines)
        name = name_key_of(one.first, one.middle, one.last, one.suffix)
        address = address_key(quality.parsed) if quality.kind == "complete" else None
        bits = asked_sounds(name) if name else 0
        if name and address:
            keys.extend((one.request, bits, block, key) for block, key in asked_blocks(name, address))
        tin = tin_key(one.tin)
        names = (name.first, name.full, name.middle, name.last, name.last2, name.suffix) if name else no_name
        road = (address.number, address.street, address.suffix, address.direction, address.unit) if address else ()
        place = (address.city, address.state, address.zip) if address else ()
        where = (*road, *place) or no_address
        number = int(tin) if tin else -1
        rows.append((one.request, quality.kind, name is not None, number, bool(one.tin.strip()), bits, *names, *where))
    return _columns(rows, REQUESTS), _columns(keys, REQUEST_KEYS)


def _columns(rows: Sequence[tuple[Any, ...]], names: dict[str, str]) -> dict[str, list[Any]]:
    turned = zip(*rows, strict=True) if rows else ([] for _ in names)
    return dict(zip(names, map(list, turned), strict=True))
