"""From facts to a decision.

A decision is made with two keys: the generated evaluator and, independently, the durable-rules network. Where they
differ, or one fails, the answer is deny with an engine fault, whatever they said. Without a chosen profile every
profile is asked: if they agree that is the verdict; if not the answer is deny, `readings_differ`, and the hinges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from limen.decide.attached import facts_missing, profile_outcome
from limen.decide.compare import check_shape, differences
from limen.decide.compiled import compile_edition
from limen.decide.decision import Decision, EngineFault, Hinge, Missing
from limen.decide.draft import Draft, Stamp, item_decision
from limen.decide.editions import Editions, Seat
from limen.decide.evaluator import MakeEvaluator
from limen.decide.findings import Findings
from limen.decide.hinges import HingeFinder
from limen.decide.ids import new_id
from limen.decide.opinion import Opinion, outcome_of
from limen.decide.panel import Hearing
from limen.law import EditionError, usable_profiles
from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, FactError, ItemFacts

if TYPE_CHECKING:
    from limen.decide.compiled_request import WeighRequest
    from limen.decide.compiled_weigh import Weigh
    from limen.law.vocabulary import FactValue
    from limen.request.batch import BatchContext
    from limen.request.characterise import Characteriser
    from limen.request.derivation import Given
    from limen.request.match import Match
    from limen.request.model import Request

HingeMode = Literal["always", "when_differing", "never"]
FaultKind = Literal["disagreement", "crash", "timeout", "error"]


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


class _Heard:
    """One case, heard by the panel of a day when somebody first asks."""

    def __init__(self, editions: Editions, facts: CaseFacts, as_of: date) -> None:
        self._editions, self._facts, self._as_of = editions, facts, as_of

    @cached_property
    def hearing(self) -> Hearing:
        return self._editions.panel(self._as_of).hear(self._facts)


class _Reading(NamedTuple):
    """What requests are named by and read with; imported when the first request is decided."""

    digest: Callable[[Request], str]
    given: type[Given]
    reader: Characteriser


def _now() -> datetime:
    return datetime.now(UTC)


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
        new_id: Callable[[], str] = new_id,
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
        self._draft = Draft(book, profile, known_at, "not_asked" if second_key is None else "agrees")
        # With one profile and one key there is nothing to hold the findings against.
        self._quick = profile if second_key is None and hinges != "always" else None
        self._profiles: tuple[str, ...] | None = None if profile is None else (profile,)
        self._reading: _Reading | None = None

    def decide_request(
        self,
        request: Request,
        *,
        as_of: date | None = None,
        match: Match | None = None,
        batch: BatchContext | None = None,
        stated: Mapping[str, FactValue] | None = None,
    ) -> Decision:
        """Characterise `request` and decide it: from a validated request to a frozen decision with its reasons.

        `as_of` is the date of the law: by default the day the request was received, or today. Without a `match` every
        fact about the match is not known, and without a `batch` every fact about the batch. Raises what `decide` does,
        and `FactError` for a stated fact that does not fit the vocabulary.
        """
        reading = self._reading or self._read_with()
        day = as_of or request.__dict__["received"] or self._now().date()
        if self._quick is not None:
            seat = self._editions.of(self._quick, day, self.known_at)
            weigh = seat.request_weigher(reading.reader)
            if weigh is not None:
                decision = self._weigh_request(weigh, seat, request, day, match, batch, stated)
                if decision is not None:
                    return decision
        try:
            facts = reading.reader.facts(request, match, as_of=day, batch=batch, stated=stated)
            named = reading.digest(request)
        except FactError:
            raise
        except Exception as error:
            return self._unread(request, day, error)
        return self.decide(facts, day, request_id=request.id, request_digest=named)

    def _weigh_request(
        self,
        weigh: WeighRequest,
        seat: Seat,
        request: Request,
        day: date,
        match: Match | None,
        batch: BatchContext | None,
        stated: Mapping[str, FactValue] | None,
    ) -> Decision | None:
        """The same decision for one profile and one key, read and weighed in one go; `None` where that is not enough.

        Whatever fails is met again on the long way, which knows what to make of it.
        """
        reading = self._reading or self._read_with()
        try:
            said = request.__dict__
            found = weigh(reading.given(request, match, batch, day), stated)
            if found is None:
                return None
            weighed, facts = found
            if len(weighed) != len(said["items"]):
                return None
            stamp = Stamp(self._new_id(), said["id"], reading.digest(request), self._now(), day)
            verdicts = [one.verdict for one in weighed]
            effect, disposition = outcome_of(verdicts)
            missing: tuple[Missing, ...] = ()
            if disposition == "more_needed":
                if facts is None:
                    return None
                missing = self._missing(seat, facts, verdicts)
        except Exception:
            return None
        return self._draft.answered(stamp, seat.edition, effect, disposition, tuple(weighed), missing=missing)

    def _read_with(self) -> _Reading:
        """What requests are named and read by. Raises `SourceError` for a vocabulary that does not fit requests."""
        from limen.request.characterise import Characteriser
        from limen.request.derivation import Given
        from limen.request.digest import request_digest

        self._reading = _Reading(request_digest, Given, Characteriser(self.book.vocabulary))
        return self._reading

    def _unread(self, request: Request, day: date, error: Exception) -> Decision:
        """The decision about a request that could not be read: a fault, and nothing is released."""
        profiles = self._asked()
        self._editions.of(profiles[0], day, self.known_at)
        fault = EngineFault(kind="error", detail=f"{type(error).__name__} while reading the request")
        nothing = CaseFacts({}, tuple([ItemFacts(item.id, {}) for item in request.items]))
        stamp = Stamp(self._new_id(), request.id, "", self._now(), day)
        return self._draft.faulted(stamp, nothing, profiles[0], fault, "not_asked")

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
        profiles = self._asked()
        # Refuses a day without law, and a profile that was not there yet, before anything is decided.
        seat = self._editions.of(profiles[0], as_of, self.known_at)
        stamp = Stamp(self._new_id(), request_id, request_digest, self._now(), as_of)
        try:
            weigh = seat.weigher() if self._quick is not None else None
            if weigh is not None:
                return self._weigh(weigh, seat, facts, stamp)
            heard = _Heard(self._editions, facts, as_of)
            opinions = [self._turn_both_keys(profile, facts, as_of, heard) for profile in profiles]
            return self._answer(opinions, facts, stamp, heard)
        except _Faulted as faulted:
            return self._draft.faulted(stamp, facts, profiles[0], faulted.fault, faulted.second_key)
        except Exception as error:
            fault = EngineFault(kind="error", detail=f"{type(error).__name__} while answering")
            return self._draft.faulted(stamp, facts, profiles[0], fault, "not_asked")

    def _asked(self) -> tuple[str, ...]:
        """The profiles that are heard. Raises `EditionError` where there is none."""
        if self._profiles is None:
            self._profiles = tuple([profile.id for profile in usable_profiles(self.book, self.known_at)])
        if not self._profiles:
            raise EditionError(f"no profile of the book existed on {self.known_at}", mend="choose a later day")
        return self._profiles

    def _turn_both_keys(self, profile: str, facts: CaseFacts, as_of: date, heard: _Heard) -> Opinion:
        """The opinion under one profile, once the second key has agreed with it.

        One profile is asked through an evaluator of its own, several through one panel that hears them all; then an
        edition of each is made only for the second key.
        """
        choices = self.book.profiles[profile].chooses
        known_at, editions = self.known_at, self._editions
        first: Findings | None = None
        second: Findings | None = None
        try:
            if self.profile is None:
                first = heard.hearing.find(choices)
                check_shape(heard.hearing.panel.open.edition, facts, first)
            else:
                seat = editions.of(profile, as_of, known_at)
                first = seat.evaluator.find(facts)
                check_shape(seat.edition, facts, first)
        except Exception as error:
            edition = editions.of(profile, as_of, known_at).edition
            raise self._fault(edition, facts, first, None, "error", f"first key: {type(error).__name__}") from error
        if self._second_key is not None:
            edition = editions.of(profile, as_of, known_at).edition
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

    def _answer(self, opinions: Sequence[Opinion], facts: CaseFacts, stamp: Stamp, heard: _Heard) -> Decision:
        """The decision that follows from one opinion per profile.

        Where profiles differ, the reasons shown are those of the first that does not release: nobody has to ask why
        something may be released.
        """
        agreed = [len({opinion.verdicts[i] for opinion in opinions}) == 1 for i in range(len(facts.items))]
        differ = not all(agreed)
        shown = next((i for i, opinion in enumerate(opinions) if opinion.effect == "deny"), 0) if differ else 0
        basis = opinions[shown]
        as_of, known_at, editions = stamp.as_of, self.known_at, self._editions
        seat = editions.of(basis.profile, as_of, known_at)
        items = []
        for i, item in enumerate(facts.items):
            verdict = basis.verdicts[i] if agreed[i] else "readings_differ"
            items.append(item_decision(item, verdict, *seat.reasoner.item(basis.findings, i)))
        return self._draft.answered(
            stamp,
            seat.edition,
            "deny" if differ else basis.effect,
            "readings_differ" if differ else basis.disposition,
            tuple(items),
            missing=facts_missing(opinions, facts, lambda name: editions.of(name, as_of, known_at).missing),
            hinges=self._hinges(basis, opinions, heard, differ),
            profiles=() if len(opinions) == 1 else tuple(profile_outcome(opinion, facts) for opinion in opinions),
        )

    def _weigh(self, weigh: Weigh, seat: Seat, facts: CaseFacts, stamp: Stamp) -> Decision:
        """The same decision for one profile and one key, when only the verdicts and their reasons are wanted.

        Full findings are made only where something is open, to say which facts are missing.
        """
        try:
            weighed = weigh(facts)
            if len(weighed) != len(facts.items):
                raise ValueError("an item was not weighed")
        except Exception as error:
            detail = f"first key: {type(error).__name__}"
            raise self._fault(seat.edition, facts, None, None, "error", detail) from error
        verdicts = [one.verdict for one in weighed]
        effect, disposition = outcome_of(verdicts)
        missing = self._missing(seat, facts, verdicts) if disposition == "more_needed" else ()
        return self._draft.answered(stamp, seat.edition, effect, disposition, tuple(weighed), missing=missing)

    def _missing(self, seat: Seat, facts: CaseFacts, verdicts: Sequence[str]) -> tuple[Missing, ...]:
        """The facts that could still change a verdict; full findings have to be of one mind with what was weighed."""
        opinion = Opinion(seat.edition.profile, {}, seat.evaluator.find(facts))
        if opinion.verdicts != tuple(verdicts):
            raise self._fault(seat.edition, facts, opinion.findings, None, "error", "first key: not of one mind")
        return facts_missing((opinion,), facts, lambda _: seat.missing)

    def _hinges(self, basis: Opinion, opinions: Sequence[Opinion], heard: _Heard, differ: bool) -> tuple[Hinge, ...]:
        """The readings the answer turns on, single ones first."""
        if self.hinges == "never" or (self.hinges == "when_differing" and not differ):
            return ()
        finder = HingeFinder(heard.hearing, self.book.readings, basis)
        found = {hinge.reading: hinge for hinge in finder.pivots()}
        for opinion in opinions:
            if opinion.verdicts != basis.verdicts:
                for hinge in finder.between(opinion):
                    found.setdefault(hinge.reading, hinge)
        return tuple(found.values())


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
    decider = Decider(book, profile=profile, known_at=known_at, second_key=second_key)
    return decider.decide_request(request, as_of=as_of, match=match, batch=batch, stated=stated)
