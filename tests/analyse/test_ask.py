"""The interview asks what can still change the answer, nothing else, and gets to the end."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from typing import Any

import pytest

pytest.importorskip("z3")

from hypothesis import given, settings
from tests.analyse.test_whatif import EDITIONS, FACTS, STATED, verdict
from tests.book_cases import ADDRESS, COMPLETE_REQUEST, RETURN, SPRING_2026, book, case
from tests.decide.small_editions import edition, fact

from limen.analyse.ask import ask
from limen.analyse.bench import Bench, put
from limen.decide.reference import find
from limen.law import check_facts
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import AnyOf, BoolFact, Compare, DaysBetween, Not
from sizes import tries

NOTHING = CaseFacts({}, (ItemFacts("it", {}),))


def matter(law: Edition, stated: dict[str, object], read: frozenset[str]) -> set[str]:
    """The facts for which two whole cases, alike but for it, are decided differently: found the slow way."""
    free = sorted(read - set(stated))
    values = {n: [True, False] if FACTS[n].type == "bool" else list("xyz") for n in free}
    decided = {}
    for chosen in product(*values.values()):
        decided[chosen] = verdict(law, {**stated, **dict(zip(free, chosen, strict=True))})
    return {
        name
        for number, name in enumerate(free)
        if any(
            decided[chosen] != decided[(*chosen[:number], other, *chosen[number + 1 :])]
            for chosen in decided
            for other in values[name]
        )
    }


@given(EDITIONS, STATED)
@settings(max_examples=tries(60))
def test_the_questions_are_those_that_trying_everything_finds(law: Edition, stated: dict[str, object]) -> None:
    bench = Bench((law,))
    found = ask(bench, CaseFacts(stated, (ItemFacts("it", {}),)), seconds=20)  # type: ignore[arg-type]
    assert {question.fact for question in found.questions} == matter(law, stated, bench.read)
    assert all(question.proved for question in found.questions)


def test_a_question_whose_answers_all_lead_to_the_same_is_not_asked() -> None:
    law = edition([AnyOf((BoolFact("a"), Not(BoolFact("a"))))], facts=FACTS)
    found = ask(Bench((law,)), NOTHING)
    assert found.verdicts == {"it": "open"} and found.next is None


def test_i_do_not_know_is_an_answer_and_the_fact_is_not_asked_again() -> None:
    law = edition([BoolFact("a"), BoolFact("b")], facts=FACTS)
    assert {question.fact for question in ask(Bench((law,)), NOTHING).questions} == {"a", "b"}
    assert {question.fact for question in ask(Bench((law,)), NOTHING, [("a", None)]).questions} == {"b"}


def test_many_items_are_asked_what_each_of_them_would_be_asked_alone() -> None:
    bench = Bench.of(book(), "text-strict", SPRING_2026)
    facts = check_facts(
        book().vocabulary, case(COMPLETE_REQUEST, use__also_civil=None), {"one": ADDRESS, "two": {}, "three": RETURN}
    )
    silent = {("item.came_from", "two"), ("request.in_writing", None)}
    alone: set[Any] = set()
    for item in facts.items:
        own = [spot for spot in silent if spot[1] in (None, item.id)]
        alone |= {(q.fact, q.item) for q in ask(bench, CaseFacts(facts.facts, (item,)), own, seconds=60).questions}
    together = ask(bench, facts, silent, seconds=60)
    assert {(question.fact, question.item) for question in together.questions} == alone
    assert ("item.kind", "two") in alone and together.proved == len(alone)


def test_a_stated_day_may_lie_where_no_solver_would_look_for_one() -> None:
    days = {name: fact(name, "date") for name in ("start", "end")}
    law = edition([Compare(DaysBetween("start", "end"), "<=", 9), BoolFact("a")], facts={**FACTS, **days})
    facts = CaseFacts({"start": date(1712, 3, 1), "end": date(1712, 3, 2)}, (ItemFacts("it", {}),))
    assert {question.fact for question in ask(Bench((law,)), facts, seconds=20).questions} == {"a"}
    late = put(facts, {("end", None): date(1713, 3, 2)})
    assert ask(Bench((law,)), late, seconds=20).next is None


def test_what_one_case_was_told_is_forgotten_for_the_next() -> None:
    bench = Bench((edition([BoolFact("a"), BoolFact("b")], facts=FACTS),))
    whole = {question.fact for question in ask(bench, NOTHING).questions}
    assert {q.fact for q in ask(bench, put(NOTHING, {("a", None): True})).questions} == {"b"}
    with pytest.raises(ValueError), bench.pair.about(NOTHING):
        raise ValueError("the page was closed")
    assert {question.fact for question in ask(bench, NOTHING).questions} == whole == {"a", "b"}


@pytest.mark.parametrize("profile", ["text-strict", pytest.param("irs-2025-08", marks=pytest.mark.slow)])
def test_answering_as_the_textbook_request_does_ends_in_its_release(profile: str) -> None:
    answers = {**COMPLETE_REQUEST, **ADDRESS}
    bench = Bench.of(book(), profile, SPRING_2026)
    facts = CaseFacts({}, (ItemFacts("it", {}),))
    silent: set[Any] = set()
    asked = 0
    while (question := ask(bench, facts, silent, seconds=0.05).next) is not None:
        asked += 1
        spot = (question.fact, question.item)
        if question.fact in answers:
            facts = put(facts, {spot: answers[question.fact]})
        else:
            silent.add(spot)
    assert ask(bench, facts, silent).next is None
    assert find(bench.editions[0], facts).items[0].verdict == "allow"
    assert asked < 80, "fewer questions than the book has facts"


def test_each_question_says_which_element_asks_and_where_the_law_says_so() -> None:
    facts = check_facts(book().vocabulary, case(COMPLETE_REQUEST, use__also_civil=None), {"it": ADDRESS})
    question = ask(Bench.of(book(), "text-strict", SPRING_2026), facts).next
    assert question is not None and question.fact == "use.also_civil"
    assert [(why.address, why.citation) for why in question.why] == [
        ("usc.26.6103.i.2#sole_use", "26 U.S.C. § 6103(i)(2)(A)")
    ]


def test_out_of_time_the_first_question_is_still_proved() -> None:
    found = ask(Bench.of(book(), "text-strict", SPRING_2026), NOTHING, seconds=0.0)
    assert found.next is not None and found.next.proved
    assert found.proved == 1 < len(found.questions)


def test_the_next_question_as_json(limen: Any) -> None:
    ran = limen("ask", "demo-use-not-said", "--profile", "text-strict", "--json")
    answer = json.loads(ran.out)
    assert answer["next"]["fact"] == "use.solely_this_matter" and not answer["settled"]
    after = json.loads(limen("ask", "demo-use-not-said", "--profile", "text-strict", "--json",
                             "--facts", "use.solely_this_matter=false").out)  # fmt: skip
    assert after["settled"] and set(after["verdicts"].values()) == {"deny"}


def test_an_interview_in_the_terminal(limen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said = iter(["why", "perhaps", "yes", "stop"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(said))
    ran = limen("ask", "demo-use-not-said", "--profile", "text-strict")
    assert ran.code == 0
    assert "usc.26.6103.i.2#sole_use" in ran.out
    assert "is true or false, not" in ran.out
    assert "Release" in ran.out or "Stopped" in ran.out
