"""Writing a decision out: from an opinion and its reasons to the frozen record that everybody is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from limen import __version__
from limen.decide.attached import duties_attached
from limen.decide.decision import (
    CAVEAT,
    SCHEMA_VERSION,
    Decision,
    Disposition,
    Effect,
    EngineFault,
    Hinge,
    ItemDecision,
    Missing,
    ProfileOutcome,
    Reason,
    make,
)

if TYPE_CHECKING:
    from limen.decide.findings import Verdict
    from limen.law.book import Book
    from limen.law.edition import Edition, EditionGateway
    from limen.law.facts import CaseFacts, ItemFacts

ENGINE = f"limen {__version__}"

ANSWERED = set(Decision.model_fields) - {"schema_version", "fault", "caveat"}
"""The fields that an answer gives; the others stay at their defaults."""

OF_ITEM = set(ItemDecision.model_fields)

FAULT_REASON = Reason(
    address="engine",
    citation="26 U.S.C. § 6103(a)",
    certainty="read",
    outcome="not_met",
    label="both keys gave the same answer",
    sentence="The engine could not be sure of its answer, so nothing is released. This is a fault, not a finding.",
    rule="engine",
)


class Stamp(NamedTuple):
    """What one decision is known by."""

    id: str
    request_id: str
    request_digest: str
    decided_at: datetime
    as_of: date


class Draft:
    """Writes the decisions of one decider: what they all say is known beforehand."""

    def __init__(
        self, book: Book, profile: str | None, known_at: date | None, second_key: Literal["agrees", "not_asked"]
    ) -> None:
        self._book = book
        self._profile = profile
        self._known_at = known_at
        self._second_key = second_key
        self._alike: dict[str, dict[str, Any]] = {}

    def _said_by_all(self, basis: str) -> dict[str, Any]:
        """Every field of a decision that gives its reasons under `basis`, those that differ still at nothing."""
        values = self._alike.get(basis)
        if values is None:
            book = self._book
            known: dict[str, Any] = {
                "schema_version": SCHEMA_VERSION,
                "missing": (),
                "hinges": (),
                "duties": (),
                "profile": self._profile,
                "basis": basis,
                "profiles": (),
                "known_at": self._known_at,
                "book_name": book.name,
                "book_version": book.version,
                "book_digest": book.digest,
                "engine": ENGINE,
                "second_key": self._second_key,
                "fault": None,
                "caveat": CAVEAT,
            }
            values = self._alike[basis] = {name: known.get(name) for name in Decision.model_fields}
        return values

    def answered(
        self,
        stamp: Stamp,
        edition: Edition,
        effect: Effect,
        disposition: Disposition,
        items: tuple[ItemDecision, ...],
        *,
        missing: tuple[Missing, ...] = (),
        hinges: tuple[Hinge, ...] = (),
        profiles: tuple[ProfileOutcome, ...] = (),
    ) -> Decision:
        """The decision that gives its reasons under `edition`."""
        releasable = tuple([item.item for item in items if item.verdict == "allow"])
        values = self._said_by_all(edition.profile).copy()
        values["id"], values["request_id"], values["request_digest"], values["decided_at"], values["as_of"] = stamp
        values["effect"] = effect
        values["disposition"] = disposition
        values["items"] = items
        values["releasable"] = releasable
        values["missing"] = missing
        if hinges:
            values["hinges"] = hinges
        if releasable:
            values["duties"] = duties_attached(edition, items)
        if profiles:
            values["profiles"] = profiles
        return make(Decision, values, ANSWERED)

    def faulted(
        self,
        stamp: Stamp,
        facts: CaseFacts,
        basis: str,
        fault: EngineFault,
        second_key: Literal["disagrees", "failed", "not_asked"],
    ) -> Decision:
        """The decision when the engine is not sure: every item denied, every field looked at."""
        denied = tuple(
            ItemDecision(item=item.id, kind=_text(item.facts.get("item.kind")), verdict="deny", reasons=(FAULT_REASON,))
            for item in facts.items
        )
        return Decision(
            **stamp._asdict(),
            effect="deny",
            disposition="withhold",
            items=denied,
            releasable=(),
            profile=self._profile,
            basis=basis,
            known_at=self._known_at,
            book_name=self._book.name,
            book_version=self._book.version,
            book_digest=self._book.digest,
            engine=ENGINE,
            second_key=second_key,
            fault=fault,
        )


def item_decision(
    item: ItemFacts,
    verdict: Verdict | Literal["readings_differ"],
    gateway: EditionGateway | None,
    reasons: tuple[Reason, ...],
    elsewhere: tuple[Reason, ...],
) -> ItemDecision:
    """The answer for one item, from the gateway that answers it and what there is to say."""
    rule = gateway.rule if gateway is not None else None
    values = {
        "item": item.id,
        "kind": _text(item.facts.get("item.kind")),
        "verdict": verdict,
        "gateway": rule.address if rule is not None else None,
        "effect": rule.effect if rule is not None and verdict == "allow" else None,
        "reasons": reasons,
        "elsewhere": elsewhere,
    }
    return make(ItemDecision, values, OF_ITEM)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
