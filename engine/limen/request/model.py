"""The request as an agency writes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from limen.request.subject import Stated, Subject, Text

LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Answer = bool | Literal["unknown"] | None
"""Yes, no, said to be unknown, or (`None`) not stated."""

Agency = Literal[
    "irs", "treasury", "tigta", "department_of_justice", "dhs", "dhs_ice", "other_federal_law_enforcement",
    "other_federal_agency", "gao", "state_tax", "state_law_enforcement", "local_law_enforcement", "taxpayer",
    "private", "foreign", "unknown",
]  # fmt: skip
Office = Literal[
    "agency_head", "component_head", "inspector_general", "attorney_general", "deputy_attorney_general",
    "associate_attorney_general", "assistant_attorney_general", "fbi_director", "dea_administrator", "us_attorney",
    "special_prosecutor", "strike_force_attorney", "secret_service_director", "senate_confirmed_official",
    "comptroller_general", "delegate", "other_official", "unknown",
]  # fmt: skip
Engagement = Literal["works_the_matter", "supervises", "designated_point_of_contact", "none", "unknown"]
Employment = Literal["officer_or_employee", "contractor", "agent", "other", "unknown"]
ItemKind = Literal[
    "name", "mailing_address", "taxpayer_number", "filed_return", "reported_amount", "third_party_amount",
    "audit_workpaper", "account_status", "match_flag", "dependant_identity",
]  # fmt: skip
Origin = Literal["taxpayer", "third_party", "authority", "unknown"]


class Requester(Stated):
    agency: Agency | None = None
    office: Office | None = None
    signed_by: Text | None = None
    in_writing: Answer = None


class Matter(Stated):
    kind: Literal["criminal", "civil", "tax", "terrorism", "claim", "audit", "unknown"] | None = None
    statute: Text | None = None
    authority_cited: Text | None = None
    stage: Literal["proceeding", "preparation", "investigation", "grand_jury", "none", "unknown"] | None = None
    number: Text | None = None
    opened: date | None = None
    us_is_or_may_be_party: Answer = None
    missing_child: Answer = None
    removal_order_final: date | None = None
    removal_class: Literal["deportable_1227a", "inadmissible_1182", "none", "unknown"] | None = None
    conduct: Literal["failed_to_depart", "no_travel_documents", "hampered_departure", "failed_to_appear",
                     "other", "unknown"] | None = None  # fmt: skip


class Recipient(Stated):
    name: Text | None = None
    office: Text | None = None
    agency: Agency | None = None
    employment: Employment | None = None
    engagement: Engagement | None = None


class Item(Stated):
    id: Text
    kind: ItemKind
    came_from: Origin | None = None
    period: Text | None = None


class CourtOrder(Stated):
    granted: Answer = None
    court: Literal["district_judge", "magistrate_judge", "other_court", "unknown"] | None = None
    ex_parte: Answer = None
    authorised_by: Office | None = None
    dated: date | None = None
    finds_crime: Answer = None
    finds_relevance: Answer = None
    finds_exclusive_use: Answer = None
    finds_no_other_source: Answer = None
    items: tuple[Text, ...] = ()
    periods: tuple[Text, ...] = ()


class Request(Stated):
    """See `docs/`; sections for the other gateways follow the same pattern."""

    id: Text
    note: LongText | None = None
    holder: Agency | None = None
    requester: Requester = Requester()
    subject: Subject = Subject()
    tax_periods: tuple[Text, ...] = ()
    matter: Matter = Matter()
    reasons: LongText | None = None
    recipients: tuple[Recipient, ...] = ()
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=200)]
    order: CourtOrder | None = None
    received: date | None = None
    facts: dict[str, bool | int | str | date] = {}
