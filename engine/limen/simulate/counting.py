"""Counting what was decided, against what is true: one table of figures per policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

VERDICTS = ("allow", "deny", "open")


@dataclass(frozen=True, slots=True)
class ByOrigin:
    """Errors of cross-reference for people of one name-origin group.

    `asked` rows are about a person the registry holds; `missed` of them named nobody and `mistaken` somebody else.
    `wrong` are releases about a person who is not the one asked about.
    """

    group: str
    asked: int
    missed: int
    mistaken: int
    released: int
    wrong: int


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """What one policy does to the batch. All figures are requests, unless a name says otherwise.

    `defective`: releases on an address that is no complete address. `updated`: releases of an address other than the
    one the request states. `wrong`: releases about somebody else than the person meant. `missed`: requests about a
    person the registry holds (`asked_held` of them) in which nobody was named; `mistaken`: somebody else was.
    `reasons` counts the first reason of each request that is not allowed, so they add up; `every_reason` counts all.
    """

    name: str
    requests: int
    verdicts: dict[str, int]
    by_tin: int
    by_address: int
    defective: int
    updated: int
    wrong: int
    asked_held: int
    missed: int
    mistaken: int
    reasons: dict[str, int]
    every_reason: dict[str, int]
    origins: tuple[ByOrigin, ...]

    @property
    def released(self) -> int:
        return self.verdicts["allow"]


class Flip(NamedTuple):
    """How many requests one policy answers one way and another policy another way."""

    before: str
    after: str
    verdict_before: str
    verdict_after: str
    requests: int


def open_outcomes(paths: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """The outcomes of all blocks as one table, `outcome`."""
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    db.execute(f"create view outcome as select * from read_parquet([{listed}])")
    return db


def count_policy(db: duckdb.DuckDBPyConnection, number: int, name: str, obstacles: Sequence[str]) -> PolicyCount:
    """The figures of policy `number` of the plan."""
    n = number
    wrong = f"v{n} = 'allow' and m{n} is distinct from person"
    missed, mistaken = f"person >= 0 and m{n} is null", f"m{n} is not null and m{n} is distinct from person"
    row = _one(
        db,
        f"""select count(*), count(*) filter (v{n} = 'allow'), count(*) filter (v{n} = 'deny'),
        count(*) filter (v{n} = 'open'), count(*) filter (v{n} = 'allow' and l{n} = 'tin'),
        count(*) filter (v{n} = 'allow' and l{n} = 'address'), count(*) filter (v{n} = 'allow' and kind <> 'complete'),
        count(*) filter (v{n} = 'allow' and h{n} is distinct from 'current'), count(*) filter ({wrong}),
        count(*) filter (person >= 0), count(*) filter ({missed}), count(*) filter ({mistaken}) from outcome""",
    )
    reasons = db.execute(
        f"""select coalesce(r{n}, '') why, count(*) many from outcome where v{n} <> 'allow'
        group by why order by many desc, why"""
    ).fetchall()
    bits = ", ".join(f"count(*) filter (v{n} <> 'allow' and (f{n} >> {bit}) & 1 = 1)" for bit in range(len(obstacles)))
    every = dict(zip(obstacles, _one(db, f"select {bits} from outcome"), strict=True))
    origins = db.execute(
        f"""select "group", count(*) filter (person >= 0), count(*) filter ({missed}),
        count(*) filter (person >= 0 and {mistaken}), count(*) filter (v{n} = 'allow'), count(*) filter ({wrong})
        from outcome group by "group" order by "group" """
    ).fetchall()
    return PolicyCount(
        name,
        row[0],
        dict(zip(VERDICTS, row[1:4], strict=True)),
        by_tin=row[4],
        by_address=row[5],
        defective=row[6],
        updated=row[7],
        wrong=row[8],
        asked_held=row[9],
        missed=row[10],
        mistaken=row[11],
        reasons=dict(reasons),
        every_reason={why: many for why, many in every.items() if many},
        origins=tuple(ByOrigin(*values) for values in origins),
    )


def count_flips(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[Flip]:
    """Between the first policy and every other: how many requests are answered otherwise, and how."""
    found = []
    for number, name in enumerate(names[1:], 1):
        rows = db.execute(
            f"select v0, v{number}, count(*) from outcome where v0 <> v{number} group by 1, 2 order by 3 desc, 1, 2"
        ).fetchall()
        found += [Flip(names[0], name, *row) for row in rows]
    return found


def count_flow(db: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str, str, int]]:
    """What the rows are about, the lane they took, and the verdict: how many of each."""
    return db.execute(
        f"""select about, case when m{number} is null then 'nobody named' when l{number} = 'tin' then 'name and number'
        else 'name and address' end lane, v{number}, count(*) from outcome group by 1, 2, 3 order by 1, 2, 3"""
    ).fetchall()


def _one(db: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row = db.execute(statement).fetchone()
    return () if row is None else row
