"""The key of a question: what is right, worked out from the facts of the case, the profile and the book.

Nobody writes a key. It is made anew whenever it is needed, by the generated evaluator and by the reference
interpreter, and where the two differ there is no key. `answer_digest` changes when the answer does; `digest` also when
the book does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from limen.decide.attached import duties_attached, facts_missing
from limen.decide.compiled import compile_edition
from limen.decide.decision import AttachedDuty, Hinge, ItemDecision, Missing, Reason
from limen.decide.editions import Editions, Seat
from limen.decide.findings import Findings, ItemFindings
from limen.decide.hinges import HingeFinder
from limen.decide.opinion import Opinion
from limen.decide.reference import find
from limen.law import EditionError, usable_profiles
from limen.law.book import Book
from limen.law.digest import content_digest
from limen.law.edition import Edition
from limen.law.problem import nearest
from limen.training.cases import TrainingCase
from limen.training.course import ALL, Course
from limen.training.load import one_problem
from limen.words import DISPOSITIONS

Answer = Literal["release", "withhold", "more_needed", "readings_differ"]
ANSWERS: Final[tuple[Answer, ...]] = ("release", "withhold", "more_needed", "readings_differ")
WORDS: Final[Mapping[Answer, str]] = {answer: DISPOSITIONS[answer].word for answer in ANSWERS}
"""The four verdict words, as they stand on every screen and paper."""

_ANSWER: Final[Mapping[str, Answer]] = {"allow": "release", "deny": "withhold", "open": "more_needed"}


@dataclass(frozen=True, slots=True)
class View:
    """What one profile answers: a verdict and the grounds for it per item, facts that are missing, duties."""

    profile: str
    verdicts: Mapping[str, Answer]
    grounds: Mapping[str, frozenset[str]]
    missing: frozenset[str]
    duties: frozenset[str]


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What is right for one item. `gateway` answers for it, `reasons` are that gateway's requirements as they stand."""

    item: str
    verdict: Answer
    grounds: frozenset[str]
    gateway: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one question. `views` holds one view per accepted profile, and that of the key's own profile."""

    question: str
    profile: str
    accepts: tuple[str, ...]
    items: tuple[ItemKey, ...]
    views: Mapping[str, View]
    missing: tuple[Missing, ...]
    duties: tuple[AttachedDuty, ...]
    hinges: tuple[Hinge, ...]
    book_digest: str
    answer_digest: str

    @property
    def digest(self) -> str:
        """Of the answer and of the book it was worked out from."""
        return content_digest({"answer": self.answer_digest, "book": self.book_digest})

    def item(self, id: str) -> ItemKey:
        """The key of one item; raises `KeyError`."""
        for item in self.items:
            if item.item == id:
                return item
        raise KeyError(id)

    def supporters(self, item: str, answer: str) -> tuple[str, ...]:
        """The accepted profiles under which `answer` is right for `item`."""
        return tuple(name for name in self.accepts if self.views[name].verdicts[item] == answer)

    def disputed(self, item: str) -> bool:
        """Whether accepted profiles answer differently for `item`."""
        return len({self.views[name].verdicts[item] for name in self.accepts}) > 1

    @property
    def profiles_differ(self) -> bool:
        """Whether the profiles that were asked differ on some item."""
        return any(len({view.verdicts[item.item] for view in self.views.values()}) > 1 for item in self.items)


class KeyFault(Exception):
    """The two evaluators differ on a question, so that it has no key. It is left out, never guessed."""


class KeyMaker:
    """Makes keys under one book; editions are made once. Holds no state of any case."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._editions = Editions(book, compile_edition)

    def key(self, course: Course, question: str, case: TrainingCase) -> Key:
        """The key of a question. Raises `CourseError` for a profile or a day that the book does not have, or an item
        that the general rule does not reach; `KeyFault` where the evaluators differ."""
        accepts = accepted_profiles(self.book, course, case)
        names = tuple(dict.fromkeys((*accepts, *(() if course.profile == ALL else (course.profile,)))))
        opinions = {name: self._opinion(name, question, case) for name in names}
        views = {name: self._view(case, opinion) for name, opinion in opinions.items()}
        asked = accepts if course.profile == ALL else (course.profile,)
        hinges = self._hinges(case, [opinions[name] for name in asked])
        basis = next((n for n in asked if any(v != "release" for v in views[n].verdicts.values())), asked[0])
        decisions = self._decisions(case, opinions[basis])
        items = []
        for index, stated in enumerate(case.facts.items):
            given = {views[name].verdicts[stated.id] for name in asked}
            verdict: Answer = given.pop() if len(given) == 1 else "readings_differ"
            grounds = frozenset().union(*(views[name].grounds[stated.id] for name in asked))
            if verdict == "readings_differ":
                differing = [opinions[name] for name in asked]
                grounds = frozenset({*(hinge.reading for hinge in hinges), *self._apart(case, differing, index)})
            items.append(
                ItemKey(stated.id, verdict, grounds, decisions[index].gateway, decisions[index].reasons)
            )  # fmt: skip
        missing = facts_missing([opinions[n] for n in asked], case.facts, lambda name: self._seat(name, case).missing)
        duties = self._duties(case, opinions[basis], {item.item for item in items if item.verdict == "release"})
        answer = content_digest({
            "items": {item.item: [item.verdict, sorted(item.grounds)] for item in items},
            "views": {name: {**view.verdicts} for name, view in views.items()},
            "missing": sorted(one.fact for one in missing),
            "duties": sorted(duty.address for duty in duties),
        })  # fmt: skip
        return Key(
            question, course.profile, accepts, tuple(items), views, missing, duties, hinges, self.book.digest, answer
        )  # fmt: skip

    def edition(self, profile: str, case: TrainingCase) -> Edition:
        """The edition a case is decided under."""
        return self._seat(profile, case).edition

    def _seat(self, profile: str, case: TrainingCase) -> Seat:
        return self._editions.of(profile, case.as_of, case.known_at)

    def _opinion(self, profile: str, question: str, case: TrainingCase) -> Opinion:
        try:
            seat = self._seat(profile, case)
        except EditionError as error:
            raise one_problem(f"question `{question}`", str(error)) from None
        findings = seat.evaluator.find(case.facts)
        if findings != find(seat.edition, case.facts):
            raise KeyFault(f"the evaluators differ on question `{question}` under `{profile}`: it has no key")
        for stated, found in zip(case.facts.items, findings.items, strict=True):
            if found.verdict == "not_covered":
                raise one_problem(
                    f"question `{question}`",
                    f"the general rule does not reach the item `{stated.id}`, so none of the four verdicts answers it",
                    "ask for another item, or leave the question out",
                )
        return Opinion(profile, self.book.profiles[profile].chooses, findings)

    def _view(self, case: TrainingCase, opinion: Opinion) -> View:
        seat = self._seat(opinion.profile, case)
        grounds = {
            stated.id: frozenset(_grounds(seat.edition, opinion.findings, found))
            for stated, found in zip(case.facts.items, opinion.findings.items, strict=True)
        }
        verdicts = {
            stated.id: _ANSWER[verdict] for stated, verdict in zip(case.facts.items, opinion.verdicts, strict=True)
        }
        missing = facts_missing([opinion], case.facts, lambda _: seat.missing)
        duties = self._duties(case, opinion, {id for id, verdict in verdicts.items() if verdict == "release"})
        return View(
            opinion.profile, verdicts, grounds, frozenset(one.fact for one in missing),
            frozenset(duty.address for duty in duties),
        )  # fmt: skip

    def _decisions(self, case: TrainingCase, opinion: Opinion) -> list[ItemDecision]:
        seat = self._seat(opinion.profile, case)
        made = []
        for index, stated in enumerate(case.facts.items):
            why = seat.reasoner.item(opinion.findings, index)
            gateway = why.gateway.rule.address if why.gateway is not None else None
            made.append(
                ItemDecision(
                    item=stated.id, kind=cast("str | None", stated.facts.get("item.kind")),
                    verdict=opinion.verdicts[index], gateway=gateway, reasons=why.reasons,
                )
            )  # fmt: skip
        return made

    def _duties(self, case: TrainingCase, opinion: Opinion, released: set[str]) -> tuple[AttachedDuty, ...]:
        decided = [item for item in self._decisions(case, opinion) if item.item in released]
        return duties_attached(self._seat(opinion.profile, case).edition, decided)

    def _hinges(self, case: TrainingCase, opinions: list[Opinion]) -> tuple[Hinge, ...]:
        """Every reading on which the difference between some of these opinions turns."""
        found: dict[str, Hinge] = {}
        distinct = {opinion.verdicts: opinion for opinion in opinions}
        if len(distinct) < 2:
            return ()
        hearing = self._editions.panel(case.as_of).hear(case.facts)
        for verdicts, basis in distinct.items():
            finder = HingeFinder(hearing, self.book.readings, basis)
            for hinge in finder.pivots():
                if any(other.choices[hinge.reading] != hinge.chosen for other in opinions):
                    found.setdefault(hinge.reading, hinge)
            for other in opinions:
                if other.verdicts != verdicts:
                    for hinge in finder.between(other):
                        found.setdefault(hinge.reading, hinge)
        return tuple(found.values())

    def _apart(self, case: TrainingCase, opinions: list[Opinion], index: int) -> Iterator[str]:
        """The points that some of these opinions find otherwise than others, and bars that stand under only some."""
        seen: dict[str, set[bool | None]] = {}
        for opinion in opinions:
            edition = self._seat(opinion.profile, case).edition
            found = opinion.findings.items[index]
            for point, value in (
                *zip(edition.case_points, opinion.findings.case, strict=True),
                *zip(edition.item_points, found.points, strict=True),
            ):
                seen.setdefault(point.address, set()).add(value)
            for bar, stands in zip(edition.bars, found.bars, strict=True):
                seen.setdefault(bar.rule.address, set()).add(stands)
        yield from (address for address, values in seen.items() if len(values) > 1)


def accepted_profiles(book: Book, course: Course, case: TrainingCase) -> tuple[str, ...]:
    """The profiles under which an answer is defensible in this case. Raises `CourseError` for one nobody knows."""
    usable = [profile.id for profile in usable_profiles(book, case.known_at)]
    for name in (*course.accepts, *(() if course.profile == ALL else (course.profile,))):
        if name not in book.profiles:
            mend = f"the profiles are {', '.join(f'`{one}`' for one in book.profiles)}, or `all`"
            raise one_problem(
                course.course, f"there is no profile `{name}`", mend, nearest(name, [*book.profiles, ALL])
            )  # fmt: skip
    accepted = tuple(name for name in (course.accepts or tuple(usable)) if name in usable)
    if not accepted:
        raise one_problem(course.course, "no accepted profile existed on the day of the case", "choose a later day")
    return accepted


def _grounds(edition: Edition, findings: Findings, item: ItemFindings) -> Iterator[str]:
    """The addresses on which the verdict on one item rests.

    Of a release: each open gateway, its elements, and the grounds that hold. Of a refusal: each element not met, each
    ground where none holds, each bar that stands. Of an open question: what is not known in gateways not yet closed.
    """
    wanted = {"allow": True, "deny": False}.get(item.verdict)
    for gateway, opened in zip(edition.gateways, item.gateways, strict=True):
        if opened is not wanted:
            continue
        grounds = [item.points[i] for i in gateway.grounds]
        if wanted is True:
            yield gateway.rule.address
        yield from (edition.case_points[i].address for i in gateway.elements if findings.case[i] is wanted)
        if wanted is True or not any(value is True for value in grounds):
            yield from (edition.item_points[i].address for i in gateway.grounds if item.points[i] is wanted)
        for index in gateway.bars:
            if wanted is not True and item.bars[index] is (True if wanted is False else None):
                yield edition.bars[index].rule.address
    if item.verdict == "open":
        for _, applies, says in edition.prohibitions:
            yield from (edition.item_points[i].address for i in (applies, says) if item.points[i] is None)
