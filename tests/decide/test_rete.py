"""The network finds what the reference interpreter finds, on every point of every edition."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from small_editions import FACTS, TRUE, edition, exprs, fact, small_cases, small_editions

from limen.decide import reference
from limen.decide.rete import Questions, find
from limen.decide.rete_limits import fits, fnv1a
from limen.decide.rete_rails import Both, Either, Equals, NetworkError, Rails, Words
from limen.decide.second_key import SecondKey
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import All, AnyOf, BoolFact, Compare, DaysBetween, Expr, Known, Literal, Member, Not, Number
from sizes import tries

WRITTEN = BoolFact("requester.in_writing")
HEAD = Member("requester.office", ("agency_head", "inspector_general"))
NOBODY = CaseFacts({}, ())


@pytest.fixture(scope="module")
def key():
    with SecondKey(deadline=20) as key:
        yield key


def truths(key: SecondKey, expr: Expr, **stated) -> object:
    facts = CaseFacts({name.replace("__", "."): value for name, value in stated.items()}, ())
    return key.find(edition([expr]), facts).case[0]


@settings(max_examples=tries(150), deadline=None)
@given(small_editions(), small_cases())
def test_agrees_with_the_reference_on_any_edition_and_case(key: SecondKey, book: Edition, case: CaseFacts) -> None:
    assert key.find(book, case) == reference.find(book, case)


@settings(max_examples=tries(60), deadline=None)
@given(exprs(leaves=60), small_cases())
def test_agrees_on_expressions_too_wide_for_one_rule(key: SecondKey, expr: Expr, case: CaseFacts) -> None:
    book = edition([], [expr])
    assert key.find(book, case) == reference.find(book, case)


@pytest.mark.parametrize(
    ("office", "expected"), [("agency_head", True), ("delegate", False), ("inspector_general", True), (None, None)]
)
def test_an_office_is_on_the_list_or_off_it_or_not_known(key: SecondKey, office: str | None, expected: object) -> None:
    stated = {} if office is None else {"requester__office": office}
    assert truths(key, HEAD, **stated) is expected


def test_a_comparison_is_made_before_the_network_and_silence_stays_silent(key: SecondKey) -> None:
    clock = Compare(DaysBetween("order.final", "matter.opened"), ">", 90)
    long_ago, day = date(2025, 1, 1), date(2025, 6, 1)
    assert truths(key, clock, order__final=long_ago, matter__opened=day) is True
    assert truths(key, clock, order__final=day, matter__opened=day) is False
    assert truths(key, clock, order__final=day) is None


def test_known_is_never_false(key: SecondKey) -> None:
    assert truths(key, Known("matters.named_in")) is None
    assert truths(key, Not(Known("matters.named_in"))) is None
    assert truths(key, Known("matters.named_in"), matters__named_in=0) is True
    assert truths(key, Not(Known("matters.named_in")), matters__named_in=0) is False


def test_words_nobody_has_seen_stay_not_known_unless_the_rest_decides(key: SecondKey) -> None:
    unseen = Literal(None)
    assert truths(key, unseen) is None
    assert truths(key, All((unseen, WRITTEN)), requester__in_writing=False) is False
    assert truths(key, AnyOf((unseen, WRITTEN)), requester__in_writing=True) is True
    assert truths(key, All((unseen, WRITTEN)), requester__in_writing=True) is None


def test_item_points_are_asked_for_each_item(key: SecondKey) -> None:
    book = edition([TRUE], [Not(BoolFact("item.from_taxpayer"))])
    case = CaseFacts({}, tuple(ItemFacts(str(said), {"item.from_taxpayer": said}) for said in (True, False)))
    assert [item.verdict for item in key.find(book, case).items] == ["deny", "allow"]


def test_two_hundred_items_share_the_facts_they_share(key: SecondKey) -> None:
    book = edition([WRITTEN], [HEAD, Member("item.kind", ("mailing_address",))])
    case = CaseFacts(
        {"requester.in_writing": True},
        tuple(ItemFacts(str(n), {"item.kind": ("mailing_address", "reported_amount")[n % 2]}) for n in range(200)),
    )
    sent: list[int] = []

    def play(sessions):
        sent.extend(len(session.facts) for session in sessions)
        return [[[] for _ in session.facts] for session in sessions]

    find(Questions().plan(book), case, play)
    assert sum(sent) == 4
    assert key.find(book, case) == reference.find(book, case)


def test_profiles_share_the_questions_they_share() -> None:
    questions = Questions()
    one = questions.plan(edition([WRITTEN, HEAD]))
    other = questions.plan(edition([WRITTEN, HEAD, Known("order.granted")]))
    assert one.case == other.case[:2]
    assert sum(len(rules) for rules in questions.rulesets.values()) == 5


def test_an_edition_with_another_content_under_the_same_digest_gets_its_own_plan() -> None:
    questions = Questions()
    one = edition([WRITTEN])
    changed = edition([Not(WRITTEN)])
    object.__setattr__(changed, "digest", one.digest)
    assert questions.plan(one).case != questions.plan(changed).case


def test_an_enum_as_wide_as_the_world_is_looked_up_before_the_network(key: SecondKey) -> None:
    countries = tuple(f"country_{number:03}" for number in range(250))
    vocabulary = {"born.in": fact("born.in", "enum", countries)}
    book = edition([Not(Member("born.in", countries[:7]))], facts=vocabulary)
    for country in (countries[0], countries[6], countries[7], countries[249]):
        case = CaseFacts({"born.in": country}, ())
        assert key.find(book, case) == reference.find(book, case)


def test_a_point_over_a_thousand_facts_is_asked_in_parts(key: SecondKey) -> None:
    names = [f"fact_{number}.said" for number in range(1000)]
    book = edition([All(tuple(BoolFact(name) for name in names))], facts={name: fact(name, "bool") for name in names})
    everything = dict.fromkeys(names, True)
    for facts in (everything, {**everything, names[700]: False}, {**everything, names[3]: None}):
        case = CaseFacts({name: value for name, value in facts.items() if value is not None}, ())
        assert key.find(book, case).case == reference.find(book, case).case


def test_many_alternatives_that_all_hold_are_not_walked_once_for_each_combination() -> None:
    pairs = tuple(AnyOf((BoolFact(f"a{n}"), BoolFact(f"b{n}"), BoolFact(f"c{n}"))) for n in range(12))
    facts = {f"{side}{n}": fact(f"{side}{n}", "bool") for side in "abc" for n in range(12)}
    rails = Words(facts).rails(All(pairs))
    assert not fits(rails.true, 36)
    assert all(fits(Words(facts).rails(pair).true, 3) for pair in pairs)


def test_rails_are_negation_normal_and_hold_no_empty_group() -> None:
    rails = Words(FACTS).rails(Not(All((WRITTEN, AnyOf(()), HEAD))))
    assert rails == Rails(True, False)
    rails = Words(FACTS).rails(Not(All((WRITTEN, All(()), HEAD))))
    office = "f__requester__office"
    heads = Either((Equals(office, "agency_head"), Equals(office, "inspector_general")), exclusive=True)
    others = Either((Equals(office, "delegate"), Equals(office, "other")), exclusive=True)
    assert rails.false == Both((Equals("f__requester__in_writing", "true"), heads))
    assert rails.true == Either((Equals("f__requester__in_writing", "false"), others))


@pytest.mark.parametrize(
    ("expr", "stated"),
    [
        (WRITTEN, {"requester.in_writing": "true"}),
        (WRITTEN, {"requester.in_writing": 1}),
        (HEAD, {"requester.office": "AGENCY_HEAD"}),
        (HEAD, {"requester.office": True}),
        (Compare(Number("matters.named_in"), "<", 3), {"matters.named_in": "2"}),
        (Compare(Number("matters.named_in"), "<", 3), {"matters.named_in": True}),
        (Compare(Number("matters.named_in"), "<", 3), {"matters.named_in": 2.5}),
        (Compare(Number("matter.opened"), "<", date(2025, 1, 1)), {"matter.opened": "2025-01-01"}),
        (Compare(DaysBetween("matter.opened", "order.final"), "<", 3), {"matter.opened": 3, "order.final": 4}),
    ],
)
def test_a_fact_of_another_type_is_refused_and_not_repeated(expr: Expr, stated: dict[str, object]) -> None:
    with pytest.raises(NetworkError) as caught:
        find(Questions().plan(edition([expr])), CaseFacts(stated, ()), lambda sessions: [])
    assert any(f"fact `{name}`" in str(caught.value) for name in stated)
    assert not any(repr(value) in str(caught.value) for value in stated.values())


def test_names_the_network_cannot_tell_apart_are_an_error_that_names_both() -> None:
    assert fnv1a("costarring") == fnv1a("liquid")
    vocabulary = {"what": fact("what", "enum", ("costarring", "liquid"))}
    with pytest.raises(NetworkError, match=r"`what`.* cannot tell `costarring` from `liquid`"):
        Questions().plan(edition([Known("what")], facts=vocabulary))
    spoofed = {name: fact(name, "bool") for name in ("a.b", "a__b")}
    with pytest.raises(NetworkError, match="cannot tell"):
        Questions().plan(edition([BoolFact("a.b")], facts=spoofed))


def test_a_question_that_cannot_be_put_names_its_address() -> None:
    with pytest.raises(NetworkError, match=r"test\.g#element_0: .*`no\.such_fact`"):
        Questions().plan(edition([BoolFact("no.such_fact")]))


@pytest.mark.parametrize(
    ("fired", "complaint"),
    [
        ([[["q0_is_true", {}], ["q0_is_false", {}]]], "both true and false"),
        ([[["q9_is_true", {}]]], "another question"),
        ([], "answered 0 questions of 1"),
        ([[], []], "answered 2 questions of 1"),
    ],
)
def test_answers_that_are_no_answers_are_refused(fired: list, complaint: str) -> None:
    with pytest.raises(NetworkError, match=complaint):
        find(Questions().plan(edition([WRITTEN], [])), NOBODY, lambda sessions: [fired])
