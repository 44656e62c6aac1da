"""Situations for the tests of the book, as facts: what a case says, without the request it would be read from."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from limen.decide.reference import find
from limen.law import Book, check_facts, load_book, make_edition

PROFILES = ("text-strict", "mou-as-signed", "irs-2025-08", "centro-2026", "ddc-2025-26", "dmass-2026")
SPRING_2026 = date(2026, 3, 15)
BEFORE_THE_INJUNCTION = date(2026, 1, 15)

NO_BARS: dict[str, Any] = {
    "secretary.finds_informant_risk": False,
    "secretary.finds_tax_case_harm": False,
    "secretary.refuses_for_safeguards": False,
    "recipient.any_contractor": False,
}
ONE_PERSON: dict[str, Any] = {
    "match.grade": "exact",
    "match.lane": "address",
    "match.address_held": "current",
    "match.name_agrees": True,
}
NOTHING_ELSE: dict[str, Any] = {
    "order.presented": False,
    "consent.presented": False,
    "initiative.recorded": False,
    "terrorism.presented": False,
    "inquiry.recorded": False,
    "claim.presented": False,
    "programme.presented": False,
    "recipient.all_treasury": False,
    "recipient.all_justice": False,
}
"""A request that relies on no other provision than the one on written requests."""

COMPLETE_REQUEST: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    "holder.agency": "irs",
    "requester.agency": "dhs",
    "requester.office": "agency_head",
    "request.in_writing": True,
    "request.received": date(2026, 3, 10),
    "request.states_name": True,
    "request.address_quality": "complete",
    "request.address_has_zip_like_number": True,
    "request.states_tax_periods": True,
    "request.states_authority": True,
    "request.states_reasons": True,
    "request.seeks_more_than_identity": False,
    "batch.requests_with_same_reasons": 1,
    "batch.matters_naming_same_recipient": 1,
    "matter.kind": "criminal",
    "matter.stage": "investigation",
    "matter.designated_statute": "usc_8_1326",
    "matter.conduct": "re_entered",
    "matter.is_specific_investigation": True,
    "matter.involves_tax_administration": False,
    "matter.us_is_or_may_be_party": True,
    "matter.missing_child": False,
    "matter.serves_immigration_enforcement": True,
    "recipient.in_requesting_agency": True,
    "recipient.are_officers_or_employees": True,
    "recipient.all_federal": True,
    "recipient.engagement": "works_the_matter",
    "use.solely_this_matter": True,
    "use.also_civil": False,
    "use.only_to_locate": True,
    "agreement.relied_on": False,
    **NOTHING_ELSE,
}
"""The textbook request: found-in re-entry, one agent, the address needed to serve and arrest on a complaint."""

FAILURE_TO_DEPART: dict[str, Any] = {
    **COMPLETE_REQUEST,
    "matter.designated_statute": "usc_8_1253_a_1",
    "matter.conduct": "failed_to_depart",
    "matter.wilful": True,
    "matter.removal_order": True,
    "matter.removal_order_final": date(2025, 6, 1),
    "matter.court_reviewed": False,
    "matter.removal_class": "deportable_1227a",
    "matter.seeks_exemption": False,
}
UNDER_THE_AGREEMENT: dict[str, Any] = {
    "agreement.relied_on": True,
    "agreement.attests_sole_use": True,
    "agreement.assures_investigation": True,
    "agreement.states_order_date": True,
    "safeguards.ai_used": False,
}

TAX_MATTER: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "department_of_justice",
    "requester.office": "assistant_attorney_general",
    "request.in_writing": True,
    "matter.kind": "tax",
    "matter.stage": "investigation",
    "matter.involves_tax_administration": True,
    "matter.serves_immigration_enforcement": False,
    "recipient.all_justice": True,
    "recipient.are_officers_or_employees": True,
    "recipient.all_federal": True,
    "recipient.engagement": "works_the_matter",
    "batch.matters_naming_same_recipient": 1,
    "use.solely_this_matter": True,
    "use.also_civil": False,
    "tax.before_court_or_grand_jury": True,
    "tax.party": True,
    "tax.liability": False,
    "tax.return_item": False,
    "tax.transaction": False,
    "tax.referred": False,
    "tax.own_proceeding": False,
    "tax.request_names_taxpayer": True,
    "tax.request_states_need": True,
}
COURT_ORDER: dict[str, Any] = {
    **COMPLETE_REQUEST,
    "requester.agency": "department_of_justice",
    "requester.office": "us_attorney",
    "order.presented": True,
    "order.granted": True,
    "order.purpose": "criminal_matter",
    "order.ex_parte": True,
    "order.court": "magistrate_judge",
    "order.authorised_by": "us_attorney",
    "order.finds_crime": True,
    "order.finds_relevance": True,
    "order.finds_exclusive_use": True,
    "order.finds_no_other_source": True,
    "team.recipients_on_child_team": False,
}
FUGITIVE: dict[str, Any] = {
    **COURT_ORDER,
    "order.purpose": "locate_fugitive",
    "order.finds_exclusively_to_locate": True,
    "order.finds_location_relevance": True,
    "matter.kind": "fugitive",
    "matter.designated_statute": "other_federal_crime",
    "matter.serves_immigration_enforcement": False,
    "warrant.issued": True,
    "warrant.issued_by": "federal_court",
    "warrant.offence": "federal_felony",
    "warrant.fugitive": True,
}
OWN_INITIATIVE: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "irs",
    "requester.office": "other_official",
    "request.in_writing": False,
    "initiative.recorded": True,
    "initiative.begun_by_authority": True,
    "initiative.in_writing": True,
    "initiative.evidence_of_crime": True,
    "initiative.evidence_not_from_taxpayer": True,
    "initiative.recipient_is_head": True,
    "initiative.recipient_enforces_that_law": True,
    "initiative.necessary_to_apprise": True,
    "recipient.all_federal": True,
    "recipient.all_federal_law_enforcement": True,
    "recipient.all_federal_or_state_law_enforcement": True,
}
EMERGENCY: dict[str, Any] = {
    **OWN_INITIATIVE,
    "initiative.danger_of_death_or_injury": True,
    "initiative.danger_is_imminent": True,
}
FLIGHT: dict[str, Any] = {
    **OWN_INITIATIVE,
    "initiative.flight_from_federal_prosecution": True,
    "initiative.flight_is_imminent": True,
}
TERRORISM: dict[str, Any] = {
    **OWN_INITIATIVE,
    "requester.agency": "fbi",
    "requester.office": "delegate",
    "requester.is_law_enforcement_agency": True,
    "request.in_writing": True,
    "terrorism.presented": True,
    "terrorism.relates": True,
    "terrorism.agency_responds": True,
    "terrorism.states_reasons": True,
    "terrorism.recipients_named": True,
    "terrorism.solely_for_it": True,
    "terrorism.collects_intelligence": True,
    "recipient.all_agency_or_team": True,
    "recipient.all_intelligence": True,
    "recipient.all_justice": True,
    "recipient.engagement": "works_the_matter",
    "batch.matters_naming_same_recipient": 1,
    "initiative.for_application_to_court": True,
}
TERRORISM_ORDER: dict[str, Any] = {
    **TERRORISM,
    "order.presented": True,
    "order.granted": True,
    "order.purpose": "terrorism",
    "order.ex_parte": True,
    "order.court": "district_judge",
    "order.authorised_by": "attorney_general",
    "order.finds_terrorism_relevance": True,
    "order.finds_exclusively_for_terrorism": True,
    "terrorism.application_by_secretary": True,
    "recipient.all_intelligence": False,
}
CONSENT: dict[str, Any] = {
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "private",
    "recipient.any_contractor": False,
    "secretary.finds_tax_administration_harm": False,
    "consent.presented": True,
    "consent.form": "written_designation",
    "consent.needed_for_assistance": False,
    "consent.designee_is_recipient": True,
    "consent.signed": True,
    "consent.signed_on": date(2026, 1, 5),
    "consent.received_on": date(2026, 2, 5),
    "consent.identifies_taxpayer": True,
    "consent.identifies_designee": True,
    "consent.states_kind_of_information": True,
    "consent.states_periods": True,
    "consent.covers_items": True,
    "consent.covers_periods": True,
    "consent.use_is_express_purpose": True,
}
STATE_TAX: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "state_tax",
    "requester.office": "agency_head",
    "request.in_writing": True,
    "state_tax.charged_with_administration": True,
    "state_tax.purpose_is_state_tax": True,
    "state_tax.necessary": True,
    "state_tax.recipients_designated": True,
    "state_tax.recipient_is_chief_executive": False,
    "state_tax.death_information_contract": True,
    "state_tax.death_information_exception": False,
    "recipient.are_staff_or_representatives": True,
}
STATE_AUDIT: dict[str, Any] = {
    **STATE_TAX,
    "requester.agency": "state_audit",
    "state_tax.is_audit_agency": True,
    "state_tax.audits_the_tax_agency": True,
}
TREASURY: dict[str, Any] = {
    **TAX_MATTER,
    "requester.agency": "irs",
    "requester.office": "other_official",
    "recipient.all_treasury": True,
    "recipient.all_justice": False,
    "tax.duties_require": True,
}
GAO: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "gao",
    "requester.office": "comptroller_general",
    "request.in_writing": True,
    "request.received": date(2026, 3, 10),
    "audit.of": "safeguards",
    "audit.joint_committee_notified": True,
    "audit.notified_on": date(2026, 1, 10),
    "audit.vetoed": False,
    "audit.staff_designated": True,
    "recipient.all_federal": True,
}
INQUIRY: dict[str, Any] = {
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "irs",
    "matter.serves_immigration_enforcement": False,
    "inquiry.recorded": True,
    "inquiry.discloser": "irs",
    "inquiry.in_official_duties": True,
    "inquiry.about_tax": True,
    "inquiry.necessary_to_obtain": True,
    "inquiry.not_otherwise_available": True,
    "inquiry.within_regulation": True,
}
CLAIM: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "dhs_ice",
    "requester.office": "other_official",
    "request.in_writing": True,
    "claim.presented": True,
    "claim.is_federal": True,
    "claim.to_locate_for_collection": True,
    "recipient.all_federal": True,
}
PROGRAMME: dict[str, Any] = {
    **NO_BARS,
    **ONE_PERSON,
    **NOTHING_ELSE,
    "holder.agency": "irs",
    "requester.agency": "other_federal_agency",
    "requester.office": "agency_head",
    "matter.serves_immigration_enforcement": False,
    "programme.presented": True,
    "programme.paragraph": "l_1",
    "programme.agency_is_named": True,
    "programme.purpose_is_named": True,
    "programme.items_are_named": True,
}

ADDRESS = {"item.kind": "mailing_address", "item.came_from": "taxpayer"}
WAGES_FROM_EMPLOYER = {"item.kind": "third_party_amount", "item.came_from": "third_party"}
WAGES_FROM_TAXPAYER = {"item.kind": "reported_amount", "item.came_from": "taxpayer"}
RETURN = {"item.kind": "filed_return", "item.came_from": "taxpayer"}
RETURN_IN_ORDER = {**RETURN, "item.named_in_order": True, "item.period_in_order": True}
STATE_RETURN = {**RETURN, "item.tax_is_listed": True}

OPENED_BY: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "usc.26.6103.c": (CONSENT, RETURN),
    "usc.26.6103.d.1": (STATE_TAX, STATE_RETURN),
    "usc.26.6103.d.2": (STATE_AUDIT, STATE_RETURN),
    "usc.26.6103.h.1": (TREASURY, RETURN),
    "usc.26.6103.h.3.a": ({**TAX_MATTER, "tax.referred": True}, RETURN),
    "usc.26.6103.h.3.b": (TAX_MATTER, RETURN),
    "usc.26.6103.i.1": (COURT_ORDER, RETURN_IN_ORDER),
    "usc.26.6103.i.2": (COMPLETE_REQUEST, ADDRESS),
    "usc.26.6103.i.3.a": (OWN_INITIATIVE, ADDRESS),
    "usc.26.6103.i.3.b.i": (EMERGENCY, WAGES_FROM_TAXPAYER),
    "usc.26.6103.i.3.b.ii": (FLIGHT, WAGES_FROM_TAXPAYER),
    "usc.26.6103.i.3.c.i": (TERRORISM, ADDRESS),
    "usc.26.6103.i.3.c.ii": (TERRORISM, RETURN),
    "usc.26.6103.i.5": (FUGITIVE, RETURN_IN_ORDER),
    "usc.26.6103.i.7.a": (TERRORISM, ADDRESS),
    "usc.26.6103.i.7.b": (
        {**TERRORISM, "requester.agency": "department_of_justice", "requester.office": "senate_confirmed_official"},
        ADDRESS,
    ),
    "usc.26.6103.i.7.c": (TERRORISM_ORDER, RETURN_IN_ORDER),
    "usc.26.6103.i.7.d": (TERRORISM_ORDER, RETURN_IN_ORDER),
    "usc.26.6103.i.8": (GAO, RETURN),
    "usc.26.6103.k.6": (INQUIRY, WAGES_FROM_TAXPAYER),
    "usc.26.6103.l": (PROGRAMME, RETURN),
    "usc.26.6103.m.2": (CLAIM, ADDRESS),
}
"""For each gateway, a case and an item that open it."""


@cache
def book() -> Book:
    """The shipped book, read once."""
    return load_book()


def case(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """`base` with changes; two underscores stand for the dot, and `None` takes a fact away."""
    changed = {**base, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {name: value for name, value in changed.items() if value is not None}


def verdict(facts: dict[str, Any], item: dict[str, Any], profile: str, as_of: date = SPRING_2026) -> str:
    """The verdict on one item."""
    stated = check_facts(book().vocabulary, facts, {"item": item})
    return find(make_edition(book(), profile, as_of), stated).items[0].verdict


def verdicts(facts: dict[str, Any], item: dict[str, Any], as_of: date = SPRING_2026) -> dict[str, str]:
    """The verdict on one item under each profile."""
    return {profile: verdict(facts, item, profile, as_of) for profile in PROFILES}


def open_gateways(facts: dict[str, Any], item: dict[str, Any], profile: str, as_of: date = SPRING_2026) -> set[str]:
    """The addresses of the gateways that are open for one item."""
    edition = make_edition(book(), profile, as_of)
    findings = find(edition, check_facts(book().vocabulary, facts, {"item": item})).items[0]
    return {g.rule.address for g, is_open in zip(edition.gateways, findings.gateways, strict=True) if is_open is True}
