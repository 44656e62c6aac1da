"""The step of `benchmarks.crossref` that asks some of the requests one by one, in plain Python: are the matches the
same?"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SEED, REQUEST_SEED = 6103, 5
ONE_BY_ONE = 500


def oracle(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Some of the requests asked one by one, in plain Python, of the rows that share a key: are the matches the same?"""
    import duckdb
    import numpy as np

    from limen.crossref.asked import asked_keys, make_asked
    from limen.crossref.generate.people import make_world
    from limen.crossref.generate.requests import make_requests
    from limen.crossref.matching import match_subject, person_text
    from limen.crossref.settings import Settings
    from limen.request.subject import Address, PersonName, Subject

    ids = np.linspace(0, options.requests - 1, min(options.requests, ONE_BY_ONE), dtype=np.int64)
    subjects = {
        one.request: Subject(
            name=PersonName(first=one.first, middle=one.middle, last=one.last, suffix=one.suffix),
            address=Address(lines=one.lines),
            tin=one.tin,
        )
        for one, _ in make_requests(make_world(options.people, SEED), options.requests, REQUEST_SEED, only=ids)
    }
    asked = {number: make_asked(subject) for number, subject in subjects.items()}
    keys = {key for one in asked.values() if one.name and one.address for key in asked_keys(one.name, one.address)}
    db = duckdb.connect(config={"threads": options.threads, "memory_limit": options.memory})
    held = FetchedRows(
        db, f"{folder}/registry/part-*.parquet", keys, {int(one.tin) for one in asked.values() if one.tin}
    )
    columns = "grade, lane, person, candidates, score, address_held, tin_agrees, name_agrees"
    listed = ", ".join(map(str, subjects))
    rows = db.execute(
        f"select request, {columns} from '{folder}/matches.parquet' where request in ({listed})"
    ).fetchall()
    different = 0
    for number, grade, lane, person, candidates, score, *agrees in rows:
        match = match_subject(subjects[number], held, Settings())
        alone = (match.grade, match.lane, match.person, match.candidates, round(match.score, 4))
        together = (grade, lane, None if person is None else person_text(person), candidates, round(score / 1e6, 4))
        different += alone != together or [match.address_held, match.tin_agrees, match.name_agrees] != agrees
    return {"asked_one_by_one": len(rows), "different": different + len(subjects) - len(rows)}


class FetchedRows:
    """The registry rows under some keys and numbers, read in one pass, as a source for one request after another."""

    def __init__(self, db: Any, parts: str, keys: set[int], tins: set[int]) -> None:
        from limen.crossref.columns import ADDRESS, KEYS, NAME
        from limen.crossref.ladder import Row
        from limen.crossref.normalise import AddressKey, NameKey

        for name, values in (("wanted", keys), ("numbers", tins)):
            db.execute(f"create temp table {name} (key bigint)")
            db.execute(f"insert into {name} select unnest(?::bigint[])", [list(values)])
        words = ", ".join(f'"{name}"' for name in (*NAME, *ADDRESS))
        where = " or ".join(f"{column} in (from wanted)" for column in KEYS)
        found = db.execute(
            f"select {', '.join(KEYS)}, spell, person, tin, current, distinctive, {words} from '{parts}'"
            f" where {where} or tin in (from numbers)"
        ).fetchall()
        self._by_key: dict[int, dict[int, Row]] = defaultdict(dict)
        self._by_tin: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(found, key=lambda row: int(row[len(KEYS)])):
            keys_of_row, about, parts_of_row = row[: len(KEYS)], row[len(KEYS) : len(KEYS) + 5], row[len(KEYS) + 5 :]
            spell, person, number, current, distinctive = about
            tin = f"{number:09d}" if number >= 0 else ""
            one = Row(
                spell, person, NameKey(*parts_of_row[:6]), AddressKey(*parts_of_row[6:]), tin, current, distinctive
            )
            self._by_tin[tin].append(one)
            for key in keys_of_row:
                if key is not None:
                    self._by_key[key][spell] = one

    def rows_in_blocks(self, keys: Sequence[int]) -> list[Any]:
        return list({spell: row for key in keys for spell, row in self._by_key.get(key, {}).items()}.values())

    def rows_of_tin(self, tin: str) -> list[Any]:
        return self._by_tin.get(tin, [])
