"""Invented people written as a large registry: a folder of Parquet with the keys of every row computed on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from limen.crossref.bearers import GROUP_PERCENT, LIMIT, first_name_parts, rarest, surname_parts
from limen.crossref.columns import ADDRESS, NAME, REGISTRY
from limen.crossref.generate.draw import Flags, Ids, Ints
from limen.crossref.generate.people import BLOCK, BOX, RURAL, SUFFIXES, Stretch, make_stretch, make_world, unit_text
from limen.crossref.generate.rows import DIRECTIONS
from limen.crossref.generate.words import first_names, places, streets, surnames
from limen.crossref.ingest import arrow_schema
from limen.crossref.keys import FACTORS, SEEDS, checksum, sound
from limen.crossref.normalise import full_form

FORMAT = 3
STRETCH = 20_000 * BLOCK
"""People made and written at once: about 370,000 rows, one row group."""
ROW_GROUPS_PER_FILE = 20


def write_parquet(
    people: int, seed: int, folder: Path, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Make `people` and write them to `folder` as `part-*.parquet` and `about.json`; gives what `about.json` says.

    Memory does not grow with the number of people. `progress` is told how many are written. The folder must be new or
    hold a registry made before, which is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "about.json").unlink(missing_ok=True)
    for old in folder.glob("part-*.parquet"):
        old.unlink()
    world, spells = make_world(people, seed), 0
    writer: pq.ParquetWriter | None = None
    schema = arrow_schema(REGISTRY)
    for group, start in enumerate(range(0, people, STRETCH)):
        if group % ROW_GROUPS_PER_FILE == 0:
            if writer is not None:
                writer.close()
            writer = open_writer(folder / f"part-{group // ROW_GROUPS_PER_FILE:05d}.parquet", schema)
        stretch = make_stretch(world, start, start + STRETCH)
        batch = registry_batch(stretch, spells)
        if writer is not None:
            writer.write_batch(batch, row_group_size=len(batch))
        spells += len(batch)
        if progress is not None:
            progress(min(people, start + STRETCH))
    if writer is not None:
        writer.close()
    about = {"format": FORMAT, "people": people, "spells": spells, "origin": f"{people} invented people, seed {seed}"}
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return about


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer that keeps texts as dictionaries and leaves the keys, which nothing compresses, as they are."""
    texts = [*NAME, *ADDRESS]
    keys = [name for name in REGISTRY if name.startswith("by_")]
    return pq.ParquetWriter(
        path,
        schema,
        use_dictionary=texts,
        compression={name: "NONE" if name in keys else "LZ4" for name in REGISTRY},
        column_encoding={"spell": "DELTA_BINARY_PACKED", "person": "DELTA_BINARY_PACKED"},
        write_statistics=["spell", "person"],
    )


def registry_batch(stretch: Stretch, first_spell: int) -> pa.RecordBatch:
    """One stretch of people as rows of the `REGISTRY` table."""
    who, at, owner = stretch.people, stretch.addresses, stretch.owner
    last, last2, first = who.last[owner], who.last2[owner], who.first[owner]
    rural = at.form == RURAL
    street = np.where(
        at.form == BOX, len(streets().words), np.where(rural, len(streets().words) + 1 + at.number % 5, at.street)
    )
    text = {
        "first": (first_names(women=True).words, first),
        "full": (_full_forms(), first),
        "middle": (_LETTERS, who.middle[owner] + 1),
        "last": (surnames().words, last),
        "last2": (("", *surnames().words), last2 + 1),
        "suffix": (SUFFIXES, who.suffix[owner]),
        "number": (_numbers(), at.number),
        "street": ((*streets().words, "PO BOX", *(f"RR {n}" for n in range(1, 6))), street),
        "street_suffix": (("", *streets().suffixes), at.suffix + 1),
        "direction": (("", *DIRECTIONS), at.direction + 1),
        "unit": (_units(), at.unit),
        "city": (places().cities, at.zip),
        "state": (places().states, at.zip),
        "zip": (places().zips, at.zip),
    }
    columns: dict[str, Any] = {
        "spell": np.arange(first_spell, first_spell + len(owner), dtype=np.int64),
        "person": who.id[owner],
        "current": stretch.to_year < 0,
        "tin": who.tin[owner],
        "sounds": _sound_bits(first, last, last2),
        "distinctive": _distinctive(first, last),
        **{name: _take(words, codes) for name, (words, codes) in text.items()},
        **_keys(first, last, last2, at.number, at.zip),
    }
    return pa.RecordBatch.from_arrays([pa.array(columns[name]) for name in REGISTRY], schema=arrow_schema(REGISTRY))


_LETTERS = ("", *(chr(65 + index) for index in range(26)))


@cache
def _full_forms() -> tuple[str, ...]:
    return tuple(full_form(word) for word in first_names(women=True).words)


@cache
def _numbers() -> tuple[str, ...]:
    return tuple(str(number) for number in range(10_000))


@cache
def _units() -> tuple[str, ...]:
    return tuple(unit_text(code) for code in range(80))


@cache
def _arrow(words: tuple[str, ...]) -> pa.Array:
    return pa.array(words)


def _take(words: Sequence[str], codes: Ints) -> pa.Array:
    return _arrow(tuple(words)).take(pa.array(codes))


@cache
def _checksums(words: tuple[str, ...]) -> Ids:
    return np.array([checksum(word) for word in words], dtype=np.uint64)


@cache
def _sounds(words: tuple[str, ...]) -> Ids:
    return _checksums(tuple(sound(word) for word in words))


@cache
def _letters(words: tuple[str, ...]) -> Ints:
    return np.array([ord(word[0]) for word in words], dtype=np.int64)


@cache
def _zip_numbers() -> Ids:
    return np.array([int(zip5) for zip5 in places().zips], dtype=np.uint64)


def _sound_bits(first: Ints, last: Ints, last2: Ints) -> Ints:
    """`normalise.sounds` on arrays."""
    given, names = (
        np.int64(1) << (codes % np.uint64(63)).astype(np.int64)
        for codes in (_sounds(_full_forms()), _sounds(surnames().words))
    )
    return np.asarray(given[first] | names[last] | np.where(last2 >= 0, names[last2], 0))


@cache
def _parts() -> tuple[Ints, Ints]:
    given = [first_name_parts().get(word) or rarest(surname=False) for word in _full_forms()]
    family = [surname_parts()[word] for word in surnames().words]
    return np.array(given, dtype=np.int64), np.array(family, dtype=np.int64)


def _distinctive(first: Ints, last: Ints) -> Flags:
    """`bearers.distinctive` on arrays."""
    given, family = _parts()
    bearers = np.zeros(len(first), dtype=np.int64)
    for group, percent in enumerate(GROUP_PERCENT):
        bearers += percent * given[first, group] * family[last, group]
    return np.asarray(bearers < LIMIT)


def _mix(seed: int, *parts: Ids) -> Ints:
    """`keys._mix` on arrays: the same wrapped product-sum."""
    with np.errstate(over="ignore"):
        total = np.full(len(parts[0]), seed, dtype=np.uint64)
        for part, factor in zip(parts, FACTORS, strict=False):
            total += part * np.uint64(factor)
    return np.asarray((total >> np.uint64(1)).astype(np.int64))


def _keys(first: Ints, last: Ints, last2: Ints, number: Ints, place: Ints) -> dict[str, Any]:
    """`asked.held_keys` on arrays."""
    zips, numbers = _zip_numbers()[place], _checksums(_numbers())[number]
    names, full = _sounds(surnames().words), _sounds(_full_forms())[first]
    initial = _letters(first_names(women=True).words)[first].astype(np.uint64)
    state = _checksums(places().states)[place]
    no_second = (last2 < 0) | (last2 == last)
    return {
        "by_zip_number": _mix(SEEDS[0], zips, numbers),
        "by_surname_number": _mix(SEEDS[1], names[last], initial, numbers, state),
        "by_name_zip": _mix(SEEDS[2], names[last], full, zips),
        "by_surname2_number": pa.array(_mix(SEEDS[1], names[last2], initial, numbers, state), mask=no_second),
        "by_name2_zip": pa.array(_mix(SEEDS[2], names[last2], full, zips), mask=no_second),
    }
