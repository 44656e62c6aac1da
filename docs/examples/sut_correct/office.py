"""A disclosure office in plain Python: consent of the taxpayer, 26 U.S.C. 6103(c), and audits of the GAO, (i)(8).

A system of somebody's own, which knows nothing of Limen. It takes a case in the words of the rule book and says
`allow` or `deny`. It is right as far as `test_office.py` can tell.
"""

from __future__ import annotations

from datetime import date
from typing import Any

CONSENT_DAYS = 120
JOINT_COMMITTEE_DAYS = 30
WRITTEN, ELECTRONIC, HELP = "written_designation", "electronic_filing", "request_for_assistance"
COMPLETE = ("signed", "identifies_taxpayer", "identifies_designee", "states_kind_of_information", "states_periods")
FEDERAL = (
    *("irs", "treasury", "tigta", "secret_service", "department_of_justice", "fbi", "dea", "dhs", "dhs_ice", "gao"),
    *("other_federal_law_enforcement", "other_federal_intelligence", "other_federal_agency"),
)
ONE_PERSON = ("exact", "strong")
OFFICES = ("comptroller_general",)
AUDITS = ("irs", "atf_or_ttb", "agency_holding_information", "safeguards")


def decide(case: dict[str, Any]) -> str:
    """Whether the one item of the case may go out."""
    (item,) = case["items"].values()
    facts = {**case["facts"], **item}
    if facts.get("match.grade") not in ONE_PERSON or "item.kind" not in facts or not is_bound(facts):
        return "deny"
    return "allow" if by_consent(facts) or for_an_audit(facts) else "deny"


def is_bound(facts: dict[str, Any]) -> bool:
    """Whether it is known that the holder is one of those whom the rules speak of."""
    return facts.get("holder.agency") in FEDERAL or facts.get("holder.is_covered_person") is True


def by_consent(facts: dict[str, Any]) -> bool:
    """26 U.S.C. 6103(c)."""
    if facts.get("consent.presented") is not True or facts.get("secretary.finds_tax_administration_harm") is not False:
        return False
    form = facts.get("consent.form")
    if form == WRITTEN:
        proper = all(facts.get(f"consent.{part}") is True for part in COMPLETE) and in_time(facts)
    elif form == HELP:
        proper = facts.get("consent.needed_for_assistance") is True
    else:
        proper = form == ELECTRONIC
    limits = ("designee_is_recipient", "use_is_express_purpose", "covers_items", "covers_periods")
    return proper and all(facts.get(f"consent.{limit}") is True for limit in limits)


def in_time(facts: dict[str, Any]) -> bool:
    """Whether the consent arrived soon enough after it was signed."""
    passed = days(facts.get("consent.signed_on"), facts.get("consent.received_on"))
    return passed is not None and passed <= CONSENT_DAYS


def for_an_audit(facts: dict[str, Any]) -> bool:
    """26 U.S.C. 6103(i)(8)."""
    waited = days(facts.get("audit.notified_on"), facts.get("request.received"))
    return (
        facts.get("requester.agency") == "gao"
        and facts.get("requester.office") in OFFICES
        and facts.get("request.in_writing") is True
        and facts.get("audit.of") in AUDITS
        and facts.get("audit.joint_committee_notified") is True
        and facts.get("audit.vetoed") is False
        and waited is not None
        and waited >= JOINT_COMMITTEE_DAYS
        and facts.get("audit.staff_designated") is True
        and facts.get("recipient.all_federal") is True
        and nothing_bars_an_audit(facts)
    )


def nothing_bars_an_audit(facts: dict[str, Any]) -> bool:
    """The determinations of (i)(6), and contractors without safeguards, (p)(9)."""
    return (
        facts.get("secretary.finds_informant_risk") is False
        and facts.get("secretary.finds_tax_case_harm") is False
        and (facts.get("recipient.any_contractor") is False or facts.get("safeguards.contractor_terms_met") is True)
    )


def days(start: date | str | None, end: date | str | None) -> int | None:
    """Whole days between two days, which may come as text."""
    if start is None or end is None:
        return None
    first, last = (date.fromisoformat(day) if isinstance(day, str) else day for day in (start, end))
    return (last - first).days
