"""Counting what was decided, against what is true: one table of figures per policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from limen.simulate.plan import Measure

VERDICTS = ("allow", "deny", "open")
_RELEASES: Mapping[Measure, str] = {
    "released": "v{n} = 'allow'",
    "released_by_tin": "v{n} = 'allow' and l{n} = 'tin'",
    "released_by_address": "v{n} = 'allow' and l{n} = 'address'",
    "released_defective": "v{n} = 'allow' and kind <> 'complete'",
    "released_updated": "v{n} = 'allow' and h{n} is distinct from 'current'",
}


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
    `wrong_about` says of how many of the wrong releases what the request was about: another person the registry holds,
    or nobody it holds.
    `reasons` counts the first reason of each request that is not allowed, so they add up; `every_reason` counts all,
    and `not_known` those of them where it is not known, rather than known not to be, that something is met.
    """

    name: str
    requests: int
    verdicts: dict[str, int]
    by_tin: int
    by_address: int
    defective: int
    updated: int
    wrong: int
    wrong_about: dict[str, int]
    asked_held: int
    missed: int
    mistaken: int
    reasons: dict[str, int]
    every_reason: dict[str, int]
    not_known: dict[str, int]
    origins: tuple[ByOrigin, ...]

    @property
    def released(self) -> int:
        return self.verdicts["allow"]


def _bits(db: duckdb.DuckDBPyConnection, number: int, letter: str, obstacles: Sequence[str]) -> dict[str, int]:
    """How many requests not allowed have each bit of a column set."""
    counted = ", ".join(
        f"count(*) filter (v{number} <> 'allow' and ({letter}{number} >> {bit}) & 1 = 1)"
        for bit in range(len(obstacles))
    )
    found = zip(obstacles, _one(db, f"select {counted} from outcome"), strict=True)
    return {why: many for why, many in found if many}


class Flip(NamedTuple):
    """How many requests one policy answers one way and another policy another way."""

    before: str
    after: str
    verdict_before: str
    verdict_after: str
    requests: int

    @property
    def turned(self) -> Flip:
        """The same, told from the other policy."""
        return Flip(self.after, self.before, self.verdict_after, self.verdict_before, self.requests)


def open_outcomes(paths: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """The outcomes of all blocks as one table, `outcome`."""
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    db.execute("set enable_progress_bar = false")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    db.execute(f"create view outcome as select * from read_parquet([{listed}])")
    return db


def releases(measure: Measure, number: int) -> str:
    """How many requests a measure counts under policy `number`, as a column of a query of `outcome`."""
    return f"count(*) filter ({_RELEASES[measure].format(n=number)})"


def count_policy(db: duckdb.DuckDBPyConnection, number: int, name: str, obstacles: Sequence[str]) -> PolicyCount:
    """The figures of policy `number` of the plan."""
    n = number
    wrong = f"v{n} = 'allow' and m{n} is distinct from person"
    missed, mistaken = f"person >= 0 and m{n} is null", f"m{n} is not null and m{n} is distinct from person"
    row = _one(
        db,
        f"""select count(*), {releases("released", n)}, count(*) filter (v{n} = 'deny'),
        count(*) filter (v{n} = 'open'), {releases("released_by_tin", n)}, {releases("released_by_address", n)},
        {releases("released_defective", n)}, {releases("released_updated", n)}, count(*) filter ({wrong}),
        count(*) filter (person >= 0), count(*) filter ({missed}), count(*) filter ({mistaken}) from outcome""",
    )
    reasons = db.execute(
        f"""select coalesce(r{n}, '') why, count(*) many from outcome where v{n} <> 'allow'
        group by why order by many desc, why"""
    ).fetchall()
    strangers = db.execute(
        f"select about, count(*) from outcome where {wrong} group by about order by about"
    ).fetchall()
    every, unknown = (_bits(db, n, letter, obstacles) for letter in "fu")
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
        wrong_about=dict(strangers),
        asked_held=row[9],
        missed=row[10],
        mistaken=row[11],
        reasons=dict(reasons),
        every_reason=every,
        not_known=unknown,
        origins=tuple(ByOrigin(*values) for values in origins),
    )


def count_flips(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[Flip]:
    """For each pair of policies, in their order: how many requests are answered otherwise, and how."""
    columns = ", ".join(f"v{number}" for number in range(len(names)))
    patterns = db.execute(f"select {columns}, count(*) from outcome group by all").fetchall()
    found: dict[tuple[int, int, str, str], int] = {}
    for *verdicts, many in patterns:
        for one in range(len(names)):
            for other in range(one + 1, len(names)):
                if verdicts[one] != verdicts[other]:
                    key = (one, other, verdicts[one], verdicts[other])
                    found[key] = found.get(key, 0) + many
    return [
        Flip(names[one], names[other], before, after, many)
        for (one, other, before, after), many in sorted(found.items())
    ]


class FlowPart(NamedTuple):
    """So many requests that are `about` something, took a lane, and got an answer; `right` where they name the person
    meant."""

    about: str
    lane: str
    verdict: str
    right: bool
    requests: int


def count_flow(db: duckdb.DuckDBPyConnection, number: int) -> list[FlowPart]:
    """What the rows are about, the lane they took, the verdict, whether the person meant was named: how many of
    each."""
    rows = db.execute(
        f"""select about, case when m{number} is null then 'nobody' else l{number} end lane, v{number},
        m{number} is not distinct from person as right_one, count(*) from outcome
        group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
    ).fetchall()
    return [FlowPart(*row) for row in rows]


def _one(db: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row = db.execute(statement).fetchone()
    return () if row is None else row
