"""The batch: invented requests with their truth kept apart, block by block, each block on its own.

Beside the requests stands what cross-reference needs of them (folded, parsed and keyed), made in the same pass.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from limen.crossref.generate import draw
from limen.crossref.generate.draw import Ints
from limen.crossref.generate.people import World, make_world
from limen.crossref.generate.requests import About, Mix, RequestTruth, about_nobody, make_requests
from limen.crossref.ingest import Stated, ingest
from limen.simulate.place import code_of, whole
from limen.simulate.plan import BatchPlan, Plan

BLOCK = 40_000
"""Requests made, and later decided, together."""
MAKERS = ("crossref", "request", "simulate/making")
"""What the requests are made and cross-referenced by."""

ROWS = pa.schema(
    [
        ("row", pa.int64()),
        ("first", pa.string()),
        ("middle", pa.string()),
        ("last", pa.string()),
        ("suffix", pa.string()),
        ("tin", pa.string()),
        ("lines", pa.list_(pa.string())),
        ("without_order", pa.bool_()),
    ]
)
TRUTH = pa.schema(
    [
        ("row", pa.int64()),
        ("about", pa.string()),
        ("person", pa.int64()),
        ("group", pa.string()),
        ("current", pa.bool_()),
    ]
)
"""`person` is -1 where the row is about nobody the registry holds."""


class Block(NamedTuple):
    """One block of a batch: which rows it has, and the folder where its four files are."""

    folder: Path
    number: int
    people: int
    registry_seed: int
    batch: BatchPlan

    @property
    def first(self) -> int:
        return self.number * BLOCK

    @property
    def stop(self) -> int:
        return min(self.batch.size, self.first + BLOCK)

    def path(self, kind: str) -> Path:
        """The file of one kind: `rows`, `truth`, `asked` or `keys`."""
        return self.folder / f"{kind}-{self.number:05}.parquet"


def what_makes_the_batch(plan: Plan) -> dict[str, Any]:
    """All that the rows depend on. How many officers are named and whose reasons are given changes no row."""
    batch = plan.batch.model_dump(mode="json")
    apart = ("officers", "cap_per_officer", "own_reasons", "as_of")
    made = {name: value for name, value in batch.items() if name not in apart}
    return {"registry": plan.registry.model_dump(mode="json"), "batch": made, "code": code_of(*MAKERS)}


def blocks_of(plan: Plan, folder: Path) -> list[Block]:
    """Every block of the batch of a plan."""
    folder.mkdir(parents=True, exist_ok=True)
    count = -(-plan.batch.size // BLOCK)
    return [Block(folder, n, plan.registry.people, plan.registry.seed, plan.batch) for n in range(count)]


def make_block(block: Block) -> int:
    """Make the requests of a block, unless they are there; returns how many it has."""
    if block.path("keys").exists():
        return block.stop - block.first
    batch = block.batch
    ids = np.arange(block.first, block.stop, dtype=np.int64)
    pairs = _pairs(block, ids)
    without = draw.uniform(batch.seed, "without order", ids) < batch.without_order
    rows = [
        (one.request, *(text or None for text in one[1:5]), one.tin or None, _lines(one.lines), bool(no_order))
        for (one, _), no_order in zip(pairs, without, strict=True)
    ]
    asked, keys = ingest(one for one, _ in pairs)
    tables = {
        "rows": _table(rows, ROWS),
        "truth": _table([truth for _, truth in pairs], TRUTH),
        "asked": asked,
        "keys": keys,
    }
    for kind, table in tables.items():
        with whole(block.path(kind)) as path:
            pq.write_table(table, path)
    return block.stop - block.first


def _pairs(block: Block, ids: Ints) -> list[tuple[Stated, RequestTruth]]:
    """The requests of a block and what is true of them.

    A row about nobody is mostly about a person of another registry, made alike from another seed: a stranger, like
    those held only by chance. Some, as many as `lookalikes` says, bear the surname of somebody held and name a house
    in the same street.
    """
    batch = block.batch
    about = batch.about
    shares: dict[About, float] = {
        "held": about.held, "elsewhere": about.elsewhere, "nobody": about.nobody, "insufficient": about.insufficient,
    }  # fmt: skip
    mix = Mix(shares, batch.former_address, batch.with_tin, batch.wrong_tin, batch.dirt)
    world = _world(block.people, block.registry_seed)
    lookalike = draw.uniform(batch.seed, "lookalike", ids) < batch.lookalikes
    strange = about_nobody(batch.seed, ids, mix) & ~lookalike
    known = about.held + about.elsewhere + about.insufficient
    defective = about.insufficient / known if known else 0.0
    alike: dict[About, float] = {"held": 1 - defective, "elsewhere": 0.0, "nobody": 0.0, "insufficient": defective}
    elsewhere = replace(world, seed=block.registry_seed + 1)
    others = make_requests(
        elsewhere, batch.size, batch.seed + 1, replace(mix, about=alike, with_tin=0.0), only=ids[strange]
    )
    pairs = list(make_requests(world, batch.size, batch.seed, mix, only=ids[~strange]))
    pairs += [(one, truth._replace(about="nobody", person=-1, current=False)) for one, truth in others]
    return sorted(pairs, key=lambda pair: pair[0].request)


def _lines(lines: tuple[str, ...]) -> list[str] | None:
    """Address lines as a request states them: none at all rather than a blank one."""
    return [text for line in lines if (text := " ".join(line.split()))] or None


def _table(rows: list[Any], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


@lru_cache(maxsize=1)
def _world(people: int, seed: int) -> World:
    return make_world(people, seed)
