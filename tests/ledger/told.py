"""Requests and decisions as a desk would hand them to the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from limen.decide.decision import AttachedDuty, Decision, Hinge, ItemDecision, Reason
from limen.request.digest import request_digest
from limen.request.model import Item, Matter, Recipient, Request, Requester
from limen.request.subject import Address, PersonName, Subject

GATEWAY = "usc.26.6103.i.2"


def subject(number: int = 1) -> Subject:
    return Subject(
        name=PersonName(first="Ana", last=f"Quorrel{'abcdefghij'[number % 10]}"),
        address=Address(lines=(f"48{number:02d} Tamarind Street", "Vexley, ZZ 99901")),
        tin=f"900-70-{1000 + number}",
    )


def request(number: int = 1, **changes: Any) -> Request:
    stated: dict[str, Any] = {
        "id": f"REQ-{number}",
        "received": date(2025, 8, 6),
        "requester": Requester(
            agency="dhs_ice", office="component_head", signed_by="Jo Signer", in_writing=True, dated=date(2025, 8, 1)
        ),
        "subject": subject(number),
        "tax_periods": ("2023",),
        "matter": Matter(kind="criminal", statute="8 U.S.C. 1326(a)", stage="investigation", number=f"M-{number}"),
        "reasons": f"The address of Ana Quorrel{'abcdefghij'[number % 10]} is needed for the investigation.",
        "recipients": (Recipient(name="Kim Officer", office="other_official", agency="dhs_ice"),),
        "items": (Item(id="address", kind="mailing_address", came_from="taxpayer"),),
        "purposes": ("criminal_investigation",),
    }
    return Request(**{**stated, **changes})


def reason(element: str, outcome: Any, rule: str = GATEWAY) -> Reason:
    return Reason(
        address=f"{rule}#{element}",
        citation="26 U.S.C. § 6103(i)(2)",
        certainty="read",
        outcome=outcome,
        label=f"the {element}",
        sentence=f"The {element} is {outcome}.",
        rule=rule,
    )


def decision(asked: Request, *, allow: bool = False, number: int = 1, **changes: Any) -> Decision:
    outcome = "met" if allow else "not_met"
    duty = AttachedDuty(
        address="usc.26.6103.p.3#record_disclosure", who="the Secretary", when="on_release", duty="Keep a record.",
        citation="26 U.S.C. § 6103(p)(3)(A)", certainty="read", items=("address",),
    )  # fmt: skip
    stated: dict[str, Any] = {
        "id": f"d-{number}",
        "request_id": asked.id,
        "request_digest": request_digest(asked),
        "decided_at": datetime(2025, 8, 7, 12, 0, tzinfo=UTC),
        "effect": "allow" if allow else "deny",
        "disposition": "release" if allow else "withhold",
        "items": (
            ItemDecision(
                item="address",
                kind="mailing_address",
                verdict="allow" if allow else "deny",
                gateway=GATEWAY,
                effect="must",
                reasons=(reason("requester", "met"), reason("address_stated", outcome)),
                elsewhere=(reason("order", "not_known", "usc.26.6103.i.1"),),
            ),
        ),
        "releasable": ("address",) if allow else (),
        "hinges": (
            Hinge(reading=f"{GATEWAY}/address_stated", words="address", chosen="usable", under={"usable": "release"}),
        ),
        "duties": (duty,) if allow else (),
        "profile": "text-strict",
        "basis": "text-strict",
        "as_of": date(2025, 8, 6),
        "book_name": "us-6103",
        "book_version": "1",
        "book_digest": "ab" * 32,
        "engine": "limen 0",
        "second_key": "agrees",
    }
    return Decision(**{**stated, **changes})
