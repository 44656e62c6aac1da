"""Nearly the name at nearly the address: what is still compared, and for whom that is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.crossref import Settings
from limen.crossref.asked import INITIALS_STREET, asked_blocks, held_keys
from limen.crossref.keys import street_sound
from limen.crossref.ladder import Row, grade_row, street_alike
from limen.crossref.normalise import AddressKey, NameKey


def name(first: str, last: str) -> NameKey:
    return NameKey(first, first, "", last, "", "")


def address(number: str, street: str, suffix: str, zip5: str) -> AddressKey:
    return AddressKey(number, street, suffix, "", "", "SPRINGFIELD", "IL", zip5)


HELD = Row(1, 1, name("DEAKIN", "SONDERGELD"), address("12", "OAK", "ST", "62704"), "", True, True)


def shared(asked: NameKey, where: AddressKey, held: Row) -> set[int]:
    filed = set(held_keys(held.name, held.address)) - {None}
    return {block for block, key in asked_blocks(asked, where) if key in filed}


def test_a_slip_in_the_name_beside_one_in_the_number_is_reached_by_initials_and_street() -> None:
    asked, where = name("DEAKIN", "SOLDERGELD"), address("21", "OAK", "ST", "62704")
    assert shared(asked, where, HELD) == {INITIALS_STREET}
    assert shared(name("SOLDERGELD", "DEAKIN"), where, HELD) == {INITIALS_STREET}


@pytest.mark.parametrize(
    ("last", "number", "level"),
    [("SONDERGELD", "21", 2), ("SONDERGELT", "21", 2), ("SOLDERGELD", "21", 1), ("SOLDERGELD", "12", 2)],
)
def test_at_another_house_a_name_that_sounds_otherwise_is_another_name(last: str, number: str, level: int) -> None:
    where = address(number, "OAK", "ST", "62704")
    assert grade_row(name("DEAKIN", last), where, "", HELD, Settings()).level == level


@pytest.mark.parametrize(("first", "level"), [("DEAKIN", 2), ("D", 1)])
def test_a_bare_initial_is_no_rare_name(first: str, level: int) -> None:
    nearly = address("21", "OAK", "ST", "62704")
    assert grade_row(name(first, "SONDERGELD"), nearly, "", HELD, Settings()).level == level


@pytest.mark.parametrize(
    ("street", "suffix", "least", "most"),
    [
        ("OAK", "ST", 1000, 1000),
        ("OAK STRET", "", 900, 999),
        ("OAK", "", 1000, 1000),
        ("ELM STRET", "", 0, 899),
        ("PARK STRET", "", 0, 899),
    ],
)
def test_a_street_whose_kind_is_mangled_is_close_and_never_the_same(
    street: str, suffix: str, least: int, most: int
) -> None:
    assert least <= street_alike(address("1", street, suffix, "62704"), HELD.address) <= most


def test_a_street_and_its_kind_run_together_are_close() -> None:
    assert street_alike(address("1", "FARRERSTREET", "", "62704"), address("1", "FARRER", "ST", "62704")) >= 900


@given(st.text("ABEKLMNORST ", min_size=1, max_size=12), st.sampled_from(["", "ST", "AVE"]))
def test_streets_are_as_alike_one_way_as_the_other(street: str, suffix: str) -> None:
    one, other = address("1", " ".join(street.split()), suffix, "62704"), HELD.address
    assert street_alike(one, other) == street_alike(other, one)


def test_a_street_is_told_by_what_no_other_begins_with() -> None:
    assert street_sound("CALLE LUNA") == street_sound("LUNA")
    assert street_sound("OLD MILL") == street_sound("MIL")
    assert street_sound("CALLE 1") != street_sound("CALLE 2")


def test_boxes_are_no_street() -> None:
    box = address("7", "PO BOX", "", "62704")
    assert INITIALS_STREET not in {block for block, _ in asked_blocks(name("DEAKIN", "SONDERGELD"), box)}
    assert held_keys(HELD.name, box).by_initials_street is None
