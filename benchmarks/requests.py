"""The same cases as requests: what an agency would have sent, so that the whole way to a decision can be measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.policy import AS_OF

from limen.law.facts import CaseFacts
from limen.law.vocabulary import Vocabulary
from limen.request.characterise import Characteriser
from limen.request.model import Request
from limen.request.read import build_request

FIELDS = {
    "holder.is_covered_person": ("holder", "covered_person"),
    "requester.agency": ("requester", "agency"),
    "requester.office": ("requester", "office"),
    "request.in_writing": ("requester", "in_writing"),
    "matter.stage": ("matter", "stage"),
    "matter.is_tax": ("matter", "tax_administration"),
    "matter.missing_child": ("matter", "missing_child"),
    "order.granted": ("order", "granted"),
    "order.court": ("order", "court"),
    "order.authorised_by": ("order", "authorised_by"),
    "order.finds_crime": ("order", "finds_crime"),
    "order.finds_relevance": ("order", "finds_relevance"),
    "order.finds_no_other_source": ("order", "finds_no_other_source"),
    "recipient.sole_use": ("use", "solely_this_matter"),
    "agreement.signed": ("agreement", "relied_on"),
    "safeguards.open_findings": ("safeguards", "open_findings"),
    "safeguards.report_filed": ("safeguards", "corrective_plan"),
    "secretary.informant_risk": ("authority", "informant_risk"),
    "secretary.tax_case_harm": ("authority", "tax_case_harm"),
}
"""Facts that one field of the request holds."""

HOUSES = 40_000

OUTRIGHT = (
    "requester.programme", "request.address", "request.age_days", "matter.designated_crime", "order.age_days",
    "recipient.count", "agreement.age_days",
)  # fmt: skip
"""Facts that the form has no field for."""


def make_requests(cases: Sequence[CaseFacts], vocabulary: Vocabulary) -> list[Request]:
    """A validated request for each case that comes to exactly its facts.

    What the fields cannot say (that somebody does not know whether periods are stated) is stated outright.
    """
    characteriser = Characteriser(vocabulary)
    return [_request(number, case, characteriser) for number, case in enumerate(cases)]


def _request(number: int, case: CaseFacts, characteriser: Characteriser) -> Request:
    stated, item = case.facts, dict(case.items[0].facts)
    written: dict[str, Any] = {"id": f"bench-{number}", "received": AS_OF, "facts": {}}
    for fact, (section, field) in FIELDS.items():
        if fact in stated:
            written.setdefault(section, {})[field] = stated[fact]
    # A house number that is also the number of the request would have the ledger mask the request's id.
    subject: dict[str, Any] = {"address": {"lines": [f"{HOUSES + number} Example Street", "Springfield IL 62701"]}}
    if stated.get("request.states_name"):
        subject["name"] = {"first": "Jane", "last": "Example"}
    written["subject"] = subject
    if stated.get("request.states_periods"):
        written["tax_periods"] = ["2024"]
    if stated.get("request.states_authority"):
        written.setdefault("matter", {})["statute"] = "18 U.S.C. 1341"
    if stated.get("request.states_reasons"):
        written["reasons"] = "The filings show where the proceeds went; no other source has them."
    recipient = {
        "name": "Alex Officer",
        "agency": stated.get("requester.agency"),
        "law_enforcement": stated.get("recipient.is_federal"),
        "investigative_team": stated.get("recipient.in_agency"),
        "engagement": stated.get("recipient.engagement"),
    }
    written["recipients"] = [{name: value for name, value in recipient.items() if value is not None}]
    order = written.setdefault("order", {})
    asked: dict[str, Any] = {"id": "item", "kind": item.get("item.kind", "name")}
    if "item.from_taxpayer" in item:
        asked["came_from"] = "taxpayer" if item["item.from_taxpayer"] else "third_party"
    if "item.is_protected" in item:
        asked["tax_is_listed"] = item["item.is_protected"]
    asked["period"] = "2024"
    order["items"] = {True: ["item"], False: ["other"], None: ["unknown"]}[item.get("item.named_in_order")]
    order["periods"] = {True: ["2024"], False: ["2019"], None: ["unknown"]}[item.get("item.in_period")]
    written["items"] = [asked]
    written["facts"] = {fact: stated[fact] for fact in OUTRIGHT if fact in stated}
    request = build_request(written)
    came = characteriser.characterise(request, as_of=AS_OF).facts
    differs = {
        name: stated.get(name, "unknown") for name in {*stated, *came.facts} if stated.get(name) != came.facts.get(name)
    }
    item_differs = {
        name: item.get(name, "unknown")
        for name in {*item, *came.items[0].facts}
        if item.get(name) != came.items[0].facts.get(name)
    }
    if differs or item_differs:
        asked["facts"] = item_differs
        written["facts"] = {**written["facts"], **differs}
        request = build_request(written)
        came = characteriser.characterise(request, as_of=AS_OF).facts
    if (came.facts, came.items[0].facts) != (dict(stated), item):
        raise AssertionError(f"request {number} does not come to the facts of its case")
    return request
