"""The disclosure desk: the one path from a request to a logged decision, used by every face.

    request -> match -> facts -> decision -> ledger

No ledger entry, no decision: when the ledger cannot record it, the caller gets the ledger's error and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from limen.decide.decider import Decider, FaultWriter, HingeMode, Key
from limen.decide.decision import Decision
from limen.law.book import Book
from limen.law.vocabulary import FactValue
from limen.ledger.fact_text import FactText
from limen.request.batch import BatchContext, BatchCounts
from limen.request.characterise import Characterisation, Characteriser
from limen.request.digest import request_digest
from limen.request.match import Match
from limen.request.model import Request
from limen.request.subject import Subject


class Matcher(Protocol):
    """A registry that can be asked who a subject is."""

    def match(self, subject: Subject) -> Match:
        """One person, several, or nobody."""


class Recorder(Protocol):
    """A ledger that keeps what it acknowledges. Raises its own error when it cannot."""

    def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        subject: Subject | None = None,
        *,
        person: str | None = None,
        request: Request | None = None,
    ) -> object:
        """Append one record; returning is the acknowledgement. It keeps an account of the request, not the request."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What the desk did with one request. `receipt` is the ledger's, or `None` where there is no ledger."""

    decision: Decision
    match: Match | None
    characterisation: Characterisation
    receipt: object | None


class Desk:
    """Handles requests under one book and, where given, one registry, ledger and second key."""

    def __init__(
        self,
        book: Book,
        *,
        registry: Matcher | None = None,
        ledger: Recorder | None = None,
        second_key: Key | None = None,
        write_fault: FaultWriter | None = None,
        hinges: HingeMode = "when_differing",
    ) -> None:
        self.book = book
        self._registry = registry
        self._ledger = ledger
        self._second_key = second_key
        self._write_fault = write_fault
        self._hinges = hinges
        self._characteriser = Characteriser(book.vocabulary)
        self._fact_text = FactText(book.vocabulary)
        self._deciders: dict[tuple[str | None, date | None], Decider] = {}

    def handle(
        self,
        request: Request,
        *,
        profile: str | None = None,
        as_of: date | None = None,
        known_at: date | None = None,
        match: Match | None = None,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue] | None = None,
    ) -> Handled:
        """Decide `request` and log the decision.

        A request without a `batch` came alone, and is counted as a batch of one.

        `as_of` is the date of the law: by default the day the request was received, or today. A `match` that is
        given replaces cross-reference. `stated` facts win over what the request says.
        Raises `EditionError` (no such profile or date), `FactError` (a stated fact that does not fit) and the
        ledger's own error, in which case there is no decision.
        """
        day, match, seen = self.case(request, as_of=as_of, match=match, batch=batch, stated=stated)
        decision = self.decider(profile, known_at).decide(
            seen.facts, day, request_id=request.id, request_digest=request_digest(request)
        )
        receipt = None
        if self._ledger is not None:
            receipt = self._ledger.append(
                "decision",
                decision_record(decision, seen, self._fact_text),
                request.subject,
                person=match.person if match is not None and match.grade in ("exact", "strong") else None,
                request=request,
            )
        return Handled(decision, match, seen, receipt)

    def case(
        self,
        request: Request,
        *,
        as_of: date | None = None,
        match: Match | None = None,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue] | None = None,
    ) -> tuple[date, Match | None, Characterisation]:
        """What would be decided: the day of the law, whom the registry knows, and the facts. Nothing is logged.

        Parameters and errors are those of `handle`.
        """
        day = as_of or request.received or datetime.now(UTC).date()
        if match is None and self._registry is not None:
            match = self._registry.match(request.subject)
        if batch is None:
            batch = BatchCounts([request]).context(request)
        return day, match, self._characteriser.characterise(request, match, as_of=day, batch=batch, stated=stated)

    def decider(self, profile: str | None = None, known_at: date | None = None) -> Decider:
        """The decider for a profile (`None`: all of them), made once."""
        key = (profile, known_at)
        if key not in self._deciders:
            self._deciders[key] = Decider(
                self.book,
                profile=profile,
                known_at=known_at,
                second_key=self._second_key,
                write_fault=self._write_fault,
                hinges=self._hinges,
            )
        return self._deciders[key]


def told(decision: Decision, handled: Handled, audience: str) -> dict[str, Any]:
    """What a face hands to a program: the decision, its place in the ledger and, not for a requester, match and facts.

    `decision` is the one `handled`, as `audience` may see it. Days are not yet text.
    """
    receipt: Any = handled.receipt
    answer: dict[str, Any] = {
        "decision": decision.model_dump(mode="json"),
        "ledger": None if receipt is None else {"sequence": receipt.sequence, "hash": receipt.hash},
    }
    if audience != "requester":
        match = handled.match
        answer["match"] = match and {
            "grade": match.grade,
            "lane": match.lane,
            "candidates": match.candidates,
            "address_held": match.address_held,
            "evidence": list(match.evidence),
        }
        facts = handled.characterisation.facts
        answer["facts"] = {
            "case": dict(facts.facts),
            "items": {item.id: dict(item.facts) for item in facts.items},
            "origin": dict(handled.characterisation.origin),
        }
    return answer


def decision_record(decision: Decision, seen: Characterisation, texts: FactText) -> dict[str, Any]:
    """What the ledger keeps of a decision: itself, and the facts it rests on without the sensitive ones."""
    facts, origin = texts.write(seen)
    return {"decision": decision, "facts": facts, "origin": origin}
