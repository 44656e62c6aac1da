"""The book as a whole: its profiles, its dates, what it promises, and the list of what it covers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from book_cases import (
    ADDRESS,
    CLAIM,
    COMPLETE_REQUEST,
    CONSENT,
    EMERGENCY,
    FAILURE_TO_DEPART,
    GAO,
    OPENED_BY,
    OWN_INITIATIVE,
    PROFILES,
    RETURN,
    SPRING_2026,
    STATE_RETURN,
    STATE_TAX,
    TERRORISM,
    WAGES_FROM_TAXPAYER,
    book,
    case,
    open_gateways,
    verdict,
    verdicts,
)
from limen.law import EditionError, make_edition
from limen.law.coverage_of_the_law import check, read_list, report

DAYS = [date(1976, 10, 4), date(1982, 9, 4), date(2002, 1, 23), date(2013, 1, 1), date(2025, 4, 7), SPRING_2026]
PAGE = Path(__file__).parents[2] / "docs" / "coverage-of-the-law.md"


def test_six_profiles_choose_for_every_reading() -> None:
    assert set(book().profiles) == set(PROFILES)
    for profile in book().profiles.values():
        assert set(profile.chooses) == set(book().readings)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_an_edition_for_every_day_since_1976(profile: str) -> None:
    for day in DAYS:
        assert make_edition(book(), profile, day).prohibitions
    with pytest.raises(EditionError):
        make_edition(book(), profile, date(1976, 10, 3))


def test_before_1982_a_complete_request_opens_nothing() -> None:
    assert verdict(COMPLETE_REQUEST, ADDRESS, "text-strict", date(1982, 9, 3)) == "deny"
    assert verdict(COMPLETE_REQUEST, ADDRESS, "text-strict", date(1982, 9, 4)) == "allow"


@pytest.mark.parametrize("gateway", sorted(OPENED_BY))
@pytest.mark.parametrize("grade", ["weak", "ambiguous", "none", None])
def test_a_doubtful_match_releases_nobody(gateway: str, grade: str | None) -> None:
    facts, item = OPENED_BY[gateway]
    for profile in PROFILES:
        assert verdict(case(facts, match__grade=grade), item, profile, date(2026, 1, 15)) in ("deny", "open")


def test_a_statistic_is_not_covered_and_a_match_flag_is_a_disclosure() -> None:
    assert verdict(COMPLETE_REQUEST, {"item.kind": "statistic"}, "centro-2026") == "not_covered"
    flag = {"item.kind": "match_flag", "item.came_from": "authority"}
    assert verdict(COMPLETE_REQUEST, flag, "centro-2026") == "allow"
    assert verdict(case(COMPLETE_REQUEST, request__in_writing=False), flag, "centro-2026") == "deny"


def test_a_dependant_is_not_the_filer() -> None:
    dependant = {"item.kind": "dependant_identity", "item.came_from": "taxpayer"}
    assert verdicts(COMPLETE_REQUEST, dependant) == dict.fromkeys(PROFILES, "deny")


def test_identity_goes_out_on_the_authoritys_own_initiative_only_beside_other_evidence() -> None:
    alone = case(OWN_INITIATIVE, initiative__evidence_not_from_taxpayer=False)
    assert "usc.26.6103.i.3.a" not in open_gateways(alone, ADDRESS, "text-strict")
    assert "usc.26.6103.i.7.a" in open_gateways(TERRORISM, ADDRESS, "text-strict")


@pytest.mark.parametrize(("days", "expected"), [(89, "deny"), (90, "deny"), (91, "allow")])
def test_the_failure_to_depart_is_complete_after_ninety_days(days: int, expected: str) -> None:
    received = FAILURE_TO_DEPART["request.received"]
    facts = case(FAILURE_TO_DEPART, matter__removal_order_final=received - timedelta(days=days))
    assert verdict(facts, ADDRESS, "text-strict") == expected


def test_review_by_a_court_starts_the_ninety_days_again() -> None:
    received = FAILURE_TO_DEPART["request.received"]
    reviewed = case(FAILURE_TO_DEPART, matter__court_reviewed=True)
    late = case(reviewed, matter__court_review_final=received - timedelta(days=91))
    early = case(reviewed, matter__court_review_final=received - timedelta(days=90))
    assert (verdict(late, ADDRESS, "text-strict"), verdict(early, ADDRESS, "text-strict")) == ("allow", "deny")


def test_proper_steps_against_an_order_are_no_offence() -> None:
    assert verdict(case(FAILURE_TO_DEPART, matter__seeks_exemption=True), ADDRESS, "text-strict") == "deny"


@pytest.mark.parametrize("statute", ["usc_8_1324d", "unlawful_presence", "other_civil", "none", "state_crime"])
def test_a_civil_provision_is_no_basis(statute: str) -> None:
    facts = case(COMPLETE_REQUEST, matter__designated_statute=statute)
    assert verdicts(facts, ADDRESS) == dict.fromkeys(PROFILES, "deny")


@pytest.mark.parametrize(
    ("signed_days_before", "as_of", "opens"),
    [
        (60, date(2012, 12, 31), True),
        (61, date(2012, 12, 31), False),
        (120, SPRING_2026, True),
        (121, SPRING_2026, False),
    ],
)
def test_a_consent_arrives_within_the_days_of_its_time(signed_days_before: int, as_of: date, opens: bool) -> None:
    facts = case(CONSENT, consent__signed_on=CONSENT["consent.received_on"] - timedelta(days=signed_days_before))
    assert (open_gateways(facts, RETURN, "text-strict", as_of) == {"usc.26.6103.c"}) is opens


def test_the_express_purpose_counts_from_28_december_2019() -> None:
    facts = case(CONSENT, consent__use_is_express_purpose=False)
    assert open_gateways(facts, RETURN, "text-strict", date(2019, 12, 27)) == {"usc.26.6103.c"}
    assert open_gateways(facts, RETURN, "text-strict", date(2019, 12, 28)) == set()


@pytest.mark.parametrize(
    ("bar", "facts", "item", "fact", "barring"),
    [
        ("usc.26.6103.i.6", COMPLETE_REQUEST, ADDRESS, "secretary.finds_tax_case_harm", True),
        ("usc.26.6103.c.impairment", CONSENT, RETURN, "secretary.finds_tax_administration_harm", True),
        ("usc.26.6103.d.impairment", STATE_TAX, STATE_RETURN, "secretary.finds_informant_risk", True),
        ("usc.26.6103.d.4", STATE_TAX, STATE_RETURN, "state_tax.death_information_contract", False),
        ("usc.26.6103.p.4.refusal", EMERGENCY, WAGES_FROM_TAXPAYER, "secretary.refuses_for_safeguards", True),
        ("usc.26.6103.p.9", CLAIM, ADDRESS, "recipient.any_contractor", True),
    ],
)
def test_a_bar_closes_what_was_open_and_silence_about_it_leaves_it_in_doubt(
    bar: str, facts: dict[str, object], item: dict[str, object], fact: str, barring: bool
) -> None:
    safe = {**facts, "safeguards.contractor_terms_met": False}
    assert bar in {rule.address for rule in book().bars}
    assert verdict(safe, item, "centro-2026") == "allow"
    assert verdict({**safe, fact: barring}, item, "centro-2026") == "deny"
    assert verdict({name: v for name, v in safe.items() if name != fact}, item, "centro-2026") == "open"


def test_the_terrorism_paragraphs_were_shut_while_they_had_lapsed() -> None:
    for lapsed, back in ((date(2004, 1, 1), date(2004, 10, 4)), (date(2008, 1, 1), date(2008, 10, 4))):
        for day, is_open in ((lapsed - timedelta(days=1), True), (lapsed, False), (back, True)):
            assert ("usc.26.6103.i.7.a" in open_gateways(TERRORISM, ADDRESS, "text-strict", day)) is is_open


def test_the_joint_committee_has_thirty_days() -> None:
    early = case(GAO, audit__notified_on=GAO["request.received"] - timedelta(days=29))
    assert open_gateways(early, RETURN, "text-strict") == set()
    assert open_gateways(GAO, RETURN, "text-strict") == {"usc.26.6103.i.8"}


def test_a_civil_fine_may_be_collected_at_an_address_and_an_arrest_may_not() -> None:
    assert verdict(CLAIM, ADDRESS, "text-strict") == "allow"
    assert verdict(case(CLAIM, claim__to_locate_for_collection=False), ADDRESS, "text-strict") == "deny"


def test_the_agreement_opens_no_gate_and_adds_only_where_it_is_taken_as_binding() -> None:
    relying = case(COMPLETE_REQUEST, agreement__relied_on=True, agreement__states_order_date=False)
    relying = case(relying, agreement__attests_sole_use=True, agreement__assures_investigation=True)
    relying = case(relying, safeguards__ai_used=False)
    day = date(2026, 1, 15)
    binding = {"mou-as-signed", "irs-2025-08"}
    assert verdicts(relying, ADDRESS, day) == {p: "deny" if p in binding else "allow" for p in PROFILES}
    assert {rule.address for rule in book().gateways if rule.address.startswith("us.")} == set()


def test_the_stay_and_the_injunction_bind_from_their_day_where_they_are_followed() -> None:
    assert verdict(COMPLETE_REQUEST, ADDRESS, "dmass-2026", date(2026, 2, 4)) == "allow"
    assert verdict(COMPLETE_REQUEST, ADDRESS, "dmass-2026", date(2026, 2, 5)) == "deny"
    bars = {bar.rule.address for bar in make_edition(book(), "ddc-2025-26", date(2025, 11, 21)).bars}
    assert "us.injunctions.ddc-2025-11-21" in bars
    bars = {bar.rule.address for bar in make_edition(book(), "ddc-2025-26", date(2025, 11, 20)).bars}
    assert "us.injunctions.ddc-2025-11-21" not in bars


def test_the_list_of_what_the_book_covers_fits_the_book_and_its_page_is_fresh() -> None:
    groups = read_list()
    assert check(groups, book()) == []
    assert PAGE.read_text(encoding="utf-8") == report(groups, book())


def test_the_check_of_the_list_finds_what_is_missing_or_wrong() -> None:
    groups = read_list()
    assert "`DEF-1` is not on the list" in check(groups[1:], book())
    problems = check((*groups, groups[0]), book())
    assert "`DEF-1` is on the list twice" in problems
