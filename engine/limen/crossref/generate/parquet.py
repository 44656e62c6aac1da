"""Invented people written as a large registry: a folder of Parquet with the keys of every row computed on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from limen.crossref.bearers import GROUP_PERCENT, LIMIT, first_name_parts, rarest, surname_parts
from limen.crossref.columns import ADDRESS, FORMAT, KEYS, NAME, REGISTRY
from limen.crossref.generate.draw import Flags, Ids, Ints
from limen.crossref.generate.people import BLOCK, BOX, RURAL, SUFFIXES, Stretch, make_stretch, make_world, unit_text
from limen.crossref.generate.rows import DIRECTIONS
from limen.crossref.generate.words import first_names, places, streets, surnames
from limen.crossref.ingest import arrow_schema
from limen.crossref.keys import CITY_LETTERS, FACTORS, SEEDS, checksum, sound, street_sound
from limen.crossref.normalise import SOUND_BITS, SOUND_MASK, full_form

STRETCH = 20_000 * BLOCK
"""People made and written at once: about 370,000 rows, one row group."""
PEOPLE_PER_FILE = 20 * STRETCH
SPELLS = 8
"""A person has at most one address a tax year (`FIRST_YEAR` to `LAST_YEAR`), so fewer than this."""


def write_parquet(
    people: int, seed: int, folder: Path, progress: Callable[[int], None] | None = None, processes: int = 1
) -> dict[str, Any]:
    """Make `people` and write them to `folder` as `part-*.parquet` and `about.json`; gives what `about.json` says.

    Memory does not grow with the number of people; the files are the same for any number of `processes`. `progress`
    is told how many are written. The folder must be new or hold a registry made before, which is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "about.json").unlink(missing_ok=True)
    for old in folder.glob("part-*.parquet"):
        old.unlink()
    spells = sum(_write_files(people, seed, folder, progress or _nobody, processes))
    about = {"format": FORMAT, "people": people, "spells": spells, "origin": f"{people} invented people, seed {seed}"}
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return about


def _nobody(made: int) -> None:
    """Nobody listens."""


def _write_files(people: int, seed: int, folder: Path, tell: Callable[[int], None], processes: int) -> Iterator[int]:
    """Write every file and give how many rows each has."""
    files = range(-(-people // PEOPLE_PER_FILE))
    if processes == 1:
        yield from (_write_file(people, seed, folder, number, tell) for number in files)
        return
    # an executor, not a pool: without a main guard in the script a pool would start processes for ever
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for number, rows in enumerate(pool.map(partial(_write_file, people, seed, folder), files), 1):
            tell(min(people, number * PEOPLE_PER_FILE))
            yield rows


def _write_file(people: int, seed: int, folder: Path, number: int, tell: Callable[[int], None] = _nobody) -> int:
    """Write one file of the registry and give how many rows it has."""
    world, rows = make_world(people, seed), 0
    start = number * PEOPLE_PER_FILE
    with open_writer(folder / f"part-{number:05d}.parquet", _written_schema()) as writer:
        for begin in range(start, min(people, start + PEOPLE_PER_FILE), STRETCH):
            batch = registry_batch(make_stretch(world, begin, begin + STRETCH))
            writer.write_batch(batch, row_group_size=len(batch))
            rows += len(batch)
            tell(min(people, begin + STRETCH))
    return rows


@cache
def _written_schema() -> pa.Schema:
    """The `REGISTRY` schema with texts as dictionaries, which are stored as they are and read as texts."""
    words = pa.dictionary(pa.int32(), pa.string())
    fields = ((field.name, words if field.type == pa.string() else field.type) for field in arrow_schema(REGISTRY))
    return pa.schema(fields)


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer that keeps texts as dictionaries and leaves the keys, which nothing compresses, as they are."""
    texts = [*NAME, *ADDRESS]
    return pq.ParquetWriter(
        path,
        schema,
        store_schema=False,
        use_dictionary=texts,
        compression={name: "NONE" if name in KEYS else "LZ4" for name in REGISTRY},
        column_encoding={"spell": "DELTA_BINARY_PACKED", "person": "DELTA_BINARY_PACKED"},
        write_statistics=["spell", "person"],
    )


def registry_batch(stretch: Stretch) -> pa.RecordBatch:
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
        "spell": _spell_ids(who.id, owner),
        "person": who.id[owner],
        "current": stretch.to_year < 0,
        "tin": who.tin[owner],
        "sounds": _sound_bits(first, last, last2),
        "distinctive": _distinctive(first, last),
        **{name: _take(words, codes) for name, (words, codes) in text.items()},
        **_keys(first, last, last2, at.number, at.street, (at.form == BOX) | rural, at.zip),
    }
    return pa.RecordBatch.from_arrays([pa.array(columns[name]) for name in REGISTRY], schema=_written_schema())


def _spell_ids(person: Ints, owner: Ints) -> Ints:
    """Ids that need no count of earlier people: eight are kept for each person, in order of time."""
    first = np.searchsorted(owner, np.arange(len(person)))
    return np.asarray(person[owner] * SPELLS + np.arange(len(owner)) - first[owner])


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
def _distinct(words: tuple[str, ...]) -> tuple[pa.Array, Ints]:
    """Each word once, and where each of `words` stands among them."""
    once = {word: place for place, word in enumerate(dict.fromkeys(words))}
    return pa.array(once), np.array([once[word] for word in words], dtype=np.int64)


def _take(words: Sequence[str], codes: Ints) -> pa.DictionaryArray:
    """The words for some codes, kept as a dictionary of those in use, which Parquet stores as it is."""
    once, place = _distinct(tuple(words))
    placed = place[codes]
    used = np.bincount(placed, minlength=len(once)) > 0
    among = (np.cumsum(used) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(among[placed]), once.take(pa.array(used.nonzero()[0])))


@cache
def _checksums(words: tuple[str, ...]) -> Ids:
    return np.array([checksum(word) for word in words], dtype=np.uint64)


@cache
def _sounds(words: tuple[str, ...]) -> Ids:
    return _checksums(tuple(sound(word) for word in words))


@cache
def _street_sounds() -> Ids:
    return _checksums(tuple(street_sound(word) for word in streets().words))


@cache
def _cities() -> Ids:
    return _checksums(tuple(city[:CITY_LETTERS] for city in places().cities))


@cache
def _letters(words: tuple[str, ...]) -> Ints:
    return np.array([ord(word[0]) for word in words], dtype=np.int64)


@cache
def _zip_numbers() -> Ids:
    return np.array([int(zip5) for zip5 in places().zips], dtype=np.uint64)


def _sound_bits(first: Ints, last: Ints, last2: Ints) -> Ints:
    """`normalise.sounds` on arrays."""
    given, names = (
        (codes % np.uint64(SOUND_MASK)).astype(np.int64) + 1
        for codes in (_sounds(_full_forms()), _sounds(surnames().words))
    )
    second = np.where(last2 >= 0, names[last2] << 2 * SOUND_BITS, 0)
    return np.asarray(given[first] | names[last] << SOUND_BITS | second)


@cache
def _parts() -> tuple[Ints, Ints]:
    given = [first_name_parts().get(word) or rarest(surname=False) for word in _full_forms()]
    family = [surname_parts()[word] for word in surnames().words]
    return np.array(given, dtype=np.int64) * np.array(GROUP_PERCENT), np.array(family, dtype=np.int64)


def _distinctive(first: Ints, last: Ints) -> Flags:
    """`bearers.distinctive` on arrays."""
    given, family = _parts()
    return np.asarray(np.einsum("ij,ij->i", given[first], family[last]) < LIMIT)


def _mix(seed: int, *parts: Ids) -> Ints:
    """`keys._mix` on arrays: the same wrapped product-sum."""
    with np.errstate(over="ignore"):
        total = np.full(len(parts[0]), seed, dtype=np.uint64)
        for part, factor in zip(parts, FACTORS, strict=False):
            total += part * np.uint64(factor)
    return np.asarray((total >> np.uint64(1)).astype(np.int64))


def _in_order(one: Ids, other: Ids) -> tuple[Ids, Ids]:
    return np.minimum(one, other), np.maximum(one, other)


def _keys(
    first: Ints, last: Ints, last2: Ints, number: Ints, street: Ints, boxed: Flags, place: Ints
) -> dict[str, Any]:
    """`asked.held_keys` on arrays."""
    zips, numbers = _zip_numbers()[place], _checksums(_numbers())[number]
    names, full = _sounds(surnames().words), _sounds(_full_forms())[first]
    initial = _letters(first_names(women=True).words)[first].astype(np.uint64)
    letters = _letters(surnames().words).astype(np.uint64)
    state = _checksums(places().states)[place]
    roads = _street_sounds()[np.where(boxed, 0, street)]
    town = _cities()[place]
    no_second = (last2 < 0) | (last2 == last)
    return {
        "by_zip_number": _mix(SEEDS[0], zips, numbers),
        "by_surname_number": _mix(SEEDS[1], names[last], initial, numbers, state),
        "by_name_zip": _mix(SEEDS[2], names[last], full, zips),
        "by_initials_street": pa.array(_mix(SEEDS[3], *_in_order(initial, letters[last]), roads, town), mask=boxed),
        "by_surname2_number": pa.array(_mix(SEEDS[1], names[last2], initial, numbers, state), mask=no_second),
        "by_name2_zip": pa.array(_mix(SEEDS[2], names[last2], full, zips), mask=no_second),
        "by_initials2_street": pa.array(
            _mix(SEEDS[3], *_in_order(initial, letters[last2]), roads, town), mask=no_second | boxed
        ),
    }
