"""What each derivation makes of what an agency wrote."""

from __future__ import annotations

from datetime import date

import pytest

from limen.request.batch import BatchContext
from limen.request.characterise import Characteriser
from limen.request.match import Match
from limen.request.read import build_request

DAY = date(2026, 3, 3)


def fact(characteriser: Characteriser, name: str, **fields: object) -> object:
    request = build_request({"id": "r", "items": [{"id": "x", "kind": "name"}], **fields})
    found = characteriser.characterise(request, as_of=DAY).facts
    return {**found.facts, **found.items[0].facts}.get(name)


@pytest.mark.parametrize(
    ("name", "states"),
    [({"last": "Quill"}, True), ({"first": "Tomas", "last": "Quill"}, True), ({"first": "Tomas"}, False), ({}, False)],
)
def test_a_name_is_stated_with_the_last_name(characteriser, name, states):
    assert fact(characteriser, "request.states_name", subject={"name": name}) is states


@pytest.mark.parametrize(
    ("lines", "quality", "zip_like"),
    [
        (["418 Larkspur Ave Apt 2", "Yakima WA 98901"], "complete", True),
        (["Failed to Provide"], "placeholder", False),
        (["Unknown Address 79901"], "placeholder", True),
        (["00000"], "zip_only", True),
        (["County Detention Center"], "facility_only", False),
        ([], "none", False),
        (["123456 Long Number Rd"], None, False),
    ],
)
def test_an_address_is_judged_and_the_filter_of_2025_is_not_the_same_thing(characteriser, lines, quality, zip_like):
    subject = {"address": {"lines": lines}}
    if quality is not None:
        assert fact(characteriser, "request.address_quality", subject=subject) == quality
    assert fact(characteriser, "request.address_has_zip_like_number", subject=subject) is zip_like


@pytest.mark.parametrize(
    ("matter", "states"),
    [
        ({"statute": "8 U.S.C. 1326"}, True),
        ({"authority_cited": "the Act"}, True),
        ({"statute": "n/a"}, False),
        ({"statute": "See  File"}, False),
        ({"statute": "unknown"}, None),
        ({"statute": "unknown", "authority_cited": "INA"}, True),
        ({}, False),
    ],
)
def test_words_that_only_fill_a_box_state_no_authority(characteriser, matter, states):
    assert fact(characteriser, "request.states_authority", matter=matter) is states


@pytest.mark.parametrize(
    ("reasons", "states"), [("to serve a warrant", True), ("N/A", False), ("  ", False), ("unknown", None)]
)
def test_reasons_are_stated_or_blank_or_not_known(characteriser, reasons, states):
    assert fact(characteriser, "request.states_reasons", reasons=reasons) is states
    assert fact(characteriser, "terrorism.states_reasons", terrorism={"reasons": reasons}) is states


def test_the_reasons_of_a_terrorism_request_that_is_not_there_are_not_known(characteriser):
    assert fact(characteriser, "terrorism.states_reasons") is None


@pytest.mark.parametrize(
    ("periods", "states"),
    [(["2022"], True), ([], False), (["unknown"], None), (["unknown", "2022"], True), (["n/a"], False)],
)
def test_one_period_is_enough_to_state_periods(characteriser, periods, states):
    assert fact(characteriser, "request.states_tax_periods", tax_periods=periods) is states


@pytest.mark.parametrize(
    ("kinds", "more"),
    [(["name", "mailing_address", "taxpayer_number"], False), (["mailing_address", "match_flag"], True)],
)
def test_only_name_address_and_number_are_identity(characteriser, kinds, more):
    items = [{"id": kind, "kind": kind} for kind in kinds]
    assert fact(characteriser, "request.seeks_more_than_identity", items=items) is more


@pytest.mark.parametrize(
    ("statute", "conduct", "designated"),
    [
        ("8 U.S.C. 1253(a)(1)", None, "usc_8_1253_a_1"),
        ("8 U.S.C. § 1253(a)(1)(A)", None, "usc_8_1253_a_1"),
        ("8 U.S.C. 1253(a)(2)", None, "other_civil"),
        ("8 U.S.C. 1253", None, None),
        ("8 U.S.C. 1253", "failed_to_depart", "usc_8_1253_a_1"),
        ("8 U.S.C. 1253", "broke_supervision", "usc_8_1253_b"),
        ("8 U.S.C. 1253", "re_entered", None),
        ("INA § 276(a)", None, "usc_8_1326"),
        ("Title 8, United States Code, Section 1324(a)(1)(A)(iii)", None, "usc_8_1324"),
        ("section 1325(a) of title 8", None, "usc_8_1325"),
        ("8 USC 1306(a)", None, "usc_8_1306"),
        ("8 U.S.C. 1324d", None, "usc_8_1324d"),
        ("unlawful presence", None, "unlawful_presence"),
        ("18 U.S.C. 1001", None, "other_federal_crime"),
        ("18 U.S.C. 1028A and 21 U.S.C. 841", None, None),
        ("26 U.S.C. 7201", None, "federal_tax_crime"),
        ("26 U.S.C. 6103(i)(2); 8 U.S.C. 1326", None, "usc_8_1326"),
        ("8 U.S.C. 1253(a)(1), 1324d", None, None),
        ("8 U.S.C. 1231 and 1253(a)(1)", "failed_to_depart", "usc_8_1253_a_1"),
        ("8 U.S.C. 1231", None, "other_civil"),
        ("INA", None, "none"),
        ("Immigration and Nationality Act.", None, "none"),
        ("INA 999", None, None),
        ("18 U.S.C. 3142", None, None),
        ("to execute a final order of removal", None, None),
        ("unknown", None, None),
    ],
)
def test_the_statute_designated_is_read_from_the_citation_and_never_guessed(
    characteriser, statute, conduct, designated
):
    matter = {"statute": statute, "conduct": conduct}
    assert fact(characteriser, "matter.designated_statute", matter=matter) == designated


@pytest.mark.parametrize(
    ("statute", "purposes", "serves"),
    [
        ("8 U.S.C. 1326", [], True),
        ("INA", ["tax_administration"], True),
        (None, ["civil_removal"], True),
        (None, ["benefits"], None),
        ("42 U.S.C. 1396a", ["benefits"], False),
        ("42 U.S.C. 1396a", [], None),
        ("18 U.S.C. 1001", ["criminal_investigation"], False),
        ("50 U.S.C. 9999", ["criminal_investigation"], None),
        ("26 U.S.C. 7602", ["tax_administration", "other"], None),
        ("n/a", ["benefits"], None),
    ],
)
def test_whether_immigration_enforcement_is_served_is_only_denied_on_evidence(characteriser, statute, purposes, serves):
    found = fact(characteriser, "matter.serves_immigration_enforcement", matter={"statute": statute}, purposes=purposes)
    assert found is serves


RECIPIENTS = {
    "an officer of a part": ("dhs", {"agency": "dhs_ice"}, {"recipient.in_requesting_agency": True}),
    "an officer of a sister agency": (
        "dhs_ice",
        {"agency": "secret_service"},
        {"recipient.in_requesting_agency": False},
    ),
    "an officer of the whole, asked for by a part": (
        "dhs_ice",
        {"agency": "dhs"},
        {"recipient.in_requesting_agency": False},
    ),
    "a deputy of the county": (
        "dhs_ice",
        {"agency": "local_law_enforcement"},
        {
            "recipient.in_requesting_agency": False,
            "recipient.all_federal": False,
            "recipient.all_federal_or_state_law_enforcement": False,
            "recipient.all_agency_or_team": None,
        },
    ),
    "a deputy of the county on the team": (
        "fbi",
        {"agency": "local_law_enforcement", "investigative_team": True},
        {"recipient.all_agency_or_team": True, "recipient.all_federal": False},
    ),
    "the State police": (
        "fbi",
        {"agency": "state_law_enforcement"},
        {
            "recipient.all_federal_or_state_law_enforcement": True,
            "recipient.all_federal_law_enforcement": False,
            "recipient.all_agency_or_team": None,
        },
    ),
    "a department of which only a part enforces": (
        "dhs",
        {"agency": "dhs"},
        {"recipient.all_federal_law_enforcement": None, "recipient.all_federal": True},
    ),
    "somebody who collects intelligence": (
        "treasury",
        {"agency": "treasury", "intelligence": True},
        {"recipient.all_intelligence": True, "recipient.all_treasury": True, "recipient.all_justice": False},
    ),
    "an agent of the tax authority": ("irs", {"agency": "irs"}, {"recipient.all_treasury": True}),
    "a prosecutor": ("department_of_justice", {"agency": "department_of_justice"}, {"recipient.all_justice": True}),
    "a contractor": (
        "dhs_ice",
        {"agency": "private", "employment": "contractor"},
        {
            "recipient.any_contractor": True,
            "recipient.are_officers_or_employees": False,
            "recipient.are_staff_or_representatives": False,
            "recipient.in_requesting_agency": False,
        },
    ),
    "somebody of whom nothing is said": (
        "dhs_ice",
        {"name": "R. Stannard"},
        {
            "recipient.in_requesting_agency": None,
            "recipient.all_federal": None,
            "recipient.any_contractor": None,
            "recipient.engagement": None,
        },
    ),
    "an agency said to be unknown": (
        "unknown",
        {"agency": "dhs"},
        {"recipient.in_requesting_agency": None, "recipient.all_federal": True},
    ),
}


@pytest.mark.parametrize("person", RECIPIENTS)
def test_what_can_be_said_of_a_recipient(characteriser, person):
    agency, recipient, expected = RECIPIENTS[person]
    fields = {"requester": {"agency": agency}, "recipients": [recipient]}
    assert {name: fact(characteriser, name, **fields) for name in expected} == expected


def test_recipients_are_taken_together(characteriser):
    both = [{"agency": "dhs_ice", "engagement": "works_the_matter"}, {"agency": "private", "engagement": "supervises"}]
    assert fact(characteriser, "recipient.all_federal", recipients=both) is False
    assert fact(characteriser, "recipient.engagement", recipients=both) == "supervises"
    assert fact(characteriser, "recipient.all_federal", recipients=[both[0], {}]) is None


def test_nothing_is_said_of_recipients_who_are_not_named(characteriser):
    for name in ("recipient.all_federal", "recipient.in_requesting_agency", "recipient.any_contractor"):
        assert fact(characteriser, name, requester={"agency": "dhs"}) is None


@pytest.mark.parametrize(
    ("items", "named"),
    [(["wages"], True), (["Reported_Amount"], True), (["other"], False), ([], False), (["unknown"], None)],
)
def test_an_order_names_an_item_by_its_id_or_its_kind(characteriser, items, named):
    found = fact(
        characteriser,
        "item.named_in_order",
        items=[{"id": "wages", "kind": "reported_amount"}],
        order={"granted": True, "items": items},
    )
    assert found is named


@pytest.mark.parametrize(
    ("asked", "own", "ordered", "covered"),
    [
        (["2022"], "2022", ["2022"], True),
        (["2022", "2023"], None, ["2022"], False),
        (["2022", "2023"], None, ["2021-2024"], True),
        (["2022", "2023"], "TY2022", ["tax year 2022"], True),
        (["2022"], "2022 Q1", ["2022"], True),
        (["2022"], "2022", ["2022 Q1"], False),
        ([], None, ["2022"], None),
        (["2022"], "unknown", ["2022"], None),
        (["2022"], "2022", ["unknown"], None),
        (["2022"], "2022", [], False),
    ],
)
def test_an_order_specifies_the_period_of_an_item(characteriser, asked, own, ordered, covered):
    found = fact(
        characteriser,
        "item.period_in_order",
        tax_periods=asked,
        items=[{"id": "x", "kind": "filed_return", "period": own}],
        order={"granted": True, "periods": ordered},
    )
    assert found is covered


def test_what_nobody_has_looked_for_is_not_known(characteriser):
    request = build_request({"id": "r", "items": [{"id": "x", "kind": "name"}]})
    alone = characteriser.characterise(request, as_of=DAY).facts.facts
    assert [name for name in alone if name.startswith(("match.", "batch."))] == []
    found = characteriser.characterise(
        request,
        Match("strong", "tin", "p1", 1, 0.99, None, True, True, ()),
        as_of=DAY,
        batch=BatchContext(matters_naming_same_recipient=50_000, requests_with_same_reasons=None),
    ).facts.facts
    assert found["match.grade"] == "strong"
    assert found["match.tin_agrees"] is True
    assert "match.address_held" not in found
    assert found["batch.matters_naming_same_recipient"] == 50_000
    assert "batch.requests_with_same_reasons" not in found
