"""Names as people have them, and one similarity everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler

from limen.crossref.keys import name_zip, sound, surname_number, zip_number
from limen.crossref.ladder import compare_names
from limen.crossref.normalise import NameKey, asked_sounds, full_form, name_key, sound_alike, sounds, tin_key
from limen.crossref.settings import ALIKE_FLOOR
from limen.crossref.similarity import alike, jaro_winkler
from limen.request.subject import PersonName


def key(first: str, last: str, middle: str | None = None, suffix: str | None = None) -> NameKey:
    found = name_key(PersonName(first=first, middle=middle, last=last, suffix=suffix))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("José", "Muñoz"), ("JOSE", "MUNOZ")),
        (("Seán", "O’Brien"), ("SEAN", "OBRIEN")),
        (("Sean", "O'Brien"), ("Sean", "O Brien")),
        (("Ana", "García-López"), ("ANA", "GARCIA LOPEZ")),
        (("Ana", "Garcia y Lopez"), ("ANA", "GARCIA LOPEZ")),
        (("Luz", "de la Cruz"), ("LUZ", "DELACRUZ")),
        (("Jan", "van der Berg"), ("JAN", "VANDERBERG")),
        (("Mr. John", "Smith Jr."), ("John", "Smith, JR")),
        (("John", "Smith III"), ("John", "SMITH 3rd")),
        (("Łukasz", "Żółkiewski"), ("LUKASZ", "ZOLKIEWSKI")),
        (("Søren", "Ærø"), ("SOREN", "AERO")),
        (("Hon. Don", "Brazil"), ("DON", "BRAZIL")),
    ],
)
def test_one_name_written_two_ways_is_one_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert key(*one) == key(*other)


def test_the_second_first_name_is_a_middle_initial() -> None:
    assert key("Mary Ann", "Lee") == key("Mary", "Lee", middle="A.") == key("Mary-Ann", "Lee")


@pytest.mark.parametrize(("first", "last"), [("", ""), ("Bo", ""), ("", "Li"), ("王", "伟"), ("?", "!"), ("Mr.", "Li")])
def test_a_name_without_two_comparable_parts_is_not_compared(first: str, last: str) -> None:
    assert name_key(PersonName(first=first, last=last)) is None


@pytest.mark.parametrize(
    ("asked", "held", "level"),
    [
        (("Bill", "Clark"), ("William", "Clark"), 2),
        (("Pepe", "Ruiz"), ("Jose", "Ruiz"), 2),
        (("Muhammad", "Hussein"), ("Mohammad", "Hussain"), 2),
        (("J", "Clark"), ("Jane", "Clark"), 2),
        (("Clark", "William"), ("William", "Clark"), 3),
        (("Ana", "Lopez"), ("Ana", "Garcia Lopez"), 2),
        (("Ana", "Garcia"), ("Ana", "Garcia Lopez"), 3),
        (("Ana", "Garcia Perez"), ("Ana", "Garcia Lopez"), 1),
        (("Ana", "Lopez Garcia"), ("Ana", "Garcia Lopez"), 2),
        (("John", "Smith Jr"), ("John", "Smith Sr"), 1),
        (("John", "Smith"), ("Jane", "Smith"), 0),
        (("John", "Smith"), ("John", "Jones"), 0),
    ],
)
def test_how_far_names_agree(asked: tuple[str, str], held: tuple[str, str], level: int) -> None:
    assert compare_names(key(*asked), key(*held)).level(920) == level


letters = st.text("ABCDEGMNOR", max_size=12)


@given(letters, letters)
def test_similarity_is_jaro_winkler_as_rapidfuzz_has_it(one: str, other: str) -> None:
    theirs = JaroWinkler.similarity(one, other) if one and other else 0.0
    assert jaro_winkler(one, other) == pytest.approx(theirs, abs=1e-12)
    rounded = int(theirs * 1000 + 1e-6)
    assert alike(one, other) == (rounded if rounded >= ALIKE_FLOOR else 0)


@given(letters, letters)
def test_similarity_is_the_same_both_ways(one: str, other: str) -> None:
    assert jaro_winkler(one, other) == pytest.approx(jaro_winkler(other, one), abs=1e-12)


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        (("AMGER", "BRANGWEN"), 2),  # one slip, the surname exact
        (("AMBER", "BRANGWIN"), 2),
        (("AMGER", "BRENGWIN"), 1),  # slips on both sides
        (("ANNE", "BRANGWEN"), 0),  # a sister
    ],
)
def test_one_slip_is_close_where_the_other_part_of_the_name_agrees_exactly(stated: tuple[str, str], level: int) -> None:
    assert compare_names(key(*stated), key("Amber", "Brangwen")).level(920) == level


def test_a_stricter_limit_is_stricter_about_slips() -> None:
    slip = compare_names(key("Amger", "Brangwen"), key("Amber", "Brangwen"))
    assert [slip.level(close) for close in (850, 920, 970, 1000)] == [2, 2, 1, 1]


words = st.sampled_from(["BILL", "WILLIAM", "LEE", "ELLA", "HELEN", "GARCIA", "LOPEZ", "OTT", "AMBER"])


names = st.tuples(words, words, words | st.just("")).map(lambda p: NameKey(p[0], full_form(p[0]), "", p[1], p[2], ""))


@given(names, names)
def test_names_sound_alike_where_a_part_of_one_sounds_like_a_part_of_the_other(one: NameKey, other: NameKey) -> None:
    heard = {sound(word) for word in (one.full, one.last, one.last2) if word}
    there = {sound(word) for word in (other.full, other.last, other.last2) if word}
    assert sound_alike(sounds(one), sounds(other)) == bool(heard & there)
    swapped = NameKey(one.last, full_form(one.last), "", one.first, "", "")
    assert sound_alike(asked_sounds(swapped), sounds(one))


@given(st.integers(0, 99999), st.integers(1, 99999), letters.filter(bool), letters.filter(bool))
def test_block_keys_are_signed_64_bit_numbers_that_differ_by_kind(
    zip5: int, number: int, last: str, first: str
) -> None:
    keys = {
        zip_number(f"{zip5:05d}", str(number)),
        surname_number(last, first[0], str(number), "TX"),
        name_zip(last, first, f"{zip5:05d}"),
    }
    assert len(keys) == 3
    assert all(0 <= one < 2**63 for one in keys)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("666-12-3456", "666123456"),
        ("666 12 3456", "666123456"),
        ("12345678", ""),
        ("", ""),
        ("none given", ""),
        ("66612345６", ""),
    ],
)
def test_a_taxpayer_number_is_nine_digits_or_nothing(written: str, digits: str) -> None:
    assert tin_key(written) == digits
