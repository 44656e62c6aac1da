"""From facts to a decision.

A decision is made with two keys: the generated evaluator and, independently, the durable-rules network. Where they
differ, or one fails, the answer is deny with an engine fault, whatever they said. Without a chosen profile every
profile is asked: if they agree that is the verdict; if not the answer is deny, `readings_differ`, and the hinges.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from limen import __version__
from limen.decide.attached import duties_attached, facts_missing, profile_outcome
from limen.decide.compare import check_shape, differences
from limen.decide.compiled import compile_edition
from limen.decide.decision import Decision, EngineFault, Hinge, ItemDecision, Reason
from limen.decide.editions import Editions, Seat
from limen.decide.evaluator import MakeEvaluator
from limen.decide.findings import Findings
from limen.decide.hinges import HingeFinder
from limen.decide.opinion import Opinion
from limen.law import EditionError, usable_profiles
from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.facts import CaseFacts

if TYPE_CHECKING:
    from limen.law.vocabulary import FactValue
    from limen.request.batch import BatchContext
    from limen.request.match import Match
    from limen.request.model import Request

HingeMode = Literal["always", "when_differing", "never"]
FaultKind = Literal["disagreement", "crash", "timeout", "error"]

FAULT_REASON = Reason(
    address="engine",
    citation="26 U.S.C. § 6103(a)",
    certainty="read",
    outcome="not_met",
    label="both keys gave the same answer",
    sentence="The engine could not be sure of its answer, so nothing is released. This is a fault, not a finding.",
    rule="engine",
)


class Key(Protocol):
    """The second key: an independent evaluator of the same editions."""

    def find(self, edition: Edition, facts: CaseFacts) -> Findings:
        """The findings of `edition` for `facts`. Any exception is an engine fault."""


class FaultWriter(Protocol):
    """Writes what is needed to reproduce a fault, and says where."""

    def __call__(
        self, edition: Edition, facts: CaseFacts, first: Findings | None, second: Findings | None, kind: FaultKind,
        detail: str,
    ) -> str | None: ...  # fmt: skip


class _Faulted(Exception):
    """Inside this module only: a fault that ends the decision in deny."""

    def __init__(self, fault: EngineFault, second_key: Literal["disagrees", "failed"]) -> None:
        super().__init__(fault.detail)
        self.fault = fault
        self.second_key = second_key


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return secrets.token_hex(8)


class Decider:
    """Decides cases under one book. Thread safe as long as its second key is; holds no state of any case.

    `hinges` says when to look for the readings an answer turns on: `always`, `when_differing` (only when several
    profiles were asked and differ) or `never` (hot loops).
    """

    def __init__(
        self,
        book: Book,
        *,
        profile: str | None = None,
        known_at: date | None = None,
        second_key: Key | None = None,
        write_fault: FaultWriter | None = None,
        hinges: HingeMode = "when_differing",
        make_evaluator: MakeEvaluator = compile_edition,
        now: Callable[[], datetime] = _now,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self.book = book
        self.profile = profile
        self.known_at = known_at
        self.hinges = hinges
        self._second_key = second_key
        self._write_fault = write_fault
        self._editions = Editions(book, make_evaluator)
        self._now = now
        self._new_id = new_id

    def decide(
        self,
        facts: CaseFacts,
        as_of: date,
        *,
        request_id: str = "",
        request_digest: str = "",
    ) -> Decision:
        """The decision for `facts` under the law of `as_of`.

        Raises `EditionError` when the book has no such profile or says nothing about that date. Whatever goes wrong
        inside an evaluator ends in deny with an `EngineFault`, never in an exception and never in an allow.
        """
        profiles = (self.profile,) if self.profile else [p.id for p in usable_profiles(self.book, self.known_at)]
        if not profiles:
            raise EditionError(f"no profile of the book existed on {self.known_at}", mend="choose a later day")
        # Refuses a day without law, and a profile that was not there yet, before anything is decided.
        self._editions.of(profiles[0], as_of, self.known_at)
        common: dict[str, Any] = {
            "id": self._new_id(),
            "request_id": request_id,
            "request_digest": request_digest,
            "decided_at": self._now(),
            "profile": self.profile,
            "as_of": as_of,
            "known_at": self.known_at,
            "book_name": self.book.name,
            "book_version": self.book.version,
            "book_digest": self.book.digest,
            "engine": f"limen {__version__}",
        }
        try:
            opinions = [self._turn_both_keys(profile, facts, as_of) for profile in profiles]
            return self._answer(opinions, facts, as_of, common)
        except _Faulted as faulted:
            return _deny_with_fault(facts, profiles[0], faulted.fault, faulted.second_key, common)
        except Exception as error:
            fault = EngineFault(kind="error", detail=f"{type(error).__name__} while answering")
            return _deny_with_fault(facts, profiles[0], fault, "not_asked", common)

    def _turn_both_keys(self, profile: str, facts: CaseFacts, as_of: date) -> Opinion:
        """The opinion under one profile, once the second key has agreed with it.

        One profile is asked through an evaluator of its own, several through one panel that hears them all; then an
        edition of each is made only for the second key.
        """
        choices = self.book.profiles[profile].chooses

        def seat() -> Seat:
            return self._editions.of(profile, as_of, self.known_at)

        first: Findings | None = None
        second: Findings | None = None
        try:
            if self.profile is None:
                panel = self._editions.panel(as_of)
                first = panel.find(facts, choices)
                check_shape(panel.open.edition, facts, first)
            else:
                first = seat().evaluator.find(facts)
                check_shape(seat().edition, facts, first)
        except Exception as error:
            raise self._fault(
                seat().edition, facts, first, None, "error", f"first key: {type(error).__name__}"
            ) from error
        if self._second_key is not None:
            edition = seat().edition
            try:
                second = self._second_key.find(edition, facts)
            except Exception as error:
                kind: FaultKind = getattr(error, "kind", "error")
                detail = f"second key: {getattr(error, 'detail', type(error).__name__)}"
                raise self._fault(edition, facts, first, None, kind, detail) from error
            if second != first:
                places = ", ".join(differences(edition, facts, first, second)) or "their shape"
                raise self._fault(edition, facts, first, second, "disagreement", f"the keys differ at {places}")
        return Opinion(profile, choices, first)

    def _fault(
        self,
        edition: Edition,
        facts: CaseFacts,
        first: Findings | None,
        second: Findings | None,
        kind: FaultKind,
        detail: str,
    ) -> _Faulted:
        reproduction = None
        if self._write_fault is not None:
            try:
                reproduction = self._write_fault(edition, facts, first, second, kind, detail)
            except Exception as error:
                detail = f"{detail}; no reproduction file: {type(error).__name__}"
        state: Literal["disagrees", "failed"] = "disagrees" if kind == "disagreement" else "failed"
        return _Faulted(EngineFault(kind=kind, detail=detail, reproduction=reproduction), state)

    def _answer(self, opinions: Sequence[Opinion], facts: CaseFacts, as_of: date, common: dict[str, Any]) -> Decision:
        """The decision that follows from one opinion per profile.

        Where profiles differ, the reasons shown are those of the first that does not release: nobody has to ask why
        something may be released.
        """
        agreed = [len({opinion.verdicts[i] for opinion in opinions}) == 1 for i in range(len(facts.items))]
        differ = not all(agreed)
        shown = next((i for i, opinion in enumerate(opinions) if opinion.effect == "deny"), 0) if differ else 0
        basis = opinions[shown]
        seat = self._editions.of(basis.profile, as_of, self.known_at)
        effect = "deny" if differ else basis.effect
        reasons = [seat.reasoner.item(basis.findings, i) for i in range(len(facts.items))]
        items = tuple(
            ItemDecision.model_construct(
                item=item.id,
                kind=_text(item.facts.get("item.kind")),
                verdict=basis.verdicts[i] if agreed[i] else "readings_differ",
                gateway=why.gateway.rule.address if why.gateway is not None else None,
                effect=why.gateway.rule.effect if why.gateway is not None and basis.verdicts[i] == "allow" else None,
                reasons=why.reasons,
                elsewhere=why.elsewhere,
            )
            for i, (item, why) in enumerate(zip(facts.items, reasons, strict=True))
        )
        releasable = tuple(item.item for item in items if item.verdict == "allow")
        return Decision.model_construct(
            **common,
            effect=effect,
            disposition="readings_differ" if differ else basis.disposition,
            items=items,
            releasable=releasable,
            missing=facts_missing(opinions, facts, lambda name: self._editions.of(name, as_of, self.known_at).edition),
            hinges=self._hinges(basis, opinions, facts, as_of, differ),
            duties=duties_attached(seat.edition, items),
            basis=basis.profile,
            profiles=() if len(opinions) == 1 else tuple(profile_outcome(opinion, facts) for opinion in opinions),
            second_key="not_asked" if self._second_key is None else "agrees",
        )

    def _hinges(
        self, basis: Opinion, opinions: Sequence[Opinion], facts: CaseFacts, as_of: date, differ: bool
    ) -> tuple[Hinge, ...]:
        """The readings the answer turns on, single ones first."""
        if self.hinges == "never" or (self.hinges == "when_differing" and not differ):
            return ()
        finder = HingeFinder(self._editions.panel(as_of), self.book.readings, basis, facts)
        found = {hinge.reading: hinge for hinge in finder.pivots()}
        for opinion in opinions:
            if opinion.verdicts != basis.verdicts:
                for hinge in finder.between(opinion):
                    found.setdefault(hinge.reading, hinge)
        return tuple(found.values())


def _deny_with_fault(
    facts: CaseFacts,
    basis: str,
    fault: EngineFault,
    second_key: Literal["disagrees", "failed", "not_asked"],
    common: dict[str, Any],
) -> Decision:
    """The decision when the engine is not sure: every item denied."""
    return Decision(
        **common,
        effect="deny",
        disposition="withhold",
        items=tuple(
            ItemDecision(item=item.id, kind=_text(item.facts.get("item.kind")), verdict="deny", reasons=(FAULT_REASON,))
            for item in facts.items
        ),
        releasable=(),
        basis=basis,
        second_key=second_key,
        fault=fault,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def decide(
    book: Book,
    request: Request,
    *,
    profile: str | None = None,
    as_of: date | None = None,
    known_at: date | None = None,
    match: Match | None = None,
    batch: BatchContext | None = None,
    stated: Mapping[str, FactValue] | None = None,
    second_key: Key | None = None,
) -> Decision:
    """Decide one request, without a registry and without a ledger (`limen.desk.Desk` has both).

    `as_of` is the date of the law: by default the day the request was received, or today. `match` is what
    cross-reference found; without it every fact about the match is not known. Raises `EditionError` for a profile or
    date the book does not have and `FactError` for a stated fact that does not fit the vocabulary.
    """
    from limen.request.characterise import Characteriser
    from limen.request.digest import request_digest

    day = as_of or request.received or datetime.now(UTC).date()
    seen = Characteriser(book.vocabulary).characterise(request, match, as_of=day, batch=batch, stated=stated)
    decider = Decider(book, profile=profile, known_at=known_at, second_key=second_key)
    return decider.decide(seen.facts, day, request_id=request.id, request_digest=request_digest(request))
