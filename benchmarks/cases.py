"""Seeded requests for the policy: mostly complete, often wrong in one or two facts, sometimes silent."""

from __future__ import annotations

import random
from typing import Any

from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts

COMPLETE: dict[str, Any] = {
    "holder.is_covered_person": True, "requester.office": "agency_head", "request.in_writing": True,
    "request.states_name": True, "request.address": "complete", "request.states_periods": True,
    "request.states_authority": True, "request.states_reasons": True, "matter.stage": "investigation",
    "matter.missing_child": False, "order.granted": True, "order.court": "district_judge",
    "order.authorised_by": "us_attorney", "order.finds_crime": True, "order.finds_relevance": True,
    "order.finds_no_other_source": True, "recipient.is_federal": True, "recipient.in_agency": True,
    "recipient.engagement": "works_the_matter", "recipient.sole_use": True, "agreement.signed": True,
    "safeguards.report_filed": True, "safeguards.open_findings": 0, "secretary.informant_risk": False,
    "secretary.tax_case_harm": False,
}  # fmt: skip
USUAL: dict[str, dict[str, Any]] = {
    "criminal_order": {
        "requester.agency": "department_of_justice",
        "matter.designated_crime": True,
        "matter.is_tax": False,
    },
    "criminal_request": {"requester.agency": "dhs", "matter.designated_crime": True, "matter.is_tax": False},
    "task_force": {
        "requester.agency": "department_of_justice",
        "matter.designated_crime": True,
        "matter.is_tax": False,
    },
    "welfare": {"requester.agency": "other_state", "matter.designated_crime": False, "matter.is_tax": False},
    "loans": {"requester.agency": "other_federal_agency", "matter.designated_crime": False, "matter.is_tax": False},
    "audit": {"requester.agency": "state_audit", "matter.designated_crime": False, "matter.is_tax": True},
}
ITEM_KINDS = {
    "welfare": ("reported_amount", "third_party_amount"),
    "loans": ("mailing_address",),
    "audit": ("filed_return", "audit_workpaper", "reported_amount"),
}
CHANGED, SILENT = 0.18, 0.01
"""How often one fact is drawn afresh, and how often nobody states it."""
SETTLED = ("requester.programme", "holder.is_covered_person", "item.is_protected")
"""Facts that are seldom in doubt; they change a tenth as often."""


def make_cases(edition: Edition, programmes: list[str], count: int, seed: int = 6103) -> list[CaseFacts]:
    """`count` cases of one item each; about a quarter are allowed, and one in ten is open."""
    draw = random.Random(seed)
    facts = sorted(edition.facts)
    return [_case(edition, facts, programmes, draw, number) for number in range(count)]


def _case(edition: Edition, facts: list[str], programmes: list[str], draw: random.Random, number: int) -> CaseFacts:
    programme = draw.choice(programmes)
    family = programme.rstrip("0123456789").rstrip("_")
    base = {
        **COMPLETE,
        **USUAL[family],
        "requester.programme": programme,
        "request.age_days": draw.randrange(40),
        "order.age_days": draw.randrange(100),
        "agreement.age_days": draw.randrange(900),
        "recipient.count": draw.randrange(1, 12),
        "item.kind": draw.choice(ITEM_KINDS.get(family, ("name", "mailing_address", "filed_return"))),
        "item.is_protected": True,
        "item.from_taxpayer": draw.random() < 0.5,
        "item.named_in_order": draw.random() < 0.8,
        "item.in_period": draw.random() < 0.9,
    }
    case: dict[str, Any] = {}
    item: dict[str, Any] = {}
    for name in facts:
        luck = draw.random() * (10 if name in SETTLED else 1)
        if luck < SILENT:
            continue
        value = _any_value(edition, name, draw) if luck < SILENT + CHANGED else base[name]
        (item if edition.facts[name].per_item else case)[name] = value
    return CaseFacts(case, (ItemFacts(f"item {number}", item),))


def _any_value(edition: Edition, name: str, draw: random.Random) -> Any:
    fact = edition.facts[name]
    if fact.type == "bool":
        return draw.random() < 0.5
    if fact.type == "enum":
        return draw.choice(fact.values)
    return draw.randrange(1500 if "age" in name else 30)
