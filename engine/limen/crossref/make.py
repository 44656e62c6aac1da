"""Make a synthetic registry: a SQLite file for one-request use, from a number of people and a seed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from limen.crossref.asked import held_keys
from limen.crossref.bearers import distinctive
from limen.crossref.columns import FORMAT as FOLDER_FORMAT
from limen.crossref.errors import RegistryError
from limen.crossref.normalise import AddressKey, NameKey
from limen.crossref.registry import FORMAT, Registry, RegistryInfo

_SCHEMA = """
create table about (key text primary key, value text not null) without rowid;
create table place (id integer primary key, city text not null, state text not null, zip text not null);
create table person (
    id integer primary key, first text not null, middle text not null, last text not null, last2 text not null,
    suffix text not null, tin text not null, distinctive integer not null
);
create table spell (
    id integer primary key, person integer not null, from_year integer not null, to_year integer, number text not
    null, direction text not null, street text not null, street_suffix text not null, unit text not null,
    place integer not null
);
create table block (key integer not null, spell integer not null, primary key (key, spell)) without rowid;
"""
_INDEXES = "create index spell_person on spell (person); create index person_tin on person (tin);"

PersonRow = tuple[int, NameKey, str]
SpellRow = tuple[int, int, int | None, AddressKey]


Progress = Callable[[int], None]
MOST_IN_A_FILE = 5_000_000
MOST = 1_000_000_000


def make_registry(people: int, seed: int, path: Path | str, progress: Progress | None = None) -> RegistryInfo:
    """Make `people` invented people and write their registry to `path`, replacing what is there.

    A path that ends in `.sqlite` is one file, for requests one by one; any other is a folder of Parquet, for tables,
    of any size. The same number and seed give the same people, whatever the machine. `progress` is told how many are
    made. Raises `RegistryError` for a number of people that makes no registry, a folder that holds something else,
    or where the libraries for making one are missing.
    """
    path = Path(path)
    in_file = path.suffix == ".sqlite"
    most = MOST_IN_A_FILE if in_file else MOST
    if not 12 <= people <= most:
        larger = "; make a larger one as a folder (a path without `.sqlite`)" if in_file else ""
        raise RegistryError(f"`{people}` people: a registry here holds 12 to {most:,}{larger}")
    try:
        from limen.crossref.generate import rows
    except ModuleNotFoundError as missing:
        raise RegistryError(f"making a registry needs `{missing.name}`: install `limen[columns]`") from None
    if in_file:
        persons, spells = rows.registry_rows(people, seed)
        return write_registry(path, _watched(persons, progress), spells, f"{people} invented people, seed {seed}")
    if path.exists() and not (path / "about.json").is_file() and (path.is_file() or any(path.iterdir())):
        raise RegistryError(f"`{path}` is there and is no registry: name a new folder")
    from limen.crossref.generate.parquet import write_parquet

    write_parquet(people, seed, path, progress)
    return registry_info(path)


def registry_info(path: Path | str) -> RegistryInfo:
    """What a registry is, be it a file or a folder. Raises `RegistryError` where there is none."""
    path = Path(path)
    if not path.is_dir():
        opened = Registry(path)
        info = opened.info()
        opened.close()
        return info
    try:
        about = json.loads((path / "about.json").read_text(encoding="utf-8"))
        info = RegistryInfo(about["people"], about["spells"], about["origin"], about.get("digest", ""), str(path))
        found = about["format"]
    except (OSError, ValueError, KeyError):
        raise RegistryError(f"`{path}` is not a registry: make one with `limen registry make`") from None
    if found != FOLDER_FORMAT:
        raise RegistryError(
            f"`{path}` has registry format `{found}`, this version reads `{FOLDER_FORMAT}`: make it again with"
            " `limen registry make`"
        )
    return info


def _watched(persons: Iterable[PersonRow], progress: Progress | None) -> Iterator[PersonRow]:
    for made, person in enumerate(persons, 1):
        yield person
        if progress is not None and made % 10_000 == 0:
            progress(made)


def write_registry(path: Path, persons: Iterable[PersonRow], spells: Iterable[SpellRow], origin: str) -> RegistryInfo:
    """Write a registry file: rows normalised, keys computed, content digested. The file appears whole or not at
    all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(path.name + ".part")
    building.unlink(missing_ok=True)
    digest = hashlib.blake2b(digest_size=16)
    names: dict[int, NameKey] = {}
    places: dict[tuple[str, str, str], int] = {}
    blocks: list[tuple[int, int]] = []
    counts = {"people": 0, "spells": 0}

    def person_values() -> Iterator[tuple[Any, ...]]:
        for person, name, tin in persons:
            names[person] = name
            values = (
                person,
                name.first,
                name.middle,
                name.last,
                name.last2,
                name.suffix,
                tin,
                distinctive(name.full, name.last),
            )
            digest.update(repr(values).encode())
            counts["people"] += 1
            yield values

    def spell_values() -> Iterator[tuple[Any, ...]]:
        for spell, (person, from_year, to_year, address) in enumerate(spells):
            place = places.setdefault((address.city, address.state, address.zip), len(places))
            blocks.extend((key, spell) for key in set(held_keys(names[person], address)) if key is not None)
            road = (address.number, address.direction, address.street, address.suffix, address.unit)
            values = (spell, person, from_year, to_year, *road, place)
            digest.update(repr((values[:-1], address.zip)).encode())
            counts["spells"] += 1
            yield values

    db = sqlite3.connect(building, isolation_level=None)
    try:
        db.executescript("pragma page_size = 4096; pragma journal_mode = off; pragma synchronous = off;" + _SCHEMA)
        db.execute("begin")
        db.executemany(f"insert into person values ({','.join('?' * 8)})", person_values())
        db.executemany(f"insert into spell values ({','.join('?' * 10)})", spell_values())
        db.executemany("insert into place values (?, ?, ?, ?)", ((number, *place) for place, number in places.items()))
        db.executemany("insert into block values (?, ?)", sorted(blocks))
        about = {
            "format": str(FORMAT), "people": str(counts["people"]), "spells": str(counts["spells"]), "origin": origin,
            "digest": digest.hexdigest(),
        }  # fmt: skip
        db.executemany("insert into about values (?, ?)", about.items())
        db.execute("commit")
        db.executescript(_INDEXES + "vacuum;")
    finally:
        db.close()
    building.replace(path)
    return RegistryInfo(counts["people"], counts["spells"], origin, about["digest"], str(path))
