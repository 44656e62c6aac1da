"""Is this an address at all? The taxonomy of the public record, postal forms, and what no formatting may change."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.request.address import judge_address
from limen.request.address_words import address_words

DATA = Path("engine/limen/request/data")


@pytest.mark.parametrize(
    ("text", "kind", "defect"),
    [
        ("Failed to Provide", "placeholder", "placeholder_text"),
        ("Unknown Address", "placeholder", "placeholder_text"),
        ("NA NA", "placeholder", "placeholder_text"),
        ("Failed to Provide 62704", "placeholder", "placeholder_with_zip"),
        ("Unknown Address, Springfield, IL 62704", "placeholder", "placeholder_with_zip"),
        ("12345 UNKNOWN STREET", "placeholder", "placeholder_with_zip"),
        ("Homeless, Springfield, IL 62704", "placeholder", "placeholder_with_zip"),
        ("N/A, Springfield, IL", "placeholder", "placeholder_text"),
        ("xxxxx", "placeholder", "placeholder_text"),
        ("Main St, Springfield", "partial", "missing_number"),
        ("1200, Springfield", "partial", "missing_street"),
        ("1200 Springfield IL 62704", "partial", "missing_street"),
        ("12 Oak St", "partial", "missing_zip"),
        ("Springfield, IL 62704", "partial", "missing_street"),
        ("Three Oaks, MI 49128", "partial", "missing_number"),
        ("County Detention Center", "facility_only", "facility_without_location"),
        ("County Jail, Springfield, IL 62704", "facility_only", "facility_without_location"),
        ("Don't Care 12345", "zip_only", "zip_like_only"),
        ("00000", "zip_only", "zip_like_only"),
        ("62704-1234", "zip_only", "zip_like_only"),
        ("", "none", "blank"),
        (" , - ", "none", "blank"),
    ],
)
def test_each_defect_of_the_taxonomy_is_seen_and_is_not_an_address(text: str, kind: str, defect: str) -> None:
    quality = judge_address([text])
    assert quality.kind == kind
    assert defect in quality.defects


@pytest.mark.parametrize(
    "text",
    [
        "12 N Oak St Apt 4B, Springfield, IL 62704",
        "12 Oak Ct Hartford CT 06103",
        "One Market Plaza, San Francisco, CA 94105",
        "5983 Front St, Huntsville AL 35811",
        "1560 W Front Ln, Newberry SC 29108",
        "12 Lower Rd Apt 3, Newberry SC 29108",
        "123 1/2 Elm Ave, Los Angeles, California 90012",
        "N123W456 Main St, Menomonee Falls WI 53051",
        "4-55 47th Ave, Long Island City, NY 11101",
        "123 E 400 S, Salt Lake City UT 84111",
        "300 US Highway 12345 Springfield IL 62704",
        "P.O. Box 12, Springfield IL 62704",
        "RR 2 Box 14A, Lowell, OH 45744",
        "HC 1 Box 123, Lares PR 00669",
        "PSC 802 Box 74, APO AE 09499",
        "Unit 2050 Box 4190, APO AP 96278",
        "USS Nimitz, FPO AP 96620",
        "Urb Las Gladiolas, 150 Calle A, San Juan PR 00926",
        "Calle Luna 123, San Juan, PR 00901",
        "Cond Plaza Real Apt 302, San Juan PR 00926",
        "Carr 115 Km 2.3, Rincón PR 00677",
        "General Delivery, Nome AK 99762",
        "Cook County Jail, 2700 S California Ave, Chicago IL 60608",
        "12 Oak St, N/A, Springfield, IL 62704",
        "32 N. Dean St., Englewood, NJ 7631",
        "123 N A St, Springfield, IL 62704",
        "9 None Such Rd, Springfield, IL 62704",
    ],
)
def test_an_address_in_any_postal_form_is_accepted(text: str) -> None:
    assert judge_address([text]).kind == "complete"


@pytest.mark.parametrize(
    ("text", "street", "suffix", "unit"),
    [
        ("5983 Front St", "FRONT", "ST", ""), ("12 N Front St Rear", "FRONT", "ST", "REAR"),
        ("12 Front St Apt 3", "FRONT", "ST", "3"), ("12 Beach Front Dr # 4", "BEACH FRONT", "DR", "4"),
        ("9 Pier Rd", "PIER", "RD", ""), ("9 Old Pier Rd Lot 2", "OLD PIER", "RD", "2"),
        ("12 Oak St Rear", "OAK", "ST", "REAR"), ("12 Oak St Lot CT", "OAK", "ST", "CT"),
        ("12 Oak St Slip 4", "OAK", "ST", "4"), ("12 Oak St Ste DR", "OAK", "ST", "DR"),
    ],
)  # fmt: skip
def test_a_unit_word_before_a_suffix_is_the_street_and_one_after_it_the_unit(
    text: str, street: str, suffix: str, unit: str
) -> None:
    parts = judge_address([text, "Newberry, SC 29108"]).parsed
    assert (parts.form, parts.street, parts.suffix, parts.unit) == ("street", street, suffix, unit)


@pytest.mark.parametrize("text", ["12 Apt St", "12 Ste Dr", "12 Unit Ct", "12 Fl Rd", "12 Front"])
def test_a_number_and_a_unit_are_no_street(text: str) -> None:
    assert judge_address([text, "Newberry, SC 29108"]).kind == "partial"


def test_every_listed_placeholder_is_rejected_with_and_without_a_zip_code() -> None:
    with (DATA / "placeholders.tsv").open(encoding="ascii") as table:
        texts = [row[1] for row in csv.reader(table, delimiter="\t") if not row[0].startswith("#")]
    assert len(texts) > 90
    accepted = [
        text
        for text in texts
        for lines in ([text], [text, "62704"], [text.lower(), "Springfield, IL 62704"], [text, text])
        if judge_address(lines).kind not in {"placeholder", "zip_only"}
    ]
    assert accepted == []


def test_the_filter_of_august_2025_sees_any_five_or_nine_digit_number() -> None:
    assert judge_address(["Failed to Provide 62704"]).zip_like
    assert judge_address(["12345 UNKNOWN STREET"]).zip_like
    assert judge_address(["123456789"]).zip_like
    assert not judge_address(["123456"]).zip_like
    assert not judge_address(["12 Oak St, Springfield"]).zip_like


def test_a_zip_code_of_another_state_is_said_and_does_not_unmake_the_address() -> None:
    quality = judge_address(["12 Oak St", "Springfield, TX 62704"])
    assert (quality.kind, quality.defects) == ("complete", ("zip_not_of_state",))


def test_an_unassigned_zip_code_locates_nothing() -> None:
    assert judge_address(["12 Oak St 00000"]).kind == "partial"
    assert "impossible_zip" in judge_address(["12 Oak St 00000"]).defects


streets = st.sampled_from(["OAK", "MARTIN LUTHER KING JR", "42ND", "EL CAMINO REAL", "O'FARRELL", "LA CIENEGA"])
suffixes = st.sampled_from(
    sorted({form for form in address_words().suffix if len(form) > 1} & {"ST", "STREET", "AVE", "RD", "BLVD", "LN"})
)
units = st.sampled_from(["", " Apt 4B", " #4-B", " apt. 4-b", " Unit 4 B", ", APT 4B", " # 4B"])


@given(
    number=st.integers(1, 99999), street=streets, suffix=suffixes, unit=units, comma=st.booleans(), upper=st.booleans()
)
def test_formatting_changes_neither_the_judgement_nor_the_parts(
    number: int, street: str, suffix: str, unit: str, comma: bool, upper: bool
) -> None:
    text = f"{number} {street} {suffix}{unit}" + (", " if comma else " ") + "Springfield, IL 62704"
    quality = judge_address([text.upper() if upper else text.lower()])
    parts = quality.parsed
    assert quality.kind == "complete"
    assert (parts.number, parts.city, parts.state, parts.zip) == (str(number), "SPRINGFIELD", "IL", "62704")
    assert parts.street == street.replace("'", "")
    assert parts.unit == ("4B" if unit else "")


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_at_all_gets_one_judgement_and_the_same_again(lines: list[str]) -> None:
    quality = judge_address(lines)
    assert quality == judge_address(list(lines))
    assert (quality.kind == "complete") <= (set(quality.defects) <= {"zip_not_of_state", "impossible_zip"})
    assert quality.kind == "complete" or quality.defects


def test_real_addresses_are_accepted_and_those_without_a_delivery_point_are_not() -> None:
    lines = (Path(__file__).parent / "data" / "us50.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    real, without = (
        [judge_address([text]).kind for said, text in rows if said == label]
        for label in ("sufficient", "no delivery point")
    )
    assert len(real) == 610
    assert len(without) == 77
    assert real.count("complete") >= 0.99 * len(real)
    assert without.count("complete") == 0
