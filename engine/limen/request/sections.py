"""The parts of a request's file that only some provisions ask for.

Each is a document, or a part of one, of its own: when it is not there, nothing is said about it, and that
silence means nothing. Names of units are those of 26 U.S.C. 6103 unless another law is given.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from limen.request.subject import Said, SaidTexts, Stated
from limen.request.words import Answer, Count, Court, Day, Initiative, LongText, Office, OrderPurpose, Programme


class CourtOrder(Stated):
    """An order of a court that lets return information be disclosed: (i)(1)(B), (i)(5)(B), (i)(7)(C) and (D).

    `items` names what the order reaches, by item id or by kind; `periods` the tax periods that it specifies.
    """

    granted: Answer = None
    purpose: OrderPurpose | None = None
    court: Court | None = None
    ex_parte: Answer = None
    authorised_by: Office | None = None
    dated: Day = None
    number: Said = None
    finds_crime: Answer = None
    finds_reliable_information: Answer = None
    finds_relevance: Answer = None
    finds_exclusive_use: Answer = None
    finds_no_other_source: Answer = None
    finds_location_relevance: Answer = None
    finds_exclusively_to_locate: Answer = None
    finds_terrorism_relevance: Answer = None
    finds_exclusively_for_terrorism: Answer = None
    items: SaidTexts = ()
    periods: SaidTexts = ()


class Warrant(Stated):
    """A warrant for a person's arrest: (i)(5)(B)(i) asks for a Federal arrest warrant relating to a Federal felony."""

    issued: Answer = None
    issued_by: Literal["federal_court", "state_court", "immigration_officer", "other", "unknown"] | None = None
    offence: (
        Literal["federal_felony", "federal_misdemeanour", "state_offence", "civil_removal", "other", "unknown"] | None
    ) = None
    dated: Day = None
    number: Said = None
    fugitive: Answer = None


class Consent(Stated):
    """A taxpayer's designation of somebody who may receive: (c), and 26 C.F.R. 301.6103(c)-1."""

    personal: ClassVar[frozenset[str]] = frozenset({"designee"})

    form: (
        Literal["written_designation", "request_for_assistance", "electronic_filing", "oral", "none", "unknown"] | None
    ) = None
    designee: Said = None
    designee_is_recipient: Answer = None
    needed_for_assistance: Answer = None
    signed: Answer = None
    signed_on: Day = None
    received_on: Day = None
    identifies_taxpayer: Answer = None
    identifies_designee: Answer = None
    states_kind_of_information: Answer = None
    states_periods: Answer = None
    covers_items: Answer = None
    covers_periods: Answer = None
    purpose: Said = None
    use_is_express_purpose: Answer = None


class StateTax(Stated):
    """A State tax agency's standing, and its purpose: (d)."""

    charged_with_tax_administration: Answer = None
    is_state_audit_agency: Answer = None
    audits_the_tax_agency: Answer = None
    purpose_is_state_tax: Answer = None
    necessary: Answer = None
    recipients_designated: Answer = None
    recipient_is_chief_executive: Answer = None
    death_information_contract: Answer = None
    death_information_exception: Answer = None


class TaxMatter(Stated):
    """How a matter is tied to a tax, and to this taxpayer: (h)(1) to (3)."""

    duties_require: Answer = None
    taxpayer_is_or_may_be_party: Answer = None
    arises_from_liability: Answer = None
    return_item_related_to_issue: Answer = None
    transactional_relationship: Answer = None
    before_court_or_grand_jury: Answer = None
    referred_by_authority: Answer = None
    refund_or_deficiency_proceeding: Answer = None
    request_names_taxpayer: Answer = None
    request_states_need: Answer = None


class OwnInitiative(Stated):
    """What the authority itself found, that may move it to disclose unasked: (i)(3)."""

    trigger: Initiative | None = None
    begun_by_authority: Answer = None
    in_writing: Answer = None
    evidence_of_crime: Answer = None
    evidence_not_from_taxpayer: Answer = None
    danger_is_imminent: Answer = None
    danger_of_death_or_injury: Answer = None
    flight_is_imminent: Answer = None
    flight_from_federal_prosecution: Answer = None
    for_application_to_court: Answer = None
    recipient_enforces_that_law: Answer = None
    recipient_is_head: Answer = None
    necessary_to_apprise: Answer = None


class Terrorism(Stated):
    """What a terrorism matter is about, and what those who ask do in it: (i)(7)."""

    incident_threat_or_activity: Answer = None
    agency_responds_or_investigates: Answer = None
    collects_or_analyses_intelligence: Answer = None
    reasons: LongText = None
    recipients_named_for_it: Answer = None
    application_by_secretary: Answer = None
    solely_for_it: Answer = None


class Audit(Stated):
    """An audit by the Government Accountability Office: (i)(8)."""

    of: Literal["irs", "atf_or_ttb", "agency_holding_information", "safeguards", "other", "unknown"] | None = None
    joint_committee_notified: Answer = None
    notified_on: Day = None
    vetoed: Answer = None
    staff_designated: Answer = None


class Claim(Stated):
    """A claim of the United States against the taxpayer: (m)(2); 31 U.S.C. 3711, 3717, 3718."""

    federal: Answer = None
    under: Said = None
    to_locate_for_collection: Answer = None


class TaxInvestigation(Stated):
    """A disclosure the authority's own investigator needs to make in order to learn something: (k)(6)."""

    discloser: Literal["irs", "tigta", "other", "unknown"] | None = None
    in_official_duties: Answer = None
    about_tax: Answer = None
    necessary_to_obtain: Answer = None
    not_otherwise_available: Answer = None
    within_regulation: Answer = None


class NamedProgramme(Stated):
    """The paragraph of (l) that a request relies on, if any."""

    paragraph: Programme | None = None
    agency_is_named: Answer = None
    purpose_is_named: Answer = None
    items_are_named: Answer = None


class Agreement(Stated):
    """What a request under the agreement of 7 April 2025 adds to what the statute asks for."""

    relied_on: Answer = None
    attests_sole_use: Answer = None
    assures_criminal_investigation: Answer = None
    states_removal_order_date: Answer = None
    states_case_number: Answer = None


class Safeguards(Stated):
    """How the agency keeps what it receives: (p)(4) and (p)(9), and the agreement on AI."""

    open_findings: Count = None
    corrective_plan: Answer = None
    ai_used: Answer = None
    ai_notice_given: Answer = None
    ai_notice_on: Day = None
    ai_first_used_on: Day = None
    contractor_reviewed: Answer = None


class DeclaredUse(Stated):
    """What the requester says the information will be used for."""

    solely_this_matter: Answer = None
    only_to_locate: Answer = None
    also_civil: Answer = None


class AuthorityFile(Stated):
    """What the authority that holds the information knows and the requester does not: its own determinations."""

    informant_risk: Answer = None
    tax_case_harm: Answer = None
    certified_to_court: Answer = None
    impairs_tax_administration: Answer = None
    safeguards_refused: Answer = None
