"""The closed lists of words that a request is written in, and the small types its fields share.

`unknown` can be said of everything except in the agency's own words about the subject. It is not the same as
leaving a field blank: blank is not stated, and the vocabulary may say what that silence means; `unknown` is
never read as silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from limen.law.vocabulary import FactValue
from limen.request.subject import blank_is_not_stated

Unknown = Literal["unknown"]
UNKNOWN: Unknown = "unknown"

Answer = bool | Unknown | None
"""Yes, no, said to be unknown, or (`None`) not stated."""

Day = date | Unknown | None
"""A calendar day, said to be unknown, or not stated."""

Count = Annotated[int, Field(ge=0, le=1_000_000_000)] | Unknown | None
"""A number of things, said to be unknown, or not stated."""

LongText = Annotated[
    Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, max_length=4000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]*$"
        ),
    ]
    | None,
    AfterValidator(blank_is_not_stated),
]
"""Several lines of text, at most 4,000 characters; blank is the same as not stated."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,79}$")]
"""A short name for a request or an item: letters, digits and `. _ : / # -`. Printed and logged: no personal data."""


def _in_order(facts: dict[str, bool | int | date | str]) -> dict[str, bool | int | date | str]:
    """By name, so that a request has one canonical form however its file is laid out."""
    return dict(sorted(facts.items()))


FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=120)]
FactWord = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Facts = Annotated[
    dict[FactName, bool | Annotated[int, Field(ge=-(10**12), le=10**12)] | date | FactWord], AfterValidator(_in_order)
]
"""Facts stated outright; the word `unknown` says that a fact is not known."""

Agency = Literal[
    "irs", "treasury", "tigta", "secret_service", "department_of_justice", "fbi", "dea", "dhs", "dhs_ice",
    "other_federal_law_enforcement", "other_federal_intelligence", "other_federal_agency", "gao",
    "state_tax", "state_audit", "state_law_enforcement", "other_state", "local_law_enforcement", "other_local",
    "taxpayer", "private", "foreign", "unknown",
]  # fmt: skip
Office = Literal[
    "agency_head", "component_head", "inspector_general", "attorney_general", "deputy_attorney_general",
    "associate_attorney_general", "assistant_attorney_general", "fbi_director", "dea_administrator", "us_attorney",
    "special_prosecutor", "strike_force_attorney", "secret_service_director", "senate_confirmed_official",
    "comptroller_general", "state_chief_executive", "delegate", "other_official", "unknown",
]  # fmt: skip
Employment = Literal["officer_or_employee", "contractor", "agent", "legal_representative", "other", "unknown"]
Engagement = Literal["works_the_matter", "supervises", "designated_point_of_contact", "none", "unknown"]

ItemKind = Literal[
    "name", "mailing_address", "taxpayer_number", "filed_return", "reported_amount", "third_party_amount",
    "audit_workpaper", "account_status", "match_flag", "dependant_identity", "statistic",
]  # fmt: skip
Origin = Literal["taxpayer", "third_party", "authority", "unknown"]

MatterKind = Literal[
    "criminal", "civil", "tax", "terrorism", "claim", "audit", "fugitive", "benefits", "none", "unknown",
]  # fmt: skip
Stage = Literal["proceeding", "preparation", "investigation", "grand_jury", "none", "unknown"]
RemovalClass = Literal["deportable_1227a", "inadmissible_1182", "none", "unknown"]
Conduct = Literal[
    "failed_to_depart", "no_travel_documents", "hampered_departure", "failed_to_appear", "broke_supervision",
    "harboured_or_smuggled", "improper_entry", "re_entered", "failed_to_register", "unlawful_presence", "other",
    "unknown",
]  # fmt: skip
Court = Literal["district_judge", "magistrate_judge", "other_court", "none", "unknown"]
OrderPurpose = Literal["criminal_matter", "locate_fugitive", "terrorism", "other", "unknown"]

Purpose = Literal[
    "criminal_proceeding", "criminal_investigation", "grand_jury", "locate_fugitive", "terrorism_response",
    "terrorism_intelligence", "civil_removal", "other_civil", "tax_administration", "state_tax_administration",
    "collect_federal_claim", "audit", "benefits", "locate_child", "publication", "other", "unknown",
]  # fmt: skip
Initiative = Literal["possible_crime", "imminent_danger", "imminent_flight", "terrorism", "none", "unknown"]
Programme = Literal[
    "none", "l_1", "l_2", "l_3", "l_4", "l_5", "l_6", "l_7", "l_8", "l_9", "l_10", "l_11", "l_12", "l_13", "l_14",
    "l_15", "l_16", "l_17", "l_18", "l_19", "l_20", "l_21", "l_22", "unknown",
]  # fmt: skip


def without_unknown(said: Mapping[str, FactValue | None]) -> dict[str, FactValue | None]:
    """What was said of facts, with `None` for what was said to be unknown."""
    return {name: None if value == UNKNOWN else value for name, value in said.items()}
