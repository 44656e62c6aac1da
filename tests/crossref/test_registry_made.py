"""The invented people: the same from one seed, with numbers never issued, and neighbours as people have them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.crossref import Registry, RegistryError, make_registry, open_registry

pytest.importorskip("numpy")
import numpy as np

from limen.crossref.generate import rows, tins
from limen.crossref.never_issued import never_issued


def content(path: Path | str) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as db:
        return {
            table: db.execute(f"select * from {table}").fetchall()
            for table in ("about", "person", "spell", "place", "block")
        }


def test_the_shipped_registry_is_what_its_seed_makes(registry: Registry, tmp_path: Path) -> None:
    made = make_registry(20_000, 6103, tmp_path / "again.sqlite")
    assert made.digest == registry.info().digest
    assert content(tmp_path / "again.sqlite") == content(registry.path)
    assert registry.path.stat().st_size < 6_000_000


def test_another_seed_makes_other_people(tmp_path: Path) -> None:
    one, other = (make_registry(600, seed, tmp_path / f"{seed}.sqlite").digest for seed in (1, 2))
    assert one != other


def test_every_number_in_the_registry_lies_in_a_range_that_is_never_issued(registry: Registry) -> None:
    with sqlite3.connect(registry.path) as db:
        numbers = [number for (number,) in db.execute("select tin from person")]
    assert len(numbers) == 20_000 == len(set(numbers))
    assert [number for number in numbers if not never_issued(number)] == []


@given(st.integers(0, 160_000_000), st.integers(0, 10_000), st.booleans())
def test_at_any_size_a_number_is_never_issued_or_absent(start: int, seed: int, itin: bool) -> None:
    people = np.arange(start, start + 50, dtype=np.int64)
    given_out = tins.numbers(people, np.full(50, itin), seed, 160_000_000)
    assert all(never_issued(f"{number:09d}") for number in given_out.tolist() if number >= 0)
    assert len({number for number in given_out.tolist() if number >= 0}) == (given_out >= 0).sum()


@pytest.mark.parametrize("number", ["000123456", "666123456", "123006789", "900661234", "950891234", "912491234"])
def test_the_ranges_used_are_free_according_to_the_issuing_authorities(number: str) -> None:
    assert never_issued(number)


@pytest.mark.parametrize("number", ["123456789", "900701234", "900931234", "999991234", "899991234", "665011234"])
def test_a_number_that_could_be_somebodys_is_not_free(number: str) -> None:
    assert not never_issued(number)


def test_households_moves_namesakes_and_shared_addresses_are_there(registry: Registry) -> None:
    with sqlite3.connect(registry.path) as db:
        ((moves,),) = db.execute("select count(*) * 1.0 / 20000 / 6 from spell where from_year > 2019").fetchall()
        assert 0.08 < moves < 0.10
        names = Counter(db.execute("select first, last from person").fetchall())
        assert sum(count for count in names.values() if count > 1) > 1500
        spots = Counter(
            db.execute(
                "select number, street, street_suffix, place from spell where to_year is null and unit <> ''"
            ).fetchall()
        )
        assert sum(count > 10 for count in spots.values()) > 20
        assert db.execute("select count(*) from person where last2 <> ''").fetchone()[0] > 1500
        assert db.execute("select count(*) from person where suffix <> ''").fetchone()[0] > 50


def test_the_truth_is_kept_apart_and_agrees_with_the_registry(registry: Registry) -> None:
    truth = list(rows.truth_rows(20_000, 6103))
    assert [one.person for one in truth] == list(range(20_000))
    groups = Counter(one.group for one in truth)
    assert set(groups) == {"white", "hispanic", "black", "asian", "other"}
    assert min(groups.values()) > 200
    with sqlite3.connect(registry.path) as db:
        columns = {
            name for table in ("person", "spell", "about") for _, name, *_ in db.execute(f"pragma table_info({table})")
        }
    assert columns.isdisjoint({"group", "household", "woman"})


def test_a_larger_registry_begins_anywhere_and_is_the_same() -> None:
    from limen.crossref.generate.people import make_stretch, make_world

    world = make_world(160_000_000, 7)
    whole = make_stretch(world, 120_000_000, 120_002_400)
    part = make_stretch(world, 120_001_200, 120_002_400)
    assert (whole.people.last[1200:] == part.people.last).all()
    assert (whole.people.household[1200:] == part.people.household).all()
    assert (whole.addresses.number[whole.owner >= 1200] == part.addresses.number).all()


@pytest.mark.parametrize("people", [0, -1, 11, 10**9])
def test_a_number_of_people_that_makes_no_registry_is_refused(people: int, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=f"`{people}` people"):
        make_registry(people, 1, tmp_path / "none.sqlite")


def test_a_missing_damaged_or_foreign_registry_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="there is no registry at"):
        open_registry(tmp_path / "absent.sqlite")
    (tmp_path / "torn.sqlite").write_bytes(b"SQLite format 3\x00" + b"\x00" * 50)
    with pytest.raises(RegistryError, match="limen registry make"):
        open_registry(tmp_path / "torn.sqlite")
    make_registry(120, 1, tmp_path / "old.sqlite")
    with sqlite3.connect(tmp_path / "old.sqlite") as db:
        db.execute("update about set value = '0' where key = 'format'")
    with pytest.raises(RegistryError, match="has registry format `0`"):
        open_registry(tmp_path / "old.sqlite")


def test_a_folder_of_another_format_is_refused_with_a_way_out(tmp_path: Path) -> None:
    make_registry(120, 1, tmp_path / "people")
    about = tmp_path / "people/about.json"
    about.write_text(about.read_text().replace('"format": 5', '"format": 3'))
    with pytest.raises(RegistryError, match=r"has registry format `3`.*limen registry make"):
        open_registry(tmp_path / "people")


def test_every_row_of_a_folder_has_an_id_that_no_other_has_and_the_files_hold_texts(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    make_registry(3_000, 1, tmp_path / "people")
    table = pq.read_table(tmp_path / "people/part-00000.parquet")
    ids, persons = table.column("spell").to_pylist(), table.column("person").to_pylist()
    assert len(set(ids)) == len(ids) > 4_000
    assert [spell // 8 for spell in ids] == persons
    assert {str(table.schema.field(name).type) for name in ("first", "city", "zip")} == {"string"}


def test_nobody_is_released_who_is_not_there(registry: Registry) -> None:
    for absent in ("P000020000", "P-1", "41", "", "P1 or 1=1"):
        with pytest.raises(RegistryError, match="no person"):
            registry.person(absent)


def test_one_look_up_imports_no_table_library() -> None:
    code = (
        "import sys; from limen.crossref import open_registry; from limen.request.subject import *;"
        "r = open_registry(); p = r.person('P000000041');"
        "m = r.match(Subject(name=PersonName(first='Cynthia', last='Jonson'), address=Address(lines=p.address)));"
        "assert m.grade == 'strong', m;"
        "heavy = {'numpy', 'duckdb', 'pyarrow', 'ibis', 'pandas', 'rapidfuzz'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "engine", "PATH": ""})
