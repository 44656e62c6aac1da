"""The decisive cases of the training scenarios, as facts, under each profile."""

from __future__ import annotations

from datetime import date

import pytest

from book_cases import (
    ADDRESS,
    BEFORE_THE_INJUNCTION,
    COMPLETE_REQUEST,
    EMERGENCY,
    FAILURE_TO_DEPART,
    FUGITIVE,
    PROFILES,
    RETURN,
    RETURN_IN_ORDER,
    UNDER_THE_AGREEMENT,
    WAGES_FROM_EMPLOYER,
    WAGES_FROM_TAXPAYER,
    book,
    case,
    open_gateways,
    verdict,
    verdicts,
)


def under(allow: set[str], otherwise: str = "deny") -> dict[str, str]:
    return {profile: "allow" if profile in allow else otherwise for profile in PROFILES}


ALL_BUT_THE_ENJOINED = set(PROFILES) - {"dmass-2026"}


def test_1_the_textbook_request_is_granted_except_where_the_injunction_is_followed() -> None:
    assert verdicts(COMPLETE_REQUEST, ADDRESS) == under(ALL_BUT_THE_ENJOINED)
    assert verdicts(COMPLETE_REQUEST, ADDRESS, BEFORE_THE_INJUNCTION) == under(set(PROFILES))


def test_1_it_goes_no_further_than_identity_and_only_once_the_bar_was_checked() -> None:
    assert verdict(COMPLETE_REQUEST, RETURN, "centro-2026") == "deny"
    unchecked = case(COMPLETE_REQUEST, secretary__finds_informant_risk=None)
    assert verdict(unchecked, ADDRESS, "centro-2026") == "open"
    assert verdict(case(COMPLETE_REQUEST, secretary__finds_informant_risk=True), ADDRESS, "irs-2025-08") == "deny"


def test_2_a_perfect_number_without_an_address_flips_under_the_practice_of_august_2025() -> None:
    facts = case(
        COMPLETE_REQUEST,
        request__address_quality="zip_only",
        match__lane="tin",
        match__grade="strong",
        match__tin_agrees=True,
        match__address_held="never",
    )
    assert verdicts(facts, ADDRESS) == under({"irs-2025-08"})


def test_3_a_true_but_stale_address_fails_only_where_it_has_to_be_the_one_held_now() -> None:
    facts = case(COMPLETE_REQUEST, match__address_held="former", match__grade="strong")
    assert verdicts(facts, ADDRESS, BEFORE_THE_INJUNCTION) == under(set(PROFILES) - {"text-strict"})


def test_4_executing_an_order_of_removal_is_civil_under_every_profile() -> None:
    facts = case(COMPLETE_REQUEST, matter__kind="civil", matter__designated_statute="none", matter__conduct="other")
    assert verdicts(facts, ADDRESS, BEFORE_THE_INJUNCTION) == under(set())


def test_5_a_valid_request_about_failure_to_depart_is_granted_and_carries_a_limit_of_use() -> None:
    assert verdicts(FAILURE_TO_DEPART, ADDRESS) == under(ALL_BUT_THE_ENJOINED)
    assert "usc.26.6103.i.2#use_limit" in book().locations


def test_6_one_officer_and_fifty_thousand_files_flip_under_the_practice_of_august_2025() -> None:
    facts = case(COMPLETE_REQUEST, recipient__engagement="supervises", batch__matters_naming_same_recipient=50_000)
    assert verdicts(facts, ADDRESS) == under({"irs-2025-08"})
    said_to_work_them_all = case(COMPLETE_REQUEST, batch__matters_naming_same_recipient=50_000)
    assert verdicts(said_to_work_them_all, ADDRESS) == under({"irs-2025-08"})


def test_7_the_inspector_general_may_ask_about_a_contractor() -> None:
    facts = case(
        COMPLETE_REQUEST,
        requester__office="inspector_general",
        matter__designated_statute="other_federal_crime",
        matter__conduct="other",
        matter__serves_immigration_enforcement=False,
        request__seeks_more_than_identity=True,
    )
    for item in (ADDRESS, WAGES_FROM_EMPLOYER):
        assert verdicts(facts, item) == under(set(PROFILES))


def test_8_an_order_for_inadmissibility_divides_the_profiles() -> None:
    facts = case(FAILURE_TO_DEPART, matter__removal_class="inadmissible_1182")
    assert verdicts(facts, ADDRESS, BEFORE_THE_INJUNCTION) == under({"mou-as-signed", "irs-2025-08", "centro-2026"})


HARBOURING = case(
    COMPLETE_REQUEST,
    matter__designated_statute="usc_8_1324",
    matter__conduct="harboured_or_smuggled",
    request__seeks_more_than_identity=True,
)


def test_9_the_same_wages_are_open_from_the_employer_and_closed_from_the_taxpayer() -> None:
    assert verdicts(HARBOURING, WAGES_FROM_EMPLOYER) == under(ALL_BUT_THE_ENJOINED)
    assert verdicts(HARBOURING, WAGES_FROM_TAXPAYER) == under(set())


def test_9_the_agreement_may_be_narrower_than_the_statute() -> None:
    facts = case(HARBOURING, **{name.replace(".", "__"): value for name, value in UNDER_THE_AGREEMENT.items()})
    assert verdicts(facts, WAGES_FROM_EMPLOYER) == {
        "text-strict": "allow",
        "mou-as-signed": "open",
        "irs-2025-08": "deny",
        "centro-2026": "allow",
        "ddc-2025-26": "allow",
        "dmass-2026": "deny",
    }
    assert verdict(facts, ADDRESS, "mou-as-signed") == "allow"


COUNTY_SHERIFF = case(
    EMERGENCY, requester__agency="local_law_enforcement", recipient__all_federal_law_enforcement=False
)


@pytest.mark.parametrize("profile", PROFILES)
def test_10_a_child_in_danger_may_be_helped_through_state_or_federal_police_but_not_through_a_sheriff(
    profile: str,
) -> None:
    assert open_gateways(COUNTY_SHERIFF, WAGES_FROM_TAXPAYER, profile) == {"usc.26.6103.i.3.b.i"}
    assert open_gateways(COUNTY_SHERIFF, RETURN, profile) == set()
    sheriff = case(COUNTY_SHERIFF, recipient__all_federal_or_state_law_enforcement=False)
    assert open_gateways(sheriff, WAGES_FROM_TAXPAYER, profile) == set()


def test_10_the_bar_on_informants_does_not_hold_up_an_emergency() -> None:
    facts = case(EMERGENCY, secretary__finds_informant_risk=True)
    assert open_gateways(facts, WAGES_FROM_TAXPAYER, "text-strict") == {"usc.26.6103.i.3.b.i"}


def test_11_a_warrant_of_removal_opens_nothing_and_a_felony_warrant_does() -> None:
    assert open_gateways(FUGITIVE, RETURN_IN_ORDER, "text-strict") == {"usc.26.6103.i.5"}
    administrative = case(FUGITIVE, warrant__issued_by="immigration_officer", warrant__offence="civil_removal")
    assert verdicts(administrative, RETURN_IN_ORDER) == under(set())
    without_order = case(COMPLETE_REQUEST, warrant__issued=True, warrant__issued_by="immigration_officer")
    assert verdicts(without_order, RETURN) == under(set())


def test_12_a_deputy_of_the_county_is_not_an_officer_of_the_agency() -> None:
    facts = case(COMPLETE_REQUEST, recipient__in_requesting_agency=False, recipient__all_federal=False)
    assert verdicts(facts, ADDRESS) == under(set())
    assert "usc.26.6103.i.2#staff_only" in book().locations


def test_13_a_contractor_is_no_officer_and_notice_would_not_make_it_one() -> None:
    facts = case(
        COMPLETE_REQUEST,
        recipient__are_officers_or_employees=False,
        recipient__any_contractor=True,
        safeguards__contractor_terms_met=True,
    )
    assert verdicts(facts, ADDRESS) == under(set())


def test_13_under_the_agreement_analysis_by_ai_needs_notice() -> None:
    relying = {name.replace(".", "__"): value for name, value in UNDER_THE_AGREEMENT.items()}
    told = case(COMPLETE_REQUEST, **{**relying, "safeguards__ai_used": True, "safeguards__ai_notice_given": True})
    assert verdict(told, ADDRESS, "mou-as-signed") == "allow"
    assert verdict(case(told, safeguards__ai_notice_given=False), ADDRESS, "mou-as-signed") == "deny"
    assert verdict(case(told, safeguards__ai_notice_given=False), ADDRESS, "centro-2026") == "allow"


def test_14_an_incident_is_reported_within_24_hours() -> None:
    duties = {duty.address: duty for rule in book().duty_rules for duty in rule.duties}
    assert duties["us.pub-1075.incidents#report_incident"].within_hours == 24


def test_15_the_end_of_use_leaves_three_ways_and_asks_the_court_before_destruction() -> None:
    duties = {duty.address: duty for rule in book().duty_rules for duty in rule.duties}
    assert "keep every safeguard" in duties["usc.26.6103.p.4.f.ii#end_of_use"].duty
    assert duties["us.injunctions.dmass-2026-02-05.duties#leave_to_destroy"].cite.dated == date(2026, 2, 5)
