"""The second key's own way to the same findings: each point is a question put to durable-rules.

For each point of an edition there is a rule for "is true" and a rule for "is false" (`limen.decide.rete_rails`), and
a fact that asks it, with the words the point reads. Whichever rule fires is the answer; if neither does, the point
is not known; if both do, the network lies and nothing it said is used.

Each question has a tag of its own, and only its own rules see the fact that asks it. That keeps every message small
and every rule narrow, which is what the library can take (`limen.decide.rete_limits`). An expression too wide for
one rule is asked part by part and put together here with the tables of `limen.law.truth`. Editions that say the
same about a point share its question: profiles differ in a few readings only.

The network reports truths of points. Bars, gateways and the verdict are settled by us.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limen.decide.findings import Findings
from limen.decide.rete_limits import (
    MOST_CONDITIONS,
    MOST_QUESTIONS,
    RESERVED,
    as_condition,
    check_distinct,
    check_names,
    conditions,
    fits,
)
from limen.decide.rete_rails import NetworkError, Rails, Words
from limen.decide.settle import settle_item
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.tree import All, AnyOf, Expr, Not
from limen.law.truth import Truth, conjunction, disjunction, negation
from limen.law.vocabulary import Fact, FactValue

Rules = dict[str, list[dict[str, object]]]
"""Rules of one ruleset by name, each with the facts it joins."""


@dataclass(frozen=True, slots=True)
class Session:
    """Facts to assert one after another in one ruleset."""

    ruleset: str
    facts: tuple[dict[str, str], ...]


Firings = Sequence[Sequence[Sequence[Any]]]
"""For each fact of a session, the rules that fired: `[rule, {alias: id}]`."""

Play = Callable[[Sequence[Session]], Sequence[Firings]]
"""How sessions reach the network, whether in the worker or in this process."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the network: its tag, where its rules are, and how its facts are worded."""

    tag: str
    ruleset: str
    words: Words


@dataclass(frozen=True, slots=True)
class Fixed:
    """An expression without facts; nobody needs to be asked."""

    value: Truth


@dataclass(frozen=True, slots=True)
class Joined:
    """An expression too wide for one rule, from the answers to its parts."""

    how: Callable[[Sequence[Truth]], Truth]
    parts: tuple[Question, ...]


Question = Asked | Fixed | Joined


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of an edition, in the order of its points."""

    edition: Edition
    case: tuple[Question, ...]
    items: tuple[Question, ...]
    rulesets: frozenset[str]


class Questions:
    """Every question asked so far and the rulesets that hold their rules.

    `rulesets` only grows; a ruleset is closed once a plan uses it, so that it can be loaded as it stands.
    """

    def __init__(self) -> None:
        self.rulesets: dict[str, Rules] = {}
        self._known: dict[tuple[Expr, tuple[tuple[str, ...], ...]], Question] = {}
        self._facts: Mapping[str, Fact] | None = None
        self._of_facts: dict[Expr, Question] = {}
        self._plans: dict[str, Plan] = {}
        self._open: str | None = None
        self._room = 0
        self._asked = 0

    def plan(self, edition: Edition) -> Plan:
        """The questions of `edition`. Raises `NetworkError` with the address of a point that cannot be asked."""
        plan = self._plans.get(edition.digest)
        if plan is not None and (plan.edition is edition or _same_points(plan.edition, edition)):
            return plan
        if edition.facts is not self._facts:
            check_names(edition.facts)
            self._facts, self._of_facts = edition.facts, {}
        self._open = None
        asked: list[Question] = []
        for point in (*edition.case_points, *edition.item_points):
            try:
                asked.append(self._question(point.expr, edition.facts))
            except NetworkError as error:
                raise NetworkError(f"{point.address}: {error}") from error
        split = len(edition.case_points)
        used = frozenset(leaf.ruleset for question in asked for leaf in leaves(question))
        plan = Plan(edition, tuple(asked[:split]), tuple(asked[split:]), used)
        self._plans[edition.digest] = plan
        return plan

    def _question(self, expr: Expr, facts: Mapping[str, Fact]) -> Question:
        """The question for `expr`; one that was asked before, if the facts it reads have the same values."""
        known = self._of_facts.get(expr)
        if known is None:
            words = Words(facts)
            rails = words.rails(expr)
            key = (expr, tuple(facts[name].values for name in sorted(words.read)))
            known = self._known.get(key) or self._new_question(expr, facts, words, rails)
            self._known[key] = self._of_facts[expr] = known
        return known

    def _new_question(self, expr: Expr, facts: Mapping[str, Fact], words: Words, rails: Rails) -> Question:
        if isinstance(rails.true, bool) and isinstance(rails.false, bool):
            return Fixed(True if rails.true else False if rails.false else None)
        if fits(rails.true, len(words.readers)) and fits(rails.false, len(words.readers)):
            return self._ask(words, rails)
        match expr:
            case Not(part):
                return Joined(lambda parts: negation(parts[0]), (self._question(part, facts),))
            case All(parts):
                return Joined(conjunction, tuple(self._question(part, facts) for part in parts))
            case AnyOf(parts):
                return Joined(disjunction, tuple(self._question(part, facts) for part in parts))
        raise NetworkError("the test is too wide for the network")

    def _ask(self, words: Words, rails: Rails) -> Asked:
        """Give the question a tag and put its rules in a ruleset that has room."""
        check_distinct((*RESERVED, *words.readers), "the properties of a question")
        tag = f"q{self._asked}"
        self._asked += 1
        rules: Rules = {
            rule_name(tag, value): as_condition(tag, rail)
            for value, rail in ((True, rails.true), (False, rails.false))
            if not isinstance(rail, bool)
        }
        size = 1 + conditions(rails.true) + conditions(rails.false)
        if self._open is None or size > self._room or len(self.rulesets[self._open]) >= 2 * MOST_QUESTIONS:
            self._open = f"r{len(self.rulesets)}"
            self.rulesets[self._open] = {}
            self._room = MOST_CONDITIONS
        self._room -= size
        self.rulesets[self._open].update(rules)
        return Asked(tag, self._open, words)


def rule_name(tag: str, value: bool) -> str:
    """The rule that says the question `tag` is answered with `value`."""
    return f"{tag}_is_true" if value else f"{tag}_is_false"


def leaves(question: Question) -> list[Asked]:
    """The questions of the network behind `question`."""
    match question:
        case Asked():
            return [question]
        case Joined(_, parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Fixed():
            return []


def find(plan: Plan, facts: CaseFacts, play: Play) -> Findings:
    """What the network finds for a case. The same fact is asserted once, however many items share it.

    Raises `NetworkError` when a fact is not of its declared type, or an answer is not an answer to its question.
    """
    rounds = _Rounds()
    case = [rounds.note(question, facts.facts) for question in plan.case]
    items = [
        [rounds.note(question, stated) for question in plan.items]
        for stated in ({**facts.facts, **item.facts} for item in facts.items)
    ]
    rounds.play(play)
    found = tuple(answer() for answer in case)
    return Findings(
        found, tuple(settle_item(plan.edition, found, tuple(answer() for answer in answers)) for answers in items)
    )


class _Rounds:
    """The facts to assert, ruleset by ruleset, and their answers."""

    def __init__(self) -> None:
        self._sent: dict[str, dict[tuple[tuple[str, str], ...], dict[str, str]]] = {}
        self._answers: dict[tuple[tuple[str, str], ...], Truth] = {}

    def note(self, question: Question, stated: Mapping[str, FactValue]) -> Callable[[], Truth]:
        """Ask `question` about `stated`; the answer is there once `play` has been called."""
        match question:
            case Fixed(value):
                return lambda: value
            case Joined(how, parts):
                answers = [self.note(part, stated) for part in parts]
                return lambda: how([answer() for answer in answers])
            case Asked(tag, ruleset, words):
                fact = {"ask": tag, **words.worded(stated)}
                key = tuple(fact.items())
                self._sent.setdefault(ruleset, {})[key] = fact
                return lambda: self._answers[key]

    def play(self, play: Play) -> None:
        sessions = [Session(ruleset, tuple(facts.values())) for ruleset, facts in self._sent.items()]
        replies = play(sessions)
        if len(replies) != len(sessions):
            raise NetworkError(f"the network answered {len(replies)} sessions of {len(sessions)}")
        for session, keys, firings in zip(sessions, self._sent.values(), replies, strict=True):
            if len(firings) != len(session.facts):
                raise NetworkError(f"the network answered {len(firings)} questions of {len(session.facts)}")
            for key, fact, fired in zip(keys, session.facts, firings, strict=True):
                self._answers[key] = _read(fact["ask"], fired)


def _read(tag: str, fired: Sequence[Sequence[Any]]) -> Truth:
    """The answer that the rules fired give to the question `tag`."""
    rules = {rule for rule, _ in fired}
    yes, no = rule_name(tag, True) in rules, rule_name(tag, False) in rules
    if rules - {rule_name(tag, True), rule_name(tag, False)}:
        raise NetworkError(f"asked `{tag}`, the network answered another question")
    if yes and no:
        raise NetworkError(f"the network reports `{tag}` both true and false")
    return True if yes else False if no else None


def _same_points(one: Edition, other: Edition) -> bool:
    """Whether a plan for `one` is a plan for `other`, whatever their digests say."""
    if one.facts != other.facts or one.bars != other.bars or one.gateways != other.gateways:
        return False
    mine, theirs = (*one.case_points, *one.item_points), (*other.case_points, *other.item_points)
    return (
        len(one.case_points) == len(other.case_points)
        and one.prohibitions == other.prohibitions
        and len(mine) == len(theirs)
        and all(left.expr == right.expr for left, right in zip(mine, theirs, strict=True))
    )
