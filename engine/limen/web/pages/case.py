"""What the page of a case shows: the answer and its reasons, what it was before, and what could still change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from limen.analyse.ask import Interview, Question, ask
from limen.analyse.bench import Spot
from limen.decide.decision import Decision, ItemDecision, Reason
from limen.exports.words import value_words
from limen.law.book import Book
from limen.law.facts import FactError, read_value
from limen.law.vocabulary import FactValue
from limen.request.characterise import Characteriser
from limen.request.read import build_request
from limen.web.pages.codec import StateError, encode
from limen.web.pages.controls import Control, Group, control, groups
from limen.web.pages.state import UNKNOWN, Answer, CaseState, answered, before
from limen.web.pages.workroom import Workroom

ASK_SECONDS, LIST_SECONDS = 0.1, 5.0
"""How long the interview looks for pairs that prove that questions matter: for the next one, which always is proved,
and for the list of all of them, which is made when somebody opens it."""

ORDER = {"barred": 0, "not_met": 1, "not_known": 2, "met": 3}


@dataclass(frozen=True, slots=True)
class Moved:
    """A reason that the last change moved."""

    item: str
    address: str
    label: str
    citation: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that have the same answer for the same reasons, and those reasons, obstacles first."""

    items: tuple[ItemDecision, ...]
    reasons: tuple[Reason, ...]

    @property
    def first(self) -> ItemDecision:
        """One that stands for all."""
        return self.items[0]

    def count(self, outcome: str) -> int:
        """How many requirements came to `outcome`; each outcome is counted apart."""
        return sum(reason.outcome == outcome for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Previous:
    """The answer before the last change, and what that was."""

    decision: Decision
    change: str
    moved: tuple[Moved, ...]
    undo: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it. `code` is the state as it stands in the address."""

    state: CaseState
    code: str
    book: Book
    decision: Decision
    groups: tuple[Group, ...]
    alike: tuple[Alike, ...]
    previous: Previous | None

    @property
    def stated(self) -> int:
        """How many facts have an answer."""
        return len(self.state.answers())


def case_view(room: Workroom, state: CaseState) -> CaseView:
    """The page of a case. Raises `EditionError`, `StateError` and what a draft can raise."""
    book = room.book(state.draft)
    decision = room.decide(state)
    missing = [one.fact for one in decision.missing]
    return CaseView(
        state=state,
        code=encode(state),
        book=book,
        decision=decision,
        groups=tuple(groups(book, state, missing)),
        alike=tuple(alike(decision)),
        previous=_previous(room, state, decision, book),
    )


def alike(decision: Decision) -> Iterator[Alike]:
    """The items of a decision, those with the same reasons together."""
    found: dict[tuple[object, ...], list[ItemDecision]] = {}
    for item in decision.items:
        found.setdefault((item.verdict, item.gateway, item.reasons, item.elsewhere), []).append(item)
    for items in found.values():
        yield Alike(tuple(items), tuple(sorted(items[0].reasons, key=lambda reason: ORDER[reason.outcome])))


def _previous(room: Workroom, state: CaseState, decision: Decision, book: Book) -> Previous | None:
    earlier = before(state)
    if earlier is None:
        return None
    try:
        told = room.decide(earlier)
        return Previous(told, change_words(state, book), tuple(moved(told, decision)), encode(earlier))
    except (LookupError, ValueError, StateError):
        return None


def change_words(state: CaseState, book: Book) -> str:
    """What was changed last, in words."""
    last = state.last
    if last is None:
        return ""
    if last.what == "fact" and last.spot is not None:
        fact = book.vocabulary.facts[last.spot[0]]
        of = f" ({last.spot[1]})" if last.spot[1] else ""
        return f"“{fact.ask}”{of}: {_said(fact, last.before)} → {_said(fact, state.answer(last.spot))}"
    names = {"profile": "readings", "as_of": "law of", "known_at": "known at", "draft": "draft"}
    now = getattr(state, last.what)
    nothing = {"profile": "all profiles", "known_at": "everything published", "draft": "the book as it is"}
    shown = [nothing.get(last.what, "-") if one is None else str(one) for one in (last.before, now)]
    return f"{names[last.what]}: {shown[0]} → {shown[1]}"


def _said(fact: object, answer: Answer) -> str:
    return "not asked" if answer is None else value_words(fact, answer)  # type: ignore[arg-type]


def moved(earlier: Decision, later: Decision) -> Iterator[Moved]:
    """The requirements of the gateways shown whose outcome is not what it was, each once."""
    seen: set[tuple[str, str, str]] = set()
    was = {item.item: {one.address: one for one in item.reasons} for item in earlier.items}
    for item in later.items:
        old = was.get(item.item, {})
        for reason in item.reasons:
            one = old.get(reason.address)
            key = (reason.address, one.outcome if one else "", reason.outcome)
            if one is not None and one.outcome != reason.outcome and key not in seen:
                seen.add(key)
                yield Moved(item.item, reason.address, reason.label, reason.citation, one.outcome, reason.outcome)


@dataclass(frozen=True, slots=True)
class Asked:
    """The interview: the question to ask now with its control, and the others that can still matter."""

    interview: Interview
    first: Question | None
    control: Control | None
    others: tuple[Question, ...]

    @property
    def left(self) -> int:
        """How many questions may remain at most."""
        return len(self.interview.questions)


def asked_next(room: Workroom, state: CaseState, chosen: Spot | None, seconds: float) -> Asked:
    """What to ask next: only what can still change the answer, the best first, or the one that was `chosen`."""
    key = ("ask", state.book, state.profile, state.as_of, state.known_at, _frozen(state), seconds)
    interview = room.kept(key, lambda: ask(room.bench(state), state.facts, state.unknown, seconds))
    questions = interview.questions
    first = next((one for one in questions if (one.fact, one.item) == chosen), interview.next)
    book = room.book(state.draft)
    shown = control(book, state, (first.fact, first.item)) if first is not None else None
    return Asked(interview, first, shown, tuple(one for one in questions if one is not first))


def _frozen(state: CaseState) -> object:
    return frozenset(state.answers().items()), tuple(item.id for item in state.facts.items)


def read_answer(book: Book, spot: Spot, text: str) -> Answer:
    """What was sent for a fact: `""` is not asked, `unknown` is *I do not know*. Raises `FactError`."""
    text = text.strip()
    if not text:
        return None
    if text == UNKNOWN:
        return UNKNOWN
    fact = book.vocabulary.facts[spot[0]]
    if len(text) > 100:
        raise FactError([])
    return read_value(fact, text)


def without_other_documents(book: Book, state: CaseState) -> CaseState:
    """The state with what follows from there being no document but the letter: no order, consent, warrant and so on.

    What has been answered stays as it is. Which facts those are, the vocabulary says (`silence`, and derivations from a
    section that is not there): they are what a request gives once it says that there is nothing else.
    """
    items = [{"id": f"i{n}", "kind": "mailing_address"} for n, _ in enumerate(state.facts.items)]

    def given(nothing_else: bool) -> Mapping[Spot, FactValue]:
        request = build_request({"id": "x", "items": items, "nothing_else": nothing_else}, "a blank request")
        seen = Characteriser(book.vocabulary).characterise(request, None, as_of=state.as_of)
        found: dict[Spot, FactValue] = {(name, None): value for name, value in seen.facts.facts.items()}
        for ours, item in zip(state.facts.items, seen.facts.items, strict=True):
            found |= {(name, ours.id): value for name, value in item.facts.items()}
        return found

    before_, after = given(False), given(True)
    answers = state.answers()
    silent = set(state.silent)
    for spot, value in after.items():
        if (spot not in before_ or _says_there_is_one(book, spot)) and spot not in answers:
            state = answered(state, spot, value)
            silent.add(spot)
    return replace(state, mine=state.mine - silent, silent=frozenset(silent), last=None)


def _says_there_is_one(book: Book, spot: Spot) -> bool:
    """Whether a fact is that a section of its own is in the request at all."""
    source = book.vocabulary.facts[spot[0]].source
    return spot[1] is None and source is not None and source.path is not None and "." not in source.path


def today() -> date:
    """The day on which a case begins if nothing is said."""
    return datetime.now(UTC).date()
