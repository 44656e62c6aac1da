"""Making questions: a provision and a difficulty go in, cases come out, each with its twin.

Cases come from the shipped scenarios that are about the provision, or are made from their requests by changing one
thing (or taking two away). What a case comes to is worked out, never assumed, and a case that does not have the
difficulty asked for is not taken. The same seed gives the same questions.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from limen.law import EditionError
from limen.law.problem import nearest
from limen.law.rules import Gateway
from limen.law.tree import facts_in
from limen.law.vocabulary import Fact
from limen.scenario.model import Scenario
from limen.training.cases import Cases, TrainingCase
from limen.training.course import ALL, Course, Level, Question, Twin, Wording, WrittenCase
from limen.training.documents import item_name, sender_name
from limen.training.key import Key, KeyFault, KeyMaker
from limen.training.load import CourseError, one_problem
from limen.training.twin import FARTHEST, differences

Origin = Literal["told", "made", "either"]
LEVELS: Final[Mapping[Level, str]] = {
    "border": "One fact from the border",
    "missing": "Facts are missing",
    "readings": "The readings differ",
    "plain": "Plain: nothing is close",
}
TRIES: Final = 150
"""Cases that are worked out before the search for more is given up."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for: a rule by its address, a difficulty, how many, and from where."""

    provision: str
    level: Level
    count: int = 3
    origin: Origin = "either"
    seed: str = "1"


def make_questions(
    cases: Cases, maker: KeyMaker, wish: Wish, *, profile: str = ALL, accepts: tuple[str, ...] = (),
    taken: tuple[str, ...] = (),
) -> list[Question]:  # fmt: skip
    """Questions as wished, at most `wish.count`; fewer where there are no more. `taken` are ids not to be used.

    Raises `CourseError` for a provision that the book does not have.
    """
    rules = cases.book.rules
    if wish.provision not in rules:
        near = nearest(wish.provision, rules)
        raise one_problem(
            "course", f"the book has no provision `{wish.provision}`", "`limen book list` shows them", near
        )
    made = _Making(cases, maker, wish, profile, accepts)
    found: list[Question] = []
    ids = set(taken)
    for question in made.questions():
        if question.id in ids or any(_same_case(question, other) for other in found):
            continue
        found.append(question)
        ids.add(question.id)
        if len(found) >= wish.count:
            break
    return found


def told_apart(found: Iterable[Question], before: Iterable[Question] = ()) -> list[Question]:
    """`found` with titles that no two of them, and none of `before`, have in common: people speak of them by title."""
    taken = {question.wording.title for question in before}
    made: list[Question] = []
    for question in found:
        title = question.wording.title
        if title is not None:
            titles = (title, *(f"{title[:150]} ({number})" for number in range(2, 600)))
            title = next(one for one in titles if one not in taken)
            taken.add(title)
            question = question.model_copy(update={"wording": question.wording.model_copy(update={"title": title})})
        made.append(question)
    return made


def twin_questions(cases: Cases, address: str, as_of: date, profile: str = ALL) -> list[Question]:
    """Two questions one fact apart for the provision at `address`, found by the solver; none where it proves that there
    are none. Both state bare facts. Raises `CourseError` where the solver is not installed."""
    try:
        from limen.analyse.twins import twins
    except ImportError:
        raise one_problem(
            "course", "twins are found by a solver that is not installed", "install `limen[exact]`"
        ) from None
    try:
        litter = twins(cases.book, as_of, None if profile == ALL else [profile], address, seconds=20.0)
    except EditionError as error:
        raise one_problem("course", str(error)) from None
    pairs = [pair for pair in litter.twins if pair.address == address]
    if not pairs and not any(a.startswith(address) for a in (*litter.none, *litter.unasked)):
        raise one_problem("course", f"the book has no provision `{address}` on that day", "`limen book show` has them")
    made = []
    for pair in pairs:
        written = [
            WrittenCase(
                facts=dict(case.facts), items={item.id: dict(item.facts) for item in case.items}, as_of=as_of
            )
            for case in (pair.first, pair.second)
        ]  # fmt: skip
        for here, there in ((0, 1), (1, 0)):
            wording = Wording(title=f"A file on {pair.label}"[:160], story=BARE)
            made.append(
                Question(
                    id=_id("twin", f"{address} {here}"), case=written[here], wording=wording, level="border",
                    teaches=f"It turns on one point: {pair.label}.", provisions=(address,),
                    twin=Twin(case=written[there], wording=wording),
                )
            )  # fmt: skip
    return made


BARE: Final = "Here is the file as it stands, without the letter. Read what it says, and notice what it does not."


class _Making:
    def __init__(self, cases: Cases, maker: KeyMaker, wish: Wish, profile: str, accepts: tuple[str, ...]) -> None:
        self.cases, self.maker, self.wish = cases, maker, wish
        self.dice = random.Random(f"{wish.seed}/{wish.provision}/{wish.level}")
        placeholder = Question(id="q", scenario="x")
        self.course = Course(
            course="made", title="made", summary="made", profile=profile, accepts=accepts, questions=(placeholder,)
        )  # fmt: skip
        self.tries = 0

    def questions(self) -> Iterator[Question]:
        sources: list[Callable[[], Iterator[Question]]] = []
        if self.wish.origin in ("told", "either"):
            sources.append(self._told)
        if self.wish.origin in ("made", "either"):
            sources.append(self._made)
        for source in sources:
            yield from source()

    def _pool(self) -> list[Scenario]:
        """The scenarios about the provision, shuffled: one of each family first, so that stories are not alike."""
        rule = self.wish.provision
        pool = [one for one in self.cases.library() if any(p.partition("#")[0] == rule for p in one.provisions)]
        self.dice.shuffle(pool)
        turns: dict[str, int] = {}
        before: Counter[str] = Counter()
        for one in pool:
            turns[one.scenario] = before[one.family]
            before[one.family] += 1
        return sorted(pool, key=lambda one: turns[one.scenario])

    def _told(self) -> Iterator[Question]:
        for scenario in self._pool():
            case = self._case(lambda scenario=scenario: self.cases.told(scenario))  # type: ignore[misc]
            key = self._key(case)
            if case is None or key is None or self._level(case, key) != self.wish.level:
                continue
            id = _id(scenario.family, scenario.scenario)
            # A variant's own words say what was changed, and not the rest of the story.
            varied = scenario.scenario != scenario.family and scenario.request is not None
            wording = self._wording(scenario.request or {}) if varied else Wording()
            yield Question(id=id, scenario=scenario.scenario, level=self.wish.level, wording=wording)

    def _made(self) -> Iterator[Question]:
        """Requests of the pool with one thing changed; for missing facts, with two things taken away."""
        bases = [one for one in self._pool() if one.request is not None]
        waiting = [
            (scenario, changes) for scenario in bases[:12] for changes in self._changes(scenario)
        ]  # fmt: skip
        self.dice.shuffle(waiting)
        for scenario, changes in waiting:
            question = self._question(scenario, changes)
            case = self._case(lambda question=question: self.cases.of(question))  # type: ignore[misc]
            key = self._key(case)
            base = self._case(lambda scenario=scenario: self.cases.told(scenario))  # type: ignore[misc]
            base_key = self._key(base)
            if case is None or key is None or base is None or base_key is None:
                continue
            apart = differences(self.cases.book.vocabulary, case.facts, base.facts)
            if not 0 < len(apart) <= FARTHEST or _verdicts(key) == _verdicts(base_key):
                continue
            if _sort(key) == self.wish.level or (self.wish.level == "border" and _sort(key) == "plain"):
                yield question

    def _changes(self, scenario: Scenario) -> Iterator[dict[str, Any]]:
        """Changes to a request, by path: another value, or `None` for said to be unknown."""
        facts = self._read()
        takeable = [name for name, fact in facts.items() if _path(fact) and _has(scenario.request, _path(fact))]
        if self.wish.level == "missing":
            for _ in range(8):
                if len(takeable) >= 2:
                    yield {str(_path(facts[name])): None for name in self.dice.sample(takeable, 2)}
            return
        for name in takeable:
            fact = facts[name]
            now = _value(scenario.request, str(_path(fact)))
            others = [True, False] if fact.type == "bool" else list(fact.values)
            for value in self.dice.sample(others, min(3, len(others))):
                if value != now:
                    yield {str(_path(fact)): value}
        if scenario.match is not None and scenario.match.grade in ("exact", "strong"):
            yield {"match": {"grade": "ambiguous", "candidates": 2}}
            yield {"match": {"grade": "weak", "lane": "address", "address_held": "never", "name_agrees": True}}

    def _read(self) -> dict[str, Fact]:
        """The facts that the provision reads, on a day on which it is in force."""
        vocabulary = self.cases.book.vocabulary.facts
        rule = self.cases.book.rules[self.wish.provision]
        nodes = (*rule.elements, *rule.releases) if isinstance(rule, Gateway) else ()
        names: dict[str, None] = {}
        for node in nodes:
            for part in node.walk():
                if part.test is not None:
                    names |= dict.fromkeys(sorted(facts_in(part.test)))
                if part.reading is not None:
                    reading = self.cases.book.readings[part.reading]
                    for alternative in reading.alternatives:
                        for inner in alternative.meaning.walk():
                            names |= dict.fromkeys(sorted(facts_in(inner.test)) if inner.test is not None else ())
        for definition in self.cases.book.vocabulary.definitions.values():
            if definition.name in names:
                for part in definition.meaning.walk():
                    names |= dict.fromkeys(sorted(facts_in(part.test)) if part.test is not None else ())
        names |= dict.fromkeys(["secretary.finds_informant_risk", "secretary.finds_tax_case_harm"])
        return {name: vocabulary[name] for name in names if name in vocabulary}

    def _question(self, scenario: Scenario, changes: Mapping[str, Any]) -> Question:
        request = copy.deepcopy(dict(scenario.request or {}))
        match: Any = scenario.match.model_dump(exclude_none=True) if scenario.match is not None else None
        for path, value in changes.items():
            if path == "match":
                match = value
            else:
                _set(request, path, "unknown" if value is None else value)
        written = WrittenCase(
            request=request, match=match, batch=scenario.batch, as_of=scenario.as_of, known_at=scenario.known_at
        )
        return Question(
            id=_id(scenario.family, written.model_dump_json()), case=written, wording=self._wording(request),
            level=self.wish.level, teaches=scenario.teaches, provisions=(self.wish.provision,),
            twin=Twin(scenario=scenario.scenario),
        )  # fmt: skip

    def _wording(self, request: Mapping[str, Any]) -> Wording:
        """Plain words for a made case, which say nothing of what was changed."""
        facts = self.cases.book.vocabulary.facts
        agency = (request.get("requester") or {}).get("agency")
        name = ((request.get("subject") or {}).get("name")) or {}
        who = " ".join(str(name[part]) for part in ("first", "middle", "last") if name.get(part))
        items = [item_name(str(item.get("id", ""))).lower() for item in request.get("items", ())]
        sender = sender_name(facts["requester.agency"], agency) if agency and agency != "unknown" else "An agency"
        asked = items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
        title = f"{sender} asks about {who}" if who else f"{sender} asks"
        story = f"{title}, and wants to be told: {asked}. Read the letter and the rest of the file before you decide."
        return Wording(title=title[:160], story=story)

    def _case(self, make: Callable[[], TrainingCase]) -> TrainingCase | None:
        try:
            return make()
        except CourseError:
            return None

    def _key(self, case: TrainingCase | None) -> Key | None:
        if case is None or self.tries >= TRIES:
            return None
        self.tries += 1
        try:
            return self.maker.key(self.course, "made", case)
        except (CourseError, KeyFault):
            return None

    def _level(self, case: TrainingCase, key: Key) -> Level:
        sort = _sort(key)
        if sort != "plain" or self.wish.level == "missing":
            return sort
        for scenario in self.cases.family(case.told):
            other = self._case(lambda scenario=scenario: self.cases.told(scenario))  # type: ignore[misc]
            if other is None:
                continue
            if 0 < len(differences(self.cases.book.vocabulary, case.facts, other.facts)) <= FARTHEST:
                theirs = self._key(other)
                if theirs is not None and _verdicts(theirs) != _verdicts(key):
                    return "border"
        return "plain"


def _sort(key: Key) -> Level:
    """The difficulty that the answer alone shows."""
    verdicts = {item.verdict for item in key.items}
    if "readings_differ" in verdicts:
        return "readings"
    return "missing" if "more_needed" in verdicts else "plain"


def _verdicts(key: Key) -> dict[str, str]:
    return {item.item: item.verdict for item in key.items}


def _same_case(one: Question, other: Question) -> bool:
    return (one.scenario, one.case) == (other.scenario, other.case)


def _id(family: str, case: str) -> str:
    """An id that tells nothing of the answer, the same for the same case: people see it in addresses and reports."""
    from hashlib import sha256

    kept = "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in family.lower())
    return f"{kept[:60].strip('-')}-{sha256(case.encode()).hexdigest()[:6]}"


def _path(fact: Fact) -> str | None:
    """Where a fact stands in a request, if it can be written there; of recipients, in the last one."""
    source = fact.source
    if source is None or source.path is None or fact.type not in ("bool", "enum") or "." not in source.path:
        return None
    if fact.per_item or source.equals is not None or fact.name == "request.received":
        return None
    if "[]" in source.path and not source.path.startswith("recipients[]."):
        return None
    return source.path


def _steps(path: str) -> list[str]:
    return path.replace("[]", "").split(".")


def _has(request: Any, path: str | None) -> bool:
    return path is not None and _value(request, path) is not None


def _value(request: Any, path: str) -> Any:
    here = request
    for step in _steps(path):
        if isinstance(here, list | tuple):
            here = here[-1] if here else None
        if not isinstance(here, Mapping) or step not in here:
            return None
        here = here[step]
    return here


def _set(request: Any, path: str, value: Any) -> None:
    here = request
    for step in _steps(path)[:-1]:
        if isinstance(here, list):
            here = here[-1]
        here = here[step]
    if isinstance(here, list):
        here = here[-1]
    here[_steps(path)[-1]] = value
