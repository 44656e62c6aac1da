"""Requests characterised by columns have the facts they have one by one."""

from __future__ import annotations

import pickle
import random
import re
from datetime import date
from itertools import product
from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import arrow_table, many_requests

pa = pytest.importorskip("pyarrow")

import pyarrow.compute as pc  # noqa: E402

from limen.batch.addresses import BETWEEN, PLAIN, _states, is_plain, with_common_locality  # noqa: E402
from limen.batch.checked import _ID, CheckedColumns, _odd  # noqa: E402
from limen.batch.coded import CodedColumn  # noqa: E402
from limen.batch.combinations import Combinations  # noqa: E402
from limen.batch.dependence import DERIVED, OF_MATCH  # noqa: E402
from limen.batch.facts import characterise_rows  # noqa: E402
from limen.batch.matching import OneByOne, match_rows  # noqa: E402
from limen.batch.rows import check_columns, nest  # noqa: E402
from limen.batch.table_context import PartCounts, TableCounts  # noqa: E402
from limen.batch.table_facts import TableReader  # noqa: E402
from limen.batch.texts import all_ids, all_printed, all_single_spaced  # noqa: E402
from limen.crossref import open_registry  # noqa: E402
from limen.crossref.generate.words import ordinal  # noqa: E402
from limen.law import load_book  # noqa: E402
from limen.request import build_request  # noqa: E402
from limen.request.address import judge_address  # noqa: E402
from limen.request.address_words import address_words  # noqa: E402
from limen.request.batch import BatchCounts, folded_words  # noqa: E402
from limen.request.characterise import Characteriser  # noqa: E402
from limen.request.derivations import DERIVATIONS  # noqa: E402

DAY = date(2026, 11, 1)
TWO_LETTERS = ["".join(pair) for pair in product(ascii_uppercase, repeat=2)]


@pytest.fixture(scope="module")
def characteriser() -> Characteriser:
    return Characteriser(load_book().vocabulary)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_columns_give_the_facts_that_single_requests_have(characteriser: Characteriser, seed: int) -> None:
    table = arrow_table(many_requests(250, seed))
    places = check_columns(table.column_names)
    checked = CheckedColumns(table, places)
    sure = [
        (number, build_request(nest(row, places)))
        for number, row, is_sure in zip(range(1, 251), table.to_pylist(), checked.sure.to_pylist(), strict=True)
        if is_sure
    ]
    assert len(sure) > 150
    counts = BatchCounts(request for _, request in sure)
    registry = OneByOne(open_registry())
    singly, rejects = characterise_rows(characteriser, sure, dict.fromkeys(range(251), DAY), registry, counts)
    numbers = pa.array([number for number, _ in sure], pa.int64())
    reader = TableReader(characteriser, places, counts.context)
    rows = checked.sure_only()
    together = reader.read(rows, numbers, pa.repeat(pa.scalar(DAY), rows.rows), match_rows(registry, rows))
    assert rejects == []
    assert reader.suits
    assert together.requests.equals(singly.requests)
    for name in singly.facts.column_names:
        assert together.facts.column(name).to_pylist() == singly.facts.column(name).to_pylist(), name
    stated = [n for n in singly.facts.column_names if singly.facts.column(n).null_count < singly.facts.num_rows]
    assert len(stated) > 100


def test_every_derivation_is_known_to_the_columns() -> None:
    """A new derivation without an entry would silently make batches slow."""
    assert set(DERIVATIONS) == set(DERIVED) | OF_MATCH


def test_counts_over_columns_are_the_counts_over_requests() -> None:
    table = arrow_table(many_requests(300, 4))
    places = check_columns(table.column_names)
    requests = [build_request(nest(row, places)) for row in table.to_pylist()]
    counts = TableCounts()
    for first in (1, 101, 201):
        part = CheckedColumns(table.slice(first - 1, 100), places)
        counted = PartCounts()
        counted.add(part.sure_only(), first)
        left = zip(range(first, first + 100), requests[first - 1 : first + 99], part.sure.to_pylist(), strict=True)
        counted.add_requests((number, request) for number, request, is_sure in left if not is_sure)
        counts.merge(pickle.loads(pickle.dumps(counted)))  # as it comes from another process
    counts.close()
    expected = BatchCounts(requests)
    assert [counts.context(request) for request in requests] == [expected.context(request) for request in requests]


def test_a_plain_address_is_complete_by_the_judge_of_single_ones() -> None:
    """Every word that means anything in an address is tried in every place of a plain one."""
    words = address_words()
    draw = random.Random(6103)
    tables = (words.suffix, words.spanish, words.unit, words.direction, words.number, words.ordinal, words.state)
    bag = sorted({part for table in tables for word in table for part in word.split()})
    bag += ["OAK", "LARKSPUR", "MAIN", "UNKNOWN", "NOT", "PROVIDED", "JAIL", "BOX", "HWY", "CENTER", "DETENTION"]
    bag += TWO_LETTERS
    states, suffixes, zips = _states(), sorted(words.suffix), sorted(words.zip3_states)
    lines = []
    for _ in range(20_000):
        state = draw.choice(states)
        zip3 = draw.choice([zip3 for zip3 in zips if state in words.zip3_states[zip3]] if draw.random() < 0.9 else zips)
        street = " ".join(draw.choices(bag, k=draw.choice((1, 1, 2, 3))))
        unit = draw.choice(["", "", f" APT {draw.randrange(40)}", f" # {draw.randrange(40)}", " UNIT B"])
        city = " ".join(draw.choices(bag, k=draw.choice((1, 1, 2))))
        if draw.random() < 0.15:
            number = draw.randrange(1, 320)
            wrong = f"{number}{draw.choice(['ST', 'ND', 'RD', 'TH'])}"
            street = f"{draw.choice(['', 'N ', 'E '])}{wrong if draw.random() < 0.2 else ordinal(number)}"
        first = f"{draw.randrange(20_000)} {street} {draw.choice(suffixes)}{unit}"
        first = f"PO Box {draw.randrange(120_000)}" if draw.random() < 0.1 else first
        lines.append([first, f"{city}{draw.choice(['', ','])} {state} {zip3}{draw.randrange(100):02}"])
    plain = is_plain(pc.binary_join(pa.array(lines), BETWEEN)).to_pylist()
    assert sum(plain) > 3_000
    for written, is_it in zip(lines, plain, strict=True):
        if is_it:
            quality = judge_address(written)
            assert (quality.kind, quality.zip_like) == ("complete", True), written
    stand_in = judge_address(PLAIN.split(BETWEEN))
    assert (stand_in.kind, stand_in.zip_like) == ("complete", True)


def test_the_town_decides_nothing_about_what_kind_of_address_it_is() -> None:
    """First lines of every sort, with words of every table, before localities of every sort."""
    words = address_words()
    draw = random.Random(6103)
    tables = (words.suffix, words.spanish, words.unit, words.direction, words.number, words.ordinal, words.state)
    bag = sorted({word for table in tables for word in table})
    bag += ["OAK", "LARKSPUR", "MAIN", "UNKNOWN", "NOT PROVIDED", "COUNTY JAIL", "BOX", "RR", "X" * 3, "0", "N/A"]
    bag += ["DETENTION CENTER", "PO BOX", "GENERAL DELIVERY", "HOMELESS", "Failed to Provide", "IN CUSTODY", "PSC", "-"]
    cities = [
        "Springfield",
        "Yakima",
        "Boston",
        "Kansas",
        "Paris",
        "Jackson",
        "Washington",
        "Houston",
        "Port Orange",
        "New York",
        "Lake City",
        "Fort Mill",
        *bag[::7],
        *TWO_LETTERS[::5],
    ]
    zips = sorted(words.zip3_states)
    lines = []
    for _ in range(20_000):
        parts = draw.choices(bag, k=draw.choice((0, 1, 1, 2, 3)))
        number = draw.choice(["", "", f"{draw.randrange(20_000)} ", "0 "])
        first = f"{number}{' '.join(parts)}{draw.choice(['', '', f' {draw.randrange(9999)}'])}".strip() or "-"
        first = f"rr {draw.randrange(120)} Box {draw.randrange(20_000)}" if draw.random() < 0.1 else first
        zip3 = draw.choice(zips)
        state = draw.choice(sorted(words.zip3_states[zip3]))
        if draw.random() < 0.3:  # no number, or that of a route alone: then a city may have any words
            route = f"RR {draw.randrange(1, 40)} Box {draw.randrange(1, 999)}"
            street = f"{draw.randrange(1, 9999)} {draw.choice(bag)} Ave{draw.choice(['', ' Apt 4'])}"
            first = draw.choice([route, street, " ".join(parts) or "-"])
            city = " ".join(draw.choices(bag, k=draw.choice((1, 1, 2, 3))))
        else:
            city = " ".join(draw.choices(cities, k=draw.choice((1, 1, 2))))
        town = f"{city}{draw.choice(['', ','])} {state} {zip3}{draw.randrange(100):02}"
        lines.append([first, draw.choice([town, town, f"{draw.randrange(100_000):05}", "99999", city, state])])
    joined = pc.binary_join(pa.array(lines), BETWEEN)
    common = with_common_locality(joined).to_pylist()
    moved = 0
    for written, instead in zip(lines, common, strict=True):
        if BETWEEN.join(written) != instead:
            moved += 1
            one, other = judge_address(written), judge_address(instead.split(BETWEEN))
            assert (one.kind, one.zip_like) == (other.kind, other.zip_like), written
    assert moved > 6_000


@pytest.mark.parametrize(
    ("first", "last", "moved"),
    [
        ("County Jail", "New York NY 10001", True), ("Failed to Provide", "Lake City FL 32055", True),
        ("RR 3 Box 11", "Fort Mill, SC 29715", True), ("RR 3 Box 11", "Flat Lick KY 40935", True),
        ("12 Oak St", "Three Oaks MI 49128", True), ("12 Oak St Apt 4", "San Juan, PR 00901", True),
        ("1200 Front St", "Luna Pier MI 48157", False), ("Mile A", "Three Oaks MI 49128", False),
        ("County Jail", "Apt City FL 32055", False), ("County Jail", "P O B C FL 32055", False),
        ("County Jail", "Not Provided FL 32055", False),
        ("0 KY", "42301", False), ("0 OH", "43004", True), ("-", "ZZZ, CA 93811", False),
    ],
)  # fmt: skip
def test_a_town_is_set_aside_where_its_words_mean_nothing_else(first: str, last: str, moved: bool) -> None:
    instead = with_common_locality(pa.array([f"{first}{BETWEEN}{last}"])).to_pylist()[0].split(BETWEEN)
    assert (last not in instead) is moved
    one, other = judge_address([first, last]), judge_address(instead)
    assert (one.kind, one.zip_like) == (other.kind, other.zip_like)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("requester.agency", "ministry"), ("requester.agency", "IRS"), ("matter.statute", " padded"),
        ("matter.statute", "x" * 201), ("id", "two words"), ("items.0.kind", None), ("items.0.id", None),
        ("reasons", "a\u2028b"), ("reasons", ""), ("tax_periods", ["a"] * 21),
        ("subject.address.lines", ["1", "2", "3", "4", "5", "6"]), ("purposes", ["benefits", "no purpose"]),
    ],
)  # fmt: skip
def test_a_row_in_doubt_is_left_to_the_reader_of_single_requests(column: str, value: Any) -> None:
    sound = {"id": "R-1", "items.0.id": "a", "items.0.kind": "name", "requester.agency": "irs"}
    lists = column in ("tax_periods", "subject.address.lines", "purposes")
    table = pa.table(
        {
            name: pa.array([sound.get(name), value if name == column else sound.get(name)], kind)
            for name, kind in {
                **dict.fromkeys(sound, pa.string()),
                column: pa.list_(pa.string()) if lists else pa.string(),
            }.items()
        }
    )
    assert CheckedColumns(table, check_columns(table.column_names)).sure.to_pylist() == [True, False]


def test_two_items_of_one_id_are_in_doubt() -> None:
    table = pa.table({"id": ["R"], "items.0.id": ["a"], "items.0.kind": ["name"], "items.1.id": ["a"],
                      "items.1.kind": ["name"]})  # fmt: skip
    assert CheckedColumns(table, check_columns(table.column_names)).sure.to_pylist() == [False]


def test_combinations_are_asked_once_each_and_across_chunks() -> None:
    asked: list[dict[str, Any]] = []

    def derive(said: Any) -> dict[str, Any]:
        asked.append(dict(said))
        return {"sum": (said.get("a"), said.get("b"))}

    combinations = Combinations(("a", "b"), derive)
    table = {
        "a": pa.array(["x", None, "x", "y"]),
        "b": pa.array([[1, 2], None, [1, 2], [1]]).cast(pa.list_(pa.string())),
    }
    for _ in range(2):
        answers, which = combinations.answers({name: CodedColumn(column) for name, column in table.items()}, 4)
        found = [answers[code]["sum"] for code in which.tolist()]
        assert found == [("x", ("1", "2")), (None, None), ("x", ("1", "2")), ("y", ("1",))]
    assert len(asked) == 3


def test_many_wide_columns_do_not_overflow_their_combination() -> None:
    rows = 3000
    draw = random.Random(1)
    table = {str(n): pa.array([draw.randrange(rows) for _ in range(rows)], pa.int64()) for n in range(8)}
    combinations = Combinations(tuple(table), lambda said: {"all": tuple(said.values())})
    answers, which = combinations.answers({name: CodedColumn(column) for name, column in table.items()}, rows)
    rebuilt = [answers[code]["all"] for code in which.tolist()]
    assert rebuilt == list(zip(*(column.to_pylist() for column in table.values()), strict=True))


@pytest.mark.parametrize("values", [1, 4, 20, 900])
def test_rows_are_told_apart_as_their_values_are(values: int) -> None:
    """However few or many there are: numbered by arithmetic, by a table, or looked up."""
    draw = random.Random(values)
    words = [None, *(f"w{n}" for n in range(values))]
    rows = 400
    table = {
        "truth": pa.array(draw.choices([True, False, None], k=rows), pa.bool_()),
        "word": pa.array(draw.choices(words, k=rows), pa.string()).dictionary_encode(),
        "other": pa.array(draw.choices(words, k=rows), pa.string()),
    }
    combinations = Combinations(tuple(table), lambda said: {"all": tuple(said.get(name) for name in table)})
    answers, which = combinations.answers({name: CodedColumn(column) for name, column in table.items()}, rows)
    found = [answers[code]["all"] for code in which.tolist()]
    assert found == list(zip(*(column.to_pylist() for column in table.values()), strict=True))


@given(st.lists(st.none() | st.text(max_size=6) | st.text("a~ \x7f\t-._9", max_size=84), max_size=8))
def test_a_column_passed_as_a_whole_has_no_text_that_would_be_in_doubt_by_itself(texts: list[str | None]) -> None:
    column = pa.array(["", *texts], pa.string()).slice(1)
    if all_printed(column, 80):
        assert not pc.any(pc.fill_null(_odd(column, 80), False)).as_py()
    if all_ids(column, 80):
        assert all(text is None or re.fullmatch(_ID, text) for text in texts)
    if all_single_spaced(column):
        assert all(text is None or folded_words(text) == text.lower() for text in texts)
