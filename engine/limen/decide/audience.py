"""One decision, three readers: the requester, the reviewer and the auditor.

The auditor sees everything. The reviewer sees everything but the faults' inner detail. The requester sees what is
theirs to mend, and nothing that only the authority knows: a denial that would reveal an informant looks like any
other. So everything that rests on the authority's own knowledge (bars, determinations, what cross-reference found)
collapses into the same one sentence, and what is open on such a ground reads as withheld.
"""

from __future__ import annotations

from typing import Literal

from limen.decide.decision import Decision, Disposition, ItemDecision, Reason

Audience = Literal["requester", "reviewer", "auditor"]

UNDISCLOSED = Reason(
    address="undisclosed",
    citation="26 U.S.C. § 6103(a)",
    certainty="read",
    outcome="not_met",
    label="the conditions that the authority assesses itself",
    sentence="Not every condition for release is met. The authority does not comment on conditions it assesses itself.",
    rule="undisclosed",
)


def decision_for(decision: Decision, audience: Audience) -> Decision:
    """`decision` as `audience` may see it."""
    if audience == "auditor":
        return decision
    fault = decision.fault and decision.fault.model_copy(
        update={"detail": "see the audit record", "reproduction": None}
    )
    if audience == "reviewer":
        return decision.model_copy(update={"fault": fault})
    items = tuple(_item_for_requester(item) for item in decision.items)
    return decision.model_copy(
        update={
            "items": items,
            "disposition": _disposition(decision, items),
            "missing": tuple(missing for missing in decision.missing if not missing.authority_side),
            "hinges": (),
            "profiles": (),
            "fault": None,
            "second_key": "not_asked",
        }
    )


def _item_for_requester(item: ItemDecision) -> ItemDecision:
    """An item as the requester sees it: allowed, or withheld with what the requester can mend."""
    if item.verdict == "allow":
        shown = tuple(reason for reason in item.reasons if not reason.confidential)
        return item.model_copy(update={"reasons": shown, "elsewhere": ()})
    own = tuple(reason for reason in item.reasons if not reason.confidential and reason.outcome != "met")
    waits_for_requester = bool(own) and all(reason.outcome == "not_known" for reason in own)
    verdict = "open" if item.verdict == "open" and waits_for_requester else "deny"
    return item.model_copy(update={"verdict": verdict, "reasons": (*own, UNDISCLOSED), "elsewhere": ()})


def _disposition(decision: Decision, items: tuple[ItemDecision, ...]) -> Disposition:
    if decision.effect == "allow":
        return "release"
    return "more_needed" if any(item.verdict == "open" for item in items) else "withhold"
