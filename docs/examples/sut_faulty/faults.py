"""The same office with one fault at a time, each of a kind that real systems have. The kit has to find every one.

`FAULTS` maps the name of a fault to the faulty office, the kind of disagreement, and the provision and the fact with
which it has to be reported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import office

Decide = Callable[[dict[str, Any]], str]


def assuming(**facts: Any) -> Decide:
    """An office that takes something for granted where nobody has said it: it fails open."""
    assumed = {name.replace("__", "."): value for name, value in facts.items()}
    return lambda case: office.decide({**case, "facts": {**assumed, **case["facts"]}})


def ignoring(**facts: Any) -> Decide:
    """An office that never looks at something, and takes it to be so."""
    taken = {name.replace("__", "."): value for name, value in facts.items()}
    return lambda case: office.decide({**case, "facts": {**case["facts"], **taken}})


def with_other(name: str, value: Any) -> Decide:
    """An office with a wrong number or list."""

    def decide(case: dict[str, Any]) -> str:
        with patch.object(office, name, value):
            return office.decide(case)

    return decide


def falling_over(case: dict[str, Any]) -> str:
    """An office that cannot do without a fact."""
    if case["facts"]["requester.agency"] == "nobody":
        return "deny"
    return office.decide(case)


CONSENT, AUDIT = "usc.26.6103.c", "usc.26.6103.i.8"
FAULTS: dict[str, tuple[Decide, str, str, str]] = {
    "a missing determination is taken as none": (
        assuming(secretary__finds_tax_administration_harm=False),
        "released", "usc.26.6103.c.impairment#impairment", "secretary.finds_tax_administration_harm",
    ),
    "a missing veto is taken as none": (
        assuming(audit__vetoed=False), "released", f"{AUDIT}#not_vetoed/no_veto", "audit.vetoed",
    ),
    "a consent is good for a day too long": (
        with_other("CONSENT_DAYS", 121), "released", f"{CONSENT}#in_time/within_days", "consent.signed_on",
    ),
    "a consent is good for a day too few": (
        with_other("CONSENT_DAYS", 119), "withheld", f"{CONSENT}#in_time/within_days", "consent.signed_on",
    ),
    "the committee is given a day too few": (
        with_other("JOINT_COMMITTEE_DAYS", 29), "released", f"{AUDIT}#not_vetoed/time_passed", "request.received",
    ),
    "a bar is forgotten": (
        ignoring(secretary__finds_informant_risk=False),
        "released", "usc.26.6103.i.6#informant", "secretary.finds_informant_risk",
    ),
    "a bar with two conditions is forgotten": (
        ignoring(safeguards__contractor_terms_met=True),
        "released", "usc.26.6103.p.9#contractor", "safeguards.contractor_terms_met",
    ),
    "an office too many may ask": (
        with_other("OFFICES", ("comptroller_general", "agency_head")),
        "released", f"{AUDIT}#requester", "requester.office",
    ),
    "an audit is missing from the list": (
        with_other("AUDITS", ("irs", "atf_or_ttb", "safeguards")), "withheld", f"{AUDIT}#audit", "audit.of",
    ),
    "a part of a complete consent is not asked for": (
        with_other("COMPLETE", office.COMPLETE[1:]),
        "released", f"{CONSENT}#form/complete_consent/signed", "consent.signed",
    ),
    "a weak match is taken for a match": (
        with_other("ONE_PERSON", ("exact", "strong", "weak")),
        "released", "usc.26.6103#match.is_one_taxpayer", "match.grade",
    ),
    "a missing fact makes it fall over": (
        falling_over, "error", f"{AUDIT}#requester", "requester.agency",
    ),
}  # fmt: skip
